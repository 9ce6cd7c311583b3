"""A table -> its figures, each with the names of its row and column; merged cells resolved.

1. A row with one text in it alone (第二十条第（一）项) is a band: it names the rows below it, and a new head
   may follow.
2. The head is what the file declares; else the rows down to the first that holds a figure behind its first
   cell; where there is no figure at all, the first row.
3. The columns before the first figure are names of rows.  A cell that was merged downwards names every row
   it covers, one merged across names every column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.documents.document import Cells, Table

MARKS = frozenset("/-—–－／√■□☑×")  # what people put where there is nothing, or nothing but yes
_FIGURE = re.compile(r"[+-]?\d[\d,，]*(?:\.\d+)?\s*(?:%|％|万元|亿元|元|件|条|个|项|人|户|次|亩)?")
_UNITS = (
    r"(?:人民币\s?)?(?:万元|亿元|元|件|条|个|项|人次|万人|人|户|次|亩|%|％|公里|千米|平方米|立方米|米|公顷|万吨|吨|公斤|"
    r"千克|头|只|株|处|名|套|座|辆|台|天|份|平方公里)(?:/[^（）()\s]{1,8})?"
)
# `单位：亩、元` names two and so tells nothing of one column.
_UNIT = re.compile(rf"单位\s*[:：]\s*({_UNITS})(?![^\s)）])|[（(]\s*({_UNITS})\s*[)）]")
UNIT_NOTE = re.compile(rf"[（(]\s*(?:(?:金额|计量)?单位\s*[:：]\s*)?{_UNITS}\s*[)）]")
_NOTE = re.compile(r"[（(]本列数据的勾稽关系.*?[)）]$|^[（(](?:指|注)[^（）()]*[)）]$")
_TOTAL = re.compile(r"\s*[合总小共累]\s*计")  # of many rows: no name of one row goes on beside it
_MOST_HEAD = 6  # rows of a head
_MOST_NAMES = 4  # columns that name a row


@dataclass(frozen=True)
class Figure:
    """One cell.  `value` is as written, "" where the table leaves it empty, which is not 0."""

    rows: tuple[str, ...]  # names of its row, outermost first; the band among them
    columns: tuple[str, ...]  # names of its column, outermost first
    value: str
    unit: str = ""


@dataclass(frozen=True)
class TableRow:
    """A whole row: its names, and (name of the column, value) of each cell that holds something."""

    names: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]


def is_figure(text: str | None) -> bool:
    """Whether a cell holds a number, or the mark for none."""
    bare = (text or "").strip()
    return bool(bare) and (bare in MARKS or _FIGURE.fullmatch(bare) is not None)


def unit_in(text: str) -> str:
    """`本年收费金额（单位：万元）` -> `万元`."""
    found = _UNIT.search(text)
    return (found[1] or found[2]) if found else ""


def figures_of(table: Table, unit: str = "") -> list[Figure]:
    """Every cell beside and below the names, in reading order; `unit` is what stands above the table."""
    return [figure for part in _parts(table, unit) for figure in part.figures()]


def rows_of(table: Table) -> list[TableRow]:
    """Every row below the head, for a table of words (who, what, when)."""
    return [row for part in _parts(table, "") for row in part.rows()]


def names_of(table: Table) -> int:
    """In how many columns the rows are named, beside their number: 姓名, 村组, 改造方式."""
    return max((part.names - part.is_counted for part in _parts(table, "")), default=0)


@dataclass(frozen=True)
class _Part:
    """Rows under one head."""

    band: str
    head: tuple[Cells, ...]
    body: tuple[Cells, ...]  # filled: a covered cell holds the text that covers it
    covered: tuple[tuple[bool, ...], ...]  # whether it was covered from the left
    names: int  # columns that name a row
    unit: str = ""  # of the whole table

    @property
    def is_counted(self) -> bool:
        """Whether the rows are numbered (序号)."""
        return self.names > 0 and _is_serial([row[0] for row in self.body if row[0]])

    def figures(self) -> Iterator[Figure]:
        unit = unit_in(self.band) or self.unit
        is_counted = self.is_counted
        for row, covered in zip(self.body, self.covered, strict=True):
            # 序号 is no name where one stands beside it.
            unnamed = is_counted and (row[0] or "").isdecimal() and any(row[1 : self.names])
            names = _distinct((self.band, *row[unnamed : self.names]))
            for at in range(self.names, len(row)):
                columns = self._column(at)
                if covered[at] or not (names or columns):
                    continue
                value = (row[at] or "").strip()
                own = unit_in(" ".join((*columns, *names)))
                yield Figure(names, columns, value, own or unit)

    def rows(self) -> Iterator[TableRow]:
        for row, covered in zip(self.body, self.covered, strict=True):
            cells = tuple(
                ("，".join(self._column(at)), (row[at] or "").strip())
                for at in range(len(row))
                if (row[at] or "").strip() and not covered[at]
            )
            if cells:
                yield TableRow(_distinct((self.band, *row[: self.names])), cells)

    def _column(self, at: int) -> tuple[str, ...]:
        return _distinct(tuple(row[at] for row in self.head))


def _distinct(names: Sequence[str | None]) -> tuple[str, ...]:
    """Names without the empty, the explained and the repeated ones."""
    found: list[str] = []
    for name in names:
        bare = _NOTE.sub("", " ".join((name or "").split())).strip()
        if bare and bare not in found:
            found.append(bare)
    return tuple(found)


def _parts(table: Table, unit: str) -> Iterator[_Part]:
    rows = [row for row in table.rows if any(cell for cell in row)]
    if not rows:
        return
    band, start = "", 0
    inherited: tuple[Cells, ...] = ()
    at = 0
    declared = table.header_rows
    while at <= len(rows):
        if at < len(rows) and not _is_band(rows, at):
            at += 1
            continue
        if at > start:
            whole = _part(
                band, rows[start:at], declared if start == 0 else 0, inherited, unit_in(table.caption) or unit
            )
            inherited = whole.head or inherited
            yield from _side_by_side(whole)
        if at < len(rows):
            band = " ".join((rows[at][0] or next(cell for cell in rows[at] if cell)).split())
        at += 1
        start = at


def _is_band(rows: Sequence[Cells], at: int) -> bool:
    """A row of several columns with one text that stands over the whole width, and rows below it."""
    row = rows[at]
    if len(row) < 2 or at + 1 >= len(rows) or not row[0]:
        return False
    others = row[1:]
    if any(others) or is_figure(row[0]):
        return False
    below = rows[at + 1]
    covers = all(cell is None for cell in others)
    return (covers or bool(re.match(r"第.{1,6}条", row[0]))) and below[0] is not None


def _part(band: str, rows: Sequence[Cells], declared: int, inherited: tuple[Cells, ...], unit: str) -> _Part:
    height = min(declared, len(rows) - 1) or _head_height(rows)
    head, _ = _filled(rows[:height], across=True)
    body, covered = _filled(rows[height:], across=False)
    if not height and inherited and len(inherited[0]) == len(rows[0]):
        head = list(inherited)
    names = _name_columns(body)
    return _Part(band, tuple(head), tuple(body), tuple(covered), names, unit)


def _side_by_side(part: _Part) -> list[_Part]:
    """Income and expenditure beside each other in one table, 项目 预算数 项目 预算数: each is one of its own.

    They are told by a head that is repeated behind the names, with names of rows where it begins again.
    """
    heads = (
        [_distinct([row[at] for row in part.head])[-1:] for at in range(len(part.head[0]))]
        if part.head
        else []
    )
    for count in (2, 3):
        width, rest = divmod(len(heads), count)
        if rest or width < 2 or part.names > width - 1:
            continue
        blocks = [heads[at : at + width] for at in range(0, len(heads), width)]
        if all(block[1:] == blocks[0][1:] and block[0] for block in blocks) and _are_names(part, width):
            return [_block(part, at, width) for at in range(0, len(heads), width)]
    return [part]


def _are_names(part: _Part, width: int) -> bool:
    """Whether the first column of each block holds words, and the last some figure."""
    columns = (
        [[row[at] for row in part.body if row[at]] for at in range(len(part.body[0]))] if part.body else []
    )
    firsts, lasts = columns[::width], columns[width - 1 :: width]
    return all(cells and not any(map(is_figure, cells)) for cells in firsts) and all(
        any(map(is_figure, cells)) for cells in lasts
    )


def _block(part: _Part, left: int, width: int) -> _Part:
    places = slice(left, left + width)
    rows = [at for at, row in enumerate(part.body) if row[left]]
    body = tuple(part.body[at][places] for at in rows)
    return replace(
        part,
        head=tuple(row[places] for row in part.head),
        body=body,
        covered=tuple(part.covered[at][places] for at in rows),
        names=_name_columns(body),
    )


def _head_height(rows: Sequence[Cells]) -> int:
    """The rows above the first that holds a figure behind its first cell, or a figure alone."""
    for at, row in enumerate(rows[: _MOST_HEAD + 1]):
        figures = [cell for cell in row[1:] if is_figure(cell) and (at or cell not in MARKS)]
        if (
            figures
            or all(map(is_figure, row))
            or (at and len(row) > 1 and all(cell == "" for cell in row[1:]))
        ):
            return at
    is_head = len(rows) > 1 and not any(_IS_SAID.search(cell) for cell in rows[0] if cell)
    return 1 if is_head else 0


# What a head never holds: a time, a telephone, an amount, a sentence.  Then the first row is one of the body.
_IS_SAID = re.compile(
    r"\d{1,2}[:：]\d{2}|\d{7}|\d\s?(?:万?元|%|户|人|亩|公里|天|日内|个工作日)(?![)）年/])|。$"
)


def _name_columns(body: Sequence[Cells]) -> int:
    """How many columns name the rows: those before the first that holds figures; 0 where all are figures."""
    if not body or not body[0]:
        return 0
    width = len(body[0])
    for at in range(min(width, _MOST_NAMES + 1)):
        cells = [row[at] for row in body if row[at]]
        if cells and 2 * sum(map(is_figure, cells)) >= len(cells):
            serial = at == 0 and width > 2 and _is_serial(cells)
            if not serial:
                return at
    return 1 if width > 1 else 0


def _is_serial(cells: Sequence[str | None]) -> bool:
    """序号: 1, 2, 3 … from the top; it names a row as well as the name beside it."""
    numbers = [int(cell) for cell in cells if cell and cell.isdecimal() and len(cell) < 6]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _filled(rows: Sequence[Cells], *, across: bool) -> tuple[list[Cells], list[tuple[bool, ...]]]:
    """Rows with the text of what covers them, and which cells are covered from the left.

    The file says that a cell is covered, not from where.  It is covered from above where a text begins above
    it in its own column; in a body not where that is a figure, or where the rows above were merged across
    in this place.
    """
    filled: list[list[str | None]] = []
    covered: list[tuple[bool, ...]] = []
    for y, row in enumerate(rows):
        out: list[str | None] = []
        left: list[bool] = []
        for x, cell in enumerate(row):
            if cell is not None:
                out.append(cell)
                left.append(False)
                continue
            beside = x > 0 and (row[x - 1] is not None or left[x - 1])
            is_below = y > 0 and not covered[y - 1][x] and (across or not _is_own(rows, y, x))
            is_below = is_below and not (
                beside and not across and _TOTAL.match(row[x - 1] or out[x - 1] or "")
            )
            from_left = beside and not is_below
            out.append(out[x - 1] if from_left else filled[y - 1][x] if y else "")
            left.append(from_left)
        filled.append(out)
        covered.append(tuple(left))
    return [tuple(row) for row in filled], covered


def _is_own(rows: Sequence[Cells], y: int, x: int) -> bool:
    return is_figure(rows[y - 1][x]) or any(row[x] is None and row[x - 1] is not None for row in rows[:y])
