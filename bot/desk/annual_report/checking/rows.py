"""Somebody's annual report as rows: what stands in a line or a row of a table, and where.  Pure.

Reports come as prose with tables of any make: Word, a web page, a workbook, Markdown, columns held apart by
spaces, or one cell a line.  All are read as a stream of names and figures: words name the figures behind.
`report_figures` makes Tables 2-4 of that stream.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Table(Protocol):
    """Rows of cells; a place that a merged cell covers is None.  `lines` are those of a text file, or ()."""

    @property
    def rows(self) -> Sequence[Sequence[str | None]]: ...
    @property
    def lines(self) -> Sequence[int]: ...


class Block(Protocol):
    """A paragraph, or a table: what `knowledge.documents` reads, of which the desk knows nothing."""

    @property
    def at(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def table(self) -> Table | None: ...


@dataclass(frozen=True)
class Place:
    """Where something stands: a line or paragraph, or a row of the document's n-th table."""

    line: int = 0  # from 1; 0 = known by table and row
    table: int = 0
    row: int = 0


@dataclass(frozen=True)
class Value:
    """What stands where a figure belongs.  `number` is None when it is none."""

    text: str
    number: Decimal | None = None
    is_negative: bool = False  # below zero: nothing that is counted is
    odd: bool = False  # a number, but written in full width, with separators or a unit

    @property
    def is_figure(self) -> bool:
        return self.number is not None


@dataclass(frozen=True)
class Row:
    """A line of the report.  `cells` are its texts in order, None where a merged cell reaches."""

    place: Place
    cells: tuple[str | None, ...]
    table: int = 0  # which table of the document it belongs to, from 1; 0 = none
    line: str = ""  # a line outside of tables as it was written, gaps and all

    @property
    def text(self) -> str:
        """The words of a line, or of a row that is but one cell; "" of any other row."""
        words = [self.line] if self.line else [cell for cell in self.cells if cell]
        return words[0] if len(words) == 1 else ""


@dataclass(frozen=True)
class Named:
    """Figures and the words before them."""

    label: str
    values: tuple[Value, ...]
    place: Place


# ---- figures

_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_ODD = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d+)(\.\d+)?\s*(?:件|条|项|个|宗|起|万元|元)?")
_NEGATIVE = re.compile(r"[-\u2212\u2013\u2014]\d{1,9}(?:\.\d{1,4})?(?:件|条|项|个|宗|起|万元|元)?")
# What somebody typed for a figure and is none: 负1, (1), 一, ○, null, ?.
_MEANT_AS_ONE = re.compile(
    r"\W{0,2}(?:负?\d+(?:\.\d+)?|负?[零〇○一二三四五六七八九十百两]{1,4}|null|nil|none|x{1,3})?\W{0,2}",
    re.IGNORECASE,
)
_NOTHING = frozenset(["", "/", "\\", "-", "--", "—", "——", "–", "无", "空", "N/A", "NA", "*"])


def value_of(text: str) -> Value | None:
    """The figure, the negative number or the mark for none that a text is; None for words.

    `/` and `-` are not zero: somebody left open whether there was anything.
    """
    written = text.strip()
    if written.isascii() and _PLAIN.fullmatch(written):
        return Value(written, Decimal(written))
    folded = unicodedata.normalize("NFKC", written).replace(" ", "")
    number = _ODD.fullmatch(folded)
    if number:
        whole = number[1].replace(",", "").replace("，", "")
        return Value(written, Decimal(whole + (number[2] or "")), odd=True)
    if _NEGATIVE.fullmatch(folded):
        return Value(written, is_negative=True)
    return Value(written) if written and folded.upper() in _NOTHING else None


# ---- blocks to rows

_GAPS = re.compile(r"\t+|\s{2,}|\u3000+|[|│┃]")
_PUNCTUATION = re.compile(r"[、，。；：,;:]")
_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s+|>\s?)|\*\*")


def rows_of(blocks: Iterable[Block]) -> list[Row]:
    """All rows of a document in their order."""
    rows: list[Row] = []
    tables = 0
    for block in blocks:
        table = block.table
        if table is None:
            words = _MARKDOWN.sub("", block.text).strip()
            if words:
                rows.append(Row(Place(line=block.at), tuple(_cells_of(words)), line=words))
            continue
        tables += 1
        for number, cells in enumerate(table.rows):
            place = Place(line=table.lines[number]) if table.lines else Place(table=block.at, row=number + 1)
            rows.append(Row(place, tuple(cells), tables))
    return rows


