"""The annual report as a Word file like the national form: six sections, tables with merged cells."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt

from bot.desk.report_tables import MergedTable
from bot.desk.report_text import TO_FILL_IN, ReportText

_TITLE, _HEADING, _BODY, _CELL = "方正小标宋简体", "黑体", "仿宋", "宋体"
_PAPER, _MARGIN = (Cm(21), Cm(29.7)), Cm(2.2)
_WIDTH = _PAPER[0] - 2 * _MARGIN
_LARGE, _SMALL, _MANY_COLUMNS = Pt(10.5), Pt(9), 10
_ROW_HEIGHT = Cm(0.65)
_SHORT = 16  # rows of a table that stays on one page


def to_docx(text: ReportText, tables: Sequence[MergedTable]) -> bytes:
    """The report on A4; a place to fill in is marked yellow, a table stands in the section of its title."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = _PAPER
    page.left_margin = page.right_margin = _MARGIN
    page.top_margin = page.bottom_margin = Cm(2.5)
    _line(document, text.title, _TITLE, Pt(20), WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, text.opening)
    by_title = {table.title: table for table in tables}
    for section in text.sections:
        _line(document, section.title, _HEADING, Pt(16), keep=True, level=1)
        for paragraph in section.before:
            _paragraph(document, paragraph)
        if section.title in by_title:
            _table(document, by_title[section.title])
        for paragraph in section.after:
            _paragraph(document, paragraph)
    for line in (text.agency, text.on):
        _line(document, line, _BODY, Pt(16), WD_ALIGN_PARAGRAPH.RIGHT)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _line(
    document: Any,
    text: str,
    font: str,
    size: Pt,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    *,
    keep: bool = False,
    level: int | None = None,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.keep_with_next = keep
    if level is not None:  # Word's outline, without the look of its heading styles
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        paragraph._p.get_or_add_pPr().append(outline)
    _run(paragraph, text, font, size)


def _paragraph(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.first_line_indent = Pt(32)  # two characters
    done = 0
    for found in TO_FILL_IN.finditer(text):
        _run(paragraph, text[done : found.start()], _BODY, Pt(16))
        _run(paragraph, found[0], _BODY, Pt(16), marked=True)
        done = found.end()
    _run(paragraph, text[done:], _BODY, Pt(16))


def _run(paragraph: Any, text: str, font: str, size: Pt, *, marked: bool = False) -> None:
    if not text:
        return
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, size
    # Word takes the font of Chinese characters from its own attribute.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if marked:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _table(document: Any, table: MergedTable) -> None:
    shown = document.add_table(rows=len(table.rows), cols=len(table.widths))
    shown.style = "Table Grid"
    shown.alignment = WD_TABLE_ALIGNMENT.CENTER
    shown.autofit = False
    size = _LARGE if len(table.widths) < _MANY_COLUMNS else _SMALL
    widths = _column_widths(table)
    places = [row.cells for row in shown.rows]  # once: python-docx searches the whole table for each cell
    for column, width in zip(shown.columns, widths, strict=True):
        column.width = width
    for row in places:
        for place, width in zip(row, widths, strict=True):
            place.width = width
    for top, left, cell in table.placed():
        place = places[top][left]
        if cell.across > 1 or cell.down > 1:
            place = place.merge(places[top + cell.down - 1][left + cell.across - 1])
        place.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        paragraph = place.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = len(table.rows) <= _SHORT and top < len(table.rows) - 1
        _run(paragraph, cell.text, _CELL, size)
    for row in shown.rows:
        row.height, row.height_rule = _ROW_HEIGHT, WD_ROW_HEIGHT_RULE.AT_LEAST
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # never torn apart by a page's end


def _column_widths(table: MergedTable) -> list[Length]:
    whole = sum(table.widths)
    return [Length(_WIDTH * width // whole) for width in table.widths]
