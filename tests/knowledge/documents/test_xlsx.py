"""Of a workbook the texts that its cells show."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from knowledge.documents.cell_format import shown
from knowledge.documents.document import Document, NoteKind, Table
from knowledge.documents.reading import read_document
from knowledge.documents.xlsx import NOT_COUNTED


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (None, "General", ""),
        (0, "General", "0"),
        (12, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.5, "General", "1234567.5"),
        (123456789012, "General", "123456789012"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (1200000, "#,##0", "1,200,000"),
        (4.5, "0.00", "4.50"),
        (4.5, "#,##0.00_ ", "4.50"),
        (2.5, "0.0#", "2.5"),
        (2.345, "0.00", "2.35"),
        (-3, '0.0;"减"0.0', "减3.0"),
        (-3, "0.0", "-3.0"),
        (36, '0"件"', "36件"),
        (36, '[Red]0"万元"', "36万元"),
        (1234567, '#,##0,"千元"', "1,235千元"),
        (123456, "0!.0,", "12.3"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0.00"),
        (True, "General", "TRUE"),
        ("第一条", "@", "第一条"),
        (datetime.fromisoformat("2024-03-01"), "yyyy-mm-dd", "2024-03-01"),
        (datetime.fromisoformat("2024-03-01"), 'yyyy"年"m"月"d"日"', "2024年3月1日"),
        (datetime.fromisoformat("2024-03-01"), "[$-804]yyyy年m月", "2024年3月"),
        (datetime.fromisoformat("2024-03-01T08:05"), "yyyy/m/d h:mm", "2024/3/1 8:05"),
        (time(8, 30), "h:mm", "8:30"),
        (date(2024, 3, 1), "General", "2024-03-01"),
    ],
)
def test_a_cell_shows(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


def _book(*rows: list[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def _read(folder: Path, book: openpyxl.Workbook) -> Document:
    book.save(folder / "表.xlsx")
    return read_document(folder / "表.xlsx", "表.xlsx")


def test_sheets_are_tables_with_merged_cells_and_formats(tmp_path: Path) -> None:
    book = _book(
        ["三公经费", None, None], ["项目", "2023年", "2024年"], ["接待费", 4.5, 0], ["合计", "=B3", None]
    )
    book.active.title = "三公"
    book.active.merge_cells("A1:C1")
    book.active["B3"].number_format = "0.00"
    book.create_sheet("Sheet2").append(["村", "户"])
    document = _read(tmp_path, book)
    assert document.tables == (
        Table(
            (
                ("三公经费", None, None),
                ("项目", "2023年", "2024年"),
                ("接待费", "4.50", "0"),
                ("合计", NOT_COUNTED, ""),
            ),
            caption="三公",
        ),
        Table((("村", "户"),)),
    )
    assert [block.text for block in document.blocks if block.text] == ["三公"]


def test_what_is_hidden_or_struck_is_left_out_and_said(tmp_path: Path) -> None:
    book = _book(["村", "内部", "户"], ["东村", "x", 12], ["西村", "y", 13], ["南村", "z", 14])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.active["C4"].font = Font(strike=True)
    book.create_sheet("底稿").append(["秘密"])
    book["底稿"].sheet_state = "hidden"
    document = _read(tmp_path, book)
    assert document.tables == (Table((("村", "户"), ("东村", "12"), ("南村", ""))),)
    assert [note.kind for note in document.notes] == [NoteKind.LEFT_OUT] * 2


def test_runs_inside_a_cell(tmp_path: Path) -> None:
    book = _book(["面积", "x"])
    book.active["B1"] = CellRichText(
        TextBlock(InlineFont(strike=True), "20"), "30 m", TextBlock(InlineFont(vertAlign="superscript"), "2")
    )
    assert _read(tmp_path, book).tables == (Table((("面积", "30 m²"),)),)


def test_a_far_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = _book(["村", "户"])
    book.active["XFD1048576"] = "远"
    document = _read(tmp_path, book)
    assert document.tables == (Table((("村", "户"),)),)
    assert "只读了前" in document.notes[0].text


def test_a_strict_workbook_is_read(tmp_path: Path) -> None:
    _book(["村", "户"]).save(tmp_path / "宽.xlsx")
    with zipfile.ZipFile(tmp_path / "宽.xlsx") as loose, zipfile.ZipFile(tmp_path / "严.xlsx", "w") as strict:
        for name in loose.namelist():
            part = loose.read(name)
            part = part.replace(
                b"schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"purl.oclc.org/ooxml/spreadsheetml/main",
            )
            strict.writestr(
                name,
                part.replace(
                    b"schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )
    assert read_document(tmp_path / "严.xlsx", "严.xlsx").tables == (Table((("村", "户"),)),)


def test_a_formula_without_a_value_is_named(tmp_path: Path) -> None:
    """Written by a program that does not count: not an empty cell, and not quoted as one."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "补贴"
    for cells in (["村", "金额"], ["东门村", 300], ["河口村", ""], ["合计", "=SUM(B2:B3)"]):
        sheet.append(cells)
    book.save(tmp_path / "表.xlsx")
    document = read_document(tmp_path / "表.xlsx", "表.xlsx")
    (note,) = document.notes
    assert note.text.startswith("工作表“补贴”的 B4：公式没有算好的值")
    (table,) = document.tables
    assert [row[1] for row in table.rows] == ["金额", "300", "", NOT_COUNTED]
