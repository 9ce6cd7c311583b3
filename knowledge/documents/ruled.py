"""Ruled lines of a page -> tables, each cell with its text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.documents.lines import joined, lines_of
from knowledge.documents.paper import Glyph, Page, Ruled, Stroke

_NEAR = 3.0  # points: rules that stand so near are one
_MOST_STROKES = 6000  # of one page; a drawing has more, a table of 60 rows a tenth
_ENDS = 3
Box = tuple[float, float, float, float]  # x0, top, x1, bottom


def tables_of(page: Page) -> tuple[list[Ruled], list[Glyph]]:
    """Tables from top to bottom, and the glyphs that stand outside of them."""
    if len(page.strokes) < 4 or len(page.strokes) > _MOST_STROKES:
        return [], page.glyphs
    outside = page.glyphs
    tables: list[Ruled] = []
    strokes = [stroke for group in _touching(page.strokes) for stroke in (*group, *_closing(group))]
    for boxes in _grids(strokes):
        columns, rows = _rules(boxes, 0), _rules(boxes, 1)
        if len(columns) < 3 or len(rows) < 2:
            continue  # a frame around text, or one column: no table
        x0, top, x1, bottom = columns[0], rows[0], columns[-1], rows[-1]
        inside = [glyph for glyph in outside if _is_in(glyph, (x0, top, x1, bottom))]
        if not inside:
            continue
        outside = [glyph for glyph in outside if not _is_in(glyph, (x0, top, x1, bottom))]
        cells = _cells(boxes, columns, rows, inside, page.number)
        tables.append(Ruled(cells, x0, top, x1, bottom, page.number, tuple(columns)))
    tables.sort(key=lambda table: table.top)
    return tables, outside


def _grids(strokes: Sequence[Stroke]) -> list[list[Box]]:
    """The cells of each table, found as pdfplumber does: where rules cross, four crossings are a cell."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    edges: list[dict[str, Any]] = [
        {
            "x0": stroke.x0,
            "x1": stroke.x1,
            "top": stroke.top,
            "bottom": stroke.bottom,
            "width": stroke.x1 - stroke.x0,
            "height": stroke.bottom - stroke.top,
            "orientation": "h" if stroke.is_horizontal else "v",
            "object_type": "line",
        }
        for stroke in strokes
    ]
    merged = merge_edges(
        edges, snap_x_tolerance=_NEAR, snap_y_tolerance=_NEAR, join_x_tolerance=_NEAR, join_y_tolerance=_NEAR
    )
    crossings = edges_to_intersections(merged, x_tolerance=_NEAR, y_tolerance=_NEAR)
    cells = intersections_to_cells(crossings)
    return [list(table) for table in cells_to_tables(cells)] if cells else []


def _touching(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Strokes in groups that hang together: each is a table, or a drawing."""
    groups: list[list[Stroke]] = []
    bounds: list[Box] = []
    for stroke in sorted(strokes, key=lambda each: (each.top, each.x0)):
        box: Box = (stroke.x0 - _NEAR, stroke.top - _NEAR, stroke.x1 + _NEAR, stroke.bottom + _NEAR)
        group = [stroke]
        for at in range(len(groups) - 1, -1, -1):
            if _overlap(bounds[at], box):
                group = [*groups.pop(at), *group]
                box = _around(bounds.pop(at), box)
        groups.append(group)
        bounds.append(box)
    return groups


def _overlap(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _closing(strokes: Sequence[Stroke]) -> list[Stroke]:
    """What a table lacks that goes on over the page, or is open at its sides: the rule at its edge, where
    three rules of the other direction end."""
    left, right = min(each.x0 for each in strokes), max(each.x1 for each in strokes)
    top, bottom = min(each.top for each in strokes), max(each.bottom for each in strokes)
    across = [each for each in strokes if each.is_horizontal]
    down = [each for each in strokes if not each.is_horizontal]
    closing: list[Stroke] = []
    for y in (top, bottom):
        ends = [each.x0 for each in down if min(abs(each.top - y), abs(each.bottom - y)) < _NEAR]
        if len(ends) >= _ENDS:
            closing.append(Stroke(min(ends), y, max(ends), y))
    for x in (left, right):
        ends = [each.top for each in across if min(abs(each.x0 - x), abs(each.x1 - x)) < _NEAR]
        if len(ends) >= _ENDS:
            closing.append(Stroke(x, min(ends), x, max(ends)))
    return closing


def _rules(boxes: Sequence[Box], axis: int) -> list[float]:
    """The places of the rules along an axis."""
    places = sorted({box[axis] for box in boxes} | {box[axis + 2] for box in boxes})
    apart: list[float] = []
    for place in places:
        if not apart or place - apart[-1] > _NEAR:
            apart.append(place)
    return apart


def _is_in(glyph: Glyph, box: Box) -> bool:
    x, y = glyph.middle
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _cells(
    boxes: Sequence[Box], columns: list[float], rows: list[float], glyphs: Sequence[Glyph], page: int
) -> tuple[tuple[str | None, ...], ...]:
    places: list[list[str | None]] = [[""] * (len(columns) - 1) for _ in range(len(rows) - 1)]
    waiting = list(glyphs)
    for box in sorted(boxes, key=lambda each: (each[1], each[0])):
        left, right = _at(columns, box[0]), _at(columns, box[2])
        top, bottom = _at(rows, box[1]), _at(rows, box[3])
        inside = [glyph for glyph in waiting if _is_in(glyph, box)]
        if inside:
            waiting = [glyph for glyph in waiting if not _is_in(glyph, box)]
        for y in range(top, bottom):
            for x in range(left, right):
                places[y][x] = None
        if top < bottom and left < right:
            places[top][left] = _text(inside, page)
    return tuple(map(tuple, places))


def _at(rules: list[float], place: float) -> int:
    return min(range(len(rules)), key=lambda at: abs(rules[at] - place))


def _text(glyphs: Sequence[Glyph], page: int) -> str:
    """The lines of a cell are broken by its width, not by its writer."""
    text = ""
    for line in lines_of(glyphs, page):
        text = joined(text, " ".join(line.text.split())) if text else " ".join(line.text.split())
    return text
