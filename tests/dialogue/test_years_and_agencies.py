"""Two agencies and two years in one folder, asked in chat: whose and of when is said, or chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from knowledge.base import build_base
from tests.dialogue.stage import LI, WANG, Stage, settings_of

TERMINAL = "terminal:wang"


def report(agency: str, year: int, permits: int, got: int, trouble: str) -> str:
    return f"""{agency}{year}年政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》，{agency}人民政府编制本报告。
一、总体情况
（一）主动公开。全年在网站公开信息{permits * 3}条。
（二）依申请公开。全年收到申请{got}件，都按时答复。
二、主动公开政府信息情况
第二十条第（五）项
信息内容 | 本年处理决定数量
行政许可 | {permits}
三、存在的主要问题及改进情况
主要问题是{trouble}，{agency}将加强培训。
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "folder"
    folder.mkdir()
    for agency, year, permits, got, trouble in (
        ("青石镇", 2024, 124, 6, "解读材料太少"),
        ("青石镇", 2025, 125, 7, "公开不够及时"),
        ("白水乡", 2024, 524, 16, "栏目更新太慢"),
        ("白水乡", 2025, 525, 17, "人手不足"),
    ):
        (folder / f"{agency}{year}.txt").write_text(report(agency, year, permits, got, trouble), "utf-8")
    settings = settings_of(tmp_path, knowledge=folder)
    build_base(folder, settings.index_path)
    with Stage.open(settings) as stage:
        stage.now = datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        yield stage


@pytest.mark.parametrize("who", [WANG, TERMINAL])
def test_agency_is_chosen_by_name_and_kept(stage: Stage, who: str) -> None:
    """Both have it: each under its name; the choice holds for what is asked next."""
    stage.says(who, "行政许可多少件")
    assert stage.last(who).event == "suggestions_of_agencies"
    assert all(figure in stage.last(who).text for figure in ("525（件）", "125（件）"))
    assert {"白水乡", "青石镇"} <= set(stage.labels(who))
    stage.presses(who, "青石镇")
    assert "125（件）" in stage.last(who).text
    assert "以后先看青石镇的" in stage.last(who).text
    stage.says(who, "全年收到申请多少件")
    assert stage.last(who).event == "answer_found"
    assert "收到申请7件" in stage.last(who).text
    stage.presses(who, "看白水乡的")
    assert "收到申请17件" in stage.last(who).text
    stage.says(who, "行政许可多少件")
    assert "525（件）" in stage.last(who).text


def test_many_agencies_are_names_alone(stage: Stage) -> None:
    """Every one of them can be picked; what each says would not fit a screen."""
    folder = stage.settings.knowledge
    names = ("东山乡", "西坡镇", "南桥镇", "北岭乡")
    for number, name in enumerate(names):
        text = report(name, 2025, 900 + number, 30 + number, "经费不足")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    stage.base.reload(folder)
    stage.says(WANG, "行政许可多少件")
    assert stage.last(WANG).event == "suggestions_of_agencies"
    assert {*names, "青石镇", "白水乡"} <= set(stage.labels(WANG))
    assert "有 6 个单位" in stage.last(WANG).text
    assert "（件）" not in stage.last(WANG).text
    stage.presses(WANG, "北岭乡")
    assert "903（件）" in stage.last(WANG).text


def test_typed_name_is_the_choice(stage: Stage) -> None:
    stage.says(TERMINAL, "主要问题是什么")
    stage.says(TERMINAL, "白水乡")
    assert "人手不足" in stage.last(TERMINAL).text


def test_choice_is_one_chats_own(stage: Stage) -> None:
    """What one resident chose says nothing about another."""
    stage.says(WANG, "行政许可多少件")
    stage.presses(WANG, "青石镇")
    stage.says(LI, "行政许可多少件")
    assert stage.last(LI).event == "suggestions_of_agencies"


def test_named_agency_stands_above_the_choice(stage: Stage) -> None:
    stage.says(WANG, "行政许可多少件")
    stage.presses(WANG, "青石镇")
    stage.says(WANG, "白水乡行政许可多少件")
    assert "525（件）" in stage.last(WANG).text
    stage.says(WANG, "行政许可多少件")
    assert "125（件）" in stage.last(WANG).text


