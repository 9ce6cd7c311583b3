"""Files as people send them, written by the programs that write such files."""

from __future__ import annotations

import zipfile
from io import BytesIO

from docx import Document
from openpyxl import Workbook
from PIL import Image


def docx(text: str = "村道硬化支出明细") -> bytes:
    """A Word file."""
    written, buffer = Document(), BytesIO()
    written.add_paragraph(text)
    written.save(buffer)
    return buffer.getvalue()


def xlsx(*rows: tuple[object, ...]) -> bytes:
    """An Excel file."""
    book, buffer = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows or (("项目", "金额"), ("村口桥", 86000)):
        sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 20)) -> bytes:
    """A picture, or a PDF of one page: PNG, JPEG or PDF."""
    buffer = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, format=kind)
    return buffer.getvalue()


def pdf() -> bytes:
    return picture("PDF")


def with_macros(content: bytes) -> bytes:
    """The same Word or Excel file as somebody sends it who wants a macro to run."""
    buffer = BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return buffer.getvalue()
