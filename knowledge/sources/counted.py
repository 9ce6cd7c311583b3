"""A table that was copied one cell a line -> its rows, where the counts prove them.

    项目          a head of as many names as the table has columns,
    2022年决算数
    合计          then rows of a name and as many figures as are wanted, one behind the other,
    9.85          each in the same order of words and figures.
    公务接待费
    2.35

A cell that was empty leaves no line behind, and the counts no longer come out: then it stays text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.documents.document import Table
from knowledge.sources.grid import is_figure

_LONGEST_CELL = 30  # characters
_MOST_COLUMNS = 8
_LEAST_ROWS = 2
_LEAST_LINES = 6
_ENDS = ("。", "；", "：", ":", ";", "，", "、")


def counted_tables(parts: Sequence[str | Table]) -> Iterator[tuple[range, Table]]:
    """Where in a document such tables stand, and what they are."""
    at = 0
    while at < len(parts):
        end = at
        while end < len(parts) and isinstance(part := parts[end], str) and _may_be_cell(part):
            end += 1
        if end - at >= _LEAST_LINES:
            yield from _in_run([str(part).strip() for part in parts[at:end]], at)
        at = max(end, at + 1)


def _may_be_cell(line: str) -> bool:
    bare = line.strip()
    return 0 < len(bare) <= _LONGEST_CELL and not bare.endswith(_ENDS)


def _in_run(cells: Sequence[str], offset: int) -> Iterator[tuple[range, Table]]:
    """At most one table: the lines above its head may be a title, those below a signature."""
    first = next((at for at, cell in enumerate(cells) if is_figure(cell)), None)
    if first is None:
        return
    found = [
        (start, end, width)
        for width in range(2, _MOST_COLUMNS + 1)
        if (start := first - _lead(cells, first, width) - width) >= 0
        and (end := _rows_end(cells, start, width)) - start >= width * (_LEAST_ROWS + 1)
    ]
    if not found:
        return
    start, end, width = max(found, key=lambda each: each[1] - each[0])
    if any(map(is_figure, cells[end:])):
        return  # figures are left over: the rows are not what they seem
    rows = tuple(tuple(cells[at : at + width]) for at in range(start, end, width))
    yield range(offset + start, offset + end), Table(rows, header_rows=1)


def _lead(cells: Sequence[str], first: int, width: int) -> int:
    """How many cells of the first row stand before its first figure: none where rows are counted 1, 2, 3."""
    is_serial = cells[first] == "1" and first + width < len(cells) and cells[first + width] == "2"
    if is_serial:
        return 0
    following = first
    while following < len(cells) and is_figure(cells[following]):
        following += 1
    return width - (following - first)


def _rows_end(cells: Sequence[str], start: int, width: int) -> int:
    """Behind the last row that has words and figures where the first has them, below a head of words."""
    head, model = cells[start : start + width], cells[start + width : start + 2 * width]
    kinds = [is_figure(cell) for cell in model]
    if (
        len(model) < width
        or any(map(is_figure, head))
        or len(set(head)) < width
        or all(kinds)
        or not any(kinds)
    ):
        return start
    end = start + width
    while end + width <= len(cells) and [is_figure(cell) for cell in cells[end : end + width]] == kinds:
        end += width
    return end