def _cells_of(line: str) -> list[str]:
    """A line as cells: cut at wide gaps, and before the figures at its end.

    One figure alone is cut off only behind one word (`行政许可 12`): a sentence with a number at its end and
    a line of a list of contents stay one cell.
    """
    cells = [cell.strip() for cell in _GAPS.split(line) if cell.strip()]
    words = [each for word in line.split() for each in _unglued(word)]
    behind = 0
    while behind < len(words) and value_of(words[-behind - 1]) is not None:
        behind += 1
    is_named = behind == 1 and len(words) == 2 and not _PUNCTUATION.search(words[0])
    if behind >= 2 or behind == len(words) or is_named:
        before = " ".join(words[: len(words) - behind])
        return [*([before] if before else []), *words[len(words) - behind :]]
    return cells


_GLUED_ZEROS = re.compile(r"[“”‘’\"]+(0{2,})")


def _unglued(word: str) -> list[str]:
    """A PDF may run a quotation mark and the noughts of the next columns together; no figure begins so."""
    glued = _GLUED_ZEROS.fullmatch(word)
    return list(glued[1]) if glued else [word]


# ---- rows to named figures

_MOST_NAMED = 11  # cells of a row that has names: more are figures alone


def named_figures(rows: Sequence[Row]) -> list[Named]:
    """Each run of figures with the words since the run before; figures of two rows of a table stay apart."""
    found: list[Named] = []
    label: list[str] = []
    columns = _figure_columns(rows)
    for row in rows:
        words, values = _parts(row, columns.get(row.table, frozenset()))
        if words and not values:
            label += words
        elif values and not words and not row.table and not label and found:
            found[-1] = Named(found[-1].label, (*found[-1].values, *values), found[-1].place)
        elif values:
            found.append(Named("".join([*label, *words]), values, row.place))
            label = []
    return found


def _figure_columns(rows: Iterable[Row]) -> dict[int, frozenset[int]]:
    """The columns of each table in which figures stand: whatever else stands there was meant as one."""
    found: dict[int, set[int]] = {}
    for row in rows:
        for column, cell in enumerate(row.cells):
            if row.table and cell and (value := value_of(cell)) is not None and value.is_figure:
                found.setdefault(row.table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _parts(row: Row, figure_columns: frozenset[int]) -> tuple[list[str], tuple[Value, ...]]:
    """The words of a row and the values behind them."""
    words: list[str] = []
    values: list[Value] = []
    has_figure = any(cell and value_of(cell) for cell in row.cells)
    is_empty = _is_left_empty(row, figure_columns)
    all_figures = has_figure and _has_no_names(row)
    for column, cell in enumerate(row.cells):
        if cell is None:
            continue
        value = Value("") if all_figures and not cell else value_of(cell)
        if value is not None:
            values.append(value)
        elif (
            column in figure_columns
            and (has_figure or is_empty)
            and (
                values or not cell or (words and _MEANT_AS_ONE.fullmatch(unicodedata.normalize("NFKC", cell)))
            )
        ):
            values.append(Value(cell))
        elif cell:
            words.append(cell)
    return words, tuple(values)


def _has_no_names(row: Row) -> bool:
    """The one row of figures of Table 4: whatever is blank there is a figure that was left out."""
    there = [cell for cell in row.cells if cell is not None]
    return len(there) > _MOST_NAMED and all(not cell or value_of(cell) is not None for cell in there)


def _is_left_empty(row: Row, figure_columns: frozenset[int]) -> bool:
    """A row that has a name and nothing at all where its figures belong."""
    if not figure_columns or not any(row.cells):
        return False
    there = [cell for column, cell in enumerate(row.cells) if column in figure_columns and cell is not None]
    return bool(there) and all(cell == "" for cell in there)


def texts_of(rows: Iterable[Row]) -> Iterator[tuple[Place, str]]:
    """Every text of the report with its place."""
    for row in rows:
        for text in [row.line] if row.line else row.cells:
            if text:
                yield row.place, text
