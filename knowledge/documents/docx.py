"""Word documents (.docx, transitional and strict): the text that the page shows.

Read: tracked insertions, content controls, smart tags, fields, text boxes, footnotes, automatic numbers,
nested tables.  Not: deletions, struck and hidden text, comments, headers and footers, a contents page,
the readings over characters (ruby).

The XML is walked here, since python-docx shows neither insertions nor controls nor text boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from knowledge.documents.document import BlockKind, Document, NoteKind
from knowledge.documents.docx_lists import Numbering
from knowledge.documents.docx_parts import (
    THROUGH,
    count_of,
    equation,
    formula,
    goes_on,
    is_contents,
    is_layout,
    parts_of,
    rows_of,
    shown_alternative,
    text_of,
)
from knowledge.documents.docx_styles import Look, Style, Styles, look_of, paragraph_properties
from knowledge.documents.draft import Draft
from knowledge.documents.grid import MOST_CELLS
from knowledge.documents.package import Package, attribute, child, local
from knowledge.documents.raised import lowered, raised
from knowledge.documents.refusal import TooMuch, refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTENTS_STYLE = re.compile(r"toc \d|toc heading|目录 \d")


def read_docx(path: Path | IO[bytes], source: str) -> Document:
    """Of a .docx file, or of its content.  Raises SourceError, and what zipfile and lxml raise."""
    draft = Draft(source)
    with Package(path, source) as package:
        main = next(
            (each for each in package.related("").values() if "document" in each), "word/document.xml"
        )
        root = package.xml(main)
        if root is None:
            raise refusal(source, "不是 Word 文档", "另存为普通的 docx")
        parts = {name.rpartition("/")[2]: name for name in package.related(main).values()}
        styles = Styles(package.xml(parts.get("styles.xml", "word/styles.xml")))
        numbering = Numbering(package.xml(parts.get("numbering.xml", "word/numbering.xml")))
        notes = {
            kind: _notes(package.xml(parts.get(f"{kind}s.xml", f"word/{kind}s.xml")))
            for kind in ("footnote", "endnote")
        }
        body = child(root, "body")
        if body is not None:
            walk = _Walk(draft, styles, numbering, notes)
            walk.blocks(body)
            walk.finish()
        draft.declared_title = draft.declared_title or _core_title(package)
    return draft.document()


def _core_title(package: Package) -> str:
    core = package.xml("docProps/core.xml")
    title = child(core, "title")
    return "" if title is None else (title.text or "")


def _notes(part: _Element | None) -> dict[str, _Element]:
    return (
        {} if part is None else {attribute(each, "id"): each for each in part if not attribute(each, "type")}
    )


@dataclass
class _Line:
    """A paragraph as it is read: its text, and what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[tuple[str, _Element]] = field(default_factory=list)


