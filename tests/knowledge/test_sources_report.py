"""An annual report becomes quotable entries, and says whose it is and of when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.documents.document import Block, BlockKind, Document
from knowledge.documents.reading import read_document
from knowledge.entry import EntryKind
from knowledge.sources.directions import Direction
from knowledge.sources.paper import Paper, read_paper
from knowledge.sources.told import Ask

EMBEDDED = Path(__file__).parents[2] / "knowledge" / "zhoushang" / "report_2018.txt"

# Every section of the real report: path, first words of its text, last words.
SECTIONS = [
    ("0", "本报告由洲上乡人民政府根据", "2018年12月28日。"),
    ("一", "一、概述\n2018年，我乡全面贯彻落实《条例》", "政策解读和舆情回应。"),
    ("二", "二、主动公开政府信息情况\n主动公开的政府信息主要包括", "（二）国民经济和社会发展规划及相关政策"),
    ("二/(一)", "（一）洲上政府规章和规范性文件\n主动及时公开", "相关的其他文件。"),
    ("二/(二)", "（二）国民经济和社会发展规划及相关政策\n公开了《关于洲上乡2017年", "相关规划和政策。"),
    ("三", "三、重点领域信息公开情况\n2018年，围绕市委、市政府中心工作", "（四）强化政策解读和热点回应"),
    ("三/(一)", "（一）做好深化改革相关信息公开工作\n推进政务服务公开。", "多样化服务。"),
    ("三/(二)", "（二）围绕经济发展推进公开工作\n1.推进经济社会政策公开\n2.", "4.深入推进预决算公开"),
    ("三/(二)/1", "1.推进经济社会政策公开。围绕供给侧结构性改革", "公开力度。"),
    ("三/(二)/2", "2.推进重大建设项目信息公开。围绕重大政府投资项目", "办理期限全公开。"),
    ("三/(二)/3", "3.推进公共资源配置信息公开。借助互联网技术", "平台体系。"),
    ("三/(二)/4", "4.深入推进预决算公开。公开了2017年度部门财政决算信息", "明细表。"),
    ("三/(三)", "（三）加大民生改善信息公开力度\n1.推进扶贫工作信息公开\n2.", "社会救助信息公开"),
    ("三/(三)/1", "1.推进扶贫工作信息公开。健全常态化管理", "接受社会监督。"),
    ("三/(三)/2", "2.推进社会救助信息公开。及时公开城乡低保、农村五保", "医疗救助等救助政策"),
    ("三/(四)", "（四）强化政策解读和热点回应\n针对涉及面广", "回应工作。"),
    ("四", "四、存在的主要问题及改进措施\n（一）存在问题", "（二）改进措施"),
    ("四/(一)", "（一）存在问题\n一是主动公开的意识还不够强。", "存在着挑战。"),
    ("四/(二)", "（二）改进措施\n一要加大宣传和培训力度。", "迈向新台阶。"),
]


@pytest.fixture(scope="module")
def report() -> Paper:
    return read_paper(read_document(EMBEDDED, "report_2018.txt"))


def document(text: str, name: str = "report.txt") -> Document:
    """A text file as its reader gives it."""
    lines = enumerate(text.split("\n"), start=1)
    return Document(
        name, tuple(Block(BlockKind.PARAGRAPH, line, at=at) for at, line in lines if line.strip())
    )


def test_sections_of_the_real_report(report: Paper) -> None:
    """All 19 sections, no more, each beginning and ending with its own words."""
    sections = [entry for entry in report.entries if entry.category]
    assert [entry.path for entry in sections] == [path for path, _, _ in SECTIONS]
    for entry, (path, first_words, last_words) in zip(sections, SECTIONS, strict=True):
        assert entry.text.startswith(first_words), path
        assert entry.text.endswith(last_words), path


def test_points_of_the_real_report(report: Paper) -> None:
    """一是, 二是 and 一要, 二要 are entries below their section."""
    points = [(entry.path, entry.title) for entry in report.entries if not entry.category]
    assert points == [
        ("一/一是", "切实加强组织领导"),
        ("一/二是", "不断加大主动公开力度"),
        ("一/三是", "紧贴公众需求和社会关切，主动开展政策解读和舆情回应"),
        ("四/(一)/一是", "主动公开的意识还不够强"),
        ("四/(一)/二是", "工作创新能力仍需进一步增强"),
        ("四/(二)/一要", "加大宣传和培训力度"),
        ("四/(二)/二要", "加强监督检查"),
    ]


def test_metadata_of_the_real_report(report: Paper) -> None:
    """Agency, period, year and figures are those the text states."""
    assert report.agency == "洲上乡人民政府"
    assert report.year == 2018
    assert report.period == (date(2018, 1, 1), date(2018, 12, 28))
    assert report.asks == ()


def test_entry_of_the_real_report(report: Paper) -> None:
    """An entry carries its id, its place and its source."""
    entry = next(entry for entry in report.entries if entry.path == "三/(二)/4")
    assert entry.entry_id == "report-2018:三/(二)/4"
    assert entry.kind == EntryKind.REPORT_SECTION
    assert entry.title == "深入推进预决算公开"
    assert entry.parent_id == "report-2018:三/(二)"
    assert entry.heading_trail == ("三、重点领域信息公开情况", "（二）围绕经济发展推进公开工作")
    assert entry.year == 2018
    assert entry.version_of == "report:洲上乡:深入推进预决算公开"
    assert (entry.agency, entry.source) == ("洲上乡人民政府", "report_2018.txt")
    assert str(entry.citation) == (
        "《洲上乡2018年政府信息公开年度报告》，"
        "三、重点领域信息公开情况 （二）围绕经济发展推进公开工作 4.深入推进预决算公开，洲上乡人民政府"
    )


def test_parents_exist(report: Paper) -> None:
    """Every parent is an entry of the same report."""
    known = {entry.entry_id for entry in report.entries}
    assert {entry.parent_id for entry in report.entries} - {""} <= known


FRAMED = """洲上乡2020年政府信息公开工作年度报告

