"""Personal data in free text: find it, mask it at fixed width.  Pure.

Used for questions that are kept, for staff cards and for replies that are published.  Finding is on the
liberal side (a mistyped ID number is masked too): staff look at a publication a second time anyway, and an
index number masked by mistake costs less than a person's number published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.desk.identity import MASK


class DataKind(StrEnum):
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    PASSPORT = "passport"
    PLATE = "plate"
    ACCOUNT = "account"  # QQ, 微信
    NAME = "name"  # names, and what else is known of a person: a contact, a document's number


@dataclass(frozen=True)
class PersonalDatum:
    """Where in the text it stands: `text[start:end]`."""

    kind: DataKind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """The text with every find replaced, and what was found, in order."""

    text: str
    found: tuple[PersonalDatum, ...]


# People write numbers in groups; what stands between two digits of one number: a space, hyphen or dot, or
# marks without width that copying from a web page brings along.
_GAP = r"[ .\-\u00a0\u00b7\u2010-\u2015\u200b-\u200d\u2060\ufeff]{0,3}"
_NO_DIGIT_BEFORE = r"(?<![0-9])(?<![0-9][ \-])"
# Letters may touch a number (身份证ID3622..., T138...): a missed one is worse than one masked too many.
_ID_18 = re.compile(rf"{_NO_DIGIT_BEFORE}[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9])")
_ID_15 = re.compile(rf"{_NO_DIGIT_BEFORE}[1-9](?:{_GAP}[0-9]){{14}}(?![0-9A-Za-z])")
_CARD = re.compile(rf"{_NO_DIGIT_BEFORE}[1-9](?:{_GAP}[0-9]){{12,18}}(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])(?:[EGHMWC][0-9]{8}|E[A-HJ-NP-Z][0-9]{7})(?![0-9A-Za-z])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·•.\-]?"
    r"(?=[A-HJ-NP-Za-hj-np-z0-9]*[0-9])[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
    r"(?![0-9A-Za-z])"
)
_ACCOUNT = re.compile(r"(?:QQ|qq|微信|WeChat)(?:号码?|账号)?[ :是为]{0,2}([A-Za-z0-9_\-]{5,20})")
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z])\(?0[0-9]{{2,3}}\)?{_GAP}[2-9](?:{_GAP}[0-9]){{6,7}}(?![0-9A-Za-z])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Full-width digits and letters become half-width one for one, so that positions stay.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}
# 一三八... spelt out: as many Chinese digits in a row as a telephone has are no year and no amount.
_SPELT = re.compile(r"[〇零○一二三四五六七八九幺]{11,}")
_DIGITS = str.maketrans("〇零○一二三四五六七八九幺", "0001234567891")


def find_personal_data(text: str, names: Iterable[str] = ()) -> tuple[PersonalDatum, ...]:
    """All finds, left to right, none overlapping another.  `names` are masked wherever they stand."""
    plain = _SPELT.sub(lambda run: run.group().translate(_DIGITS), text.translate(_HALF_WIDTH))
    kept: list[PersonalDatum] = []
    for datum in (*_numbers(plain), *_names(text, names)):
        if all(datum.end <= other.start or datum.start >= other.end for other in kept):
            kept.append(datum)
    return tuple(sorted(kept, key=lambda datum: datum.start))


def mask(text: str, names: Iterable[str] = (), public: Iterable[str] = ()) -> Masked:
    """Every find becomes four asterisks, whatever its length; what is `public` stays (an office's phone)."""
    known = {_bare(number) for number in public} - {""}
    found = tuple(
        datum
        for datum in find_personal_data(text, names)
        if _bare(text[datum.start : datum.end]) not in known
    )
    pieces: list[str] = []
    position = 0
    for datum in found:
        pieces += [text[position : datum.start], MASK]
        position = datum.end
    return Masked("".join([*pieces, text[position:]]), found)


def _numbers(plain: str) -> Iterator[PersonalDatum]:
    """Longer and surer kinds first: they win where two would overlap."""
    for pattern in (_ID_18, _ID_15):
        for hit in pattern.finditer(plain):
            if _has_birthday(_digits(hit.group())):
                yield PersonalDatum(DataKind.ID_NUMBER, *hit.span())
    for hit in _CARD.finditer(plain):
        if _passes_luhn(_digits(hit.group())):
            yield PersonalDatum(DataKind.BANK_CARD, *hit.span())
    for kind, pattern in (
        (DataKind.EMAIL, _EMAIL),
        (DataKind.MOBILE, _MOBILE),
        (DataKind.LANDLINE, _LANDLINE),
        (DataKind.PASSPORT, _PASSPORT),
        (DataKind.PLATE, _PLATE),
    ):
        for hit in pattern.finditer(plain):
            yield PersonalDatum(kind, *hit.span())
    for hit in _ACCOUNT.finditer(plain):
        yield PersonalDatum(DataKind.ACCOUNT, *hit.span(1))


def _names(text: str, names: Iterable[str]) -> Iterator[PersonalDatum]:
    """Whole names of two characters or more; people write 王 小明 too."""
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) < 2:
            continue
        spaced = r"\s?".join(re.escape(character) for character in name if not character.isspace())
        for hit in re.finditer(spaced, text):
            yield PersonalDatum(DataKind.NAME, *hit.span())


def _bare(text: str) -> str:
    """Letters and digits alone, half-width: equal for two ways of writing one number."""
    return re.sub(r"[\W_]", "", text.translate(_HALF_WIDTH)).casefold()


def _digits(text: str) -> str:
    return "".join(character for character in text.upper() if character in "0123456789X")


def _has_birthday(number: str) -> bool:
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        return 1850 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2100
    except ValueError:
        return False


def _passes_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
