"""Prose that is set in two columns, as in bulletins: the left one is read to its end, then the right one.

It is told by a gutter that many lines of print leave free, one below the other, with words on both sides.  A
line over the whole width (a headline) or such a table ends what stands above it.  The columns are put below
each other, so that a paragraph goes on from one into the next as it does over a page; a table that stands
inside a column moves with it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.documents.lines import pieces_of
from knowledge.documents.paper import Glyph, Line, Page, Ruled, is_han

_LEAST = 6  # lines of print that leave the gutter free, with words on both sides
_MOST_LINES = 0.5  # of a page that have to
_WORDS = 8  # Chinese characters of a piece that is a line of prose
_PROSE = 0.6  # of the pieces


@dataclass(frozen=True)
class Strip:
    """What is read as one page of this width: glyphs outside of tables, and tables.  Those of a column are
    moved, so that it begins at the left and below the column before."""

    page: Page
    glyphs: list[Glyph]
    tables: list[Ruled]


@dataclass(frozen=True)
class _Band:
    """Lines and tables that follow each other, all over the whole width or none."""

    is_spanning: bool
    top: float
    bottom: float


def strips(page: Page, glyphs: Sequence[Glyph], tables: Sequence[Ruled] = ()) -> list[Strip]:
    """In reading order; one strip as wide as the page where it is not set in columns."""
    rows = pieces_of(glyphs, page.number, _LEAST)
    gutter = _gutter(rows, tables)
    if gutter is None:
        return [Strip(page, list(glyphs), list(tables))]
    bands = list(_bands([*rows, *([table] for table in tables)], gutter))
    ends = [(one.bottom + other.top) / 2 for one, other in pairwise(bands)]
    inside = [Strip(page, [], []) for _ in bands]
    for glyph in glyphs:
        inside[bisect(ends, glyph.middle[1])].glyphs.append(glyph)
    for table in tables:
        inside[bisect(ends, (table.top + table.bottom) / 2)].tables.append(table)
    found: list[Strip] = []
    for band, within in zip(bands, inside, strict=True):
        found += [within] if band.is_spanning else _columns(within, gutter)
    return [strip for strip in found if strip.glyphs or strip.tables]


def _gutter(rows: Sequence[Sequence[Line]], tables: Sequence[Ruled]) -> tuple[float, float] | None:
    """From where to where nothing is printed between two columns."""
    pairs = [row for row in rows if len(row) == 2]
    alone = [row for row in rows if len(row) != 2 and not any(_is_beside(row[0], table) for table in tables)]
    if len(pairs) < max(_LEAST, _MOST_LINES * (len(pairs) + len(alone))):
        return None
    prose = [row for row in pairs if all(sum(map(is_han, piece.text)) >= _WORDS for piece in row)]
    if len(prose) < max(_LEAST, _PROSE * len(pairs)):
        return None
    left, right = max(row[0].x1 for row in prose), min(row[1].x0 for row in prose)
    fits = [row for row in pairs if row[0].x1 <= right and row[1].x0 >= left]
    size = max(piece.size for piece in prose[0])
    return (left, right) if right - left >= size and len(fits) == len(pairs) else None


def _is_beside(line: Line, table: Ruled) -> bool:
    """A table that fills a column leaves but one piece of the lines beside it."""
    return table.top <= (line.top + line.bottom) / 2 <= table.bottom


def _bands(rows: Sequence[Sequence[Line | Ruled]], gutter: tuple[float, float]) -> Iterator[_Band]:
    """From top to bottom."""
    band: _Band | None = None
    for row in sorted(rows, key=lambda row: min(piece.top for piece in row)):
        is_spanning = any(piece.x0 < gutter[0] and piece.x1 > gutter[1] for piece in row)
        top, bottom = min(piece.top for piece in row), max(piece.bottom for piece in row)
        if band and band.is_spanning == is_spanning:
            band = _Band(is_spanning, min(band.top, top), max(band.bottom, bottom))
            continue
        if band:
            yield band
        band = _Band(is_spanning, top, bottom)
    if band:
        yield band


def _columns(band: Strip, gutter: tuple[float, float]) -> Iterator[Strip]:
    middle = sum(gutter) / 2
    below = 0.0
    for is_left in (True, False):
        glyphs = [glyph for glyph in band.glyphs if (glyph.middle[0] < middle) == is_left]
        tables = [table for table in band.tables if ((table.x0 + table.x1) / 2 < middle) == is_left]
        if not glyphs and not tables:
            continue
        placed: list[Glyph | Ruled] = [*glyphs, *tables]
        left = min(each.x0 for each in placed)
        down = below - min(each.top for each in placed) if below else 0.0
        below = max(each.bottom for each in placed) + down + 1
        width = max(each.x1 for each in placed) - left
        glyphs = [
            glyph._replace(
                x0=glyph.x0 - left, x1=glyph.x1 - left, top=glyph.top + down, bottom=glyph.bottom + down
            )
            for glyph in glyphs
        ]
        tables = [_moved(table, left, down) for table in tables]
        yield Strip(Page(band.page.number, width, band.page.height), glyphs, tables)


def _moved(table: Ruled, left: float, down: float) -> Ruled:
    return replace(
        table,
        x0=table.x0 - left,
        x1=table.x1 - left,
        top=table.top + down,
        bottom=table.bottom + down,
        columns=tuple(x - left for x in table.columns),
    )
