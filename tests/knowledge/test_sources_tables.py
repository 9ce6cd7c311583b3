"""Tables as offices fill them in: title and unit inside, two side by side, totals, years in names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.base import Base, build_base
from knowledge.documents.document import Block, BlockKind, Document, Table
from knowledge.entry import Answer, Entry, EntryKind
from knowledge.sources import Paper, read_folder
from knowledge.sources.facts import amounts_named
from knowledge.sources.grid import unit_in
from knowledge.sources.paper import read_paper

Rows = Sequence[Sequence[str | None]]


def paper_of(*parts: str | Rows) -> Paper:
    """A document of these lines and tables."""
    blocks = [
        Block(BlockKind.PARAGRAPH, part, at=at)
        if isinstance(part, str)
        else Block(BlockKind.TABLE, at=at, table=Table(tuple(map(tuple, part))))
        for at, part in enumerate(parts, start=1)
    ]
    return read_paper(Document("表.docx", tuple(blocks)))


def facts(paper: Paper) -> list[Entry]:
    return [entry for entry in paper.entries if entry.kind is EntryKind.FACT and "·行" not in entry.path]


def lines(paper: Paper) -> list[str]:
    return [entry.text.partition("— ")[0] for entry in facts(paper)]


def test_workbook_with_title_and_unit_above_its_head(tmp_path: Path) -> None:
    """The title of the sheet is the document's, the unit that of all cells; two tables stand side by side."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "收支总表"
    for row in (
        ["附件1"],
        ["青石镇2024年财政收支总表"],
        [None, None, None, "单位：万元"],
        ["收入", None, "支出", None],
        ["项目", "预算数", "项目", "预算数"],
        ["一、税收收入", 860.5, "一、公共服务支出", 612.3],
        ["二、非税收入", 95.2, "二、教育支出", 128],
        [None, None, "三、农林水支出", 215.4],
    ):
        sheet.append(row)
    for merged in ("A2:D2", "A4:B4", "C4:D4"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "预算.xlsx")
    (paper,) = read_folder(tmp_path, {}).papers
    assert (paper.title, paper.agency, paper.year) == ("青石镇2024年财政收支总表", "青石镇", 2024)
    assert lines(paper) == [
        "税收收入，收入，预算数：860.5（万元）",
        "非税收入，收入，预算数：95.2（万元）",
        "公共服务支出，支出，预算数：612.3（万元）",
        "教育支出，支出，预算数：128（万元）",
        "农林水支出，支出，预算数：215.4（万元）",
    ]


def test_total_over_two_columns_takes_no_name_from_above() -> None:
    paper = paper_of(
        "青石镇补贴发放情况",
        [["序号", "村名", "金额（元）"], ["1", "东村", "300"], ["2", "河村", "500"], ["合计", None, "800"]],
    )
    assert lines(paper) == ["东村，金额：300（元）", "河村，金额：500（元）", "合计，金额：800（元）"]


def test_unit_and_title_stand_above_the_table() -> None:
    paper = paper_of(
        "青石镇2023年决算公开",
        "表一 支出决算表",
        "单位：万元",
        [["项目", "决算数"], ["教育", "9"], ["农业", "7"]],
    )
    assert lines(paper) == ["教育，决算数：9（万元）", "农业，决算数：7（万元）"]
    assert facts(paper)[0].text.endswith("《青石镇2023年决算公开》 表一 支出决算表")


def test_notes_below_the_rows_are_no_row() -> None:
    paper = paper_of(
        "青石镇支出情况", [["项目", "金额"], ["教育", "9"], ["农业", "7"], ["注：不含上年结转的资金。", None]]
    )
    assert lines(paper) == ["教育，金额：9", "农业，金额：7"]
    assert any("不含上年结转" in entry.text for entry in paper.entries)


def test_cell_of_another_year_is_of_that_year() -> None:
    """What 2022年决算 names is of 2022, in a table of 2023; both are versions of one thing."""
    paper = paper_of(
        "青石镇2023年三公经费预算表", [["项目", "2022年决算数", "2023年预算数"], ["公务接待费", "1.9", "2.1"]]
    )
    assert [(fact.text.partition("— ")[0], fact.year) for fact in facts(paper)] == [
        ("公务接待费，2022年决算数：1.9", 2022),
        ("公务接待费，2023年预算数：2.1", 2023),
    ]


