"""OpenDocument text (.odt): the text that the page shows, with the numbers of its lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.documents.document import Document, NoteKind
from knowledge.documents.draft import Draft
from knowledge.documents.grid import MOST_CELLS, Cell, laid_out, span_of
from knowledge.documents.numbers import written
from knowledge.documents.package import Package, attribute, child, local
from knowledge.documents.raised import lowered, raised
from knowledge.documents.refusal import TooMuch, refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOT_SHOWN = frozenset(
    [
        *(
            "tracked-changes",
            "annotation",
            "annotation-end",
            "ruby-text",
            "sequence-decls",
            "forms",
            "table-of-content",
        ),
        *("variable-decls", "user-field-decls", "note-citation", "title", "desc", "event-listeners"),
    ]
)
_FORMS = {"一, 二, 三, ...": "chineseCounting", "①, ②, ③, ...": "decimalEnclosedCircle", "1": "decimal"}
_LETTERS = {"I": "upperRoman", "i": "lowerRoman", "A": "upperLetter", "a": "lowerLetter"}
_DEEPEST_LIST = 10
_MOST_REPEATED = 100  # cells and rows that stand there again; the empty end of a sheet says a million


@dataclass(frozen=True)
class _Look:
    is_shown: bool = True
    position: int = 0  # 1 raised, -1 lowered


@dataclass(frozen=True)
class _Level:
    form: str = ""
    before: str = ""
    behind: str = ""
    start: int = 1
    shown: int = 1  # how many levels the number shows


@dataclass
class _List:
    style: str
    counters: list[int | None] = field(default_factory=lambda: [None] * (_DEEPEST_LIST + 1))


def read_odt(path: Path, source: str) -> Document:
    """Of an .odt file.  Raises SourceError, and what zipfile and lxml raise."""
    draft = Draft(source)
    with Package(path, source) as package:
        content, styles = package.xml("content.xml"), package.xml("styles.xml")
        if content is None:
            raise refusal(source, "不是 OpenDocument 文档", "另存为 docx")
        meta = package.xml("meta.xml")
        title = child(meta, "meta", "title")
        body = child(content, "body", "text")
        walk = _Walk(draft, [part for part in (styles, content) if part is not None])
        walk.blocks(body if body is not None else ())
        draft.declared_title = "" if title is None else (title.text or "")
    return draft.document()


class _Walk:
    def __init__(self, draft: Draft, parts: Iterable[_Element]) -> None:
        self._draft = draft
        self._looks: dict[str, _Look] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._list_of_style: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._open: list[_List] = []
        self._number = ""
        self._cell: list[str] | None = None
        self._boxes: list[_Element] = []
        for part in parts:
            for element in part.iter():
                self._learn(element)

    def _learn(self, element: _Element) -> None:
        name, tag = attribute(element, "name"), local(element)
        if tag == "style":
            self._looks[name] = _look(child(element, "text-properties"))
            self._list_of_style[name] = attribute(element, "list-style-name")
        elif tag == "list-style":
            levels = (each for each in element if attribute(each, "level").isdigit())
            self._levels[name] = {int(attribute(each, "level")): _level(each) for each in levels}

    # ---- blocks

    def blocks(self, container: Iterable[_Element]) -> None:
        """Paragraphs, lists and tables in their order."""
        for element in container:
            tag = local(element)
            if tag in _NOT_SHOWN:
                continue
            if tag in ("p", "h"):
                self._paragraph(element, tag)
            elif tag == "list":
                self._list(element)
            elif tag == "table":
                self._table(element)
            else:  # sections, frames, indexes other than of contents
                self.blocks(element)

    def _paragraph(self, element: _Element, tag: str) -> None:
        style = attribute(element, "style-name")
        level = attribute(element, "outline-level")
        pieces = list(self._inline(element, self._looks.get(style, _Look())))
        number, self._number = self._number, ""
        boxes, self._boxes = self._boxes, []
        first, *others = (number + "".join(pieces)).split("\n")
        for line in (first, *others):
            if self._cell is not None:
                self._cell.append(line)
            else:
                depth = int(level) if tag == "h" and level.isdigit() else 0
                self._draft.paragraph(line, level=min(depth, 9))
        for box in boxes:
            self.blocks(box)

    def _inline(self, element: _Element, look: _Look) -> Iterator[str]:
        yield _shown(element.text, look)
        for each in element:
            tag = local(each)
            if tag == "span":
                own = self._looks.get(attribute(each, "style-name"), _Look())
                below = _Look(look.is_shown and own.is_shown, own.position or look.position)
                yield from self._inline(each, below)
            elif tag == "s":
                yield " " * min(int(attribute(each, "c", "1") or 1), 40)
            elif tag == "tab":
                yield "\t"
            elif tag == "line-break":
                yield "\n"
            elif tag == "frame":
                self._frame(each)
            elif tag == "note":
                yield from self._note(each)
            elif tag not in _NOT_SHOWN:
                yield from self._inline(each, look)
            yield _shown(each.tail, look)

    def _frame(self, frame: _Element) -> None:
        boxes = [each for each in frame if local(each) == "text-box"]
        self._boxes += boxes
        if not boxes:
            self._draft.note(NoteKind.LEFT_OUT, "图片、对象里的文字没有读")

    def _note(self, note: _Element) -> Iterator[str]:
        """A footnote: its sign here, its text behind the paragraph."""
        citation, body = child(note, "note-citation"), child(note, "note-body")
        sign = raised("".join(citation.itertext()).strip()) if citation is not None else ""
        yield sign
        if body is not None:
            first = next((each for each in body.iter() if local(each) == "p"), None)
            if first is not None:
                first.text = sign + (first.text or "")
            self._boxes.append(body)

    # ---- lists

    def _list(self, element: _Element) -> None:
        style = attribute(element, "style-name") or (self._open[-1].style if self._open else "")
        known = self._lists.get(style)
        goes_on = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list")
        top = self._open[0] if self._open else known if known and goes_on else _List(style)
        self._lists[style] = top
        self._open.append(top)
        depth = len(self._open)
        if depth > _DEEPEST_LIST:
            raise TooMuch
        if not goes_on:
            top.counters[depth] = None
        for item in element:
            if local(item) == "list-item":
                self._number = self._next_number(style, top, depth, attribute(item, "start-value"))
            if local(item) in ("list-item", "list-header"):
                self.blocks(item)
                self._number = ""
        self._open.pop()

    def _next_number(self, style: str, top: _List, depth: int, start: str) -> str:
        level = self._levels.get(style, {}).get(depth, _Level())
        before = top.counters[depth]
        top.counters[depth] = int(start) if start.isdigit() else level.start if before is None else before + 1
        for deeper in range(depth + 1, _DEEPEST_LIST + 1):
            top.counters[deeper] = None
        if not level.form:
            return ""
        levels = self._levels.get(style, {})
        shown = range(max(1, depth - level.shown + 1), depth + 1)
        numbers = (written(top.counters[at] or 1, levels.get(at, level).form) for at in shown)
        number = level.before + ".".join(numbers) + level.behind
        return number + (" " if number[-1:].isalnum() else "")

    # ---- tables

    def _table(self, table: _Element) -> None:
        if self._cell is not None:  # a table in a cell: its words in their order
            for each in table.iter():
                if local(each) in ("p", "h"):
                    self._paragraph(each, "p")
            return
        rows: list[list[Cell]] = []
        headers = places = 0
        for row, is_header in _rows(table):
            headers += is_header and headers == len(rows)
            cells = list(self._cells(row))
            for _ in range(_repeated(row, "number-rows-repeated") if any(cell.text for cell in cells) else 1):
                rows.append(cells)
                places += len(cells)
            if places > MOST_CELLS:
                raise TooMuch
        self._draft.table(laid_out(rows), header_rows=headers)

    def _cells(self, row: _Element) -> Iterator[Cell]:
        for element in row:
            if local(element) != "table-cell":
                continue  # covered cells are laid out by the spans
            self._cell = []
            self.blocks(element)
            text = " ".join(line.strip() for line in self._cell if line.strip())
            self._cell = None
            cell = Cell(
                text,
                span_of(attribute(element, "number-columns-spanned")),
                span_of(attribute(element, "number-rows-spanned")),
            )
            for _ in range(_repeated(element, "number-columns-repeated")):
                yield cell


def _rows(table: _Element) -> Iterator[tuple[_Element, bool]]:
    """Each row, and whether it is part of the head."""
    for element in table:
        tag = local(element)
        if tag == "table-row":
            yield element, False
        elif tag == "table-header-rows":
            yield from ((row, True) for row in element if local(row) == "table-row")
        elif tag in ("table-rows", "table-row-group"):
            yield from _rows(element)


def _repeated(element: _Element, name: str) -> int:
    return min(span_of(attribute(element, name, "1")), _MOST_REPEATED)


def _shown(text: str | None, look: _Look) -> str:
    """Runs of space are one; what is struck or hidden is none."""
    if not text or not look.is_shown:
        return ""
    words = " ".join(text.split())
    words = f"{' ' if text[0].isspace() else ''}{words}{' ' if words and text[-1].isspace() else ''}"
    return raised(words) if look.position > 0 else lowered(words) if look.position < 0 else words


def _look(properties: _Element | None) -> _Look:
    if properties is None:
        return _Look()
    struck = attribute(properties, "text-line-through-style", "none") != "none"
    hidden = attribute(properties, "display") == "none"
    position = attribute(properties, "text-position").split(" ")[0]
    raised_by = 1 if position.startswith("super") or (position[:1].isdigit() and position != "0%") else 0
    return _Look(not (struck or hidden), -1 if position.startswith(("sub", "-")) else raised_by)


def _level(element: _Element) -> _Level:
    if local(element) != "list-level-style-number":
        return _Level()
    said = attribute(element, "num-format")
    form = _FORMS.get(said) or _LETTERS.get(said, "")
    if not form and said:
        form = (
            "chineseCounting"
            if said.startswith("一")
            else "ideographTraditional"
            if said.startswith("甲")
            else "decimal"
        )
    start, shown = attribute(element, "start-value", "1"), attribute(element, "display-levels", "1")
    return _Level(
        form,
        attribute(element, "num-prefix"),
        attribute(element, "num-suffix"),
        int(start) if start.isdigit() else 1,
        int(shown) if shown.isdigit() else 1,
    )
