"""A section of an official text, and the numbers that open one."""

from __future__ import annotations

import re
from dataclasses import dataclass

PREAMBLE = "0"  # the path of what stands before the first heading
NUMERALS = "一二三四五六七八九十百零\u3007"

# From the highest rank to the lowest.  The group is the number.
RANKS = (
    re.compile(rf"第([{NUMERALS}]+)章\s*"),
    re.compile(rf"第([{NUMERALS}]+)节\s*"),
    re.compile(rf"第([{NUMERALS}]+)条\s*"),
    re.compile(rf"([{NUMERALS}]+)[、.\uff0e]\s*"),
    re.compile(rf"[(（]([{NUMERALS}]+)[)）]\s*[、.\uff0e]?\s*"),
    re.compile(r"(\d{1,2})[、.\uff0e](?!\d)\s*"),
    re.compile(r"[(（](\d{1,2})[)）]\s*"),
)
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
    for pattern in (*RANKS, POINT, ATTACHMENT):
        found = pattern.match(heading)
        if found:
            return heading[found.end() :].strip() or heading
    return heading


def first_clause(text: str) -> str:
    """What can stand as the title of a text: its first sentence, or the beginning of a long one."""
    sentence = re.split(r"[。：:；;]", text, maxsplit=1)[0]
    clause = re.split(r"[，,]", sentence, maxsplit=1)[0] if len(sentence) > _LONGEST_CLAUSE else sentence
    return clause.rstrip("，, ")


def value_of(numeral: str) -> int:
    """`十二` -> 12, `2` -> 2.  Only up to 99, which is beyond any outline; an odd numeral gives 0."""
    if numeral.isdecimal():
        return int(numeral)
    digits = "零一二三四五六七八九"
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return digits.find(ones) if len(ones) == 1 else 0
    return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)
