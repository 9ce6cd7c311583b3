"""A letter as it will print, as a page: read back out of the very .docx, so that it cannot differ from it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

_ALIGNED = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}
_TITLE_FROM = 20  # points
_TEXT = qn("w:t")
_SIGNS = {qn("w:noBreakHyphen"): "-", qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n"}


@dataclass(frozen=True)
class Line:
    """A paragraph; `classes` say where it stands on the sheet."""

    text: str
    classes: str


@dataclass(frozen=True)
class Rows:
    """A form: what is asked, what was given."""

    rows: tuple[tuple[str, ...], ...]


def sheet_of(docx: bytes) -> list[Line | Rows] | None:
    """What stands on the sheet from top to bottom; None for a file that is no .docx."""
    try:
        document = Document(io.BytesIO(docx))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return None
    return list(_blocks(document.iter_inner_content()))


def _blocks(content: Iterator[Paragraph | Table]) -> Iterator[Line | Rows]:
    for block in content:
        if isinstance(block, Table):
            yield Rows(tuple(tuple(_text(cell._tc) for cell in row.cells) for row in block.rows))
        else:
            yield Line(_text(block._p), " ".join(_classes(block)))


def _text(element: Any) -> str:
    """All that prints, in whatever it is wrapped: `paragraph.text` leaves out what is kept together."""
    return "".join(
        each.text or "" if each.tag == _TEXT else _SIGNS[each.tag] for each in element.iter(_TEXT, *_SIGNS)
    )


def _classes(paragraph: Paragraph) -> Iterator[str]:
    shape = paragraph.paragraph_format
    if paragraph.alignment in _ALIGNED:
        yield _ALIGNED[paragraph.alignment]
    if shape.first_line_indent is not None and shape.first_line_indent > 0:
        yield "indented"
    if shape.space_before is not None and shape.space_before.pt >= 28:
        yield "apart"
    if any(run.font.size is not None and run.font.size.pt >= _TITLE_FROM for run in paragraph.runs):
        yield "heading"
