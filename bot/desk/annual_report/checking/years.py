"""Whether somebody's report speaks of one year: its title, its period, its sections and tables.  Pure.

Other years may be mentioned beside it (a comparison with last year, plans for the next): a section is wrong
only when it names years and never the report's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.desk.annual_report.checking.finding import Finding
from bot.desk.annual_report.checking.rows import Place, Row, texts_of
from bot.desk.annual_report.national_format import SECTIONS

_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*年")
_PERIOD = re.compile(
    r"(20\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起?\s*(?:至|到|[—–~-]+)\s*"
    r"(?:(20\d{2})\s*年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
)
_OF_THE_REPORT = re.compile(r"统计期|数据的?期限|期限为")  # else a span of days is one of something else
_WHOLE_YEAR = ("1", "1", "12", "31")
_TITLE = "年度报告"
_LONGEST_TITLE, _TITLE_WITHIN = 60, 15  # characters; rows from the beginning
_OWN_YEAR_ONLY = SECTIONS[:4]  # the last two look back and ahead


@dataclass(frozen=True)
class Stated:
    """A place that says which year the report is of."""

    rule: str
    place: Place
    years: tuple[int, ...]  # all that it names, in order
    section: str = ""
    table: int = 0
    vote: int = 0  # for the year of the report, where `years` cannot say it


def title_of(rows: Sequence[Row]) -> tuple[Place, str] | None:
    """The title, where the report has one."""
    for place, text in texts_of(rows[:_TITLE_WITHIN]):
        if _TITLE in text and len(text) <= _LONGEST_TITLE and "。" not in text:
            return place, text
    return None


def year_in_title(rows: Sequence[Row]) -> int | None:
    """The year that the title names."""
    title = title_of(rows)
    years = _years(title[1]) if title else ()
    return years[0] if years else None


def year_findings(
    rows: Sequence[Row], sections: Mapping[str, Sequence[Row]], year: int | None
) -> tuple[int | None, list[Finding]]:
    """The year of the report (`year` when it is given) and every place that says another."""
    stated = list(_stated(rows, sections))
    own = _own_year(stated)
    if own is None:
        return year, [Finding("year_unknown", facts={"year": str(year or "")})]
    if year is not None and year != own and all(year not in each.years for each in stated):
        place = stated[0].place
        return own, [Finding("year_other", place, facts={"found": str(own), "year": str(year)})]
    right = year or own
    return right, [_finding(each, right) for each in stated if right not in each.years]


def _finding(each: Stated, year: int) -> Finding:
    facts = {"found": str(each.years[0]), "year": str(year), "section": each.section}
    return Finding(each.rule, each.place, each.table, facts=facts)


def _own_year(stated: Sequence[Stated]) -> int | None:
    """What most places say first; the title decides where they are even."""
    voted = [each.vote or each.years[0] for each in stated]
    votes = Counter(year for year in voted if year)
    if not votes:
        return None
    most = max(votes.values())
    return next(year for year in voted if votes.get(year) == most)


def _stated(rows: Sequence[Row], sections: Mapping[str, Sequence[Row]]) -> Iterator[Stated]:
    title = title_of(rows)
    if title and _years(title[1]):
        yield Stated("year_title", title[0], _years(title[1]))
    for place, text in texts_of(rows):
        for period in _PERIOD.finditer(text):
            yield from _of_period(place, period, text)
    for name in _OWN_YEAR_ONLY:
        yield from _stated_in(name, sections.get(name, ()))


def _of_period(place: Place, period: re.Match[str], text: str) -> Iterator[Stated]:
    """A period of days: the report's own covers a year from its first to its last day.

    One that does not is of no year (0), yet it tells which was meant; other spans of days say nothing.
    """
    first, last = int(period[1]), int(period[4] or period[1])
    days = tuple(part.lstrip("0") for part in (period[2], period[3], period[5], period[6]))
    if days == _WHOLE_YEAR:
        yield Stated("year_period", place, (first,) if first == last else (min(first, last) - 1,))
    elif _OF_THE_REPORT.search(text[: period.start()]):
        yield Stated("year_period", place, (0,), vote=last)


def _stated_in(name: str, rows: Sequence[Row]) -> Iterator[Stated]:
    """What a section's prose names together, and what each cell of its table names for itself."""
    prose = [row for row in rows if not row.table]
    named = [(place, _years(_PERIOD.sub("", text))) for place, text in texts_of(prose)]
    years = tuple(year for _, some in named for year in some)
    if years:
        place = next(place for place, some in named if some)
        yield Stated("year_section", place, tuple(dict.fromkeys(years)), section=name)
    number = SECTIONS.index(name) + 1
    for place, text in texts_of(row for row in rows if row.table):
        if found := _years(text):
            yield Stated("year_table", place, found, section=name, table=number)


def _years(text: str) -> tuple[int, ...]:
    return tuple(int(year) for year in _YEAR.findall(text))