本报告根据《中华人民共和国政府信息公开条例》编制。统计期限为2020年1月1日至12月31日。
一、总体情况
公开信息1,200余条，办理申请3件，依据第20条。

洲上乡人民政府
2021年1月15日"""


def test_title_and_signature() -> None:
    """Title, signature and date around the text are read, and not taken for text."""
    report = read_paper(document(FRAMED))
    assert report.title == "洲上乡2020年政府信息公开工作年度报告"
    assert (report.agency, report.year) == ("洲上乡人民政府", 2020)
    assert report.period == (date(2020, 1, 1), date(2020, 12, 31))
    assert [entry.path for entry in report.entries] == ["0", "一"]
    assert report.entries[-1].text.endswith("依据第20条。")
    assert report.entries[-1].citation.published_on == date(2021, 1, 15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(FRAMED, True, id="title"),
        pytest.param("洲上乡2020年政府信息\n公开年度报告", True, id="title-over-two-lines"),
        pytest.param("洲上乡2020年财政预算报告\n一、收入", False, id="another-report"),
        pytest.param("本报告由洲上乡财政所编制。", False, id="report-of-another-office"),
        pytest.param("各村：明天停水。", False, id="notice"),
    ],
)
def test_is_report(text: str, expected: bool) -> None:
    """A report is recognised by what it says of itself, not by its name."""
    assert read_paper(document(text, "whatever.txt")).is_report is expected


@pytest.mark.parametrize(
    ("text", "name", "asks"),
    [
        pytest.param(
            "政府信息公开年度报告\n一、概述\n2018年1月1日至2018年12月31日。",
            "报告.txt",
            [Ask("报告.txt", "agency")],
            id="no-agency",
        ),
        pytest.param(
            "本报告由洲上乡人民政府根据《条例》编制。\n一、概述",
            "2019年报.txt",
            [Ask("2019年报.txt", "year", ("2019",))],
            id="no-year",
        ),
        pytest.param(
            "政府信息公开年度报告\n一、概述",
            "白石镇2020.txt",
            [Ask("白石镇2020.txt", "agency", ("白石镇",)), Ask("白石镇2020.txt", "year", ("2020",))],
            id="neither",
        ),
    ],
)
def test_report_that_does_not_say_whose_it_is(text: str, name: str, asks: list[Ask]) -> None:
    """It is read all the same, and the admin is asked, with what the file's name says as a guess."""
    paper = read_paper(document(text, name))
    assert paper.entries
    assert list(paper.asks) == asks
    assert all(entry.citation.publisher == "" for entry in paper.entries if not paper.agency)


