"""The annual report on paper: the rows, columns and merged cells of the national format, in every form."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document

from bot.desk.annual_report.counts import ROWS, Case, table_3, table_4
from bot.desk.annual_report.layout import merged_tables
from bot.desk.annual_report.markdown import sheets
from bot.desk.annual_report.national_format import CELLS_2, SECTIONS, UnknownName, cell_named, row_label
from bot.desk.annual_report.wording import TO_FILL_IN, WORDING, write_report
from bot.desk.annual_report.year import Activity, YearReport
from bot.desk.errors import InvalidValue, MissingFields
from bot.desk.model import ApplicantKind, Outcome
from bot.desk.remedies import Remedy

ENTERED = {("行政许可", "本年处理决定数量"): "12", ("行政事业性收费", "本年收费金额（单位：万元）"): "1.25"}


def report() -> YearReport:
    """One request disclosed, one carried out, one reconsideration, two figures of Table 2 entered."""
    cases = [
        Case(
            "2026-0001", ApplicantKind.NATURAL_PERSON, date(2026, 3, 1), Outcome.DISCLOSED, date(2026, 3, 9)
        ),
        Case("2026-0002", ApplicantKind.COMPANY, date(2026, 12, 30)),
    ]
    remedies = [Remedy("2026-0001", "reconsideration", date(2026, 4, 1), "upheld", date(2026, 5, 1))]
    return YearReport(
        agency="洲上乡人民政府",
        today=date(2027, 1, 12),
        table_2=ENTERED,
        table_3=table_3(cases, 2026),
        table_4=table_4(remedies, 2026),
        activity=Activity(asked=7, answered=4, suggested=1, unanswered=2, fees_yuan=300),
    )


def texts_of(table: object) -> list[list[str]]:
    """The cells of a Word table as seen; a merged cell stands in every place that it covers."""
    return [[cell.text for cell in row.cells] for row in table.rows]  # type: ignore[attr-defined]  # docx has no types


def test_rows_of_the_national_format() -> None:
    """25 rows and 7 columns of figures in Table 3, 10 figures in Table 2, 15 in Table 4."""
    second, third, fourth = sheets(report().table_2, report().table_3, report().table_4)
    assert [row[3] for row in second.rows] == ["/"] * 6 + ["12", "/", "/", "1.25"]
    assert (len(third.rows), {len(row) for row in third.rows}) == (25, {8})
    assert third.rows[0] == ("一、本年新收政府信息公开申请数量", "1", "1", "0", "0", "0", "0", "2")
    assert sum(len(row) - 1 for row in fourth.rows) == 15
    assert fourth.rows[0] == ("行政复议", "1", "0", "0", "0", "1")


def test_labels_name_the_group() -> None:
    """The row of an outcome says where it stands in the format."""
    assert row_label("A") == "三、本年度办理结果（一）予以公开"
    assert row_label("C1") == "三、本年度办理结果（三）不予公开1.属于国家秘密"
    assert row_label("四") == "四、结转下年度继续办理"


@pytest.mark.parametrize("code", ROWS)
def test_row_is_found_by_code_and_words(code: str) -> None:
    """Whatever of its names a clerk types, in whichever width."""
    for name in (code, code.lower(), row_label(code), row_label(code).replace("（", "(").replace("）", ")")):
        assert cell_named(name, "自然人").row == code


def test_cells_of_the_other_tables_are_found() -> None:
    """Tables 2 and 4 by the words of their rows and columns."""
    assert cell_named("行政复议", "结果维持").table == 4
    assert [cell_named(*cell).table for cell in CELLS_2] == [2] * 10


@pytest.mark.parametrize(
    ("row", "column", "part", "one_of_them"),
    [
        ("C9", "NP", "row", "C8"),
        ("", "NP", "row", "一"),
        ("C1", "农民", "column", "NP"),
        ("行政复议", "自然人", "column", "upheld"),
        ("规章", "自然人", "column", "本年制发件数"),
    ],
)
def test_unknown_name_lists_what_there_is(row: str, column: str, part: str, one_of_them: str) -> None:
    """The error holds every name that would have been right."""
    with pytest.raises(UnknownName) as raised:
        cell_named(row, column)
    assert raised.value.part == part
    assert one_of_them in raised.value.allowed


def test_merged_cells_fill_each_table() -> None:
    """Every place of every table is covered by exactly one cell."""
    for table in merged_tables(report().table_2, report().table_3, report().table_4):
        covered = [
            (top + y, left + x)
            for top, left, cell in table.placed()
            for y in range(cell.down)
            for x in range(cell.across)
        ]
        assert sorted(covered) == [(y, x) for y in range(len(table.rows)) for x in range(len(table.widths))]


def test_word_file_looks_like_the_national_form() -> None:
    """Six sections in order; five kinds of organisation under one merged cell; figures in their places."""
    document = Document(io.BytesIO(report().to_docx()))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.text in SECTIONS]
    assert tuple(headings) == SECTIONS
    second, third, fourth = (texts_of(table) for table in document.tables)
    assert second[-1] == ["行政事业性收费", "1.25", "1.25", "1.25"]
    assert third[0][3:] == ["申请人情况"] * 7
    assert third[1][3:] == ["自然人", *["法人或其他组织"] * 5, "总计"]
    assert third[2][3:] == ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    assert len(third) == 3 + 25
    assert [len(table._tbl.xpath(".//w:tblHeader")) for table in document.tables] == [0, 3, 3]
    assert third[3][2:] == ["一、本年新收政府信息公开申请数量", "1", "1", "0", "0", "0", "0", "2"]
    assert third[7][:3] == ["三、本年度办理结果", "（三）不予公开", "1.属于国家秘密"]
    assert (len(fourth[0]), fourth[-1]) == (15, ["1", "0", "0", "0", "1", *["0"] * 10])


def test_prose_has_the_figures_and_places_to_fill_in() -> None:
    """What the ledger knows is written; what it cannot know is marked yellow."""
    document = Document(io.BytesIO(report().to_docx()))
    marked = [
        run.text
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.font.highlight_color is not None
    ]
    assert marked
    assert any("社会评议" in text and "责任追究" in text for text in marked)
    assert all(TO_FILL_IN.fullmatch(text) for text in marked)
    whole = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for words in (
        "新收政府信息公开申请2件",
        "收到提问7次，直接答复4次",
        "没有查到2次",
        "收取信息处理费300元",
    ):
        assert words in whole


def test_markdown_has_the_same_cells() -> None:
    """Every figure of the sheets is in the Markdown, under the title of its section."""
    markdown = report().to_markdown()
    assert [line[3:] for line in markdown.splitlines() if line.startswith("## ")] == list(SECTIONS)
    for sheet in sheets(report().table_2, report().table_3, report().table_4):
        for row in sheet.rows:
            assert f"| {' | '.join(row)} |" in markdown


def test_workbook_holds_numbers_merged_cells_and_texts() -> None:
    """The parts are well-formed XML; figures are numbers, the unknown is a text, headings are merged."""
    with zipfile.ZipFile(io.BytesIO(report().to_xlsx())) as archive:
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    second, third = (parts[f"xl/worksheets/sheet{place}.xml"] for place in (1, 2))
    assert [element.text for element in second.iter(f"{space}v")] == ["12", "1.25"]
    assert [element.text for element in second.iter(f"{space}t")].count("/") == 8
    assert "E2:I2" in [each.get("ref") for each in third.iter(f"{space}mergeCell")]
    assert [each.get("name") for each in parts["xl/workbook.xml"].iter(f"{space}sheet")] == list(
        SECTIONS[1:4]
    )


@pytest.mark.parametrize(
    ("wording", "error"),
    [
        ("title: x", InvalidValue),
        ("title: [", InvalidValue),
        ("title: 1\nopening: x\nsections: []", InvalidValue),
        ("title: '{nobody}'\nopening: x\nsections: []", MissingFields),
        ("", InvalidValue),
    ],
    ids=["no-sections", "no-yaml", "number", "unknown-name", "empty"],
)
def test_edited_wording_that_is_broken_is_refused(
    tmp_path: Path, wording: str, error: type[Exception]
) -> None:
    """The office may edit the wording; a slip is an error with the file's name, not a crash."""
    path = tmp_path / "annual_report.yaml"
    path.write_text(wording, encoding="utf-8")
    with pytest.raises(error):
        write_report({"agency": "某乡", "today": "今天"}, path)


def test_wording_uses_every_figure_it_names() -> None:
    """The list of names at the top of the file is what the report can fill in."""
    named = {name for name in report()._facts() if name in WORDING.read_text(encoding="utf-8")}
    assert named == set(report()._facts())