@pytest.mark.parametrize("who", [WANG, TERMINAL])
def test_last_year_is_told_from_the_day_of_asking(stage: Stage, who: str) -> None:
    """The same words, a year later: the clock of the chat decides, not that of the machine."""
    stage.says(who, "青石镇去年行政许可多少件")
    assert "125（件）— 青石镇2025年年报" in stage.last(who).text
    stage.says(who, "青石镇前年行政许可多少件")
    assert "124（件）— 青石镇2024年年报" in stage.last(who).text
    stage.says(who, "青石镇今年行政许可多少件")
    assert stage.last(who).event == "not_found_of_year"
    assert "2026 年的没有查到，2025、2024 年的有" in stage.last(who).text
    stage.wait(days=400)
    stage.says(who, "青石镇前年行政许可多少件")
    assert "125（件）— 青石镇2025年年报" in stage.last(who).text


def test_last_month_is_told_from_the_day_of_asking(stage: Stage) -> None:
    """In January it was last year."""
    stage.now = datetime(2026, 1, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    stage.says(WANG, "青石镇上个月行政许可多少件")
    assert "2025年年报" in stage.last(WANG).text


def test_newest_is_quoted_and_other_years_are_a_button(stage: Stage) -> None:
    """Without a year; of a cell and of a section in words."""
    stage.says(WANG, "青石镇行政许可多少件")
    assert "125（件）" in stage.last(WANG).text
    stage.presses(WANG, "2024 年的")
    assert "124（件）" in stage.last(WANG).text
    stage.says(WANG, "青石镇的主要问题是什么")
    assert "公开不够及时" in stage.last(WANG).text
    stage.presses(WANG, "2024 年的")
    assert "解读材料太少" in stage.last(WANG).text


def test_year_asked_of_a_section_is_that_years(stage: Stage) -> None:
    """The section itself says no year: its document does.  One that is not there is told, not replaced."""
    stage.says(WANG, "白水乡2024年的主要问题是什么")
    assert "栏目更新太慢" in stage.last(WANG).text
    assert "人手不足" not in stage.last(WANG).text
    stage.says(WANG, "白水乡2022年的主要问题是什么")
    assert stage.last(WANG).event == "not_found_of_year"
    assert "2022 年的没有查到，2025、2024 年的有" in stage.last(WANG).text


def test_one_agency_alone_is_no_choice(stage: Stage) -> None:
    """What only one of them holds is answered at once."""
    folder = stage.settings.knowledge
    (folder / "停水.txt").write_text(
        "白水乡人民政府关于停水的通知\n一、停水时间\n3月8日8时至18时。\n白水乡人民政府\n2026年3月1日\n",
        "utf-8",
    )
    stage.base.reload(folder)
    stage.says(WANG, "停水时间是什么时候")
    assert stage.last(WANG).event == "answer_found"
    assert "3月8日8时至18时" in stage.last(WANG).text


def test_a_cell_precedes_the_guide(tmp_path: Path) -> None:
    """Questions about what the office counted have the words of questions about how to request."""
    folder = tmp_path / "folder"
    folder.mkdir()
    text = report("青石镇", 2025, 125, 7, "公开不够及时").replace("三、存在", "四、存在")
    before, mark, after = text.partition("四、存在")
    table = (
        "<table><tr><th>申请人情况</th><th></th><th></th><th>自然人</th><th>总计</th></tr>"
        "<tr><td>一、本年新收政府信息公开申请数量</td><td></td><td></td><td>5</td><td>7</td></tr>"
        "<tr><td>三、本年度办理结果</td><td>（五）不予处理</td><td>3.重复申请</td><td>4</td><td>6</td></tr></table>"
    )
    lines = "".join(f"<p>{line}</p>" for line in before.strip().split("\n"))
    rest = "".join(f"<p>{line}</p>" for line in (mark + after).strip().split("\n"))
    page = f"<html><body>{lines}<p>三、收到和处理政府信息公开申请情况</p>{table}{rest}</body></html>"
    (folder / "年报.html").write_text(page, encoding="utf-8")
    settings = settings_of(tmp_path, knowledge=folder)
    build_base(folder, settings.index_path)
    with Stage.open(settings) as stage:
        for question, figure in (
            ("2025年重复申请自然人几件", "自然人：4（件）"),
            ("重复申请有几件", "总计：6（件）"),
            ("2025年新收申请几件", "总计：7（件）"),
        ):
            turn = stage.says(WANG, question)
            assert [message.event for message in turn.outgoing] == ["answer_found"]
            assert figure in stage.last(WANG).text
        stage.says(WANG, "2025年逾期答复的有几件")
        assert not stage.last(WANG).text.startswith("这件事是这样的")
        stage.says(WANG, "一次可以申请几件事")
        assert stage.last(WANG).event == "guide_shown"
