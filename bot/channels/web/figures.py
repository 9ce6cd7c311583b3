"""The figures of documents as tables, and annual reports of several years side by side.  Pure.

A fact is quoted as one line, `行政许可，数量：9487（件）— 清水乡2024年年报 表二`; here its parts stand apart
again.  A figure is never computed: what is drawn is what was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.entry import Entry

from .library import DocumentPage

_LINE = re.compile(r"(?P<name>.+?)：(?P<value>[^：—]*?)\s*— (?P<table>.*)", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_IN_CHART = "本年新收政府信息公开申请数量，总计"  # what tells most of a year at a glance
_BAR, _GAP, _HEIGHT, _LEFT = 48, 32, 160, 20


@dataclass(frozen=True)
class FigureRow:
    """One figure: what it is of, as it was published, and the entry that holds it."""

    name: str
    value: str
    token: str


@dataclass(frozen=True)
class FigureTable:
    caption: str
    rows: Sequence[FigureRow]


@dataclass(frozen=True)
class YearRow:
    """One figure over the years; "" where a year's report does not state it."""

    name: str
    of_years: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """Of the chart, in its own units."""

    year: int
    value: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Years:
    """The reports of one agency, side by side."""

    agency: str
    years: Sequence[int]
    rows: Sequence[YearRow]
    chart_of: str  # which row is drawn
    bars: Sequence[Bar]

    bar_width = _BAR

    @property
    def width(self) -> int:
        return _LEFT * 2 + len(self.bars) * (_BAR + _GAP)

    @property
    def height(self) -> int:
        return _HEIGHT + 60


def tables_of(facts: Iterable[Entry]) -> list[FigureTable]:
    """By table, in their order; a sentence that is a fact by itself stands under no caption."""
    grouped: dict[str, list[FigureRow]] = {}
    for entry in facts:
        matched = _LINE.fullmatch(entry.text)
        table, name, value = (
            (matched["table"], matched["name"], matched["value"]) if matched else ("", "", entry.text)
        )
        grouped.setdefault(table, []).append(FigureRow(name, value, entry.token))
    return [FigureTable(caption, rows) for caption, rows in grouped.items()]


def years_of(reports: Sequence[DocumentPage], agency: str, figure: str = "") -> Years | None:
    """What the annual reports of an agency state, year by year; None with fewer than two years.

    `figure` names the row that is drawn; requests received where it names none.
    """
    stated: dict[str, dict[int, str]] = {}
    for page in reports:
        if page.agency != agency or page.year is None:
            continue
        for table in tables_of(page.facts):
            for row in table.rows:
                if row.name:
                    stated.setdefault(row.name, {}).setdefault(page.year, row.value)
    years = sorted({year for values in stated.values() for year in values})
    if len(years) < 2:
        return None
    rows = [YearRow(name, [values.get(year, "") for year in years]) for name, values in stated.items()]
    drawn = figure if figure in stated else _IN_CHART
    return Years(agency, years, rows, drawn, _bars(stated.get(drawn, {})))


def _bars(values: dict[int, str]) -> list[Bar]:
    """Heights in proportion to the figures, from 0."""
    numbers = {
        year: float(found[0]) for year, value in sorted(values.items()) if (found := _NUMBER.match(value))
    }
    most = max(numbers.values(), default=0.0) or 1.0
    bars = []
    for place, (year, number) in enumerate(numbers.items()):
        height = round(_HEIGHT * number / most)
        bars.append(Bar(year, values[year], _LEFT + place * (_BAR + _GAP), 20 + _HEIGHT - height, height))
    return bars
