"""Tables without ruled lines: columns that are proven by figures standing below each other.

1. Each line of print is cut into pieces where a gap is wider than any space of a sentence.
2. Lines with a figure behind their first piece, one below the other, are the body of a table when their
   pieces stand in the same columns, no two of a line in one of them, and some column holds figures alone.
3. The lines right above that name these columns are its head.

Prose in two columns holds no column of figures, a list and a contents page have no head: they stay text.
What looks like the body of a table and has no head stays text too, and the admin is told; at the top of a
page it goes on with the table that ended the page before, where its pieces stand in the columns of that one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.documents.lines import joined, pieces_of
from knowledge.documents.paper import Glyph, Line, Page, Ruled

_LEAST = 3  # lines that stand in the same columns, the head among them
_FEW = 4  # where there are but two columns
_APART = 2.5  # times the size between two lines of one table
_HEAD_LINES = 3
_RUNNING = 2  # lines of a header above, and of a footer below, a table that goes on over the page
_LONGEST_CELL = 40  # characters
_FIGURES = 0.8  # of the cells of a column that make it one of figures
_FIGURE = re.compile(
    r"[+\-\u2212]?\d[\d,]*(?:\.\d+)?\s?(?:%|‰|元|万元|亿元|件|条|个|项|人|户|次|亩|公里|米)?|[-—－/]"
)
_TOTAL = re.compile(r"\d")
Row = Sequence[Line]
Bands = list[tuple[float, float]]


@dataclass(frozen=True)
class Above:
    """A table that ends a page and may go on."""

    head: tuple[str | None, ...]
    columns: tuple[float, ...]
    page: int


@dataclass(frozen=True)
class Aligned:
    """The tables of a page, the glyphs outside of them; whether lines look like one that has no head; and
    what may go on over the page."""

    tables: list[Ruled]
    outside: list[Glyph]
    has_headless: bool
    below: Above | None = None


def aligned_tables(page: Page, glyphs: Sequence[Glyph], above: Above | None = None) -> Aligned:
    """Of the glyphs outside of ruled tables; `above` is what may go on from the page before."""
    rows = pieces_of(glyphs, page.number, 1 if above else _LEAST)
    tables: list[Ruled] = []
    has_headless = False
    at = behind = 0
    while at < len(rows):
        end = _body_end(rows, at)
        if above and not tables and end > at:
            head_lines = _said_again(rows[:at], above)
            if at - head_lines <= _RUNNING and (
                table := _continuation(rows, at, end, head_lines, above, page.number)
            ):
                tables.append(table)
                at = behind = end
                continue
        bands = _bands(rows[at:end]) if end - at >= _LEAST - 1 else []
        head = _head(rows[:at], rows[at], bands) if bands else []
        if head and end - at + 1 >= (_LEAST if len(bands) > 2 else _FEW):
            table = _table(head, rows[at:end], bands, page.number)
            tables.append(table)
            behind = end
        elif bands and not head and end - at >= _LEAST and len(bands) > 2:
            has_headless = True
        at = max(end, at + 1)
    outside = [glyph for glyph in glyphs if not any(_is_in(glyph, table) for table in tables)]
    below = None
    if tables and len(rows) - behind <= _RUNNING:
        is_continued = above is not None and tables[-1].columns == above.columns
        below = Above(
            above.head if above and is_continued else tables[-1].rows[0], tables[-1].columns, page.number
        )
    return Aligned(tables, outside, has_headless, below)


def _said_again(lines: Sequence[Row], above: Above) -> int:
    """How many of the last lines say the head of the table above once more."""
    for count in range(1, min(_HEAD_LINES, len(lines)) + 1):
        names = [""] * (len(above.columns) - 1)
        places = [(_place(piece, above), piece.text) for row in lines[-count:] for piece in row]
        for at, text in places:
            if at is not None:
                names[at] = joined(names[at], text)
        if tuple(names) == above.head:
            return count
    return 0


def _place(piece: Line, above: Above) -> int | None:
    """The column of the table above that the piece stands in."""
    columns = pairwise(above.columns)
    return next((at for at, (x0, x1) in enumerate(columns) if x0 <= piece.middle <= x1), None)


def _continuation(
    lines: Sequence[Row], begin: int, end: int, head_lines: int, above: Above, page: int
) -> Ruled | None:
    """The lines as rows of the table above, where each piece stands in a column of its own of that table; a
    head that is said again right above them is taken away with them."""
    rows = []
    for row in lines[begin:end]:
        places = [_place(piece, above) for piece in row]
        if None in places or len(set(places)) < len(places):
            return None
        texts = dict(zip(places, (piece.text for piece in row), strict=True))
        rows.append(tuple(texts.get(at, "") for at in range(len(above.columns) - 1)))
    pieces = [piece for row in lines[begin - head_lines : end] for piece in row]
    top, bottom = min(piece.top for piece in pieces), max(piece.bottom for piece in pieces)
    x0, x1 = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    x0, x1 = min(x0, above.columns[0]), max(x1, above.columns[-1])
    return Ruled(tuple(rows), x0, top, x1, bottom, page, above.columns)


def _body_end(rows: Sequence[Row], start: int) -> int:
    """Behind the last of the lines that may be the body of one table."""
    end = start
    while (
        end < len(rows) and _may_be_body(rows[end]) and (end == start or _is_near(rows[end - 1], rows[end]))
    ):
        end += 1
    return end


def _may_be_body(row: Row) -> bool:
    if len(row) < 2 or any(len(piece.text) > _LONGEST_CELL for piece in row):
        return False
    return any(_FIGURE.fullmatch(piece.text) and _TOTAL.search(piece.text) for piece in row[1:])


def _is_near(above: Row, below: Row) -> bool:
    size = max(piece.size for piece in below) or 1
    return min(piece.top for piece in below) - max(piece.bottom for piece in above) < _APART * size


def _bands(rows: Sequence[Row]) -> Bands:
    """From where to where each column reaches; empty where the lines do not stand in columns."""
    bands: Bands = []
    for x0, x1 in sorted((piece.x0, piece.x1) for row in rows for piece in row):
        if bands and x0 <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bands[-1][1], x1))
        else:
            bands.append((x0, x1))
    columns = [
        [piece for row in rows for piece in row if _band_of(piece, bands) == at] for at in range(len(bands))
    ]
    if len(bands) < 2 or any(len({_band_of(piece, bands) for piece in row}) < len(row) for row in rows):
        return []
    if any(len(column) * 3 < len(rows) * 2 for column in columns):
        return []
    return bands if any(_are_figures(column) for column in columns[1:]) else []


def _are_figures(column: Sequence[Line]) -> bool:
    return sum(_FIGURE.fullmatch(piece.text) is not None for piece in column) >= _FIGURES * len(column)


def _band_of(piece: Line, bands: Bands) -> int:
    """The column that a piece stands in or nearest to."""
    return min(range(len(bands)), key=lambda at: abs(sum(bands[at]) / 2 - piece.middle))


def _head(above: Sequence[Row], first: Row, bands: Bands) -> list[Row]:
    """The lines right above the body that name its columns, each piece one; every column but the first must
    have a name.  Empty where there are none."""
    head: list[Row] = []
    below = first
    for row in reversed(above[-_HEAD_LINES:]):
        if len(row) < 2 or not _is_near(row, below) or not _names_columns(row, bands):
            break
        head.insert(0, row)
        below = row
    named = {_band_of(piece, bands) for row in head for piece in row}
    return head if named >= set(range(1, len(bands))) else []


def _names_columns(row: Row, bands: Bands) -> bool:
    places = [_band_of(piece, bands) for piece in row]
    if len(set(places)) < len(places) or any(_FIGURE.fullmatch(piece.text) for piece in row):
        return False
    return all(
        not (piece.x0 < x1 and x0 < piece.x1)
        for piece, own in zip(row, places, strict=True)
        for at, (x0, x1) in enumerate(bands)
        if at != own
    )


def _table(head: Sequence[Row], body: Sequence[Row], bands: Bands, page: int) -> Ruled:
    names = [""] * len(bands)
    for row in head:
        for piece in row:
            at = _band_of(piece, bands)
            names[at] = joined(names[at], piece.text)
    rows = [tuple(names), *(_cells(row, bands) for row in body)]
    pieces = [piece for row in (*head, *body) for piece in row]
    x0, x1 = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    inner = [(one[1] + other[0]) / 2 for one, other in pairwise(bands)]
    top, bottom = min(piece.top for piece in pieces), max(piece.bottom for piece in pieces)
    return Ruled(tuple(rows), x0, top, x1, bottom, page, (x0, *inner, x1))


def _cells(row: Row, bands: Bands) -> tuple[str, ...]:
    cells = [""] * len(bands)
    for piece in row:
        cells[_band_of(piece, bands)] = piece.text
    return tuple(cells)


def _is_in(glyph: Glyph, table: Ruled) -> bool:
    x, y = glyph.middle
    return table.x0 <= x <= table.x1 and table.top <= y <= table.bottom
