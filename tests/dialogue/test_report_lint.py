"""Checking somebody's report: a right one passes in every make, each mistake gives exactly its finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.annual_report.checking.check import check_report, read_report
from bot.desk.annual_report.checking.finding import RULES, Finding
from bot.desk.annual_report.layout import Cell, MergedTable
from bot.desk.annual_report.national_format import ROWS_IN_WORDS, SECTIONS
from bot.dialogue.messages import Language
from bot.dialogue.report_lint import lint, told
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.errors import SourceError
from knowledge.sources.blocks import Block
from tests.dialogue.reports import (
    Draft,
    fixture,
    in_the_format_of_2019,
    with_cell,
    with_columns_swapped,
    with_extra_row,
    with_word,
    without_column,
    without_figure,
    without_row,
    write,
)
from tests.dialogue.stage import WORDS, wide

CELLS = (
    *ROWS_IN_WORDS,
    "0",
    "1",
    "12",
    "/",
    "-",
    "",
    "总计",
    "自然人",
    "规章",
    "第二十条第（一）项",
    "2024年",
    "1,234",
)
MAKES = ("docx", "xlsx", "html", "md", "columns", "spaces", "cells")
WITH_PROSE = tuple(make for make in MAKES if make != "xlsx")
Change = Callable[[Draft], Draft]


def cells(number: int, *changes: tuple[str, int, str]) -> Change:
    """Other texts in cells of one table."""

    def change(draft: Draft) -> Draft:
        for change in changes:
            draft = draft.table(number, with_cell(*change))
        return draft

    return change


NEW_ROW, DONE_ROW, OUT_ROW = "一、本年新收政府信息公开申请数量", "（七）总计", "四、结转下年度继续办理"
A_ROW, SECRETS, BANNED = "（一）予以公开", "1.属于国家秘密", "2.其他法律行政法规禁止公开"

# rule, what is changed, what the place of the finding says
MISTAKES: list[tuple[str, Change, str]] = [
    ("section_missing", lambda draft: draft.without_section(5), "整份报告"),
    ("section_misnamed", lambda draft: draft.prose("问题及改进情况", "问题和打算"), "第"),
    ("row_missing", lambda draft: draft.table(3, without_row(BANNED)), BANNED),
    ("row_missing", lambda draft: draft.table(3, without_row("3.其他")), "3.其他"),
    ("row_missing", lambda draft: draft.table(2, without_row("行政强制")), "行政强制"),
    ("row_misnamed", lambda draft: draft.table(3, with_word(SECRETS, "1.属于工作秘密")), SECRETS),
    ("row_misnamed", lambda draft: draft.table(3, with_word("3.其他", "3.另外的")), "3.其他"),
    (
        "row_misnamed",
        lambda draft: draft.table(2, with_word("行政规范性文件", "规范性文件")),
        "行政规范性文件",
    ),
    ("row_extra", lambda draft: draft.table(3, with_extra_row("五、备注的数", ["0"] * 7)), "表三"),
    ("column_missing", lambda draft: draft.table(3, without_column("科研机构")), "科研机构"),
    ("column_missing", lambda draft: draft.table(3, with_word("科研机构", "研究单位")), "科研机构"),
    ("column_missing", lambda draft: draft.table(2, with_word("现行有效件数", "有效数")), "现行有效件数"),
    ("column_missing", lambda draft: draft.table(4, with_word("尚未审结", "没有结果")), "尚未审结"),
    ("column_order", lambda draft: draft.table(3, with_columns_swapped), "表三"),
    ("not_a_number", cells(3, (SECRETS, 0, "/")), "“1.属于国家秘密”×“自然人”"),
    ("not_a_number", cells(3, (NEW_ROW, 2, "-")), "×“科研机构”"),
    ("not_a_number", cells(2, ("行政许可", 0, "无")), "“行政许可”"),
    ("odd_number", cells(3, (NEW_ROW, 0, "13,612")), "“自然人”"),
    ("odd_number", cells(3, (NEW_ROW, 0, wide("13612"))), "“自然人”"),
    ("odd_number", cells(2, ("行政处罚", 0, "3件")), "行政处罚"),
    ("rules_above_zero", cells(2, ("规章", 2, "1")), "“规章”×“现行有效件数”"),
    ("column_unbalanced", cells(3, (NEW_ROW, 0, "13613"), (NEW_ROW, 6, "14070")), "“自然人”"),
    ("column_unbalanced", cells(3, (OUT_ROW, 3, "3"), (OUT_ROW, 6, "820")), "“社会公益组织”"),
    ("results_unequal", cells(3, (A_ROW, 0, "13001"), (A_ROW, 6, "13361")), f"“{DONE_ROW}”×“自然人”"),
    ("total_unequal", cells(3, (NEW_ROW, 6, "14070")), f"“{NEW_ROW}”×“总计”"),
    ("total_unequal", cells(3, (A_ROW, 6, "13361")), f"“{A_ROW}”×“总计”"),
    ("year_title", lambda draft: _titled(draft, "2024年"), "第"),
    ("year_period", lambda draft: _opening(draft, "2024年1月1日至2024年12月31日"), "第"),
    ("year_section", lambda draft: draft.prose("2025年，本乡", "2023年，本乡"), "第"),
    ("year_table", lambda draft: draft.table(3, with_word("申请人情况", "2024年申请人情况")), "表三"),
    ("unfinished", lambda draft: draft.prose("没有其他需要", "【请填写：别的】没有其他需要"), "第"),
]


def _titled(draft: Draft, year: str) -> Draft:
    return replace(draft, title=draft.title.replace("2025年", year))


def _opening(draft: Draft, period: str) -> Draft:
    return replace(draft, opening=f"本报告的统计期限为{period}。")


def findings(draft: Draft, folder: Path, make: str = "html", **options: int) -> list[Finding]:
    return lint(write(draft, folder, make), **options)  # type: ignore[arg-type]  # passed on as they came


def shown(some: list[Finding]) -> list[tuple[str, str]]:
    return [(each.rule, told(WORDS, each, Path("report.html")).where) for each in some]


@pytest.mark.parametrize("make", MAKES)
def test_right_report_passes(make: str, tmp_path: Path) -> None:
    """The fixture of law.md part 6 has no finding, whatever it was written with."""
    assert shown(findings(fixture(), tmp_path, make)) == []
    assert make == "xlsx" or shown(findings(fixture(), tmp_path, make, year=2025)) == []


@pytest.mark.parametrize("make", WITH_PROSE)
@pytest.mark.parametrize(("rule", "change", "where"), MISTAKES)
def test_mistake_gives_exactly_its_finding(
    rule: str, change: Change, where: str, make: str, tmp_path: Path
) -> None:
    """One changed thing, one finding, at that place; in each make of report."""
    if rule == "year_table" and make in ("columns", "spaces", "cells"):
        rule, where = "year_section", "第"  # in plain text nobody can tell a cell from a line of prose
    (finding,) = shown(findings(change(fixture()), tmp_path, make))
    assert finding[0] == rule
    assert where in finding[1]


def test_every_rule_has_a_mistake() -> None:
    """Each rule is shown by a mistake above, or by a test of its own below."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert [rule for rule in RULES if f'"{rule}"' not in source] == []


