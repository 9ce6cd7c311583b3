"""Which years a question is about: named, spelt, of two digits, or told from today (去年, 近两年).

asked_years("二四年跟去年比", date(2026, 3, 1), {2023, 2024, 2025})  -> years (2024, 2025), compares
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from knowledge.text.normalize import fold

_FULL = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_SHORT = re.compile(r"(?<![\d近过去了第满前后])([012]\d)(?=年(?![前后内多级来以之龄]))")
_SPOKEN = re.compile(
    r"(?<![一二三四五六七八九十近第过前后])([一二][零一二三四五六七八九])(?=年(?![前后内多级来以之龄]))"
)
_RELATIVE = {
    "大前年": 3,
    "前年": 2,
    "去年": 1,
    "上年": 1,
    "上一年": 1,
    "旧年": 1,
    "头年": 1,
    "今年": 0,
    "明年": -1,
}
_SAID = re.compile(f"(?:{'|'.join(_RELATIVE)})(?!结转|项目)")
_LAST_MONTH = re.compile(r"上个?月")
_SPAN = re.compile(r"(?:近|最近|这|前|过去)([两二三四五2-5])年")
_COMPARES = re.compile(
    r"(?:比|跟|和|与|同|较).{0,12}(?:比|多|少|增|减|高|低|涨|降)|比上年|比去年|同比|多还是少|多了还是少了|"
    r"增加还是减少|(?:有什么|有没有|怎么)?变化|增减"
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")


@dataclass(frozen=True)
class AskedYears:
    """`years` in the order in which they are said; empty where none is.  `compares`: of one with another;
    `is_relative`: some of them were told from today, so that the answer must say which they are."""

    years: tuple[int, ...] = ()
    compares: bool = False
    is_relative: bool = False


def asked_years(text: str, today: date, known: Collection[int] = ()) -> AskedYears:
    """`known` are the years that the base holds: 二四年 is 2024 only where there is such a year.

    上年 is told from the year that is named, and only in a comparison: the tables have a row 上年结转.
    """
    folded = fold(text)
    found: list[tuple[int, int]] = [(each.start(), int(each[1])) for each in _FULL.finditer(folded)]
    found += [(each.start(), 2000 + int(each[1])) for each in _SHORT.finditer(folded)]
    spoken = ((each.start(), 2000 + int(each[1].translate(_DIGITS))) for each in _SPOKEN.finditer(folded))
    found += [(at, year) for at, year in spoken if year in known]
    compares = _COMPARES.search(folded) is not None
    named = bool(found)
    base = max((year for _, year in found), default=max((year for year in known), default=today.year))
    for each in _SAID.finditer(folded):
        back = _RELATIVE[each[0]]
        if each[0] in ("上年", "上一年"):
            if compares:
                found.append((each.start(), base - 1))
            continue
        found.append((each.start(), today.year - back))
    if span := _SPAN.search(folded):
        count = _NUMBERS.get(span[1]) or int(span[1])
        found += [(span.start(), today.year - back) for back in range(1, count + 1)]
    if month := _LAST_MONTH.search(folded):
        found.append((month.start(), today.year if today.month > 1 else today.year - 1))
    years = tuple(dict.fromkeys(year for _, year in sorted(found)))
    is_relative = not named and bool(years)
    return AskedYears(years, compares, is_relative)


def without_years(folded: str) -> str:
    """The text without what says a year."""
    return _YEARS_SAID.sub("", folded)


_YEARS_SAID = re.compile(
    "|".join(
        f"(?:{pattern.pattern})年?度?" for pattern in (_SPAN, _FULL, _SHORT, _SPOKEN, _LAST_MONTH, _SAID)
    )
)
