"""Bytes of a text file -> its text.  Recognised or refused, never garbled.

A byte order mark and valid UTF-8 settle it.  Of what else fits, the encoding is taken in which the text is
made of characters in common use: read in a wrong one, Chinese turns into rare characters.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge.text.cleaning import simplified

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A name in a file says GB2312 and Big5 where the file uses what came later.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "x-gbk": "gb18030", "unicode": "utf-16"}
_GUESSED = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_NAMES = {"gb18030": "GB18030", "big5hkscs": "Big5", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_LOOKED_AT = 20_000  # characters, enough to tell
_COMMON_SHARE = 0.85  # of all that is not ASCII
_MOST_LOST = 1 / 2000  # of the characters of a UTF-8 text with a damaged place
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_PUNCTUATION = re.compile(
    r"[\u2010-\u203b\u2160-\u217b\u2460-\u2490\u2500-\u25ff\u3000-\u301f\uff01-\uff5e°±×÷·]"
)


@dataclass(frozen=True)
class Decoded:
    """`guessed` names an encoding that nothing in the file declares; "" where it is sure or usual."""

    text: str
    guessed: str = ""


def decoded(raw: bytes, declared: str = "") -> Decoded | None:
    """The text; None where no encoding fits.  `declared` is what the file says of itself (charset=…)."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding)
    utf8 = _strictly(raw, "utf-8")
    if utf8 is not None and not _is_wide(raw) and not _is_by_chance(utf8.text):
        return utf8
    fitting = [found for name in _in_question(declared) if (found := _fitting(raw, name)) is not None]
    if fitting:
        _, text, encoding = max(fitting, key=lambda each: each[0])
        usual = encoding in ("gb18030", _wider(declared))
        return Decoded(text, "" if usual else _NAMES.get(encoding, encoding))
    return utf8 if utf8 is not None and not _is_wide(raw) else _damaged_utf8(raw)


def _strictly(raw: bytes, encoding: str) -> Decoded | None:
    try:
        text = raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return None if "\0" in text else Decoded(text)


def _wider(declared: str) -> str:
    name = declared.strip().strip("\"'").lower()
    return _WIDER.get(name, name)


def _in_question(declared: str) -> Iterator[str]:
    """What the file declares is looked at like the others: pages declare what their template did."""
    yield from _GUESSED
    name = _wider(declared)
    if name and name not in (*_GUESSED, "utf-8", "utf-16"):
        yield name


def _is_by_chance(text: str) -> bool:
    """A few characters of GBK may be valid UTF-8: 停水 reads ͣˮ.  No Chinese comes out of it."""
    return not text.isascii() and common_share(text[:_LOOKED_AT]) == 0


def _is_wide(raw: bytes) -> bool:
    """A zero byte: UTF-16 without its mark, which ASCII in it makes look like valid UTF-8."""
    return b"\0" in raw[: 2 * _LOOKED_AT]


def _fitting(raw: bytes, encoding: str) -> tuple[float, str, str] | None:
    """The share of common characters where it is large enough, the text and the encoding."""
    found = _strictly(raw, encoding)
    if found is None:
        return None
    share = common_share(found.text[:_LOOKED_AT])
    return (share, found.text, encoding) if share >= _COMMON_SHARE else None


def common_share(text: str) -> float:
    """How much of what is not ASCII is Chinese in common use, 0-1."""
    written = "".join(_NOT_ASCII.findall(text))
    if not written:
        return 0.0
    common = _common()
    plain = simplified(written)
    known = sum(each in common or _PUNCTUATION.match(each) is not None for each in plain)
    return known / len(plain)


@cache
def _common() -> frozenset[str]:
    """The 3,755 characters of GB 2312 level 1, with which 99.9 % of what is printed is written."""
    rows = (bytes([lead, trail]) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    return frozenset("".join(row.decode("gb2312", "ignore") for row in rows))


def _damaged_utf8(raw: bytes) -> Decoded | None:
    """A UTF-8 text that was cut off, or has lost a byte: the place shows as U+FFFD, and is told."""
    text = raw.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    beyond = len(_NOT_ASCII.findall(text[:_LOOKED_AT]))
    if "\0" in text or not beyond or lost > max(1, len(text) * _MOST_LOST):
        return None
    return Decoded(text) if common_share(text[:_LOOKED_AT]) >= _COMMON_SHARE else None
