"""An annual report becomes quotable entries, and says whose it is and of when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.entry import EntryKind
from knowledge.errors import SourceError
from knowledge.sources.documents import Document, read_document
from knowledge.sources.report import AnnualReport, ReportFigure, is_report, read_report

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
def report() -> AnnualReport:
    return read_report(read_document(EMBEDDED))


def document(text: str, name: str = "report.txt") -> Document:
    return Document(Path(name), tuple(text.split("\n")))


def test_sections_of_the_real_report(report: AnnualReport) -> None:
    """All 19 sections, no more, each beginning and ending with its own words."""
    sections = [entry for entry in report.entries if entry.category]
    assert [entry.path for entry in sections] == [path for path, _, _ in SECTIONS]
    for entry, (path, first_words, last_words) in zip(sections, SECTIONS, strict=True):
        assert entry.text.startswith(first_words), path
        assert entry.text.endswith(last_words), path


def test_points_of_the_real_report(report: AnnualReport) -> None:
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


def test_metadata_of_the_real_report(report: AnnualReport) -> None:
    """Agency, period, year and figures are those the text states."""
    assert report.agency == "洲上乡人民政府"
    assert report.year == 2018
    assert (report.period_from, report.period_to) == (date(2018, 1, 1), date(2018, 12, 28))
    assert report.figures == (ReportFigure("70余", "条", "2018年，累计主动公开政府信息70余条。", "一"),)


def test_entry_of_the_real_report(report: AnnualReport) -> None:
    """An entry carries its id, its place and its source."""
    entry = next(entry for entry in report.entries if entry.path == "三/(二)/4")
    assert entry.entry_id == "report-2018:三/(二)/4"
    assert entry.kind == EntryKind.REPORT_SECTION
    assert entry.title == "深入推进预决算公开"
    assert entry.parent_id == "report-2018:三/(二)"
    assert entry.heading_trail == ("三、重点领域信息公开情况", "（二）围绕经济发展推进公开工作")
    assert entry.year == 2018
    assert entry.version_of == "report:深入推进预决算公开"
    assert str(entry.citation) == (
        "《洲上乡2018年政府信息公开年度报告》，"
        "三、重点领域信息公开情况 （二）围绕经济发展推进公开工作 4.深入推进预决算公开，洲上乡人民政府"
    )


def test_parents_exist(report: AnnualReport) -> None:
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
    report = read_report(document(FRAMED))
    assert report.title == "洲上乡2020年政府信息公开工作年度报告"
    assert (report.agency, report.year) == ("洲上乡人民政府", 2020)
    assert (report.period_from, report.period_to) == (date(2020, 1, 1), date(2020, 12, 31))
    assert [entry.path for entry in report.entries] == ["0", "一"]
    assert report.entries[-1].text.endswith("依据第20条。")
    assert report.entries[-1].citation.published_on == date(2021, 1, 15)


def test_figures() -> None:
    """Numbers with a unit are figures; dates and articles are none."""
    report = read_report(document(FRAMED))
    assert [(figure.value, figure.unit) for figure in report.figures] == [("1,200余", "条"), ("3", "件")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(FRAMED, True, id="title"),
        pytest.param("本報告由洲上鄉(xiāng)人民政府根據(jù)《政府信息公開條例》編制。", True, id="uncleaned"),
        pytest.param("洲上乡2020年政府信息\n公开年度报告", True, id="title-over-two-lines"),
        pytest.param("洲上乡2020年财政预算报告\n一、收入", False, id="another-report"),
        pytest.param("本报告由洲上乡财政所编制。", False, id="report-of-another-office"),
        pytest.param("各村：明天停水。", False, id="notice"),
    ],
)
def test_is_report(text: str, expected: bool) -> None:
    """A report is recognised by what it says of itself, not by its name."""
    assert is_report(document(text, "whatever.txt")) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "政府信息公开年度报告\n一、概述\n2018年1月1日至2018年12月31日。",
            ["看不出是哪个机关的年度报告"],
            id="no-agency",
        ),
        pytest.param(
            "本报告由洲上乡人民政府根据《条例》编制。\n一、概述", ["看不出是哪一年的年度报告"], id="no-year"
        ),
        pytest.param(
            "政府信息公开年度报告", ["看不出是哪个机关的年度报告", "看不出是哪一年的年度报告"], id="neither"
        ),
        pytest.param(
            "本报告由洲上乡人民政府根据《条例》编制,自2018年2月30日至2018年12月31日。",
            ["看不出是哪一年的年度报告"],
            id="impossible-date",
        ),
    ],
)
def test_report_that_does_not_say_whose_it_is(text: str, expected: list[str]) -> None:
    """What is not stated is asked for, never guessed."""
    with pytest.raises(SourceError) as caught:
        read_report(document(text))
    assert [problem.reason for problem in caught.value.problems] == expected


def test_broken_characters_are_named() -> None:
    """A run nobody can repair is named with its line, for the admin to correct by hand."""
    with pytest.raises(SourceError) as caught:
        read_report(document(FRAMED.replace("办理申请", "办理政策?zhé)?")))
    [problem] = caught.value.problems
    assert (problem.file, problem.line, problem.reason) == ("report.txt", 5, "有坏字“策？zhé)”")