def test_section_that_looks_back_is_of_its_year() -> None:
    paper = paper_of(
        "青石镇2024年政府工作报告",
        "一、2023年工作回顾",
        "硬化公路23公里，投入1,200万元。",
        "二、2024年目标",
        "建敬老院。",
    )
    years = {entry.title: entry.year for entry in paper.entries}
    assert (years["2023年工作回顾"], years["2024年目标"]) == (2023, 2024)


def test_row_of_a_list_of_names_can_be_asked_whole() -> None:
    paper = paper_of(
        "青石镇危房改造名单",
        [
            ["序号", "姓名", "改造方式", "补助（元）"],
            ["1", "王大", "重建", "28000"],
            ["2", "李二", "修缮", "9000"],
        ],
    )
    assert any(entry.text.startswith("序号：1；姓名：王大；改造方式：重建") for entry in paper.entries)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("（单位：人民币万元）", "人民币万元"),
        ("标准（元/人·月）", "元/人·月"),
        ("单位：亩、元", ""),
        ("金额（元）", "元"),
        ("（元旦）", ""),
    ],
)
def test_unit(text: str, unit: str) -> None:
    """Two units tell nothing of one column."""
    assert unit_in(text) == unit


def test_budget_and_outcome_in_one_sentence() -> None:
    """支出决算 alone is of what the sentence began with."""
    names = amounts_named("2023年度三公经费支出预算为18万元，支出决算为12.36万元。")
    assert names == ["2023年度三公经费支出预算", "2023年度三公经费支出决算"]


def test_amounts_are_named_whole() -> None:
    """A thousands comma and （境） end no name; one year is said once."""
    assert amounts_named("2023年收入预算总计1,862.35万元，比上年增加102万元。")[0] == "2023年收入预算"
    assert amounts_named("因公出国（境）费0万元，公务接待费2.1万元。", 2023) == [
        "2023年因公出国（境）费",
        "2023年公务接待费",
        "因公出国（境）费 公务接待费",
    ]


def test_amount_of_a_year_and_not_how_much_it_grew() -> None:
    """`2024年公务接待费` asks for the column of that year; 增减额 is something else."""
    paper = paper_of(
        "青石镇三公经费预算表",
        [["项目", "2023年预算数", "2024年预算数", "增减额"], ["公务接待费", "18000", "15000", "-3000"]],
    )
    assert [fact.phrasings for fact in facts(paper)] == [("2023年公务接待费",), ("2024年公务接待费",), ()]


def test_short_and_full_name_are_one_agency(tmp_path: Path) -> None:
    """沙河镇 in one title and 沙河镇人民政府 below another: what is asked of either is found in both."""
    (tmp_path / "甲.txt").write_text("沙河镇2023年预算说明\n一、收入\n收入9万元。\n", encoding="utf-8")
    (tmp_path / "乙.txt").write_text(
        "关于停水的通知\n明日停水。\n沙河镇人民政府\n2023年5月1日\n", encoding="utf-8"
    )
    (tmp_path / "丙.txt").write_text(
        "关于禁放的通告\n全镇禁放。\n沙河镇人民政府办公室\n2024年1月5日\n", encoding="utf-8"
    )
    papers = read_folder(tmp_path, {}).papers
    assert {paper.agency for paper in papers} == {"沙河镇人民政府"}
    assert {paper.entries[0].citation.publisher for paper in papers} >= {"沙河镇人民政府办公室"}
    assert {entry.agency for paper in papers for entry in paper.entries} == {"沙河镇人民政府"}


def test_table_without_a_head_has_none() -> None:
    """`上午 8:30-12:00` names no column."""
    paper = paper_of("青石镇服务时间公告", [["上午", "8:30-12:00"], ["下午", "14:00-17:00"]])
    assert lines(paper) == ["上午：8:30-12:00", "下午：14:00-17:00"]


def test_what_is_compared_is_quoted_with_what_it_is_compared_to() -> None:
    """与上年相比减少1.24万元 says nothing alone; of what, stands in the sentence before."""
    paper = paper_of(
        "青石镇2023年度决算公开",
        "一、三公经费",
        "2023年度三公经费支出决算为12.36万元，完成预算的68%。与2022年度决算数相比减少1.24万元。接待46批次。",
        "二、机关运行经费",
        "2023年度支出96.5万元。",
    )
    assert paper.kind == "决算"
    amount = next(entry for entry in paper.entries if "1.24" in entry.text and entry.phrasings)
    assert "2023年度三公经费支出决算为12.36万元，完成预算的68%。与2022年度决算数相比减少" in amount.text
    assert "2023年三公经费支出决算与2022年度决算数相比减少" in amount.phrasings


