"""How a letter looks on paper: a .docx after GB/T 9704-2012 (党政机关公文格式).

    A4, margins 37/35/28/26 mm, 28 points a line: 22 lines of 27 characters
    agency, title                小标宋 22 pt, in the middle
    发文字号 or 登记编号            below it, in the middle
    主送                         flush left, after an empty line
    body                         仿宋 16 pt, two characters indented
    附件：…                       after an empty line
                    agency       above its date, in the middle of it, with room for the seal over both
                    date         four characters from the right
                        — 1 —    number of the page, outside: right on odd pages, left on even ones

A letter that just misses one page is set a little closer, as the standard allows for want of room.
Else nothing is alone on a page: a paragraph stays whole unless it is longer than a third of one, and the last
one goes along with agency and date, since a page with only those could be put behind any letter.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.desk.legible import legible

_TITLE_FONT, _BODY_FONT, _PAGE_FONT = "方正小标宋简体", "仿宋", "宋体"
_TITLE_SIZE, _BODY_SIZE, _PAGE_SIZE = Pt(22), Pt(16), Pt(14)
_LINES = (28, 27, 26, 25, 24, 23)  # points from one line to the next: the usual, and closer ones
_USUAL_LINE, _TITLE_LINE = Pt(28), Pt(34)
_PAGE = 637  # points between the margins
_WIDE = 27 * 16  # points that a line holds
_ROOM_FOR_THE_SEAL = Pt(56)  # two empty lines
_CHARACTER = 16  # points
_DATE_FROM_THE_RIGHT = 4 * _CHARACTER
_LEAST_FROM_THE_RIGHT = 2 * _CHARACTER
_COLUMNS = (Cm(4), Cm(11.6))  # of a form
_CELL_MARGINS = 12  # points, both sides
_HYPHEN = re.compile(r"(?<=[0-9A-Z])-(?=[0-9A-Z])")  # 2025-0007 is not broken over two lines
_NUMBER = re.compile(r"(?<![0-9A-Za-z])([A-Z]{0,2}20\d{2}-\d{1,8})(?!\d)")
_LONGEST_WHOLE = 200  # characters: about a third of a page
_ATTACHED = "附件："


@dataclass(frozen=True)
class Written:
    """A letter as text: what the .docx holds, for a chat, a test or a second look."""

    title: str
    number: str
    paragraphs: tuple[str, ...]
    agency: str  # "" in a form that somebody else signs
    on: str
    as_table: bool = False  # each paragraph is `label：value`, a row of a form
    attachments: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Whose letter it is, above the title."""
        return self.agency

    @property
    def attached(self) -> tuple[str, ...]:
        """附件说明: one line for each, numbered where there are several."""
        if len(self.attachments) == 1:
            return (f"{_ATTACHED}{self.attachments[0]}",)
        return tuple(
            f"{_ATTACHED if place == 1 else ''}{place}. {name}"
            for place, name in enumerate(self.attachments, 1)
        )

    @property
    def text(self) -> str:
        parts = (
            *(self.heading, self.title, self.number),
            *self.paragraphs,
            *self.attached,
            *(self.agency, self.on),
        )
        return "\n".join(part for part in parts if part)


