"""A table that was copied one cell a line stays text, and `check` says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.entry import EntryKind
from knowledge.sources import read_folder

CATALOGUE = """青石镇救助事项公开目录
序号
公开事项
公开内容
公开时限
公开方式
1
医疗救助
申请条件和救助标准
长期
公示栏
2
临时救助
申请材料
20个工作日内
公示栏
政府网站
3
特困供养
终止供养名单
长期
村务公开栏
"""


def test_a_copied_catalogue_is_told(tmp_path: Path) -> None:
    (tmp_path / "目录.txt").write_text(CATALOGUE, encoding="utf-8")
    (paper,) = read_folder(tmp_path, {}).papers
    assert paper.tables == 0
    (remark,) = paper.remarks
    assert "从表格复制成的文字" in remark
    assert any("终止供养名单" in entry.text for entry in paper.entries)


def test_prose_and_numbered_items_are_not(tmp_path: Path) -> None:
    """Numbers on lines of their own, or counted sentences, are no table."""
    prose = "停水通知\n" + "".join(
        f"{at}\n因检修管道，{at}月需要停水两天，请各户提前储水备用。\n" for at in range(1, 6)
    )
    items = "救助办法\n" + "".join(f"{at}.申请人提交材料，村里审核。\n" for at in range(1, 6))
    for name, text in (("停水.txt", prose), ("办法.txt", items)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [paper.remarks for paper in read_folder(tmp_path, {}).papers] == [(), ()]


FLAT = """青石镇2022年度“三公”经费支出决算表
项目
预算数
决算数
合计
12
9.85
公务接待费
4
2.35
公务用车运行维护费
8
7.5
青石镇人民政府
"""


def test_a_copied_table_is_rebuilt_where_the_counts_prove_it(tmp_path: Path) -> None:
    (tmp_path / "三公.txt").write_text(FLAT, encoding="utf-8")
    (paper,) = read_folder(tmp_path, {}).papers
    assert (paper.tables, paper.remarks) == (1, ())
    lines = [entry.text for entry in paper.entries if entry.kind is EntryKind.FACT]
    assert "公务接待费，决算数：2.35— 《青石镇2022年度“三公”经费支出决算表》" in lines
    assert len(lines) == 6


def test_rows_that_are_counted_are_rebuilt(tmp_path: Path) -> None:
    rows = "序号\n姓名\n村组\n面积\n1\n王大\n一组\n3.5\n2\n李二\n二组\n4\n3\n赵三\n一组\n1\n"
    (tmp_path / "表.txt").write_text("青石镇退耕还林公示表\n" + rows, encoding="utf-8")
    (paper,) = read_folder(tmp_path, {}).papers
    assert any("李二，二组，面积：4" in entry.text for entry in paper.entries)


@pytest.mark.parametrize("lost", ["2.35\n", "合计\n", "8\n"])
def test_a_lost_cell_proves_nothing(tmp_path: Path, lost: str) -> None:
    """An empty cell leaves no line: no figure gets the name of its neighbour, and the admin is told."""
    (tmp_path / "三公.txt").write_text(FLAT.replace(lost, "", 1), encoding="utf-8")
    (paper,) = read_folder(tmp_path, {}).papers
    assert paper.tables == 0
    assert "从表格复制成的文字" in paper.remarks[0]
