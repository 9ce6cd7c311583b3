"""Which years a question is about: named, spelt, of two digits, or told from today (去年, 近两年).

asked_years("二四年跟去年比", date(2026, 3, 1), {2023, 2024, 2025})  -> years (2024, 2025), compares
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from knowledge.entry import Entry, EntryKind
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
# Of two years: `比上年多`, `跟2022年比`, and not 收入和支出各多少.
_AGAINST = re.compile(
    r"(?:比(?![例重赛选])|跟|和|与|同|较).{0,12}(?:比(?![例重赛选])|多(?!少)|(?<!多)少|增|减|高|低|涨|升|降|差|变)|变化"
)
_WHICH = re.compile(r"哪[个项样种类]")
_EITHER = (
    r"(?:多|高|增加|增长|上升|升|涨|增)了?(?:还是|或者?)是?(?:少|低|减少|下降|降|跌|减)了?|是?多是少|是增是减"
)
_OVER_YEARS = re.compile(rf"{_EITHER}|同比|[比跟和与同较]上一?年|比去年|增减")
_COMPARING = re.compile(
    rf"(?:[跟和与同较比])?(?:相比|比较|比起来|比)?(?:是|有)?(?:{_EITHER}|"
    r"(?:多|提?高|上调|增加|增长|上升|升|涨|少|低|减少|下调|下降|降低|降|相差|差)(?:了|出)?(?=多少|几|好多)|"
    r"(?:有|了|有没有)?(?:什么|啥|多大|怎么)?变化|增减|同比)"
    r"|[跟和与同较](?:相比|比较|比起来|比)|相比|比起来|比较"
)
_FROM_TO = re.compile(r"(?<!\d)((?:19|20)\d{2})年?[到至~—-]+((?:19|20)\d{2})(?!\d)")
_LONGEST_SPAN = 10  # years
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

    上年 is told from the year that is named, and only in a comparison: the tables have a row 上年结转.  Where
    none is named it is the year before the newest of whatever is compared.
    """
    folded = fold(text)
    found: list[tuple[int, int]] = [(each.start(), int(each[1])) for each in _FULL.finditer(folded)]
    found += [(each.start(), 2000 + int(each[1])) for each in _SHORT.finditer(folded)]
    spoken = ((each.start(), 2000 + int(each[1].translate(_DIGITS))) for each in _SPOKEN.finditer(folded))
    found += [(at, year) for at, year in spoken if known and min(known) <= year <= today.year]
    is_against = _AGAINST.search(folded) is not None
    named = bool(found)
    base = max((year for _, year in found), default=None)
    for each in _SAID.finditer(folded):
        back = _RELATIVE[each[0]]
        if each[0] in ("上年", "上一年"):
            if is_against and base:
                found.append((each.start(), base - 1))
            continue
        found.append((each.start(), today.year - back))
    if span := _SPAN.search(folded):
        count = _NUMBERS.get(span[1]) or int(span[1])
        found += [(span.start(), today.year - back) for back in range(1, count + 1)]
    for first, last in ((int(each[1]), int(each[2])) for each in _FROM_TO.finditer(folded)):
        found += [(folded.find(str(first)), year) for year in range(first, min(last, first + _LONGEST_SPAN))]
    if month := _LAST_MONTH.search(folded):
        found.append((month.start(), today.year if today.month > 1 else today.year - 1))
    years = tuple(dict.fromkeys(year for _, year in sorted(found)))
    is_relative = not named and bool(years)
    compares = _OVER_YEARS.search(folded) is not None or (
        is_against and bool(years) and (len(years) > 1 or not _WHICH.search(folded))
    )
    return AskedYears(years, compares, is_relative)


def years_to_show(asked: AskedYears, held: Collection[int]) -> tuple[int, ...]:
    """Which years of a thing are to be shown, whether or not they are among those `held`; () = the newest.

    A comparison with one year is with the year before or after it, else with the newest other one that
    there is; one told from today that is not there, of the newest two.
    """
    if not asked.compares or len(asked.years) > 1:
        return asked.years
    newest = sorted(held, reverse=True)
    if not asked.years or (asked.is_relative and not set(asked.years) & set(held)):
        return tuple(dict.fromkeys((*asked.years, *newest[:2])))
    (year,) = asked.years
    other = next((one for one in (year - 1, year + 1, *newest) if one in held and one != year), year - 1)
    return year, other


def is_of_year(entry: Entry, year: int, quoted: str) -> bool:
    """Whether an entry is of a year, or what is quoted of it speaks of it.

    When it was published tells the year only of what has none of its own: a report on 2023 comes out in 2024.
    """
    if entry.kind is EntryKind.GUIDE or entry.year == year:
        return True
    around = f"{entry.title}{entry.citation.source_title}{quoted}"
    if not entry.year:
        around += f"{entry.text}{entry.citation}"
    return str(year) in fold(around)


def without_comparison(text: str) -> str:
    """`公务接待费跟比是多还是少` (the years are out already) -> `公务接待费多少`, which each year states."""
    bare = _COMPARING.sub("", text)
    return bare if bare == text or _HOW_MUCH.search(bare) else f"{bare.rstrip('?？吗呢')}多少"


_HOW_MUCH = re.compile(r"多少|好多|几")


def without_years(folded: str) -> str:
    """The text without what says a year."""
    return _YEARS_SAID.sub("", folded)


_YEARS_SAID = re.compile(
    "|".join(
        f"(?:{pattern.pattern})年?度?"
        for pattern in (_FROM_TO, _SPAN, _FULL, _SHORT, _SPOKEN, _LAST_MONTH, _SAID)
    )
)
