"""Glyphs -> lines of print: which belong to one line, where its gaps are, what is raised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from statistics import median

from knowledge.documents.paper import Glyph, Line, text_size
from knowledge.documents.raised import lowered, raised

_WIDE = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f\u2018-\u201d\u2014\u2026\U00020000-\U0003ffff]"
)
_RAISABLE = re.compile(r"[0-9+\-\u2212=()n]+")
# Gaps in ems.  Chinese is set with a quarter between figures and characters, which is no space.
_GAP_LATIN, _GAP_MIXED, _GAP_WIDE = 0.14, 0.55, 0.85
_COLUMN_GAP = 1.6  # wider than any space of a sentence: columns stand apart by it, and keep several spaces
_SMALL = 0.8  # of the size of the line: raised or lowered
_TWICE = 0.15  # of the size, by which a glyph that is drawn again is moved
_OFF = 0.12  # of the size, by which a small glyph stands above or below the line


def lines_of(glyphs: Sequence[Glyph], page: int) -> list[Line]:
    """Lines from top to bottom."""
    return [_line(row, page) for row in _rows(glyphs)]


def pieces_of(glyphs: Sequence[Glyph], page: int, least: int) -> list[list[Line]]:
    """The lines from top to bottom, each cut where a gap stands columns apart; none where fewer than `least`
    lines are cut, as on most pages."""
    rows = [_cut(row) for row in _rows(glyphs)]
    if sum(len(row) > 1 for row in rows) < least:
        return []
    return [[_line(piece, page) for piece in row] for row in rows]


def _cut(row: Sequence[Glyph]) -> list[list[Glyph]]:
    size = text_size(row) or 1
    pieces = [[row[0]]]
    for before, glyph in pairwise(row):
        if glyph.x0 - before.x1 >= _COLUMN_GAP * size:
            pieces.append([])
        pieces[-1].append(glyph)
    return pieces


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs that overlap by half in height stand in one line; the tall ones say where lines are."""
    rows: list[list[Glyph]] = []
    bounds: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda each: (each.top + each.bottom, each.x0)):
        for at in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            top, bottom = bounds[at]
            shared = min(bottom, glyph.bottom) - max(top, glyph.top)
            if shared >= 0.5 * min(bottom - top, glyph.bottom - glyph.top):
                rows[at].append(glyph)
                if glyph.bottom - glyph.top > bottom - top:
                    bounds[at] = (glyph.top, glyph.bottom)
                break
        else:
            rows.append([glyph])
            bounds.append((glyph.top, glyph.bottom))
    return [_once(sorted(row, key=lambda each: each.x0)) for row in rows]


def _once(row: Sequence[Glyph]) -> list[Glyph]:
    """Bold print is made by drawing a glyph twice, a fraction of its width apart."""
    kept: list[Glyph] = []
    for glyph in row:
        near = kept[-3:]
        if not any(each.text == glyph.text and glyph.x0 - each.x0 < _TWICE * glyph.size for each in near):
            kept.append(glyph)
    return kept


def _line(row: Sequence[Glyph], page: int) -> Line:
    size = text_size(row)
    tall = [glyph for glyph in row if glyph.size >= size * _SMALL]
    middle = median((glyph.top + glyph.bottom) / 2 for glyph in tall)
    pieces: list[str] = []
    small = ""
    shift = 0
    before: Glyph | None = None
    for glyph in row:
        off = _shift(glyph, size, middle)
        if small and off != shift:
            pieces.append(raised(small) if shift > 0 else lowered(small))
            small = ""
        if before is not None and not (off and not _gap_is_wide(before, glyph, size)):
            pieces.append(_gap(before, glyph, size))
        shift = off
        if off:
            small += glyph.text
        else:
            pieces.append(glyph.text)
        before = glyph
    if small:
        pieces.append(raised(small) if shift > 0 else lowered(small))
    return Line(
        "".join(pieces).strip(),
        row[0].x0,
        min(glyph.top for glyph in tall),
        max(glyph.x1 for glyph in row),
        max(glyph.bottom for glyph in tall),
        size,
        page,
    )


def _shift(glyph: Glyph, size: float, middle: float) -> int:
    """1 = raised, -1 = lowered, 0 = in the line."""
    if glyph.size >= size * _SMALL or not _RAISABLE.fullmatch(glyph.text):
        return 0
    off = middle - (glyph.top + glyph.bottom) / 2
    return 0 if abs(off) < size * _OFF else 1 if off > 0 else -1


def _gap_is_wide(before: Glyph, glyph: Glyph, size: float) -> bool:
    return glyph.x0 - before.x1 > _GAP_WIDE * size


def _gap(before: Glyph, glyph: Glyph, size: float) -> str:
    """The spaces that stand between two glyphs of a line."""
    gap = (glyph.x0 - before.x1) / (size or 1)
    wide = _is_wide(before.text) + _is_wide(glyph.text)
    if gap >= _COLUMN_GAP:
        return " " * min(max(2, round(gap * 2)), 40)
    return " " if gap > (_GAP_LATIN, _GAP_MIXED, _GAP_WIDE)[wide] else ""


@cache
def _is_wide(text: str) -> bool:
    return _WIDE.match(text) is not None


def joined(above: str, below: str) -> str:
    """Two lines of one paragraph; words of Latin letters stay apart."""
    if above[-1:].isascii() and above[-1:].isalnum() and below[:1].isascii() and below[:1].isalpha():
        return f"{above} {below}"
    return above + below
