"""Pages of glyphs and rules -> paragraphs and tables of a document.

Running headers, footers and page numbers are told by their place and by their coming again on other pages,
never by looking like a number.  Lines are one paragraph where the one above is full and the next begins at
the margin; so a paragraph goes on over the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.documents.aligned import Above, aligned_tables
from knowledge.documents.document import NoteKind
from knowledge.documents.draft import Draft
from knowledge.documents.encoding import common_share
from knowledge.documents.lines import joined, lines_of
from knowledge.documents.newspaper import strips
from knowledge.documents.paper import UNREADABLE, Glyph, Line, Page, Ruled, is_han
from knowledge.documents.refusal import NO_TEXT, refusal
from knowledge.documents.ruled import tables_of

_MOST_UNREADABLE = 0.1  # of the glyphs of a page; with more it is no text but its picture
_LEAST_COMMON = 0.5  # of its characters: a wrong mapping gives rare ones
_ENOUGH = 30  # characters that tell
_NARROW = 0.6  # of the width of a page: text that is set no wider has no full line
_EDGE = 0.09  # of the height of a page, at its top and bottom: where headers and footers stand
_WIDE_EDGE = 0.16  # where a tall one may still reach, and a text may begin: it has to be on most pages
_SAME_PLACE = 6.0  # points
_DIGITS = re.compile(r"\d+|[〇一二三四五六七八九十百]+")
_NUMBER_BEGINS = re.compile(
    r"第[〇零一二三四五六七八九十百\d]+[章节条]|[（(]?[一二三四五六七八九十]+[)）、]|\d{1,2}[.\uff0e、](?!\d)"
)
_UNBROKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/%@_\-]{1,30}")
_MOST_LINES = 400  # of a page of prose
_LEAST_CUT = 6  # lines with a gap, without which nobody looks for columns
_LATIN_WIDTH = 0.55  # em
_SENTENCE_ENDS = ("。", "！", "？", "；", "：", "”", "）", ".", ";", ":")


@dataclass
class _Sheet:
    """A page with its lines and tables."""

    page: Page
    lines: list[Line]
    tables: list[Ruled]
    has_headless: bool  # lines that look like the body of a table
    glyphs: list[Glyph] = field(default_factory=list)  # of the lines

    def parts(self) -> list[Line | Ruled]:
        return sorted([*self.lines, *self.tables], key=lambda part: part.top)


def add_pages(draft: Draft, pages: Sequence[Page]) -> None:
    """All pages into the draft.  Raises SourceError where none of them holds readable text."""
    unreadable = [page.number for page in pages if _is_unreadable(page)]
    sheets = _sheets([page for page in pages if page.number not in unreadable])
    if unreadable and not sheets:
        raise refusal(draft.source, NO_TEXT, "先用 disclosure ocr 识别，改好后放进来")
    if unreadable:
        draft.note(
            NoteKind.PAGES_WITHOUT_TEXT,
            f"第 {'、'.join(map(str, unreadable))} 页没有可读的文字（空白页或扫描的图片）",
            unreadable,
        )
    headless = [sheet.page.number for sheet in sheets if sheet.has_headless]
    if headless:
        pages_named = "、".join(map(str, headless))
        draft.note(
            NoteKind.TABLE_AS_TEXT, f"第 {pages_named} 页有几行像表格，看不出表头，按文字收入", headless
        )
    _without_furniture(sheets)
    _Paragraphs(draft, [part for sheet in sheets for part in _in_columns(sheet)]).add()


def _in_columns(sheet: _Sheet) -> list[_Sheet]:
    """A page set in two columns as its parts in reading order."""
    cut = sum("  " in line.text for line in sheet.lines)
    if cut < _LEAST_CUT or len(sheet.lines) > _MOST_LINES:
        return [sheet]
    kept = [
        glyph
        for glyph in sheet.glyphs
        if any(line.top - 1 <= glyph.middle[1] <= line.bottom + 1 for line in sheet.lines)
    ]
    found = strips(sheet.page, kept, sheet.tables)
    if len(found) == 1:
        return [sheet]
    return [_Sheet(each.page, lines_of(each.glyphs, each.page.number), each.tables, False) for each in found]


def _is_unreadable(page: Page) -> bool:
    """Nothing but a picture, or glyphs of which the file does not say what they are."""
    if not page.glyphs:
        return True
    lost = sum(glyph.text == UNREADABLE for glyph in page.glyphs)
    if lost > len(page.glyphs) * _MOST_UNREADABLE:
        return True
    text = "".join(glyph.text for glyph in page.glyphs if not glyph.text.isascii())
    return len(text) >= _ENOUGH and common_share(text) < _LEAST_COMMON


def _sheets(pages: Sequence[Page]) -> list[_Sheet]:
    sheets = []
    above: Above | None = None
    for page in pages:
        tables, outside = tables_of(page)
        aligned = aligned_tables(page, outside, above if above and above.page == page.number - 1 else None)
        lines = lines_of(aligned.outside, page.number)
        found = [*tables, *aligned.tables]
        sheets.append(_Sheet(page, lines, found, aligned.has_headless, list(aligned.outside)))
        above = aligned.below
    return sheets


# ---- headers, footers, page numbers


def _without_furniture(sheets: Sequence[_Sheet]) -> None:
    """Takes the lines away that stand on other pages in the same place, from the edge inwards."""
    for is_top in (True, False):
        for _ in range(4):  # a header has few lines
            edges = {id(sheet): _edge(sheet, is_top=is_top) for sheet in sheets}
            counts = Counter(key for line in edges.values() if line for key in _keys(line))
            found = False
            for sheet in sheets:
                line = edges[id(sheet)]
                if line is not None and max(counts[key] for key in _keys(line)) >= _needed(
                    sheet, line, len(sheets)
                ):
                    sheet.lines.remove(line)
                    found = True
            if not found:
                break


def _edge(sheet: _Sheet, *, is_top: bool) -> Line | None:
    """The outermost line of a page, where it stands near the edge."""
    parts = sheet.parts()
    if not parts:
        return None
    part = parts[0] if is_top else parts[-1]
    return part if isinstance(part, Line) and _depth(sheet, part) < _WIDE_EDGE else None


def _depth(sheet: _Sheet, line: Line) -> float:
    """How far into the page the line reaches from the nearer edge, as a share of its height."""
    height = sheet.page.height or 1
    return min(line.bottom / height, 1 - line.top / height)


def _needed(sheet: _Sheet, line: Line, pages: int) -> float:
    """On how many pages it has to stand: notices one a page may begin with the same words."""
    return max(2, pages / 4) if _depth(sheet, line) < _EDGE else max(3, 0.6 * pages)


def _keys(line: Line) -> Iterator[tuple[str, int]]:
    """What is the same on other pages: the words without their numbers, and the height (on a coarse scale,
    twice, so that two near heights share one)."""
    words = _DIGITS.sub("#", "".join(line.text.split()))
    for half in (0.0, 0.5):
        yield words, 2 * int(line.top / _SAME_PLACE + half) + bool(half)


# ---- paragraphs


@dataclass
class _Margins:
    """Of pages of one width: where lines begin and end, and the size of the text."""

    left: float
    right: float
    size: float


@dataclass
class _Open:
    """A paragraph that may go on."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        whole = self.lines[0].text
        for line in self.lines[1:]:
            whole = joined(whole, line.text)
        return whole


