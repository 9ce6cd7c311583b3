"""A whole report that was typed into a sheet is a report; a table with groups of rows stays one table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from knowledge.documents.reading import read_document
from knowledge.sources import read_folder

Rows = Sequence[Sequence[str]]
REPORT: Rows = (
    ("青石镇2024年政府信息公开工作年度报告",),
    ("一、总体情况",),
    ("全年公开信息36条。",),
    ("三、收到和处理政府信息公开申请情况",),
    ("申请人情况", "", "", "自然人", "商业企业", "总计"),
    ("一、本年新收政府信息公开申请数量", "", "", "8", "1", "9"),
    ("三、本年度办理结果", "（一）予以公开", "", "4", "0", "4"),
    ("", "（三）不予公开", "1.属于国家秘密", "1", "0", "1"),
    ("四、结转下年度继续办理", "", "", "2", "0", "2"),
    ("五、存在的主要问题及改进情况",),
    ("公开不够及时。",),
)
BUDGET: Rows = (
    ("青石镇2024年预算表",),
    ("项目", "本年", "上年"),
    ("一、收入",),
    ("税收", "120", "110"),
    ("二、支出",),
    ("教育", "80", "75"),
)


def write(folder: Path, rows: Rows, suffix: str) -> Path:
    width = max(map(len, rows))
    path = folder / f"表{suffix}"
    if suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([*row, *[""] * (width - len(row))] for row in rows)
        return path
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_report_in_a_sheet_is_a_report(tmp_path: Path, suffix: str) -> None:
    write(tmp_path, REPORT, suffix)
    (paper,) = read_folder(tmp_path, {}).papers
    assert (paper.is_report, paper.agency, paper.year) == (True, "青石镇", 2024)
    assert (paper.sections, paper.tables) == (3, 1)
    texts = [entry.text for entry in paper.entries]
    assert any(text.startswith("结转下年度继续办理，总计：2（件）— 青石镇2024年年报 表三") for text in texts)
    assert any(text.startswith("五、存在的主要问题及改进情况") for text in texts)
    assert not any("没有填" in text for text in texts)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_groups_of_rows_stay_in_their_table(tmp_path: Path, suffix: str) -> None:
    """Their figures keep the names of their columns."""
    path = write(tmp_path, BUDGET, suffix)
    (table,) = read_document(path, path.name).tables
    assert len(table.rows) == len(BUDGET)
    (paper,) = read_folder(tmp_path, {}).papers
    assert any("教育，本年：80" in entry.text for entry in paper.entries)


def test_a_sheet_of_text_alone_is_text(tmp_path: Path) -> None:
    rows = (("停水通知",), ("一、时间",), ("五月六日停水。",), ("二、范围",), ("东门村。",))
    write(tmp_path, rows, ".xlsx")
    (paper,) = read_folder(tmp_path, {}).papers
    assert (paper.title, paper.sections, paper.tables) == ("停水通知", 2, 0)
