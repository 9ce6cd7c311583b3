"""What stands below a text: who signed it and when, in either order, with or without a remark behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from knowledge.sources.issuer import AGENCY, apart, is_agency, is_broken, is_name
from knowledge.text.numerals import days_in_digits

_DAY = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}([.\-/])\d{1,2}\1\d{1,2}"
_DATE = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?")
_REMARK = re.compile(
    r"[(（\[【][^()（）\[\]【】]{1,40}[)）\]】]|(?:此件|本文)\S{0,12}公开\S{0,6}|抄送[:：].*|.{0,30}印发"
)
_LONGEST_REMARK = 80  # characters of a remark or a signature on one line


@dataclass(frozen=True)
class Foot:
    by: str = ""
    on: date | None = None


def foot_of(plain: Sequence[str], indices: Sequence[int]) -> tuple[list[int], Foot]:
    """Signature and date at the end in either order, a remark behind them; what is no foot stays."""
    kept = [at for at in indices if plain[at]]
    trailing: list[int] = []
    while kept and len(plain[kept[-1]]) <= _LONGEST_REMARK and _REMARK.fullmatch(plain[kept[-1]]):
        trailing.append(kept.pop())
    found, signed = _signed(plain, kept)
    taken = {*signed, *trailing} if found.on else set()
    return [at for at in indices if at not in taken], found if found.on else _elsewhere(plain, kept) or found


def _signed(plain: Sequence[str], kept: Sequence[int]) -> tuple[Foot, list[int]]:
    """Who signed when, and the lines that say so, at the end of the lines that are text."""
    if not kept:
        return Foot(), []
    last, before = kept[-1], kept[-2] if len(kept) > 1 else kept[-1]
    if day := _day_of(plain[last]):
        by, signed = _signers(plain, kept[:-1])
        return Foot(by, day), [last, *signed]
    if before != last and is_agency(plain[last]) and (day := _day_of(plain[before])):
        return Foot(plain[last], day), [last, before]
    both = _SIGNED_LINE.fullmatch(plain[last]) if len(plain[last]) <= _LONGEST_REMARK else None
    if both and (day := _day_of(both[2])):
        return Foot(both[1].strip(), day), [last]
    return Foot(), []


def _elsewhere(plain: Sequence[str], kept: Sequence[int]) -> Foot | None:
    """Signed above what is attached to it; or signed without a date."""
    for place, (above, below) in enumerate(pairwise(kept), start=1):
        if _names(plain[above]) and (day := _day_of(plain[below])):
            return Foot(_signers(plain, kept[:place])[0], day)
    if len(kept) > 1 and is_agency(plain[kept[-1]]) and plain[kept[-2]].endswith("。"):
        return Foot(plain[kept[-1]])
    return None


def _signers(plain: Sequence[str], kept: Sequence[int]) -> tuple[str, list[int]]:
    """Who has signed at the end of the lines, and which lines say so: several agencies stand below each
    other, and a long name is broken over two lines."""
    signers, signed = [], list[int]()
    for place in range(len(kept) - 1, -1, -1):
        at, above = kept[place], kept[place - 1] if place else kept[place]
        if at in signed:
            continue
        if above != at and is_broken(plain[above], plain[at]):
            signers.append(plain[above] + plain[at])
            signed += [at, above]
        elif (names := _names(plain[at])) and (not signers or is_name(names)):
            signers.append(names)
            signed.append(at)
        else:
            break
    return "、".join(reversed(signers)), signed


def signed_line(line: str) -> Foot | None:
    """`清水镇党政办公室  2024年6月18日` on one line, as below the head of minutes and bulletins."""
    found = _SIGNED_LINE.fullmatch(days_in_digits(line)) if len(line) <= _LONGEST_REMARK else None
    day = _day_of(found[2]) if found else None
    return Foot(found[1].strip(), day) if found and day else None


_SIGNED_LINE = re.compile(rf"({AGENCY.pattern})\s*(\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日)")


def _names(line: str) -> str:
    """The agencies that a line of nothing but agencies names."""
    names = line.split()
    if names and len(line) <= 2 * _LONGEST_REMARK and all(is_agency(name) for name in names):
        return "、".join(map(apart, names))
    return ""


def _day_of(line: str) -> date | None:
    if len(line) > 30:
        return None
    line = days_in_digits(line)
    found = _DATE.fullmatch(line) if re.fullmatch(_DAY, line) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None  # 2月30日: not for us to judge; it stays in the text
