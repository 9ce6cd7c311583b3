"""Tables 2-4 out of somebody's report: which figure stands in which cell of the national format.  Pure.

Rows are matched in their order: the best alignment of the names that were found with those that the format
has, so that a misspelt name is told from a missing row, and 其他 under 其他处理 from any other 其他.
`exact` is off for a PDF, where the words of neighbouring cells run into each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from bot.desk.annual_report import COLUMNS, REMEDY_COLUMNS, ROWS
from bot.desk.national_format import (
    CELLS_2,
    COLUMN_LABELS,
    ORGANISATIONS,
    REMEDY_CELL_LABELS,
    REMEDY_CELLS,
    TABLE_2,
    folded,
    leaf_of,
)
from bot.desk.reported import Named, Place, Row, Value, named_figures

Cell = tuple[str, str]  # row and column, by their codes or names


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

    @property
    def is_there(self) -> bool:
        return bool(self.values)


# ---- Table 3

_LEAST_LIKE = 0.5  # below this, two names are told apart
_PAIRED = 0.05  # an odd name between two rows that fit stands for the one that is missing there
_MOST = 0.7  # of the characters of a name, in their order
_SHORT = 4  # characters of a name that may be part of any other


def read_table_3(rows: Sequence[Row], *, exact: bool = True) -> ReadTable:
    """25 rows of seven figures."""
    table = ReadTable()
    named = [each for each in named_figures(rows) if len(each.values) > 1]
    if not any(_likeness(each.label, _leaf(row)) >= 1 for each in named for row in ROWS):
        return table
    labels = [each.label for each in named]
    pairs = _aligned(labels, [_leaf(row) for row in ROWS])
    first = next((index for index in pairs if index is not None), 0)
    columns = _columns(table, named, labels[first], exact=exact)
    for row, index in zip(ROWS, pairs, strict=True):
        if index is None:
            table.missing_rows.append(Wrong(leaf_of(row)))
            continue
        each = named[index]
        following = labels[index + 1] if index + 1 < len(labels) else ""
        if not _is_named(each.label, following, _leaf(row), exact=exact):
            table.misnamed_rows.append(Wrong(leaf_of(row), _tail(each.label), each.place))
        if len(each.values) != len(columns):
            wrong = Wrong(leaf_of(row), place=each.place, count=len(each.values), wanted=len(columns))
            table.short_rows.append(wrong)
            continue
        for column, value in zip(columns, each.values, strict=True):
            table.values[row, column] = (value, each.place)
    used = {index for index in pairs if index is not None}
    table.extra_rows = [
        Wrong("", _tail(each.label), each.place) for place, each in enumerate(named) if place not in used
    ]
    return table


def _columns(table: ReadTable, named: Sequence[Named], before: str, *, exact: bool) -> tuple[str, ...]:
    """The columns that the header names, in their order; one that it does not name is noted.

    Where all figures are there, a name that is not is only misspelt, and its figures are read all the same.
    """
    table.header = folded(before)
    header = table.header.partition(_leaf(ROWS[0]))[0].replace(folded(ORGANISATIONS), "|")
    absent = [code for code, label in COLUMN_LABELS.items() if folded(label) not in header]
    if not header.strip("|") or len(absent) == len(COLUMNS):
        return COLUMNS  # a table whose header was lost: its figures still stand in the order of the format
    widths = [len(each.values) for each in named]
    usual = max(set(widths), key=widths.count)
    if exact or usual != len(COLUMNS):
        table.missing_columns = [Wrong(COLUMN_LABELS[code]) for code in absent]
    if usual == len(COLUMNS) - len(absent):
        return tuple(code for code in COLUMNS if code not in absent)
    return COLUMNS


def _leaf(row: str) -> str:
    """The name of a row without its number and its group, folded: 属于国家秘密."""
    words = leaf_of(row)
    for sign in "、.）":
        head, found, tail = words.partition(sign)
        if found and len(head) <= 2:
            words = tail
            break
    return folded(words)


def _likeness(label: str, leaf: str) -> float:
    """1 when the label ends with the name or, a long one, holds it; else how like it its end is."""
    whole = folded(label)
    if whole.endswith(leaf) or (len(leaf) >= _SHORT and leaf in whole):
        return 1.0
    like = max(
        fuzz.ratio(whole[-len(leaf) - more :], leaf) if len(whole) >= len(leaf) + more else 0.0
        for more in (0, 1, 2)
    )
    return 0.9 * max(like, fuzz.ratio(whole, leaf)) / 100


def _is_named(label: str, following: str, leaf: str, *, exact: bool) -> bool:
    """Whether the name is right; a name that is broken over lines goes on before the next row's.

    On paper (not `exact`) the words of neighbouring cells run together: most of the name must be there.
    """
    both = folded(label + following)
    if _likeness(label, leaf) >= 1 or (len(leaf) >= _SHORT and leaf in both):
        return True
    return not exact and LCSseq.similarity(both, leaf) >= _MOST * len(leaf)


def _aligned(labels: Sequence[str], leaves: Sequence[str]) -> list[int | None]:
    """For each name of the format the label that stands for it: in order, together as alike as possible."""
    like = [[_likeness(label, leaf) for label in labels] for leaf in leaves]
    weights = [[value if value >= _LEAST_LIKE else _PAIRED for value in row] for row in like]
    height, width = len(leaves), len(labels)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for y in range(height - 1, -1, -1):
        for x in range(width - 1, -1, -1):
            paired = weights[y][x] + best[y + 1][x + 1]
            best[y][x] = max(paired, best[y + 1][x], best[y][x + 1])
    found: list[int | None] = [None] * height
    y = x = 0
    while y < height and x < width:
        if best[y][x] == weights[y][x] + best[y + 1][x + 1]:
            found[y] = x
            y, x = y + 1, x + 1
        elif best[y][x] == best[y + 1][x]:
            y += 1
        else:
            x += 1
    return found


_LONGEST_SHOWN = 24


def _tail(label: str) -> str:
    """The end of a label, as it is shown: what came long before belongs to the header."""
    return label if len(label) <= _LONGEST_SHOWN else f"…{label[-_LONGEST_SHOWN:]}"


# ---- Table 2


def read_table_2(rows: Sequence[Row], *, exact: bool = True) -> ReadTable:
    """Six rows; as the format prints them, or one line a figure."""
    table = ReadTable()
    named = [each for each in named_figures(rows) if _is_of_table_2(each.label)]
    if not named:
        return table
    table.header = folded("".join(each.label for each in named))
    if all(len(each.values) == 1 for each in named) and len(named) >= len(CELLS_2) - 2:
        _read_lines(table, named)
        return table
    pairs = _aligned([each.label for each in named], [folded(row.name) for row in TABLE_2])
    for row, index in zip(TABLE_2, pairs, strict=True):
        if index is None:
            table.missing_rows.append(Wrong(row.name))
            continue
        each = named[index]
        label, values = folded(each.label), _without_trailing_blanks(each.values, len(row.columns))
        if not (label.endswith(folded(row.name)) or (not exact and folded(row.name) in label)):
            table.misnamed_rows.append(Wrong(row.name, _tail(each.label), each.place))
        if len(values) != len(row.columns):
            table.short_rows.append(
                Wrong(row.name, place=each.place, count=len(values), wanted=len(row.columns))
            )
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
    return any(_likeness(label, folded(row.name)) >= _LEAST_LIKE for row in TABLE_2) or any(
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
            if len(each.values) >= whole - 1 and (not exact or _likeness(each.label, upheld) >= _LEAST_LIKE)
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
    if len(each.values) != whole:
        table.short_rows.append(Wrong("", place=each.place, count=len(each.values), wanted=whole))
        return
    cells = [(kind, cell) for kind in REMEDY_COLUMNS for cell in REMEDY_CELLS]
    table.values = {cell: (value, each.place) for cell, value in zip(cells, each.values, strict=True)}


def _read_three_rows(table: ReadTable, named: Sequence[Named]) -> None:
    kinds = list(REMEDY_COLUMNS)
    pairs = _aligned([each.label for each in named], [folded(REMEDY_COLUMNS[kind]) for kind in kinds])
    likes = [
        _likeness(named[index].label, folded(REMEDY_COLUMNS[kind]))
        for kind, index in zip(kinds, pairs, strict=True)
        if index is not None
    ]
    if max(likes, default=0.0) < _LEAST_LIKE:
        return
    table.header = folded("".join(each.label for each in named))
    for kind, index in zip(kinds, pairs, strict=True):
        if index is None:
            table.missing_rows.append(Wrong(REMEDY_COLUMNS[kind]))
            continue
        each = named[index]
        if len(each.values) != len(REMEDY_CELLS):
            table.short_rows.append(
                Wrong(
                    REMEDY_COLUMNS[kind], place=each.place, count=len(each.values), wanted=len(REMEDY_CELLS)
                )
            )
            continue
        for cell, value in zip(REMEDY_CELLS, each.values, strict=True):
            table.values[kind, cell] = (value, each.place)
