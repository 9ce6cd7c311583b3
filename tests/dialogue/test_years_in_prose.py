"""A figure that stands in a sentence, not in a table: the year asked is answered or told, or two compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.messages import OutcomeKind
from knowledge.base import build_base
from tests.dialogue.stage import WANG, Stage, settings_of


def report(year: int, told: int, got: int, trouble: str) -> str:
    return f"""柏杨镇{year}年政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》，柏杨镇人民政府编制本报告。
一、总体情况
（一）主动公开
全镇通过公开栏、网站主动公开政府信息{told}条。
（二）依申请公开
收到政府信息公开申请{got}件，都按时答复。
二、存在的主要问题及改进情况
主要问题是{trouble}。
柏杨镇人民政府
{year + 1}年1月20日
"""


def spending(year: int, guests: str, cars: str) -> str:
    return f"""柏杨镇人民政府{year}年度“三公”经费决算说明
一、公务接待费
公务接待费支出{guests}万元，用于上级检查的工作餐。
二、公务用车运行维护费
公务用车运行维护费支出{cars}万元，用于加油和保险。
柏杨镇人民政府
{year + 1}年8月20日
"""


NOTICE = """柏杨镇人民政府关于高龄津贴发放的通知
各村：
一、发放标准
八十岁以上老人每人每月120元，按月打到一卡通。
柏杨镇人民政府
2024年6月20日
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Reports on 2021 and 2023, published in the January after; spending of 2023 and 2024."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in (
        ("2021.txt", report(2021, 311, 3, "解读材料太少")),
        ("2023.txt", report(2023, 428, 5, "公开不够及时")),
        ("三公2023.txt", spending(2023, "1.2", "7.4")),
        ("三公2024.txt", spending(2024, "0.8", "7.1")),
        ("通知.txt", NOTICE),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    settings = settings_of(tmp_path, knowledge=folder)
    build_base(folder, settings.index_path)
    with Stage.open(settings) as stage:
        stage.now = datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        yield stage


@pytest.mark.parametrize("year", [2022, 2024])
def test_a_year_that_is_not_there_is_told_and_the_nearest_is_shown(stage: Stage, year: int) -> None:
    """2022 and 2024 are the years in which the reports came out: they are on 2021 and 2023."""
    stage.says(WANG, f"柏杨镇{year}年主动公开政府信息多少条")
    said = stage.last(WANG)
    assert said.event == "not_found_of_year"
    assert f"{year} 年的没有查到，2023、2021 年的有" in said.text
    assert "428条" in said.text
    assert "柏杨镇2023年" in said.text
    stage.presses(WANG, "2021 年的")
    assert "311条" in stage.last(WANG).text


def test_what_is_asked_of_the_guide_is_no_answer_for_the_year(stage: Stage) -> None:
    stage.says(WANG, "2022年公务接待费支出多少钱")
    assert "2022 年的没有查到，2024、2023 年的有" in stage.last(WANG).text
    assert "1.2万元" in stage.last(WANG).text


@pytest.mark.parametrize(
    "question",
    [
        "2023年主动公开政府信息比2021年多多少条",
        "主动公开政府信息2023年跟2021年比是多还是少",
        "2021年和2023年主动公开政府信息各多少条",
        "主动公开政府信息同比增加还是减少",
    ],
)
def test_both_years_are_shown(stage: Stage, question: str) -> None:
    stage.says(WANG, question)
    said = stage.last(WANG)
    assert said.event == "answers_of_years"
    assert said.text.index("428条") < said.text.index("311条")
    assert "2021年政府信息公开工作年度报告" in said.text


def test_the_year_before_is_compared_with(stage: Stage) -> None:
    stage.says(WANG, "2024年公务接待费支出比上年多还是少")
    assert stage.last(WANG).event == "answers_of_years"
    assert all(figure in stage.last(WANG).text for figure in ("0.8万元", "1.2万元"))


def test_the_other_year_is_told_where_it_is_not_there(stage: Stage) -> None:
    stage.says(WANG, "2023年主动公开政府信息比上年多还是少")
    said = stage.last(WANG)
    assert said.event == "answer_without_years"
    assert "2022 年的没有查到" in said.text
    assert "428条" in said.text
    assert "311条" not in said.text
    stage.says(WANG, "公务接待费支出跟去年比多了还是少了")
    said = stage.last(WANG)
    assert "2025 年的没有查到" in said.text
    assert all(figure in said.text for figure in ("0.8万元", "1.2万元"))


def test_notice_that_does_not_come_every_year_is_told_of_its_own(stage: Stage) -> None:
    stage.says(WANG, "高龄津贴发放标准每人每月多少元")
    assert stage.last(WANG).event == "answer_found"
    stage.says(WANG, "2022年高龄津贴发放标准每人每月多少元")
    assert stage.last(WANG).event == "not_found_of_year"
    assert "2022 年的没有查到，2024 年的有" in stage.last(WANG).text
    assert "120元" in stage.last(WANG).text


def test_what_is_told_as_not_there_can_still_be_filed(stage: Stage) -> None:
    done = stage.says(WANG, "柏杨镇2022年主动公开政府信息多少条")
    assert done.outcome is OutcomeKind.ROUTE
    assert "申请公开" in stage.labels(WANG)
