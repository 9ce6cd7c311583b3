"""Whether the figures of somebody's report are figures, and whether they add up.  Pure.

A figure that is missing or no number is told once; sums that would need it are not judged.  Where a column
and 总计 both fail the same sum, only the column is told: the other follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from bot.desk.annual_report.checking.figures import Cell, ReadTable
from bot.desk.annual_report.checking.finding import Finding
from bot.desk.annual_report.checking.rows import Value
from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    DONE,
    NEW,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    ROWS,
    TOTAL,
)
from bot.desk.annual_report.national_format import (
    COLUMN_LABELS,
    FEES_ROW,
    REMEDY_CELL_LABELS,
    RULES_ROW,
    leaf_of,
)
from bot.desk.model import Outcome

OUTCOME_ROWS = tuple(outcome.code for outcome in Outcome)


def cell_words(table: int, cell: Cell) -> tuple[str, str]:
    """Row and column as they are printed."""
    row, column = cell
    if table == 3:
        return leaf_of(row), COLUMN_LABELS[column]
    if table == 4:
        return REMEDY_COLUMNS[row], REMEDY_CELL_LABELS[column]
    return row, column


def odd_figures(number: int, table: ReadTable) -> Iterator[Finding]:
    """Marks for none, words and blanks where a figure belongs; figures in full width or with separators."""
    for cell, (value, place) in table.values.items():
        rule = _fault(value, is_money=cell[0] == FEES_ROW)
        if rule:
            row, column = cell_words(number, cell)
            facts = {"text": value.text, "number": _plain(value.number)}
            yield Finding(rule, place, number, row, column, facts)


def _fault(value: Value, *, is_money: bool) -> str:
    if not value.text:
        return "not_filled"
    if value.number is None:
        return "below_zero" if value.is_negative else "not_a_number"
    is_whole = value.number == value.number.to_integral_value() and "." not in value.text
    return "" if not value.odd and (is_money or is_whole) else "odd_number"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def rules_above_zero(table_2: ReadTable) -> Iterator[Finding]:
    """A township makes no rules (规章): that power ends with cities divided into districts (立法法)."""
    for (row, column), (value, place) in table_2.values.items():
        if row == RULES_ROW and value.number:
            yield Finding("rules_above_zero", place, 2, row, column, {"text": value.text})


# ---- sums of Table 3


def sums_of_table_3(table: ReadTable, *, absent_is_zero: Sequence[str] = ()) -> list[Finding]:
    """Each row's 总计; per column 一+二 = （七）+四 and （七） = the 21 rows above it.

    `absent_is_zero` are rows that the format of the report's year did not have.
    """
    figures = _Figures(table, absent_is_zero)
    rows = [row for row in ROWS if row not in absent_is_zero]
    totals = [finding for row in rows if (finding := _total(figures, row))]
    wrong_rows = {finding.row for finding in totals}
    balance = [finding for column in COLUMNS if (finding := _balance(figures, column))]
    results = [finding for column in COLUMNS if (finding := _results(figures, column))]
    explained = {leaf_of(row) for row in (NEW, CARRIED_IN, DONE, CARRIED_OUT)} & wrong_rows
    return [
        *totals,
        *_without_implied(balance, bool(explained)),
        *_without_implied(results, bool(wrong_rows)),
    ]


class _Figures:
    """The figures of a table; None for one that is not there or is none."""

    def __init__(self, table: ReadTable, absent_is_zero: Sequence[str] = ()) -> None:
        self._table = table
        self._zero = frozenset(absent_is_zero)

    def get(self, row: str, column: str) -> Decimal | None:
        found = self._table.values.get((row, column))
        if found is None:
            return Decimal(0) if row in self._zero else None
        return found[0].number

    def sum(self, cells: Iterable[Cell]) -> Decimal | None:
        """None where any of them is not known."""
        numbers = [self.get(*cell) for cell in cells]
        known = [number for number in numbers if number is not None]
        return sum(known, Decimal(0)) if len(known) == len(numbers) else None

    def finding(
        self, rule: str, number: int, cell: Cell, left: Decimal | None, right: Decimal | None
    ) -> Finding | None:
        """A finding when both sides are known and differ."""
        if left is None or right is None or left == right:
            return None
        found = self._table.values.get(cell)
        row, column = cell_words(number, cell)
        facts = {"left": _plain(left), "right": _plain(right)}
        return Finding(rule, found[1] if found else None, number, row, column, facts)


def _total(figures: _Figures, row: str) -> Finding | None:
    parts = figures.sum((row, column) for column in COLUMNS if column != TOTAL)
    return figures.finding("total_unequal", 3, (row, TOTAL), figures.get(row, TOTAL), parts)


def _balance(figures: _Figures, column: str) -> Finding | None:
    came = figures.sum([(NEW, column), (CARRIED_IN, column)])
    went = figures.sum([(DONE, column), (CARRIED_OUT, column)])
    return figures.finding("column_unbalanced", 3, (CARRIED_OUT, column), came, went)


def _results(figures: _Figures, column: str) -> Finding | None:
    parts = figures.sum((row, column) for row in OUTCOME_ROWS)
    return figures.finding("results_unequal", 3, (DONE, column), figures.get(DONE, column), parts)


def _without_implied(findings: Sequence[Finding], explained: bool) -> list[Finding]:
    """Drop what 总计 says when a single column, or a wrong 总计 of a row, says it already."""
    others = [finding for finding in findings if finding.column != TOTAL]
    return others if others or explained else list(findings)


# ---- Table 4, and last year's report


def sums_of_table_4(table: ReadTable) -> list[Finding]:
    """Each 总计 is the sum of its four results."""
    figures = _Figures(table)
    return [
        finding
        for kind in REMEDY_COLUMNS
        if (
            finding := figures.finding(
                "remedies_unequal",
                4,
                (kind, TOTAL),
                figures.get(kind, TOTAL),
                figures.sum((kind, row) for row in REMEDY_ROWS),
            )
        )
    ]


def carried_over(table: ReadTable, previous: ReadTable) -> list[Finding]:
    """What was carried in is what last year's report carried out, column by column."""
    this, last = _Figures(table), _Figures(previous)
    found = [
        finding
        for column in COLUMNS
        if (
            finding := this.finding(
                "carried_unequal",
                3,
                (CARRIED_IN, column),
                this.get(CARRIED_IN, column),
                last.get(CARRIED_OUT, column),
            )
        )
    ]
    return _without_implied(found, explained=False)
