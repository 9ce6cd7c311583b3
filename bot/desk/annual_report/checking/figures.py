"""Tables 2-4 out of somebody's report: which figure stands in which cell of the national format.  Pure.

`exact` is off for a PDF, where headers cannot be trusted: what is certain there is the order of the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.desk.annual_report.checking.blanks import Cell, Short, Sum, settled, with_unfilled
from bot.desk.annual_report.checking.names import (
    LEAST_LIKE,
    aligned,
    is_named,
    likeness,
    name_of,
    shown,
    unmistakable,
)
from bot.desk.annual_report.checking.rows import Named, Place, Row, Value, named_figures
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
    CELLS_2,
    COLUMN_LABELS,
    ORGANISATIONS,
    REMEDY_CELL_LABELS,
    REMEDY_CELLS,
    TABLE_2,
    folded,
    leaf_of,
)
from bot.desk.model import Outcome

__all__ = ["Cell", "ReadTable", "Wrong", "read_table_2", "read_table_3", "read_table_4"]


@dataclass(frozen=True)
class Wrong:
    """A row or column that is not as in the format.  `found` is what stands there, "" where it is missing."""

    expected: str
    found: str = ""
    place: Place | None = None
    count: int = 0  # how many figures were read, where their number is what is wrong
    wanted: int = 0


@dataclass
class ReadTable:
    """One table as it was read."""

    values: dict[Cell, tuple[Value, Place]] = field(default_factory=dict)
    missing_rows: list[Wrong] = field(default_factory=list)
    misnamed_rows: list[Wrong] = field(default_factory=list)
    extra_rows: list[Wrong] = field(default_factory=list)
    short_rows: list[Wrong] = field(default_factory=list)
    missing_columns: list[Wrong] = field(default_factory=list)
    header: str = ""
    order: tuple[str, ...] = ()  # the columns as they stand, where that is not the format's order

    shorts: dict[str, Short] = field(default_factory=dict)  # rows with too few figures, by their names

    @property
    def is_there(self) -> bool:
        return bool(self.values)

    def note_short(self, name: str, cells: Sequence[Cell], each: Named) -> None:
        """Too few or too many figures for these cells."""
        count, wanted = len(each.values), len(cells)
        self.short_rows.append(Wrong(name, place=each.place, count=count, wanted=wanted))
        if count < wanted:
            self.shorts[name] = Short(tuple(cells), each.values, each.place)

    def settle(self, sums: Sequence[Sum]) -> None:
        """Find the blank cells of rows that are too short, where the sums prove them."""
        numbers = {cell: value.number for cell, (value, _) in self.values.items() if value.number is not None}
        for short, filled in settled(list(self.shorts.values()), numbers, sums):
            name = next(name for name, each in self.shorts.items() if each is short)
            self.short_rows = [wrong for wrong in self.short_rows if wrong.expected != name]
            self.values.update({cell: (value, short.place) for cell, value in filled.items()})


# ---- Table 3

_PARTS = tuple(column for column in COLUMNS if column != TOTAL)
_OUTCOMES = tuple(outcome.code for outcome in Outcome)
SUMS_OF_TABLE_3 = (
    *(Sum(((row, TOTAL),), tuple((row, column) for column in _PARTS)) for row in ROWS),
    *(Sum(((DONE, column),), tuple((row, column) for row in _OUTCOMES)) for column in COLUMNS),
    *(
        Sum(((NEW, column), (CARRIED_IN, column)), ((DONE, column), (CARRIED_OUT, column)))
        for column in COLUMNS
    ),
)
SUMS_OF_TABLE_4 = tuple(
    Sum(((kind, TOTAL),), tuple((kind, row) for row in REMEDY_ROWS)) for kind in REMEDY_COLUMNS
)


def read_table_3(rows: Sequence[Row], *, exact: bool = True) -> ReadTable:
    """25 rows of seven figures."""
    table = ReadTable()
    named = [each for each in named_figures(rows) if len(each.values) > 1]
    if not any(likeness(each.label, name_of(row)) >= 1 for each in named for row in ROWS):
        return table
    named = with_unfilled(named, [unmistakable(row) for row in ROWS])
    labels = [each.label for each in named]
    pairs = aligned(labels, [name_of(row) for row in ROWS])
    first = next((index for index in pairs if index is not None), 0)
    columns = _columns(table, named, labels[first], exact=exact)
    for row, index in zip(ROWS, pairs, strict=True):
        if index is None:
            table.missing_rows.append(Wrong(leaf_of(row)))
            continue
        each = named[index]
        following = labels[index + 1] if index + 1 < len(labels) else ""
        if not is_named(each.label, following, name_of(row), exact=exact):
            table.misnamed_rows.append(Wrong(leaf_of(row), shown(each.label), each.place))
        if len(each.values) != len(columns):
            table.note_short(leaf_of(row), [(row, column) for column in columns], each)
            continue
        for column, value in zip(columns, each.values, strict=True):
            table.values[row, column] = (value, each.place)
    table.settle(SUMS_OF_TABLE_3)
    used = {index for index in pairs if index is not None}
    table.extra_rows = [
        Wrong("", shown(each.label), each.place) for place, each in enumerate(named) if place not in used
    ]
    return table


def _columns(table: ReadTable, named: Sequence[Named], before: str, *, exact: bool) -> tuple[str, ...]:
    """The columns that the header names, in their order; one that it does not name is noted.

    Where all figures are there, a name that is not is only misspelt, and its figures are read all the same.
    """
    table.header = folded(before)
    header = table.header.partition(name_of(ROWS[0]))[0].replace(folded(ORGANISATIONS), "|")
    absent = [code for code, label in COLUMN_LABELS.items() if folded(label) not in header]
    if not header.strip("|") or len(absent) == len(COLUMNS):
        return COLUMNS  # a table whose header was lost: its figures still stand in the order of the format
    widths = [len(each.values) for each in named]
    usual = max(set(widths), key=widths.count)
    if exact or usual != len(COLUMNS):
        table.missing_columns = [Wrong(COLUMN_LABELS[code]) for code in absent]
    if absent:
        present = tuple(code for code in COLUMNS if code not in absent)
        return present if usual == len(present) else COLUMNS
    columns = _in_order_of(header)
    if columns != COLUMNS:
        table.order = tuple(COLUMN_LABELS[code] for code in columns)
    return columns


def _in_order_of(header: str) -> tuple[str, ...]:
    """The columns as the header has them: 自然人 and 总计 at the ends, since their cells reach up beside the
    words 法人或其他组织, and the five kinds of organisation as they come."""
    first, *organisations, last = COLUMNS
    found = sorted(organisations, key=lambda code: header.rfind(folded(COLUMN_LABELS[code])))
    return (first, *found, last)


# ---- Table 2


def read_table_2(rows: Sequence[Row], *, exact: bool = True) -> ReadTable:
    """Six rows; as the format prints them, or one line a figure."""
    table = ReadTable()
    named = [each for each in named_figures(rows) if _is_of_table_2(each.label)]
    if not all(len(each.values) == 1 for each in named):
        named = with_unfilled(named, [folded(row.name) for row in TABLE_2])
    if not named:
        return table
    table.header = folded("".join(each.label for each in named))
    if all(len(each.values) == 1 for each in named) and len(named) >= len(CELLS_2) - 2:
        _read_lines(table, named)
        return table
    pairs = aligned([each.label for each in named], [folded(row.name) for row in TABLE_2])
    for row, index in zip(TABLE_2, pairs, strict=True):
        if index is None:
            table.missing_rows.append(Wrong(row.name))
            continue
        each = named[index]
        label, values = folded(each.label), _without_trailing_blanks(each.values, len(row.columns))
        if not (label.endswith(folded(row.name)) or (not exact and folded(row.name) in label)):
            table.misnamed_rows.append(Wrong(row.name, shown(each.label), each.place))
        cells = [(row.name, column) for column in row.columns]
        if not values:
            table.values.update({cell: (Value(""), each.place) for cell in cells})
            continue
        if len(values) != len(cells):
            table.note_short(row.name, cells, replace(each, values=values))
            continue
        for column, value in zip(row.columns, values, strict=True):
            table.values[row.name, column] = (value, each.place)
    if exact:
        _note_columns_of_table_2(table)
    return table


def _note_columns_of_table_2(table: ReadTable) -> None:
    wanted = {column: folded(column) for row in TABLE_2 for column in row.columns}
    table.missing_columns = [Wrong(column) for column, words in wanted.items() if words not in table.header]


def _is_of_table_2(label: str) -> bool:
    columns = (folded(column) for _, column in CELLS_2)
    return any(likeness(label, folded(row.name)) >= LEAST_LIKE for row in TABLE_2) or any(
        column in folded(label) for column in columns
    )


def _without_trailing_blanks(values: Sequence[Value], wanted: int) -> tuple[Value, ...]:
    kept = list(values)
    while len(kept) > wanted and not kept[-1].text:
        kept.pop()
    return tuple(kept)


def _read_lines(table: ReadTable, named: Sequence[Named]) -> None:
    """`规章 | 本年制发件数 | 0`: one figure a line, its row and column before it."""
    for name, column in CELLS_2:
        ends = folded(name) + folded(column)
        each = next((each for each in named if folded(each.label).endswith(ends)), None)
        if each is None:
            table.missing_rows.append(Wrong(f"{name} {column}"))
        else:
            table.values[name, column] = (each.values[0], each.place)


# ---- Table 4

_MOST_BLANK = 3  # figures that may be gone of the one row


def read_table_4(rows: Sequence[Row], *, exact: bool = True) -> ReadTable:
    """15 figures: in one row as the format prints them, or five for each remedy."""
    table = ReadTable()
    named = named_figures(rows)
    whole = len(REMEDY_COLUMNS) * len(REMEDY_CELLS)
    upheld = folded(REMEDY_CELL_LABELS[REMEDY_CELLS[0]])
    long = next(
        (
            each
            for each in named
            if len(each.values) >= whole - _MOST_BLANK
            and (not exact or likeness(each.label, upheld) >= LEAST_LIKE)
        ),
        None,
    )
    if long is not None:
        table.header = folded(long.label)
        _read_one_row(table, long, whole)
    else:
        _read_three_rows(table, [each for each in named if len(each.values) > 1])
    if exact and (table.is_there or table.short_rows):
        names: Mapping[str, str] = {**REMEDY_COLUMNS, **REMEDY_CELL_LABELS}
        table.missing_columns = [Wrong(name) for name in names.values() if folded(name) not in table.header]
    return table


def _read_one_row(table: ReadTable, each: Named, whole: int) -> None:
    cells = [(kind, cell) for kind in REMEDY_COLUMNS for cell in REMEDY_CELLS]
    if len(each.values) != whole:
        table.note_short("", cells, each)
        table.settle(SUMS_OF_TABLE_4)
        return
    table.values = {cell: (value, each.place) for cell, value in zip(cells, each.values, strict=True)}


def _read_three_rows(table: ReadTable, named: Sequence[Named]) -> None:
    kinds = list(REMEDY_COLUMNS)
    pairs = aligned([each.label for each in named], [folded(REMEDY_COLUMNS[kind]) for kind in kinds])
    likes = [
        likeness(named[index].label, folded(REMEDY_COLUMNS[kind]))
        for kind, index in zip(kinds, pairs, strict=True)
        if index is not None
    ]
    if max(likes, default=0.0) < LEAST_LIKE:
        return
    table.header = folded("".join(each.label for each in named))
    for kind, index in zip(kinds, pairs, strict=True):
        if index is None:
            table.missing_rows.append(Wrong(REMEDY_COLUMNS[kind]))
            continue
        each = named[index]
        if len(each.values) != len(REMEDY_CELLS):
            table.note_short(REMEDY_COLUMNS[kind], [(kind, cell) for cell in REMEDY_CELLS], each)
            continue
        for cell, value in zip(REMEDY_CELLS, each.values, strict=True):
            table.values[kind, cell] = (value, each.place)
    table.settle(SUMS_OF_TABLE_4)