# ---- formats of before


def test_report_of_2018_is_told_by_its_format() -> None:
    """The real report of 2018: one finding, which names what it lacks."""
    path = EMBEDDED_KNOWLEDGE / "report_2018.txt"
    (finding,) = lint(path, year=2018)
    assert finding.rule == "old_prose"
    assert finding.facts["sections"] == (
        "总体情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、其他需要报告的事项"
    )
    assert "缺表二 6 行（规章、行政规范性文件、" in told(WORDS, finding, path).what


@pytest.mark.parametrize("make", WITH_PROSE)
def test_format_of_2019_is_told_once(make: str, tmp_path: Path) -> None:
    """Its old words and the rows that it lacks; what both formats have still has to add up."""
    old = in_the_format_of_2019(fixture())
    (finding,) = findings(old, tmp_path, make)
    assert finding.rule == "old_2019"
    assert "本年新制作数量" in finding.facts["words"]
    assert finding.facts["rows"].count("；") == 2
    wrong = findings(cells(3, (NEW_ROW, 0, "13613"), (NEW_ROW, 6, "14070"))(old), tmp_path, make)
    assert [each.rule for each in wrong] == ["old_2019", "column_unbalanced"]


# ---- other rules


def rules(draft: Draft, folder: Path, make: str = "html", **options: int) -> list[str]:
    return [each.rule for each in findings(draft, folder, make, **options)]


