"""Tables 2-4 as the national format prints them, merged cells and all: for Word and Excel.  Pure.

A table is rows of cells as in HTML: a cell names the rows and columns that it covers, and a place that is
covered from above or from the left is left out of its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    DONE,
    NEW,
    REMEDY_COLUMNS,
    ROWS,
    TOTAL,
    Table3,
)
from bot.desk.annual_report.national_format import (
    APPLICANTS,
    ORGANISATIONS,
    RECONSIDERATION,
    REMEDY_CELL_LABELS,
    REMEDY_CELLS,
    RESULTS,
    SECTIONS,
    SUITS,
    TABLE_2,
    TABLE_3_NOTE,
    group_of,
    leaf_of,
)
from bot.desk.model import ApplicantKind

Table2 = Mapping[tuple[str, str], str]  # (行政许可, 本年处理决定数量) -> "12"; what is not known is left out
Table4 = Mapping[str, Mapping[str, Sequence[str]]]

NOT_KNOWN = "/"  # never 0: nobody has counted


@dataclass(frozen=True)
class Cell:
    """One cell; `heading`: it is a name, not a figure.  `numbers` are the requests that a figure counts."""

    text: str
    across: int = 1
    down: int = 1
    heading: bool = True
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class MergedTable:
    """One table of the report.  `widths` are relative, one a column."""

    title: str
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0  # the first rows that name the columns: repeated on each page

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Each cell with the row and column (from 0) of its upper left corner."""
        taken: set[tuple[int, int]] = set()
        for top, cells in enumerate(self.rows):
            left = 0
            for cell in cells:
                while (top, left) in taken:
                    left += 1
                yield top, left, cell
                taken |= {(top + y, left + x) for y in range(cell.down) for x in range(cell.across)}


def merged_tables(table_2: Table2, table_3: Table3, table_4: Table4) -> tuple[MergedTable, ...]:
    """The three tables, each under the title of its section."""
    return (_table_2(table_2), _table_3(table_3), _table_4(table_4))


def _figure(text: str, across: int = 1) -> Cell:
    return Cell(text, across=across, heading=False)


def _counted(numbers: Sequence[str]) -> Cell:
    """A figure of the register: how many requests, and which."""
    return Cell(str(len(numbers)), heading=False, numbers=tuple(numbers))


def _table_2(table: Table2) -> MergedTable:
    rows: list[tuple[Cell, ...]] = []
    item = ""
    for row in TABLE_2:
        across = 3 // len(row.columns)
        if row.item != item:
            item = row.item
            rows.append((Cell(item, across=4),))
            rows.append((Cell("信息内容"), *(Cell(column, across) for column in row.columns)))
        figures = (table.get((row.name, column), NOT_KNOWN) for column in row.columns)
        rows.append((Cell(row.name), *(_figure(text, across) for text in figures)))
    return MergedTable(SECTIONS[1], (5, 4, 4, 4), tuple(rows))


def _table_3(table: Table3) -> MergedTable:
    natural, *organisations = ApplicantKind
    rows: list[tuple[Cell, ...]] = [
        (Cell(TABLE_3_NOTE, across=3, down=3), Cell(APPLICANTS, across=7)),
        (Cell(natural.label, down=2), Cell(ORGANISATIONS, across=5), Cell(TOTAL, down=2)),
        tuple(Cell(kind.label) for kind in organisations),
    ]
    group = ""
    for row in ROWS:
        names = _names_left_of(row, group)
        group = group_of(row)
        rows.append((*names, *(_counted(table.numbers[row][column]) for column in COLUMNS)))
    return MergedTable(SECTIONS[2], (4, 6, 16, 4, 4, 4, 4, 4, 4, 4), tuple(rows), head=3)


def _names_left_of(row: str, group_before: str) -> tuple[Cell, ...]:
    """The cells that name a row of Table 3, without those that reach down from above."""
    if row in (NEW, CARRIED_IN, CARRIED_OUT):
        return (Cell(leaf_of(row), across=3),)
    group, leaf = group_of(row), Cell(leaf_of(row))
    if row == "A":
        down = ROWS.index(DONE) - ROWS.index("A") + 1
        return (Cell(RESULTS, down=down), Cell(leaf_of(row), across=2))
    if not group:
        return (Cell(leaf_of(row), across=2),)
    if group == group_before:
        return (leaf,)
    return (Cell(group, down=sum(group_of(other) == group for other in ROWS)), leaf)


def _table_4(table: Table4) -> MergedTable:
    suits = [kind for kind in REMEDY_COLUMNS if kind != RECONSIDERATION]
    wide = len(REMEDY_CELLS)
    rows = (
        (
            Cell(REMEDY_COLUMNS[RECONSIDERATION], across=wide, down=2),
            Cell(SUITS, across=wide * len(suits)),
        ),
        tuple(Cell(REMEDY_COLUMNS[kind], across=wide) for kind in suits),
        tuple(Cell(REMEDY_CELL_LABELS[cell]) for _ in REMEDY_COLUMNS for cell in REMEDY_CELLS),
        tuple(_counted(table[kind][cell]) for kind in REMEDY_COLUMNS for cell in REMEDY_CELLS),
    )
    return MergedTable(SECTIONS[3], (1,) * wide * len(REMEDY_COLUMNS), rows, head=3)