def test_two_tables_of_one_form_in_a_document(tmp_path: Path) -> None:
    """Each cell keeps an id of its own, else the whole folder would have no index; both can be asked."""
    folder = tmp_path / "资料"
    folder.mkdir()
    row = "<tr><td>{}</td><td>{}</td></tr>"
    rows = row.format("村名", "负责人") + row.format("东村", "{}") + row.format("河村", "{}")
    (folder / "表.html").write_text(
        "<h1>青石镇值班安排公告</h1><p>上半月</p><table>"
        + rows.format("王大", "李二")
        + "</table><table>"
        + rows.format("赵三", "周四")
        + "</table><table><tr><td>东村</td><td>12</td></tr><tr><td>东村</td><td>9</td></tr></table>",
        encoding="utf-8",
    )
    (paper,) = read_folder(folder, {}).papers
    ids = [entry.entry_id for entry in paper.entries]
    assert (paper.tables, len(ids)) == (3, len(set(ids)))
    build_base(folder, tmp_path / "knowledge.db")
    with Base.open(tmp_path / "knowledge.db") as base:
        texts = [found.text for each in ids if (found := base.entry(each))]
    assert len(texts) == len(ids)
    assert any("王大" in text for text in texts)
    assert any("周四" in text for text in texts)


_CELLS: tuple[str | None, ...] = (
    *("项目", "金额", "12", "-8", "—", "", None, "合计", "2023年预算数", "增减额", "单位：万元", "注：无。"),
    *(
        "索引号：",
        "发布机构",
        "文号：",
        "8:30-12:00",
        "行政许可",
        "第二十条第（一）项",
        "结果维持",
        "复议后起诉",
    ),
)
_LINES = (
    *(
        "青石镇人民政府",
        "青石镇2024年政府信息公开年度报告",
        "关于停水的通知",
        "青政发〔2024〕3号",
        "一、总体情况",
    ),
    *(
        "二、主动公开政府信息情况",
        "（一）范围",
        "1.甲",
        "I. 总则",
        "第一条 为",
        "目 录",
        "附件1",
        "附件：1.表 2.单",
    ),
    *(
        "2024年5月1日",
        "二〇二四年五月一日",
        "其中：接待费2万元。",
        "预算8万元，支出决算为2万元。",
        "项目",
        "12",
    ),
)
_ROWS = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from(_CELLS), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


