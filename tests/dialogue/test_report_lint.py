"""Checking somebody's report: a right one passes in every make, each mistake gives exactly its finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.annual_report.checking.check import check_report, read_report
from bot.desk.annual_report.checking.finding import RULES, Finding
from bot.desk.annual_report.checking.numerals import in_words, number_of
from bot.desk.annual_report.layout import Cell, MergedTable
from bot.desk.annual_report.national_format import COLUMN_LABELS, ROWS_IN_WORDS, SECTIONS
from bot.dialogue.staff import report_lint
from bot.dialogue.staff.report_lint import told
from bot.messages import Language
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.documents.document import Block, BlockKind, Table
from knowledge.documents.reading import read_document
from knowledge.errors import SourceError
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

lint = partial(report_lint.lint, read_one=read_document)  # no process for each of them

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
COLUMN_NAMES = tuple(COLUMN_LABELS.values())
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
    ("below_zero", cells(3, (SECRETS, 0, "-1")), "“1.属于国家秘密”×“自然人”"),
    ("below_zero", cells(3, (NEW_ROW, 0, wide("-1"))), f"“{NEW_ROW}”×“自然人”"),
    ("below_zero", cells(2, ("行政强制", 0, "\u22123")), "“行政强制”×“本年处理决定数量”"),
    ("fees_not_told", lambda draft: draft.prose("未收取信息处理费。", ""), "第"),
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
    ("year_period", lambda draft: _opening(draft, "2025年1月1日至2025年12月28日"), "第"),
    ("year_period", lambda draft: _opening(draft, "2025年1月1日—11月30日"), "第"),
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
    """The fixture of LAW.md part 6 has no finding, whatever it was written with."""
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
    finding, period = lint(path, year=2018)
    assert (finding.rule, period.rule) == ("old_prose", "year_period")  # it ends on 28 December
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


def test_table_3_alone_in_the_format_of_2019_is_told_as_that(tmp_path: Path) -> None:
    """Table 2 is the new one: nothing is said of words that are not there."""
    (finding,) = findings(in_the_format_of_2019(fixture()), tmp_path, "html")
    alone = replace(finding, facts={**finding.facts, "words": "/"})
    said = told(WORDS, alone, tmp_path / "报告.html").what
    assert "/" not in said
    assert "表三" in said
    assert str(finding.facts["rows"]) in said


# ---- other rules


def rules(draft: Draft, folder: Path, make: str = "html", **options: int) -> list[str]:
    return [each.rule for each in findings(draft, folder, make, **options)]


def test_missing_table_is_told_once(tmp_path: Path) -> None:
    """No figures at all in a section that should have a table."""
    draft = fixture().table(4, lambda table: replace(table, rows=((Cell("无"),),)))
    assert rules(draft, tmp_path) == ["table_missing"]


def test_short_and_empty_rows(tmp_path: Path) -> None:
    """A row with a figure too few, and figures that were left empty: told, and the sums not judged."""
    assert rules(fixture().table(3, without_figure(OUT_ROW)), tmp_path, "columns") == ["not_filled"]
    blank = cells(3, (SECRETS, 0, ""))(fixture())
    for make in ("docx", "html", "md"):
        assert rules(blank, tmp_path, make) == ["not_filled"]
    all_blank = cells(3, *((OUT_ROW, place, "") for place in range(7)))(fixture())
    assert rules(all_blank, tmp_path, "docx") == ["not_filled"] * 7


@pytest.mark.parametrize("text", ["", "-1"])
@pytest.mark.parametrize("make", ["docx", "xlsx", "html", "md"])
def test_every_cell_is_named(make: str, text: str, tmp_path: Path) -> None:
    """Blank, or below zero: exactly one finding, which names table, row and column of just that cell."""
    wanted = {"": "not_filled", "-1": "below_zero"}[text]
    seen = set()
    for number, rows in ((2, (2, 3, 6, 9, 10, 13)), (3, (3, 9, 27)), (4, (3,))):
        for top in rows:
            shown_row = fixture().tables[number - 2].rows[top]
            for left in [at for at, cell in enumerate(shown_row) if not cell.heading]:
                draft = fixture().table(number, _with_place(top, left, text))
                (finding,) = findings(draft, tmp_path, make)
                assert (finding.rule, finding.table) == (wanted, number)
                seen.add((number, finding.row, finding.column))
    assert len(seen) == 10 + 3 * 7 + 15


@pytest.mark.parametrize("typed", ["负1", "（1）", "一", "○", "null", "?", "1-", "+1"])
@pytest.mark.parametrize("make", ["docx", "xlsx", "html", "md"])
def test_what_is_no_figure_is_named_too(make: str, typed: str, tmp_path: Path) -> None:
    """In the first column as in any other: whatever was typed for a figure, its cell is named."""
    for place in (0, 1, 6):
        (finding,) = findings(cells(3, (SECRETS, place, typed))(fixture()), tmp_path, make)
        assert (finding.rule, finding.row, finding.column) == ("not_a_number", SECRETS, COLUMN_NAMES[place])


def _with_place(top: int, left: int, text: str) -> Callable[[MergedTable], MergedTable]:
    def change(table: MergedTable) -> MergedTable:
        row = list(table.rows[top])
        row[left] = replace(row[left], text=text)
        return replace(table, rows=(*table.rows[:top], tuple(row), *table.rows[top + 1 :]))

    return change


PLAIN = ("columns", "spaces", "cells")


@pytest.mark.parametrize("make", PLAIN)
@pytest.mark.parametrize(
    ("row", "places"),
    [
        (A_ROW, (1,)),  # 200 for which nothing stands
        (OUT_ROW, (2,)),  # a nought
        (OUT_ROW, (6,)),  # a total
        ("1.本机关不掌握相关政府信息", (0,)),
        (NEW_ROW, (2,)),
        (SECRETS, tuple(range(7))),  # the whole row: its name runs into the next one's
    ],
)
def test_blanks_of_plain_text_are_named(row: str, places: tuple[int, ...], make: str, tmp_path: Path) -> None:
    """Plain text has no empty cell; the sums of the table tell which one it was."""
    found = findings(cells(3, *((row, place, "") for place in places))(fixture()), tmp_path, make)
    assert [(each.rule, each.row, each.column) for each in found] == [
        ("not_filled", row, COLUMN_NAMES[place]) for place in places
    ]


@pytest.mark.parametrize("make", PLAIN)
def test_blanks_that_nothing_proves(make: str, tmp_path: Path) -> None:
    """Six noughts for seven cells may stand anywhere; Table 2 has no sums: told how many are missing."""
    (finding,) = findings(cells(3, (SECRETS, 1, ""))(fixture()), tmp_path, make)
    assert (finding.rule, finding.row) == ("row_short", SECRETS)
    assert "只有 6 个数，缺 1 格" in told(WORDS, finding, Path("report.txt")).what
    (rules_row,) = findings(cells(2, ("规章", 0, ""))(fixture()), tmp_path, make)
    assert (rules_row.rule, rules_row.table, rules_row.row) == ("row_short", 2, "规章")
    (single,) = findings(cells(2, ("行政许可", 0, ""))(fixture()), tmp_path, make)
    assert (single.rule, single.row) == ("not_filled", "行政许可")
    wrong_sum = cells(3, (A_ROW, 1, ""), (A_ROW, 6, "13361"))(fixture())
    assert "row_short" in rules(wrong_sum, tmp_path, make)  # a wrong figure proves nothing


@pytest.mark.parametrize("make", PLAIN)
def test_one_figure_too_many(make: str, tmp_path: Path) -> None:
    """Eight figures for seven cells are called too many."""

    def change(table: MergedTable) -> MergedTable:
        index = next(at for at, row in enumerate(table.rows) if any(cell.text == OUT_ROW for cell in row))
        longer = (*table.rows[index], Cell("9", heading=False))
        return replace(table, rows=(*table.rows[:index], longer, *table.rows[index + 1 :]))

    assert rules(fixture().table(3, change), tmp_path, make) == ["row_long"]


@pytest.mark.parametrize(
    ("agency", "township"),
    [
        ("洲上乡人民政府", True),
        ("洲上乡", True),
        ("清水镇政府", True),
        ("西乡县城北街道办事处", True),
        ("镇江市京口区大市口街道", True),
        ("景德镇市浮梁县瑶里镇人民政府", True),
        ("清水镇人民政府办公室", True),
        ("景德镇市人民政府", False),
        ("镇江市人民政府办公室", False),
        ("新乡市卫生健康委员会", False),
        ("西乡县住房和城乡建设局", False),
        ("宁乡市水利局", False),
        ("县乡村振兴局", False),
        ("区街道管理处", False),
    ],
)
def test_whose_rules_are_a_fault(agency: str, township: bool, tmp_path: Path) -> None:
    """规章 is a fault for a township by its own name, not by that of the county it lies in."""
    with_rules = cells(2, ("规章", 2, "1"))
    expected = ["rules_above_zero"] if township else []
    for title in (
        f"{agency}2025年政府信息公开工作年度报告",
        f"2025年度{agency}政府信息公开年度报告",
        f"{agency}二\u3007二五年政府信息公开工作年度报告",
    ):
        found = findings(replace(with_rules(fixture()), title=title), tmp_path)
        assert [each.rule for each in found if each.rule == "rules_above_zero"] == expected, title
    untitled = replace(with_rules(fixture()), title="政府信息公开")
    found = lint(write(untitled, tmp_path, "xlsx"), agency=agency)
    assert [each.rule for each in found if each.rule == "rules_above_zero"] == expected


@given(st.integers(0, 99_999_999))
@settings(deadline=None)
def test_numerals(number: int) -> None:
    """What is written is read again."""
    assert number_of(in_words(number)) == number_of(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("一十二", 12),
        ("一百二十", 120),
        ("两千\u3007五", 2005),
        ("一万三千三百六十", 13360),
        ("二\u3007五", 205),
        ("一百二", None),  # 102, or 120 as people say
        ("二三", None),  # two or three
        ("十百", None),
        ("", None),
        ("几十", None),
    ],
)
def test_odd_numerals(text: str, number: int | None) -> None:
    """Only what can be read in one way is a number."""
    assert number_of(text) == number


def saying(words: str) -> Draft:
    """The fixture with one more sentence in its first section."""
    return fixture().prose("比2024年多8条。", f"比2024年多8条。{words}")


FIGURES = (
    "2025年，新收政府信息公开申请14069件，上年结转560件；办结13810件，其中予以公开13360件，部分公开0件。",
    "新收政府信息公开申请共计14069件，加上结转的，共受理申请14629件。",
    "予以公开和部分公开共13360件，无法提供443件，结转下年度继续办理819件。",
    "发生政府信息公开行政复议3件，政府信息公开行政诉讼6件；作出行政许可0件，制发规范性文件0件。",
    # of other years, of parts, compared, rounded: nothing that a table has
    "2024年收到政府信息公开申请9000件。",
    "比上年多，新收政府信息公开申请数增加3件。",
    "其中当面收到政府信息公开申请12件，网上收到申请7件。",
    "上半年新收政府信息公开申请5件。",
    "区政府办代表区政府受理政府信息公开申请17件。",
    "收到政府信息公开申请10000余件。",
    "公开行政处罚结果信息31条，不予公开的理由逐条说明。",
    # spelt out
    "二\u3007二五年，新收政府信息公开申请一万四千零六十九件，上年结转五百六十件，部分公开零件。",
    "二\u3007二四年收到政府信息公开申请九千件。",
    "收到政府信息公开申请一万余件，无法提供几十件，不予公开两三件，予以公开一百二件。",
    "三月份新收政府信息公开申请五件。",
)


@pytest.mark.parametrize("words", FIGURES)
def test_words_that_fit_the_tables(words: str, tmp_path: Path) -> None:
    """Figures of the tables, and figures that are none of them."""
    assert rules(saying(words), tmp_path) == []


@pytest.mark.parametrize(
    ("words", "said", "right"),
    [
        ("2025年，新收政府信息公开申请14068件，上年结转560件。", "新收政府信息公开申请14068件", "14069"),
        ("新收申请14069件，上年结转56件。", "上年结转56件", "560"),
        (f"共办结申请{wide('13364')}件。", "办结申请13364件", "13810"),
        ("其中予以公开13,360件，部分公开1件。", "部分公开1件", "0"),
        ("无法提供 40 件。", "无法提供40件", "443"),
        ("不予公开2件。", "不予公开2件", "0"),
        ("结转下一年度继续办理818件。", "结转下一年度继续办理818件", "819"),
        ("政府信息公开行政复议2件。", "信息公开行政复议2件", "3"),
        ("作出行政处罚决定7件。", "作出行政处罚决定7件", "0"),
        ("新收政府信息公开申请一百二十件。", "新收政府信息公开申请一百二十件", "14069"),
        ("办结申请十二件。", "办结申请十二件", "13810"),
        ("予以公开共两件。", "予以公开共两件", "13360"),
        ("上年结转五百六十一件。", "上年结转五百六十一件", "560"),
    ],
)
@pytest.mark.parametrize("make", ["docx", "columns"])
def test_words_against_the_tables(make: str, words: str, said: str, right: str, tmp_path: Path) -> None:
    """The figure in words, and the one in the table."""
    (finding,) = findings(saying(words), tmp_path, make)
    assert (finding.rule, finding.facts["text"], finding.facts["right"]) == ("prose_unequal", said, right)


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
    table = Table(tuple(tuple(cell or None for cell in row) for row in rows))
    lines = ["某乡2025年政府信息公开工作年度报告", SECTIONS[2]]
    blocks = [Block(BlockKind.PARAGRAPH, line, at=at) for at, line in enumerate(lines, 1)]
    blocks.append(Block(BlockKind.TABLE, table=table))
    for finding in check_report(read_report(blocks)):
        for language in (Language.SIMPLIFIED, Language.ENGLISH):
            assert told(WORDS, finding, Path("report.docx"), language).what