class _Paragraphs:
    """Joins lines and tables over all pages."""

    def __init__(self, draft: Draft, sheets: Sequence[_Sheet]) -> None:
        self._draft = draft
        self._sheets = sheets
        self._margins = _margins(sheets)
        self._open = _Open()
        self._table: list[Ruled] = []

    def add(self) -> None:
        for sheet in self._sheets:
            margins = self._margins[round(sheet.page.width)]
            for part in sheet.parts():
                if isinstance(part, Ruled):
                    self._end_paragraph()
                    self._add_table(part)
                else:
                    self._end_table()
                    self._add_line(part, margins)
        self._end_paragraph()
        self._end_table()

    def _add_line(self, line: Line, margins: _Margins) -> None:
        if not line.text:
            return
        if self._open.lines and not _goes_on(self._open.lines, line, margins):
            self._end_paragraph()
        self._open.lines.append(line)

    def _end_paragraph(self) -> None:
        if self._open.lines:
            self._draft.paragraph(self._open.text, page=self._open.lines[0].page)
            self._open = _Open()

    def _add_table(self, table: Ruled) -> None:
        if self._table and not _is_continued(self._table[-1], table):
            self._end_table()
        self._table.append(table)

    def _end_table(self) -> None:
        if not self._table:
            return
        columns = max((table.columns for table in self._table), key=len)
        rows = [_spread(row, self._table[0].columns, columns) for row in self._table[0].rows]
        for table in self._table[1:]:
            more = [_spread(row, table.columns, columns) for row in table.rows]
            more = more[_repeated(rows, more) :]
            if more and self._table[0].page != table.page:
                _join_split_row(rows, more)
            rows += more
        self._draft.table(rows, page=self._table[0].page)
        self._table = []


