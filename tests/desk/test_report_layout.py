"""The annual report's tables on paper: the rows of the national format, in Markdown, Word and Excel."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

from docx import Document

from bot.desk.annual_report import Case, Remedy, table_3, table_4
from bot.desk.model import ApplicantKind, Outcome
from bot.desk.report_layout import Sheet, row_label, sheets, to_docx, to_markdown
from bot.desk.workbook import to_xlsx


def some() -> tuple[Sheet, ...]:
    """One request disclosed, one carried out, one reconsideration."""
    cases = [
        Case(
            "2026-0001", ApplicantKind.NATURAL_PERSON, date(2026, 3, 1), Outcome.DISCLOSED, date(2026, 3, 9)
        ),
        Case("2026-0002", ApplicantKind.COMPANY, date(2026, 12, 30)),
    ]
    remedies = [Remedy("2026-0001", "reconsideration", date(2026, 4, 1), "upheld", date(2026, 5, 1))]
    return sheets(table_3(cases, 2026), table_4(remedies, 2026))


def test_rows_of_the_national_format() -> None:
    """25 rows and 7 columns of figures in Table 3, 15 figures in Table 4."""
    _, third, fourth = some()
    assert (len(third.rows), {len(row) for row in third.rows}) == (25, {8})
    assert third.rows[0] == ("一、本年新收政府信息公开申请数量", "1", "1", "0", "0", "0", "0", "2")
    assert sum(len(row) - 1 for row in fourth.rows) == 15
    assert fourth.rows[0] == ("行政复议", "1", "0", "0", "0", "1")


def test_labels_name_the_group() -> None:
    """The row of an outcome says where it stands in the format."""
    assert row_label("A") == "三、本年度办理结果（一）予以公开"
    assert row_label("C1") == "三、本年度办理结果（三）不予公开1.属于国家秘密"
    assert row_label("四") == "四、结转下年度继续办理"


def test_markdown_and_word_hold_the_same() -> None:
    """Every cell of the sheets is in both."""
    markdown = to_markdown("年度报告", some(), ["提问 3 次。"])
    document = Document(io.BytesIO(to_docx("年度报告", some(), ["提问 3 次。"])))
    assert len(document.tables) == 3
    for sheet, table in zip(some(), document.tables, strict=True):
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        assert cells == [list(sheet.header), *map(list, sheet.rows)]
        for row in sheet.rows:
            assert f"| {' | '.join(row)} |" in markdown


def test_workbook_holds_numbers_and_texts() -> None:
    """The parts are well-formed XML; digits are numbers, and what XML reserves is escaped."""
    content = to_xlsx([("表 <1> & 2", [("项目", "a<b"), ("一", "12")])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert [element.text for element in sheet.iter(f"{space}v")] == ["12"]
    assert [element.text for element in sheet.iter(f"{space}t")] == ["项目", "a<b", "一"]
    assert [each.get("name") for each in parts["xl/workbook.xml"].iter(f"{space}sheet")] == ["表 <1> & 2"]