class _Walk:
    """Through the body; text goes to the draft, inside a table's cell to that cell."""

    def __init__(
        self, draft: Draft, styles: Styles, numbering: Numbering, notes: dict[str, dict[str, _Element]]
    ) -> None:
        self._draft = draft
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._fields: list[list[str] | None] = []  # of each open field the code so far; None = its result
        self._before = ""  # of a paragraph whose mark was deleted: it goes on in the next
        self._cells: list[list[str]] = []
        self._inner: list[_Element] = []  # tables inside the table that is being read
        self._noted = 0
        self._pictures = 0

    def finish(self) -> None:
        """At the end of the document."""
        if self._pictures:
            self._draft.note(NoteKind.LEFT_OUT, f"有 {self._pictures} 张图片，图里的文字没有读")

    # ---- blocks

    def blocks(self, container: Iterable[_Element]) -> None:
        """Paragraphs and tables in their order."""
        for element in container:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "AlternateContent":
                self.blocks(shown_alternative(element))
            elif name == "sdt" and is_contents(element):
                continue
            elif name in THROUGH:
                self.blocks(element)
            elif name == "altChunk":
                self._draft.note(NoteKind.LEFT_OUT, "嵌入的另一份文件没有读")

    def _paragraph(self, element: _Element) -> None:
        properties = child(element, "pPr")
        named = child(properties, "pStyle")
        style = self._styles.of("" if named is None else attribute(named, "val"))
        if _CONTENTS_STYLE.fullmatch(style.name):
            return
        style = paragraph_properties(properties).over(style)
        line = _Line()
        self._inline(element, line, style.look)
        text = self._before + "".join(line.pieces)
        mark = child(properties, "rPr")
        self._before = text if child(mark, "del") is not None or child(mark, "moveFrom") is not None else ""
        if not self._before:
            is_hidden = look_of(mark).is_hidden or child(properties, "rPr", "del") is not None
            self._say(text, style, counts=bool(text.strip()) or not is_hidden)
        for box in line.boxes:
            self.blocks(box)
        for sign, note in line.notes:
            self._note(sign, note)

    def _say(self, text: str, style: Style, *, counts: bool) -> None:
        number, kind = "", BlockKind.PARAGRAPH
        if style.list_id and style.list_id != "0" and counts:
            at = style.list_level or 0
            number = self._numbering.next_number(style.list_id, at)
            is_bullet = self._numbering.is_bullet(style.list_id, at)
            kind = BlockKind.LIST_ITEM if is_bullet else kind
        if not text.strip() and not self._cells:
            return
        if style.name in ("title", "标题") and not self._draft.declared_title:
            self._draft.declared_title = text.replace("\n", "")
        first, *others = (number + text).split("\n")
        if self._cells:
            self._cells[-1] += [first, *others]
            return
        self._draft.paragraph(first, kind=kind, level=style.level or 0)
        for other in others:
            self._draft.paragraph(other, level=style.level or 0)

    def _note(self, sign: str, note: _Element) -> None:
        """A footnote stands behind the paragraph that refers to it."""
        with self._cell() as lines:
            self.blocks(note)
        text = " ".join(each.strip() for each in lines if each.strip())
        if text and self._cells:
            self._cells[-1].append(sign + text)
        elif text:
            self._draft.paragraph(sign + text)

    @contextmanager
    def _cell(self) -> Iterator[list[str]]:
        self._cells.append([])
        yield self._cells[-1]
        self._cells.pop()

    # ---- inside a paragraph

    def _inline(self, element: _Element, line: _Line, look: Look) -> None:
        for each in element:
            name = local(each)
            if name == "r":
                self._run(each, line, look)
            elif name == "AlternateContent":
                self._inline(shown_alternative(each), line, look)
            elif name in ("oMath", "oMathPara"):
                line.pieces.append(formula(each))
            elif name in THROUGH:
                self._inline(each, line, look)

    def _run(self, run: _Element, line: _Line, below: Look) -> None:
        properties = child(run, "rPr")
        named = child(properties, "rStyle")
        style = Look() if named is None else self._styles.look(attribute(named, "val"))
        look = look_of(properties).over(style.over(below))
        for each in run:
            self._piece(each, line, look)

    def _piece(self, each: _Element, line: _Line, look: Look) -> None:
        name = local(each)
        if name == "fldChar":
            line.pieces.append(self._field(attribute(each, "fldCharType")) if look.is_shown else "")
        elif name == "instrText":
            if self._fields and self._fields[-1] is not None:
                self._fields[-1].append(each.text or "")
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            self._drawn(each, line)
        elif not look.is_shown or any(code is not None for code in self._fields):
            return
        elif name == "ruby":
            base = child(each, "rubyBase")
            if base is not None:
                self._inline(base, line, look)
        elif name in ("footnoteReference", "endnoteReference"):
            note = self._notes[name.removesuffix("Reference")].get(attribute(each, "id"))
            if note is not None:
                self._noted += 1
                line.notes.append((raised(str(self._noted)), note))
                line.pieces.append(raised(str(self._noted)))
        else:
            text = text_of(each, name)
            position = {"superscript": raised, "subscript": lowered}.get(look.position or "")
            line.pieces.append(position(text) if position and text else text)

    def _field(self, what: str) -> str:
        """What a field shows is its result; one without (EQ, for readings and circled numbers) its code."""
        if what == "begin":
            self._fields.append([])
        elif what == "separate" and self._fields:
            self._fields[-1] = None
        elif what == "end" and self._fields:
            code = self._fields.pop()
            if code is not None and not any(outer is not None for outer in self._fields):
                return equation("".join(code))
        return ""

    def _drawn(self, element: _Element, line: _Line) -> None:
        """Text boxes and letters of WordArt; a picture is counted."""
        waiting = [element]
        while waiting:
            each = waiting.pop()
            name = local(each)
            if name == "txbxContent":
                line.boxes.append(each)
            elif name == "AlternateContent":
                waiting.append(shown_alternative(each))
            else:
                if name == "textpath":
                    line.pieces.append(attribute(each, "string"))
                self._pictures += name in ("blip", "imagedata")
                if name in ("OLEObject", "relIds", "chart"):
                    self._draft.note(NoteKind.LEFT_OUT, "嵌入的表格、图表或图形没有读")
                waiting += reversed(each)

    # ---- tables

    def _table(self, table: _Element) -> None:
        """A table whose text is mostly that of tables inside it only lays out the page."""
        if is_layout(table):
            for row in rows_of(table):
                for cell in parts_of(row, "tc"):
                    self.blocks(cell)
            return
        if self._cells:  # inside a cell: what it says is said behind the outer table
            self._inner.append(table)
            return
        rows: list[list[str | None]] = []
        headers = places = 0
        for row in rows_of(table):
            is_header = child(row, "trPr", "tblHeader") is not None
            headers += is_header and headers == len(rows)
            rows.append(self._row(row))
            places += len(rows[-1])
            if places > MOST_CELLS:
                raise TooMuch
        self._draft.table(rows, header_rows=headers)
        inner, self._inner = self._inner, []
        for each in inner:
            self._table(each)

    def _row(self, row: _Element) -> list[str | None]:
        cells: list[str | None] = [""] * count_of(child(row, "trPr", "gridBefore"), 0)
        for cell in parts_of(row, "tc"):
            properties = child(cell, "tcPr")
            with self._cell() as lines:
                self.blocks(cell)
            continues = any(goes_on(child(properties, name)) for name in ("vMerge", "hMerge"))
            text = " ".join(each.strip() for each in lines if each.strip())
            cells.append(None if continues else text)
            cells += [None] * (count_of(child(properties, "gridSpan"), 1) - 1)
        return cells