def _margins(sheets: Sequence[_Sheet]) -> dict[int, _Margins]:
    margins: dict[int, _Margins] = {}
    for width in {round(sheet.page.width) for sheet in sheets}:
        same = [sheet for sheet in sheets if round(sheet.page.width) == width]
        lines = [line for sheet in same for line in sheet.lines if line.text]
        size = _usual_size(lines)
        lefts = Counter(round(line.x0 / 4) * 4 for line in lines)
        ends = sorted((line.x1 for line in lines), reverse=True)
        left = min((x for x, count in lefts.items() if count >= max(2, len(lines) / 20)), default=0.0)
        # The rightmost end that a second line comes to as well: one line alone may stick out.
        pairs = pairwise([*ends, 0.0])
        right = next((x for x, after in pairs if x - after < size), 0.0)
        if right < width * _NARROW:  # short lines only: the margins are alike, as far as anybody knows
            right = width - left
        margins[width] = _Margins(float(left), right, size)
    return margins


def _usual_size(lines: Sequence[Line]) -> float:
    """Of most of the text outside of tables."""
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size)] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _goes_on(above: Sequence[Line], line: Line, margins: _Margins) -> bool:
    """Whether `line` belongs to the paragraph of the lines above it."""
    last, size = above[-1], margins.size or 1
    is_comparable = any(map(is_han, last.text)) and any(
        map(is_han, line.text)
    )  # other fonts have other heights
    if is_comparable and abs(last.size - line.size) > 0.15 * size:
        return False
    is_next_page = last.page != line.page
    gap = line.top - last.bottom
    if not is_next_page and (gap > 1.8 * last.size or gap < -last.size):
        return False
    if last.size > 1.15 * size:  # a title over several lines stands in the middle
        centre = (margins.left + margins.right) / 2
        return not is_next_page and all(abs(each.middle - centre) < 3 * size for each in (last, line))
    if "  " in last.text or "  " in line.text:  # columns
        return False
    word = _UNBROKEN.match(line.text)  # a figure or a Latin word goes to the next line whole
    is_full = margins.right - last.x1 < (1.7 + (_LATIN_WIDTH * len(word[0]) if word else 0)) * size
    if not is_full or (last.text.endswith(_SENTENCE_ENDS) and _NUMBER_BEGINS.match(line.text)):
        return False
    begins_at_margin = line.x0 < margins.left + 0.9 * size
    is_hanging = (
        len(above) == 1 and line.x0 > above[0].x0 + 0.4 * size and bool(_NUMBER_BEGINS.match(above[0].text))
    )
    is_below = len(above) > 1 and abs(line.x0 - last.x0) < 0.5 * size
    return begins_at_margin or is_hanging or is_below


# ---- tables over pages


_Row = tuple[str | None, ...]


def _is_continued(above: Ruled, below: Ruled) -> bool:
    """On the next page, between the same outer rules, with nothing between; the inner rules may be fewer."""
    few, many = sorted((above.columns, below.columns), key=len)
    same = all(min(abs(x - y) for y in many) < _SAME_PLACE for x in few)
    outer = abs(few[0] - many[0]) < _SAME_PLACE and abs(few[-1] - many[-1]) < _SAME_PLACE
    return same and outer and below.page == above.page + 1


def _spread(row: _Row, own: Sequence[float], columns: Sequence[float]) -> _Row:
    """A row of a page with fewer rules, in the places of the whole table."""
    if len(own) == len(columns):
        return row
    places: list[str | None] = [None] * (len(columns) - 1)
    for cell, left in zip(row, own, strict=False):
        at = min(range(len(places)), key=lambda place: abs(columns[place] - left))
        places[at] = cell
    return tuple(places)


def _repeated(first: Sequence[_Row], other: Sequence[_Row]) -> int:
    """How many rows at the top of a page repeat the head of the table."""
    count = 0
    while count < min(len(first), len(other), 4) and first[count] == other[count]:
        count += 1
    return count


def _join_split_row(rows: list[_Row], more: list[_Row]) -> None:
    """A row that the end of a page has cut in two, if no cell of it stands in both; and a merged cell that
    goes on over the page, which the page rules off there."""
    last, first = rows[-1], more[0]
    halves = list(zip(last, first, strict=True))
    if any(one for one, _ in halves) and not any(one and other for one, other in halves):
        rows[-1] = tuple(one or other for one, other in halves)
        del more[0]
        return
    reaches = [one is None or bool(one) for one in last]
    for at in range(len(first) - 1):
        if not (first[at] == "" and reaches[at] and any(first[at + 1 :])):
            break
        more[0] = (*more[0][:at], None, *more[0][at + 1 :])
