"""A section of an official text, and the numbers that open one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PREAMBLE = "0"  # the path of what stands before the first heading
NUMERALS = "一二三四五六七八九十百零\u3007"

# From the highest rank to the lowest.  The group is the number.
RANKS = (
    re.compile(rf"第([{NUMERALS}]+)部分[:：\s]*"),
    re.compile(rf"第([{NUMERALS}]+)章\s*"),
    re.compile(rf"第([{NUMERALS}]+)节\s*"),
    re.compile(rf"第([{NUMERALS}]+)条\s*"),
    re.compile(rf"([{NUMERALS}]+)[、.\uff0e]\s*"),
    re.compile(rf"[(（]([{NUMERALS}]+)[)）]\s*[、.\uff0e]?\s*"),
    re.compile(r"(\d{1,2})[、.\uff0e](?!\d)\s*"),
    re.compile(r"[(（](\d{1,2})[)）]\s*"),
)
# I. II. III., in letters or in one sign: letters need a full stop and more than letters behind it.
ROMAN = re.compile(r"([\u2160-\u216b])[、.\uff0e]\s*|([IVX]{1,4})(?:[、\uff0e]|\.(?=\s|[\u4e00-\u9fff]))\s*")
# What a number begins with: most lines begin with something else, and need not be looked at by every pattern.
_BEGINNINGS = frozenset(
    "第(（0123456789附IVX" + NUMERALS + "".join(map(chr, (*range(0x2160, 0x216C), *range(0xFF10, 0xFF1A))))
)
_BEFORE_POINTS = frozenset(" \t\u3000\xa0")
ATTACHMENT = re.compile(r"附件([\d一二三四五六七八九十]*)[：:]?\s*")
POINT = re.compile(r"(?:^|(?<=[：:；;。，,]))\s*([一二三四五六七八九十]+)(是|要)(?=\S)")

_LONGEST_CLAUSE = 30  # characters of a title; a longer sentence ends at its first comma


@dataclass(frozen=True)
class Section:
    """One section or point of a text.

    `path` holds the numbers from the outermost in, in half-width brackets: ("三", "(二)", "4"), ("四",
    "(一)", "一是"), ("0",).  `heading` is the heading as written, number included, "" for the preamble;
    `trail` the headings above it.  `lines` are its own lines as written, the heading's first, without those
    of the sections below it, whose headings are `below` (points are not counted).
    """

    path: tuple[str, ...]
    heading: str
    lines: tuple[str, ...]
    line: int  # where it begins, from 1
    trail: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    is_point: bool = False

    @property
    def title(self) -> str:
        """The heading without its number."""
        return without_number(self.heading)

    @property
    def text(self) -> str:
        """What is quoted for this section.

        A leaf is quoted in full.  A section that holds others is quoted as its heading, its own lead and the
        headings directly below: a short text that says where the rest is, not a whole chapter.
        """
        return "\n".join((*self.lines, *self.below))


def without_number(heading: str) -> str:
    """`（二）范围` -> `范围`; a heading that is nothing but its number stays."""
    if heading[:1] not in _BEGINNINGS and heading[:1] not in _BEFORE_POINTS:
        return heading
    for pattern in (*RANKS, ROMAN, POINT, ATTACHMENT):
        found = pattern.match(heading)
        if found:
            return heading[found.end() :].strip() or heading
    return heading


def short_name(agency: str) -> str:
    """`洲上乡人民政府` -> `洲上乡`, as it stands in the titles of reports."""
    return re.sub(r"(?:人民政府|政府)(?:办公室)?$", "", agency) or agency


def may_open(line: str) -> bool:
    """Whether a line begins with what a number of some kind begins with."""
    return line[:1] in _BEGINNINGS


def opens_section(line: str) -> bool:
    """Whether a line begins as a heading does; whether it is one, the outline decides."""
    return line[:1] in _BEGINNINGS and any(pattern.match(line) for pattern in (*RANKS, ROMAN))


def first_clause(text: str) -> str:
    """What can stand as the title of a text: its first sentence, or the beginning of a long one."""
    sentence = re.split(r"[。：:；;]", text, maxsplit=1)[0]
    clause = re.split(r"[，,]", sentence, maxsplit=1)[0] if len(sentence) > _LONGEST_CLAUSE else sentence
    return clause.rstrip("，, ")


def roman_value(numeral: str) -> int:
    """`Ⅳ` or `IV` -> 4; 0 for what is no numeral."""
    plain = unicodedata.normalize("NFKC", numeral)
    numerals = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
    return numerals.index(plain) + 1 if plain in numerals else 0


def value_of(numeral: str) -> int:
    """`十二` -> 12, `2` -> 2.  Only up to 99, which is beyond any outline; an odd numeral gives 0."""
    if numeral.isdecimal():
        return int(numeral)
    digits = "零一二三四五六七八九"
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return digits.find(ones) if len(ones) == 1 else 0
    return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)
