"""Paragraphs and tables of documents: merged cells stand once, and lines keep their numbers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.errors import SourceError
from knowledge.sources.blocks import Block, blocks_of_lines, read_blocks
from knowledge.sources.html_blocks import blocks_of_html

MERGED = """
<h1>标题</h1>
<table>
 <tr><td rowspan="2">左</td><td colspan="2">上</td></tr>
 <tr><td>商业<br>企业</td><td>其他</td></tr>
</table>
"""


def test_merged_cells_stand_once() -> None:
    """A covered place is None; a word that a cell breaks is one cell all the same."""
    assert blocks_of_html(MERGED) == ["标题", (("左", "上", None), (None, "商业 企业", "其他"))]


def test_table_of_layout_is_paragraphs() -> None:
    """A page laid out in a table: its cells are paragraphs, the table inside is the table."""
    page = "<table><tr><td><p>一</p><p>二</p><table><tr><td>1<td>2</table>三</td></tr></table>四"
    assert blocks_of_html(page) == ["一", "二", (("1", "2"),), "三", "四"]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>a<td>b<tr><td>c",
        "<td>a</td></table></tr>",
        "<table></table>",
        "<table><tr></tr></table>",
        '<table><tr><td colspan="99999999" rowspan="-1">a</td></tr></table>',
        "<script>if (a < b) {}</script><style>p{}</style>",
        "",
    ],
)
def test_broken_html_is_read(page: str) -> None:
    """Ends left out, nonsense spans: something comes of it, and never more than a cell may hold."""
    for block in blocks_of_html(page):
        assert isinstance(block, str) or all(len(row) <= 100 for row in block)


def test_lines_keep_their_numbers() -> None:
    """A Markdown table's rows have the lines of the file; the rule under its header is no row."""
    lines = ["# 标题", "", "| 项目 | 数 |", "| --- | --- |", "| 甲 | - |", "", "甲    1    2", "-"]
    assert blocks_of_lines(lines) == [
        Block(1, "# 标题"),
        Block(3, rows=(("项目", "数"), ("甲", "-")), lines=(3, 5)),
        Block(7, "甲    1    2"),
        Block(8, "-"),
    ]


def _workbook(path: Path, sheet: str, shared: str = "") -> Path:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{links}">'
            '<sheets><sheet name="表" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="/xl/worksheets/one.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/one.xml", f'<worksheet xmlns="{main}">{sheet}</worksheet>')
        if shared:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{shared}</sst>')
    return path


def test_workbook_of_excel(tmp_path: Path) -> None:
    """Shared texts in runs, readings left out, numbers, formulas by their value, merged cells, gaps."""
    path = _workbook(
        tmp_path / "a.xlsx",
        '<sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2"><v>12.0</v></c></row>'
        '<row r="3"><c r="B3"><f>1+1</f><v>2</v></c><c r="C3" t="str"><v>无</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="B2:C2"/></mergeCells>',
        "<si><r><t>商业</t></r><r><t>企业</t></r><rPh><t>shangye</t></rPh></si>",
    )
    assert read_blocks(path) == [
        Block(1, "表"),
        Block(1, rows=(("", "", "", ""), ("", "商业企业", None, "12"), ("", "2", "无", ""))),
    ]


def test_far_cell_of_a_workbook_does_not_fill_the_memory(tmp_path: Path) -> None:
    """Excel allows a million rows; a stray cell down there is left out."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    near = '<row r="1"><c r="A1"><v>5</v></c></row>'
    path = _workbook(tmp_path / "far.xlsx", f"<sheetData>{near}{far}</sheetData>")
    assert read_blocks(path)[1] == Block(1, rows=(("5",),))


def test_unknown_kind_is_refused_with_what_can_be_read(tmp_path: Path) -> None:
    """The kinds that are read are in the message."""
    path = tmp_path / "a.wps"
    path.write_bytes(b"x")
    with pytest.raises(SourceError, match="docx"):
        read_blocks(path)
