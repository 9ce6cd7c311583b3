"""Paragraphs and tables of an HTML page, merged cells (rowspan, colspan) laid out in their places.

Pages of agencies often lay out everything in tables: a table that holds another table is taken for layout,
and its cells for paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Cells = tuple[str | None, ...]

_BLOCKS = frozenset(
    [
        *("p", "div", "br", "li", "dt", "dd", "section", "article", "caption"),
        *(f"h{level}" for level in range(1, 7)),
    ]
)
_HIDDEN = frozenset(["script", "style", "head", "template", "nav", "footer"])
_LINE_END = "\u2028"  # where a block ends inside a cell; the source's own line ends mean nothing
_MOST_SPAN = 100  # of a merged cell; more is a slip, and would fill the memory


@dataclass
class _Cell:
    across: int
    down: int
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return _words(self.text)

    def take_paragraphs(self) -> list[str]:
        """The paragraphs of a cell that only lays out the page; they are taken out of it."""
        lines = "".join(self.text).split(_LINE_END)
        self.text = []
        return [words for line in lines if (words := _words([line]))]


@dataclass
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    cell: _Cell | None = None  # the one that is open
    is_layout: bool = False


def _words(pieces: Sequence[str]) -> str:
    """Chinese broken over the lines of a cell is one word again; runs of spaces are one."""
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def blocks_of_html(text: str) -> list[str | tuple[Cells, ...]]:
    """Paragraphs as texts, tables as rows, in their order."""
    parser = _Page()
    parser.feed(text)
    parser.close()
    return parser.finish()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[str | tuple[Cells, ...]] = []
        self._tables: list[_Table] = []
        self._text: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `</head>` may be left out; the body begins all the same.
        self._hidden = 0 if tag == "body" else self._hidden + (tag in _HIDDEN)
        if tag == "table":
            if self._tables:
                self._lay_out(self._tables[-1])
            self._paragraph()
            self._tables.append(_Table())
        elif self._tables and tag == "tr":
            self._close_cell()
            self._tables[-1].rows.append([])
        elif self._tables and tag in ("td", "th"):
            self._close_cell()
            self._open_cell(dict(attrs))
        elif tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if tag == "table" and self._tables:
            self._close_table()
        elif self._tables and tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            cell = self._tables[-1].cell if self._tables else None
            (cell.text if cell else self._text).append(data)

    def finish(self) -> list[str | tuple[Cells, ...]]:
        while self._tables:  # `</table>` may be missing
            self._close_table()
        self._paragraph()
        return self._found

    # ---- tables
    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        table.cell = _Cell(_span(attributes.get("colspan")), _span(attributes.get("rowspan")))
        table.rows[-1].append(table.cell)

    def _close_cell(self) -> None:
        table = self._tables[-1]
        if table.cell is not None and table.is_layout:
            self._found += table.cell.take_paragraphs()
        table.cell = None

    def _lay_out(self, outer: _Table) -> None:
        """A table inside: what the outer one has so far are paragraphs."""
        outer.is_layout = True
        for row in outer.rows:
            for cell in row:
                self._found += cell.take_paragraphs()

    def _close_table(self) -> None:
        self._close_cell()
        table = self._tables.pop()
        if not table.is_layout:
            self._paragraph()
            if any(table.rows):
                self._found.append(_laid_out(table.rows))

    # ---- paragraphs
    def _break(self) -> None:
        """Inside a cell a block is a line of it; outside it ends a paragraph."""
        table = self._tables[-1] if self._tables else None
        if table is None or table.cell is None:
            self._paragraph()
        else:
            table.cell.text.append(_LINE_END)

    def _paragraph(self) -> None:
        words = _words(self._text)
        self._text = []
        if words:
            self._found.append(words)


def _span(value: str | None) -> int:
    """A broken or missing span counts as one."""
    text = (value or "").strip()
    return min(int(text), _MOST_SPAN) if text.isascii() and text.isdigit() and int(text) else 1


def _laid_out(rows: Sequence[Sequence[_Cell]]) -> tuple[Cells, ...]:
    """Every place of the table; those that a merged cell covers are None."""
    places: dict[tuple[int, int], str | None] = {}
    for top, row in enumerate(rows):
        left = 0
        for cell in row:
            while (top, left) in places:
                left += 1
            for y in range(min(cell.down, len(rows) - top)):
                for x in range(cell.across):
                    places[top + y, left + x] = None
            places[top, left] = cell.words
            left += cell.across
    width = max((left for _, left in places), default=-1) + 1
    return tuple(tuple(places.get((top, left), "") for left in range(width)) for top in range(len(rows)))
