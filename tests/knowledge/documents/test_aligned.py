"""Columns that stand below each other without ruled lines: a table where it is proven, else text."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.base import Base, build_base
from knowledge.documents.document import Document, NoteKind
from knowledge.documents.reading import read_document
from knowledge.entry import Answer
from tests.knowledge.documents.making import Text, pdf, print_lines

Rows = list[list[str]]
SIZE = 12.0
GRANTS: Rows = [
    ["村名", "户数", "金额（元）"],
    ["东门村", "12", "34000"],
    ["河口村", "7", "9,800"],
    ["合计", "19", "43,800"],
]


def columns(lefts: list[float], rows: Rows, *, top: float = 120) -> list[Text]:
    """Cells at these places; figures are set flush right, as people set them."""
    return [
        (left + 36 - 6 * len(cell) if cell[:1].isdigit() else left, top + 22 * at, SIZE, cell)
        for at, row in enumerate(rows)
        for left, cell in zip(lefts, row, strict=True)
        if cell
    ]


def read(folder: Path, *texts: Text) -> Document:
    return read_document(pdf(folder / "表.pdf", (list(texts), [])), "表.pdf")


def test_aligned_columns_are_a_table(tmp_path: Path) -> None:
    """The lines above and below stay paragraphs."""
    above = print_lines("清水镇2024年低保发放表", top=90)
    below = print_lines("以上由民政办提供。", top=260)
    document = read(tmp_path, *above, *columns([60, 200, 320], GRANTS), *below)
    assert [table.rows for table in document.tables] == [tuple(map(tuple, GRANTS))]
    assert [block.text for block in document.blocks if block.text] == [
        "清水镇2024年低保发放表",
        "以上由民政办提供。",
    ]
    assert document.notes == ()


def test_head_over_two_lines_is_one(tmp_path: Path) -> None:
    rows = [
        ["项目", "", "本年", "上年"],
        ["", "单位", "决算数", "决算数"],
        ["公务用车", "万元", "4.5", "6.1"],
        ["公务接待费", "万元", "0", "0.2"],
    ]
    (table,) = read(tmp_path, *columns([60, 200, 320, 420], rows)).tables
    assert table.rows[0] == ("项目", "单位", "本年决算数", "上年决算数")
    assert len(table.rows) == 3


def test_a_cell_that_is_empty_stays_empty(tmp_path: Path) -> None:
    rows = [*GRANTS[:3], ["西坡村", "", "5,000"], GRANTS[3]]
    (table,) = read(tmp_path, *columns([60, 200, 320], rows)).tables
    assert ("西坡村", "", "5,000") in table.rows


def test_prose_in_two_columns_stays_prose(tmp_path: Path) -> None:
    """Also where figures end its lines."""
    left, right = "管护员汛期每天巡查一次非汛期每周", "发现渗漏险情立即报告共计2024"
    texts = [(x, 90.0 + 20 * at, SIZE, line) for at in range(6) for x, line in ((60.0, left), (330.0, right))]
    assert read(tmp_path, *texts).tables == ()


def test_lists_and_contents_stay_text(tmp_path: Path) -> None:
    """Names in rows, numbered items, and titles with the numbers of their pages."""
    names = [["张三", "李四", "王五"], ["赵六", "孙七", "周八"], ["吴九", "郑十", "冯一"]]
    assert read(tmp_path, *columns([60, 200, 320], names)).tables == ()
    contents = [["目录", ""], ["一、总则", "1"], ["二、范围", "3"], ["三、附则", "9"], ["四、其他", "11"]]
    assert read(tmp_path, *columns([60, 400], contents)).tables == ()
    items = [["1.", "村委会统一申报"], ["2.", "镇政府逐户审核"], ["3.", "县民政局审批"]]
    assert read(tmp_path, *columns([60, 90], items)).tables == ()
    contacts = [["联系人：张三", "电话：0790-6431234"], ["联系人：李四", "电话：0790-6431235"]] * 2
    assert read(tmp_path, *columns([60, 320], contacts)).tables == ()


def test_two_lines_prove_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, *columns([60, 200, 320], GRANTS[:2])).tables == ()


def test_figures_without_a_head_stay_text_and_are_told(tmp_path: Path) -> None:
    document = read(tmp_path, *columns([60, 200, 320], GRANTS[1:]))
    assert document.tables == ()
    assert [note.kind for note in document.notes] == [NoteKind.TABLE_AS_TEXT]


def test_a_column_out_of_line_is_no_table(tmp_path: Path) -> None:
    """Two cells of a line in one column: nothing is guessed."""
    texts = [*columns([60, 200, 320], GRANTS), (240.0, 142.0, SIZE, "约")]
    tables = read(tmp_path, *texts).tables
    assert all(
        "约" not in (cell or "") or len(row) == 3 for table in tables for row in table.rows for cell in row
    )
    assert not any(table.rows == tuple(map(tuple, GRANTS)) for table in tables)


def test_cells_can_be_asked(tmp_path: Path) -> None:
    """To the end: a figure of such a table is quoted with its names."""
    folder = tmp_path / "folder"
    folder.mkdir()
    texts = [*print_lines("清水镇2024年低保发放情况表", top=90), *columns([60, 200, 320], GRANTS)]
    pdf(folder / "低保.pdf", (texts, []))
    build_base(folder, tmp_path / "knowledge.db")
    with Base.open(tmp_path / "knowledge.db") as base:
        answer = base.ask("河口村低保户数多少")
        assert isinstance(answer, Answer)
        assert answer.hits[0].entry.text.startswith("河口村，户数：7")


VILLAGES = [[f"{name}家村", f"{at}2.50", f"{at}0.00"] for at, name in enumerate("赵钱孙李周吴郑王", start=1)]
HEAD = ["村名", "收入（万元）", "支出（万元）"]


@pytest.mark.parametrize("head", [[], [HEAD]], ids=["head-once", "head-on-each-page"])
def test_a_table_goes_on_over_the_page(tmp_path: Path, head: Rows) -> None:
    """Below the same columns the next page's rows are of the same table."""
    lefts = [60.0, 240.0, 400.0]
    pages = [
        [
            *print_lines("柳溪镇村务公开", top=40),
            *columns(lefts, rows),
            *print_lines(f"第{number}页", top=800),
        ]
        for number, rows in enumerate(
            ([HEAD, *VILLAGES[:4]], [*head, *VILLAGES[4:6]], [*head, *VILLAGES[6:]]), 1
        )
    ]
    path = pdf(tmp_path / "表.pdf", *((page, []) for page in pages))
    document = read_document(path, "表.pdf")
    assert [table.rows for table in document.tables] == [tuple(map(tuple, [HEAD, *VILLAGES]))]
    assert (document.notes, [block.text for block in document.blocks if block.text]) == ((), [])


def test_other_columns_on_the_next_page_are_no_continuation(tmp_path: Path) -> None:
    first = columns([60.0, 240.0, 400.0], [HEAD, *VILLAGES[:4]])
    second = columns([60.0, 160.0, 260.0, 360.0], [[*row, "7"] for row in VILLAGES[4:]])
    document = read_document(pdf(tmp_path / "表.pdf", (first, []), (second, [])), "表.pdf")
    (table,) = document.tables
    assert len(table.rows) == 5
    assert [note.kind for note in document.notes] == [NoteKind.TABLE_AS_TEXT]