def to_docx(written: Written) -> bytes:
    """The letter as a Word file."""
    document = Document()
    _set_page(document)
    line = Pt(_line_that_fits(written))
    for heading in (written.heading, written.title):
        if heading:
            _add(
                document,
                heading,
                WD_ALIGN_PARAGRAPH.CENTER,
                font=_TITLE_FONT,
                size=_TITLE_SIZE,
                line=_TITLE_LINE,
            )
    if written.number:
        _add(document, written.number, WD_ALIGN_PARAGRAPH.CENTER, line=line).space_before = Pt(6)
    if written.as_table:
        document.paragraphs[-1].paragraph_format.space_after = Pt(12)
        _add_table(document, written.paragraphs, line)
    else:
        _add_body(document, written.paragraphs, line)
    _add_attached(document, written.attached, line)
    if written.agency or written.on:
        _keep_the_end_together(document)
        _sign(document, written, line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.footer_distance = Cm(2.3)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, alignment in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        _add_page_number(footer.paragraphs[0], alignment)


def _add_page_number(paragraph: Any, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character from the edge."""
    paragraph.alignment = alignment
    indent = Pt(_PAGE_SIZE.pt)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part or "")
        _set_font(run, _PAGE_FONT, _PAGE_SIZE)
        if part is None:
            for mark in ("begin", "PAGE", "end"):
                run._element.append(_field_mark(mark))


def _field_mark(mark: str) -> Any:
    """A part of the field that Word fills with the number of the page."""
    if mark == "PAGE":
        element = OxmlElement("w:instrText")
        element.text = mark
    else:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), mark)
    return element


def _line_that_fits(written: Written) -> int:
    """The widest spacing in which the letter fits one page, by counting characters; else the usual one."""
    body = [line for paragraph in written.paragraphs for line in paragraph.splitlines()]
    wrapped = sum(_lines_of_row(line) if written.as_table else _lines_of(line) for line in body)
    attached = sum(math.ceil(_width(line) / (_WIDE - 5 * _CHARACTER)) for line in written.attached)
    # Empty lines stand before 主送 and before 附件; agency, date and 发文字号 have one each.
    lines = wrapped + attached + bool(attached) + 1 + bool(written.number)
    lines += bool(written.agency) + bool(written.on)
    headings = sum(bool(each) for each in (written.heading, written.title)) * _TITLE_LINE.pt + 6
    room = _PAGE - headings - _ROOM_FOR_THE_SEAL.pt
    return next((line for line in _LINES if lines * line <= room), _LINES[0])


def _lines_of(line: str) -> int:
    """How many lines a paragraph takes; Latin letters are wider in some fonts than in ours."""
    letters = sum(each.isascii() and each.isalpha() for each in line)
    return math.ceil((_width(line) + 2 * letters + 2 * _CHARACTER) / _WIDE)


def _lines_of_row(row: str) -> int:
    """How many lines a row of a form takes: the longer of its two cells."""
    label, _, value = row.partition("：")
    rooms = [int(column.pt) - _CELL_MARGINS for column in _COLUMNS]
    lines = [math.ceil((_width(text) or 1) / room) for text, room in zip((label, value), rooms, strict=True)]
    return max(lines)


def _keep_the_end_together(document: Any) -> None:
    """The last paragraph, and what before it fits beside it, goes along with agency and date."""
    length = 0
    for paragraph in reversed(document.paragraphs):
        length += len(paragraph.text)
        if length > _LONGEST_WHOLE and paragraph is not document.paragraphs[-1]:
            break
        paragraph.paragraph_format.keep_with_next = True
        if length > _LONGEST_WHOLE:
            break


def _add_body(document: Any, paragraphs: Sequence[str], line_spacing: Pt) -> None:
    for place, paragraph in enumerate(paragraphs):
        is_salutation = place == 0 and paragraph.endswith("：") and len(paragraph) < 60
        for line in paragraph.splitlines():
            # An address cannot be broken: the line before it would be torn apart.
            alignment = WD_ALIGN_PARAGRAPH.LEFT if "://" in line else WD_ALIGN_PARAGRAPH.JUSTIFY
            is_indented = not is_salutation and not line.startswith(("http://", "https://"))
            added = _add(document, line, alignment, line=line_spacing, indented=is_indented)
            added.keep_together = len(line) <= _LONGEST_WHOLE
            added.keep_with_next = line.endswith("：")  # 现答复如下： goes along with what follows it
            if is_salutation:
                added.space_before = line_spacing


def _add_attached(document: Any, attached: Sequence[str], line_spacing: Pt) -> None:
    """附件说明, two characters in, the names below each other; the body does not leave it behind."""
    if attached:
        document.paragraphs[-1].paragraph_format.keep_with_next = True  # of the body
    for place, line in enumerate(attached):
        added = _add(document, line, WD_ALIGN_PARAGRAPH.LEFT, line=line_spacing)
        wide = len(_ATTACHED) * _CHARACTER
        added.left_indent = Pt(2 * _CHARACTER + wide)
        added.keep_together = added.keep_with_next = True
        if place == 0:
            added.first_line_indent, added.space_before = Pt(-wide), line_spacing


def _sign(document: Any, written: Written, line: Pt) -> None:
    """Agency over date, both in the middle of the date, as the seal covers them."""
    date_width, agency_width = _width(written.on), _width(written.agency)
    aside = _DATE_FROM_THE_RIGHT
    overhang = (agency_width - date_width) / 2
    if overhang > aside - _LEAST_FROM_THE_RIGHT:  # a long name: the date moves in with it
        aside = int(_LEAST_FROM_THE_RIGHT + overhang)
    if written.agency:
        signed = _add(document, written.agency, WD_ALIGN_PARAGRAPH.RIGHT, line=line)
        signed.right_indent = Pt(aside - overhang)
        signed.space_before, signed.keep_with_next = _ROOM_FOR_THE_SEAL, True
    if written.on:
        _add(document, written.on, WD_ALIGN_PARAGRAPH.RIGHT, line=line).right_indent = Pt(aside)


def _width(text: str) -> int:
    """Points that a line of 16 point takes: digits and Latin letters are half as wide."""
    return sum(
        _CHARACTER if unicodedata.east_asian_width(each) in "WFA" else _CHARACTER // 2 for each in text
    )


def _add_table(document: Any, paragraphs: Sequence[str], line: Pt) -> None:
    """A form: what is asked at the left, what was given at the right; a short row stays whole."""
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _COLUMNS, strict=True):
        column.width = width
    for paragraph in paragraphs:
        label, _, value = paragraph.partition("：")
        row = table.add_row()
        if len(value) <= _LONGEST_WHOLE:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(row.cells, (label, value), _COLUMNS, strict=True):
            cell.width = width
            _add(cell, text, WD_ALIGN_PARAGRAPH.LEFT, line=line, paragraph=cell.paragraphs[0])


def _add(
    document: Any,
    text: str,
    alignment: WD_ALIGN_PARAGRAPH,
    *,
    font: str = _BODY_FONT,
    size: Pt = _BODY_SIZE,
    line: Pt = _USUAL_LINE,
    indented: bool = False,
    paragraph: Any = None,
) -> Any:
    """One paragraph, a new one at the end or an empty one that is there; gives back its format."""
    paragraph = document.add_paragraph() if paragraph is None else paragraph
    paragraph.alignment = alignment
    made = paragraph.paragraph_format
    made.line_spacing, made.space_after, made.widow_control = line, Pt(0), True
    if indented:
        made.first_line_indent = size * 2  # two characters
    for place, part in enumerate(_NUMBER.split(legible(text))):
        if part:
            run = _add_run(paragraph, part, font, size)
            if place % 2:
                _keep_on_one_line(run)
    return made


def _add_run(paragraph: Any, text: str, font: str, size: Pt) -> Any:
    run = paragraph.add_run()
    for place, part in enumerate(_HYPHEN.split(text)):
        if place:
            run._element.append(OxmlElement("w:noBreakHyphen"))
        run.add_text(part)
    _set_font(run, font, size)
    return run


def _keep_on_one_line(run: Any) -> None:
    """A register number as a content control.

    Word keeps a number with such a hyphen together; LibreOffice tears it at any figure at the end of a line,
    unless it is a thing of its own.
    """
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    run._element.addprevious(control)
    control.append(OxmlElement("w:sdtPr"))
    control.append(content)
    content.append(run._element)


def _set_font(run: Any, font: str, size: Pt) -> None:
    run.font.name, run.font.size = font, size
    # Word takes the font of Chinese characters from its own attribute.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
