"""What stands around an official text: the title above it, who signed it and when below it.

The outline cuts what is left.  Without this the title would be read as a preamble and the signature as the
last words of the last section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_LONGEST_TITLE = 60
_TITLE_LINES = 3
_TITLE = re.compile(
    r"(?!.*[。；;：:，,]$).{4,}(?:报告|通知|公告|公示|办法|规定|方案|意见|规划|计划|指南|目录|细则|决定|通报|函|表)(?:[(（].*[)）])?"
)
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_SIGNATURE = re.compile(r"[^。；：，、《》]{2,30}(?:政府|办公室|委员会|局|办|中心|所|站|院)")


@dataclass(frozen=True)
class Frame:
    """`title` and `signed_by` are "" and `signed_on` is None where the text has none.

    `lines` is the text between; its first line has the number `first_line` (from 1) in the document.
    """

    title: str
    lines: tuple[str, ...]
    first_line: int
    signed_by: str = ""
    signed_on: date | None = None


def unframed(lines: Sequence[str]) -> Frame:
    """Take title and signature off cleaned lines."""
    rest = [line.strip(" \t\u3000\ufeff\xa0") for line in lines]
    title, top = _title(rest)
    end = len(rest)
    while end > top and not rest[end - 1]:
        end -= 1
    signed_on, end = _signed_on(rest, top, end)
    signed_by, end = _signed_by(rest, top, end) if signed_on else ("", end)
    return Frame(title, tuple(rest[top:end]), top + 1, signed_by, signed_on)


def _title(lines: Sequence[str]) -> tuple[str, int]:
    """The title, which may run over a few lines, and the index of the line after it."""
    title = ""
    taken = 0
    for at, line in enumerate(lines):
        if not line:
            continue
        title += line
        taken += 1
        if taken > _TITLE_LINES or len(title) > _LONGEST_TITLE:
            break
        if _TITLE.fullmatch(title):
            return title, at + 1
    return "", 0


def _signed_on(lines: Sequence[str], top: int, end: int) -> tuple[date | None, int]:
    found = _DATE.fullmatch(lines[end - 1]) if end > top else None
    if found is None:
        return None, end
    try:
        return date(int(found[1]), int(found[2]), int(found[3])), end - 1
    except ValueError:
        return None, end  # 2月30日: not for us to judge; it stays in the text


def _signed_by(lines: Sequence[str], top: int, end: int) -> tuple[str, int]:
    at = end
    while at > top and not lines[at - 1]:
        at -= 1
    if at > top and _SIGNATURE.fullmatch(lines[at - 1]):
        return lines[at - 1], at - 1
    return "", end