def test_missing_table_is_told_once(tmp_path: Path) -> None:
    """No figures at all in a section that should have a table."""
    draft = fixture().table(4, lambda table: replace(table, rows=((Cell("无"),),)))
    assert rules(draft, tmp_path) == ["table_missing"]


def test_short_and_empty_rows(tmp_path: Path) -> None:
    """A row with a figure too few, and figures that were left empty: told, and the sums not judged."""
    assert rules(fixture().table(3, without_figure(OUT_ROW)), tmp_path, "columns") == ["row_short"]
    blank = cells(3, (SECRETS, 0, ""))(fixture())
    for make in ("docx", "html", "md"):
        assert rules(blank, tmp_path, make) == ["not_filled"]
    all_blank = cells(3, *((OUT_ROW, place, "") for place in range(7)))(fixture())
    assert rules(all_blank, tmp_path, "docx") == ["not_filled"] * 7


def test_totals_of_table_4(tmp_path: Path) -> None:
    """3 upheld and a total of 4: the total is told, at its remedy."""

    def change(table: MergedTable) -> MergedTable:
        figures = list(table.rows[3])
        figures[4] = replace(figures[4], text="4")
        return replace(table, rows=(*table.rows[:3], tuple(figures)))

    (finding,) = shown(findings(fixture().table(4, change), tmp_path))
    assert finding == ("remedies_unequal", "第 3 个表格第 4 行，表四“行政复议”×“总计”")


def test_wrong_year_of_the_whole_report(tmp_path: Path) -> None:
    """A report that agrees with itself is told once that it is of another year."""
    assert rules(fixture(), tmp_path, year=2026) == ["year_other"]
    without = fixture().prose("2025年", "").prose("2024年", "").prose("2026年", "")
    assert rules(without, tmp_path) == ["year_unknown"]


def test_carried_over_from_last_year(tmp_path: Path) -> None:
    """二 of this year is 四 of last year, column by column; another year's report is no judge."""
    last = write(_last_year(560), tmp_path, "docx")
    this = tmp_path / "this"
    this.mkdir()
    report = write(fixture(), this, "html")
    assert lint(report, previous=last) == []
    (finding,) = lint(report, previous=write(_last_year(561), tmp_path, "html"))
    assert (finding.rule, finding.column) == ("carried_unequal", "自然人")
    (other,) = lint(report, previous=report)
    assert other.rule == "previous_year"
    unread = tmp_path / "old.txt"
    unread.write_text("某乡2024年政府信息公开工作年度报告\n一、概述\n没有表。\n", encoding="utf-8")
    (nothing,) = lint(report, previous=unread)
    assert nothing.rule == "previous_unread"


def _last_year(total: int) -> Draft:
    """A report of 2024 that carries out what the fixture carries in."""
    figures = (total - 25, 6, 0, 1, 18, 0, total)
    changes = [(OUT_ROW, place, str(figure)) for place, figure in enumerate(figures)]
    return cells(3, *changes)(fixture().prose("2025年", "2024年"))


def test_what_is_no_report(tmp_path: Path) -> None:
    """A shopping list, and files that cannot be read: told, never a crash."""
    path = tmp_path / "list.txt"
    path.write_text("鸡蛋 10\n盐 1 2 3\n", encoding="utf-8")
    assert [each.rule for each in lint(path)] == ["no_report"]
    for name, content in (
        ("empty.txt", b""),
        ("broken.docx", b"PK\x03\x04 no word file"),
        ("broken.xlsx", b"PK\x03\x04"),
        ("broken.pdf", b"%PDF-1.4 nothing"),
        ("old.doc", b"x"),
        ("binary.txt", bytes(range(256))),
        ("no_such_file.html", None),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError):
            lint(tmp_path / name)


@given(st.lists(st.lists(st.sampled_from(CELLS), max_size=12), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_table_can_be_checked(rows: list[list[str]]) -> None:
    """Whatever stands in whatever order: findings, no crash, and each has its sentences."""
    block = Block(1, rows=tuple(tuple(cell or None for cell in row) for row in rows))
    blocks = [Block(1, "某乡2025年政府信息公开工作年度报告"), Block(2, SECTIONS[2]), block]
    for finding in check_report(read_report(blocks)):
        for language in (Language.SIMPLIFIED, Language.ENGLISH):
            assert told(WORDS, finding, Path("report.docx"), language).what