def test_what_the_admin_says_stands_above_the_text() -> None:
    """documents.yaml names agency and year: nothing is asked any more, and the source says so."""
    said = Direction("旧.txt", agency="白石镇人民政府", year=2017, title="白石镇2017年报告")
    paper = read_paper(document("政府信息公开年度报告\n一、概述\n公开三条。", "旧.txt"), said)
    assert (paper.agency, paper.year, paper.title, paper.asks) == (
        "白石镇人民政府",
        2017,
        "白石镇2017年报告",
        (),
    )
    assert {entry.citation.publisher for entry in paper.entries} == {"白石镇人民政府"}


NOTICE = "关于修桥的通知\n桥头村：\n一、工期\n三月至五月。\n"
HEADS = [
    pytest.param(
        "首页 > 政务公开 > 通知公告\n字体：大 中 小  打印\n发布日期：2024-03-02\n" + NOTICE, id="navigation"
    ),
    pytest.param("柳溪镇人民政府\n" + NOTICE, id="agency-above"),
    pytest.param("柳政发〔2024〕7号\n柳溪镇人民政府" + NOTICE, id="number-above"),
    pytest.param(
        "柳溪镇人民政府关于修桥的通知\n柳溪镇人民政府\n关于修桥的通知\n桥头村：\n一、工期\n三月至五月。",
        id="twice",
    ),
]


@pytest.mark.parametrize("text", HEADS)
def test_what_stands_above_a_title(text: str) -> None:
    """Navigation, dates, the agency, the 文号, a title said twice and a bare salutation are no text."""
    paper = read_paper(document(text, "通知.txt"))
    assert paper.title.endswith("关于修桥的通知")
    assert [entry.text for entry in paper.entries if "文号" not in entry.title] == ["一、工期\n三月至五月。"]
    assert "号" not in paper.title


@pytest.mark.parametrize(
    "kind", ["批复", "通告", "意见", "决定", "纪要", "细则", "公告", "公示", "函", "决算"]
)
@pytest.mark.parametrize(
    "foot",
    [
        "柳溪镇人民政府\n2024年3月1日",
        "2024年3月1日\n柳溪镇人民政府",
        "柳溪镇人民政府\n二\u3007二四年三月一日\n（此件公开发布）",
    ],
    ids=["signed", "date-first", "remark"],
)
def test_kinds_of_official_documents(kind: str, foot: str) -> None:
    """Title, kind, signature and date of each, in whatever order they stand."""
    text = f"柳政〔2024〕7号\n柳溪镇人民政府关于集市搬迁的{kind}\n一、地点\n东街口。\n{foot}"
    paper = read_paper(document(text, "x.txt"))
    assert (paper.title, paper.kind) == (f"柳溪镇人民政府关于集市搬迁的{kind}", kind)
    assert (paper.number, paper.agency) == ("柳政〔2024〕7号", "柳溪镇人民政府")
    assert paper.signed_on == date(2024, 3, 1)
    section, itself = paper.entries
    assert section.text == "一、地点\n东街口。"
    assert itself.text.startswith("文号：柳政〔2024〕7号；发文机关：柳溪镇人民政府；日期：2024年3月1日— 《")


def test_a_contents_page_makes_no_sections() -> None:
    """The headings that are said before the text are no text."""
    text = "柳溪镇2024年部门预算\n目 录\n一、概况\n二、收支\n一、概况\n三个科室。\n二、收支\n收入9万元。"
    paper = read_paper(document(text, "x.txt"))
    assert [entry.path.rpartition(":")[2] for entry in paper.entries if "金额" not in entry.path] == [
        "一",
        "二",
    ]


def test_a_text_in_one_line() -> None:
    """A notice copied into one line has its sections, its signature and its date."""
    text = (
        "柳溪镇人民政府关于集市搬迁的通知 柳政〔2024〕7号 各村： 一、搬迁时间。"
        + "自本月起分批进行。" * 12
        + " 二、搬迁地点。东街口新市场。 三、联系人。王师傅。 柳溪镇人民政府 2024年3月1日"
    )
    paper = read_paper(document("柳溪镇人民政府关于集市搬迁的通知\n" + text, "x.txt"))
    assert [entry.title for entry in paper.entries][-4:] == [
        "搬迁时间",
        "搬迁地点",
        "联系人",
        "文号和发文日期",
    ]
    assert paper.number == "柳政〔2024〕7号"
    assert (paper.agency, paper.signed_on) == ("柳溪镇人民政府", date(2024, 3, 1))
    assert paper.entries[-2].text == "三、联系人。王师傅。"
