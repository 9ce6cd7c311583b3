"""Prose that is set in two columns, as in bulletins: the left one is read to its end, then the right one.

It is told by a gutter that many lines of print leave free, one below the other, with words on both sides.  A
line over the whole width (a headline) ends what stands above it.  The columns are put below each other, so
that a paragraph goes on from one into the next as it does over a page.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.documents.lines import pieces_of
from knowledge.documents.paper import Glyph, Line, Page, is_han

_LEAST = 6  # lines of print that leave the gutter free, with words on both sides
_MOST_LINES = 0.5  # of a page that have to
_WORDS = 8  # Chinese characters of a piece that is a line of prose
_PROSE = 0.6  # of the pieces


@dataclass(frozen=True)
class Strip:
    """Glyphs that are read as one page of this width; those of a column are moved, so that it begins at the
    left and below the column before."""

    page: Page
    glyphs: list[Glyph]


def strips(page: Page, glyphs: Sequence[Glyph]) -> list[Strip]:
    """In reading order; one strip as wide as the page where it is not set in columns."""
    rows = pieces_of(glyphs, page.number, _LEAST)
    gutter = _gutter(rows)
    if gutter is None:
        return [Strip(page, list(glyphs))]
    bands = list(_bands(rows, gutter))
    ends = [(one[2] + other[1]) / 2 for one, other in pairwise(bands)]
    inside: list[list[Glyph]] = [[] for _ in bands]
    for glyph in glyphs:
        inside[bisect(ends, glyph.middle[1])].append(glyph)
    found: list[Strip] = []
    for (is_spanning, _, _), within in zip(bands, inside, strict=True):
        found += [Strip(page, within)] if is_spanning else _columns(page, within, gutter)
    return [strip for strip in found if strip.glyphs]


def _gutter(rows: Sequence[Sequence[Line]]) -> tuple[float, float] | None:
    """From where to where nothing is printed between two columns."""
    pairs = [row for row in rows if len(row) == 2]
    if len(pairs) < max(_LEAST, _MOST_LINES * len(rows)):
        return None
    prose = [row for row in pairs if all(sum(map(is_han, piece.text)) >= _WORDS for piece in row)]
    if len(prose) < max(_LEAST, _PROSE * len(pairs)):
        return None
    left, right = max(row[0].x1 for row in prose), min(row[1].x0 for row in prose)
    fits = [row for row in pairs if row[0].x1 <= right and row[1].x0 >= left]
    size = max(piece.size for piece in prose[0])
    return (left, right) if right - left >= size and len(fits) == len(pairs) else None


def _bands(
    rows: Sequence[Sequence[Line]], gutter: tuple[float, float]
) -> Iterator[tuple[bool, float, float]]:
    """(is over the whole width, top, bottom) of lines that follow each other."""
    band: tuple[bool, float, float] | None = None
    for row in rows:
        is_spanning = any(piece.x0 < gutter[0] and piece.x1 > gutter[1] for piece in row)
        top, bottom = min(piece.top for piece in row), max(piece.bottom for piece in row)
        if band and band[0] == is_spanning:
            band = (is_spanning, min(band[1], top), max(band[2], bottom))
            continue
        if band:
            yield band
        band = (is_spanning, top, bottom)
    if band:
        yield band


def _columns(page: Page, glyphs: Sequence[Glyph], gutter: tuple[float, float]) -> Iterator[Strip]:
    middle = sum(gutter) / 2
    left = [glyph for glyph in glyphs if glyph.middle[0] < middle]
    right = [glyph for glyph in glyphs if glyph.middle[0] >= middle]
    below = 0.0
    for column in filter(None, (left, right)):
        x0, top = min(glyph.x0 for glyph in column), min(glyph.top for glyph in column)
        down = below - top if below else 0.0
        moved = [
            glyph._replace(
                x0=glyph.x0 - x0, x1=glyph.x1 - x0, top=glyph.top + down, bottom=glyph.bottom + down
            )
            for glyph in column
        ]
        below = max(glyph.bottom for glyph in moved) + 1
        yield Strip(Page(page.number, max(glyph.x1 for glyph in moved), page.height), moved)
