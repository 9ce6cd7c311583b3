"""The annual report as a Word file like the national form: six sections, tables with merged cells."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, Twips

from bot.desk.annual_report.layout import Cell, MergedTable
from bot.desk.annual_report.wording import TO_FILL_IN, ReportText
from bot.desk.legible import legible

_TITLE, _HEADING, _BODY, _CELL = "方正小标宋简体", "黑体", "仿宋", "宋体"
_PAPER, _MARGIN = (Cm(21), Cm(29.7)), Cm(2.2)
_WIDTH = _PAPER[0] - 2 * _MARGIN
_LARGE, _SMALL, _MANY_COLUMNS = Pt(10.5), Pt(9), 10
_ROW_HEIGHT = Cm(0.65)
_EMU_OF_A_TWIP = 635
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
    run = paragraph.add_run(legible(text))
    run.font.name, run.font.size = font, size
    # Word takes the font of Chinese characters from its own attribute.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if marked:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _table(document: Any, table: MergedTable) -> None:
    """Written as XML in one piece: cell by cell python-docx takes a second, in the middle of a chat."""
    document.element.body[-1].addprevious(parse_xml(_table_xml(table)))


def _table_xml(table: MergedTable) -> str:
    widths = _column_widths(table)
    size = _LARGE if len(widths) < _MANY_COLUMNS else _SMALL
    cells = {(top, left): cell for top, left, cell in table.placed()}
    rows = "".join(
        _row_xml(
            top,
            cells,
            widths,
            size,
            keep=len(table.rows) <= _SHORT and top < len(table.rows) - 1,
            is_head=top < table.head,
        )
        for top in range(len(table.rows))
    )
    grid = "".join(f'<w:gridCol w:w="{width.twips}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _row_xml(
    top: int,
    cells: Mapping[tuple[int, int], Cell],
    widths: Sequence[Twips],
    size: Pt,
    *,
    keep: bool,
    is_head: bool,
) -> str:
    """A row that no page's end tears apart.  `keep`: it stays on the page of the next; `is_head`: it is
    printed again on each page that the table goes on to."""
    written, left = [], 0
    while left < len(widths):
        above, cell = _reaching(top, left, cells)
        width = sum(each.twips for each in widths[left : left + cell.across])
        written.append(_cell_xml(cell, width, size, continues=above, keep=keep))
        left += cell.across
    height = f'<w:trHeight w:val="{_ROW_HEIGHT.twips}" w:hRule="atLeast"/>'
    repeated = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeated}</w:trPr>{''.join(written)}</w:tr>"


def _reaching(top: int, left: int, cells: Mapping[tuple[int, int], Cell]) -> tuple[bool, Cell]:
    """The cell of this place, and whether it began in a row above."""
    for row in range(top, -1, -1):
        cell = cells.get((row, left))
        if cell is not None and row + cell.down > top:
            return row < top, cell
    raise ValueError(f"no cell covers row {top}, column {left}")


def _cell_xml(cell: Cell, width: int, size: Pt, *, continues: bool, keep: bool) -> str:
    across = f'<w:gridSpan w:val="{cell.across}"/>' if cell.across > 1 else ""
    merged = "" if cell.down == 1 else "<w:vMerge/>" if continues else '<w:vMerge w:val="restart"/>'
    font = f'<w:rFonts w:ascii="{_CELL}" w:hAnsi="{_CELL}" w:eastAsia="{_CELL}"/>'
    half_points = f'<w:sz w:val="{int(2 * size.pt)}"/>'
    shown = escape(legible(cell.text))
    text = f'<w:r><w:rPr>{font}{half_points}</w:rPr><w:t xml:space="preserve">{shown}</w:t></w:r>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{merged}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{"<w:keepNext/>" if keep else ""}'
        '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr>'
        f"{'' if continues else text}</w:p></w:tc>"
    )


def _column_widths(table: MergedTable) -> list[Twips]:
    whole = sum(table.widths)
    return [Twips(_WIDTH // _EMU_OF_A_TWIP * width // whole) for width in table.widths]