@given(st.lists(st.one_of(st.sampled_from(_LINES), _ROWS), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_document_is_read(parts: list[str | list[list[str | None]]]) -> None:
    """However its parts follow each other; each entry has an id of its own, as an index needs."""
    paper = paper_of(*parts)
    ids = [entry.entry_id for entry in paper.entries]
    assert len(ids) == len(set(ids))


# ---- forms: labels beside what was filled in


def test_form_of_two_columns_has_no_head() -> None:
    """名称|值: every row is a field of its own; the first is no head."""
    paper = paper_of(
        "残疾人补贴办事指南",
        [
            ["事项名称", "困难残疾人生活补贴"],
            ["办理对象", "本镇户籍的持证残疾人"],
            ["办理地点", "便民服务中心3号窗口"],
            ["咨询电话", "0790-6431200"],
        ],
    )
    assert lines(paper) == [
        "事项名称：困难残疾人生活补贴",
        "办理对象：本镇户籍的持证残疾人",
        "办理地点：便民服务中心3号窗口",
        "咨询电话：0790-6431200",
    ]


def test_form_of_labels_in_pairs_with_merged_values() -> None:
    """Two fields in a row, one over the whole row, one left empty, and a group over several rows."""
    paper = paper_of(
        "石桥村道路硬化招标公告",
        [
            ["项目名称", "石桥村道路硬化", None, None],
            ["建设单位", "石桥村村民委员会", "项目投资（万元）", "68"],
            ["开标时间", "2024年7月18日9:30", "备注", ""],
        ],
        [
            ["联系方式", "联系人", "李红"],
            [None, "电话", "0790-6431209"],
        ],
    )
    assert lines(paper) == [
        "项目名称：石桥村道路硬化",
        "建设单位：石桥村村民委员会",
        "项目投资：68（万元）",
        "开标时间：2024年7月18日9:30",
        "备注：（表里这一格没有填）",
        "联系方式，联系人：李红",
        "联系方式，电话：0790-6431209",
    ]


def test_head_over_rows_is_no_form() -> None:
    """A head is made of the same words; what stands below it tells the two apart."""
    paper = paper_of([["村名", "联系电话"], ["石桥村", "0790-6431201"], ["东坡村", "0790-6431202"]])
    assert lines(paper) == ["石桥村，联系电话：0790-6431201", "东坡村，联系电话：0790-6431202"]
    paper = paper_of([["项目名称", "资金来源"], ["公路养护", "县级资金"], ["水渠维修", "村级自筹"]])
    assert lines(paper) == ["公路养护，资金来源：县级资金", "水渠维修，资金来源：村级自筹"]


def test_first_row_over_the_whole_table_is_its_title() -> None:
    """Whatever it is called; with who filled it in, and when, in the row below."""
    paper = paper_of(
        [
            ["石桥村2024年三季度救助对象花名", None, None],
            ["填报单位：石桥村委会", "", "2024年9月30日"],
            ["户主姓名", "保障人数", "其中：重残人数"],
            ["陈某", "2", "1"],
        ],
    )
    assert (paper.title, paper.year) == ("石桥村2024年三季度救助对象花名", 2024)
    assert lines(paper) == ["陈某，保障人数：2", "陈某，重残人数：1"]


def test_who_filled_in_a_table_is_whose_it_is() -> None:
    paper = paper_of(
        "2024年收支预算总表",
        "部门名称：临河县水务局",
        [["项目", "预算数（万元）"], ["事业收入", "12"], ["其他收入", "3"]],
    )
    assert paper.agency == "临河县水务局"


def test_document_of_nobody_is_of_the_agency_that_its_title_begins_with(tmp_path: Path) -> None:
    """Where another document of the folder shows that there is such an agency."""
    (tmp_path / "办法.txt").write_text(
        "青石镇公益性墓地管理办法\n第一条 墓穴每穴1200元。\n", encoding="utf-8"
    )
    notice = "青石镇人民政府关于停水的通知\n明天停水。\n青石镇人民政府\n2024年5月6日\n"
    (tmp_path / "通知.txt").write_text(notice, encoding="utf-8")
    assert {paper.agency for paper in read_folder(tmp_path, {}).papers} == {"青石镇人民政府"}


def test_field_of_a_form_is_not_found_by_its_name_alone(tmp_path: Path) -> None:
    """电话 stands in every form: asked of a place that is not there, it is no certain answer."""
    (tmp_path / "公告.html").write_text(
        "<h1>石桥村道路硬化招标公告</h1><table><tr><td>项目名称<td>石桥村道路硬化<tr><td>联系人<td>李红"
        "<tr><td>电话<td>0790-6431209</table>",
        encoding="utf-8",
    )
    build_base(tmp_path, tmp_path / "k.db")
    assert not isinstance(Base.open(tmp_path / "k.db").ask("金塘的电话"), Answer)


def test_years_in_the_head_of_a_budget_are_asked_and_compared(tmp_path: Path) -> None:
    """`2024年预算数` is a column of 2024; what the row is called says 收入 already; an empty cell is told."""
    (tmp_path / "预算.csv").write_text(
        "青石镇2024年预算表,,\n项目,2023年预算数（万元）,2024年预算数（万元）\n公务接待费,3.5,2.8\n事业收入,,\n",
        encoding="utf-8",
    )
    build_base(tmp_path, tmp_path / "k.db")
    base = Base.open(tmp_path / "k.db")
    for question, said in (
        ("2023年公务接待费预算多少", ["公务接待费，2023年预算数：3.5（万元）"]),
        ("2024年公务接待费预算比2023年减少多少", ["2024年预算数：2.8（万元）", "2023年预算数：3.5（万元）"]),
        ("2024年事业收入预算多少", ["事业收入，2024年预算数：（表里这一格没有填）"]),
    ):
        found = base.ask(question)
        assert isinstance(found, Answer)
        assert [part in hit.entry.text for part, hit in zip(said, found.hits, strict=True)] == [True] * len(
            said
        )
