"""A sentence that is quoted, or pointed at with 这个, belongs to what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.base import build_base
from tests.dialogue.stage import WANG, Stage, settings_of

NOTICE = """青石镇高龄津贴发放办法
一、发放标准
八十岁以上老人每人每月一百元。
二、发放时间
高龄津贴每月十五日前按月打到社保卡。
三、节水灌溉
节水灌溉设备由村委会保管，每年三月检修。
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "办法.txt").write_text(NOTICE, encoding="utf-8")
    settings = settings_of(tmp_path, knowledge=folder)
    build_base(folder, settings.index_path)
    with Stage.open(settings) as stage:
        yield stage


@pytest.mark.parametrize("text", ["这个什么意思", "这句话是什么意思？", "啥意思", "这个怎么理解啊"])
def test_what_a_quotation_means_is_asked_back(stage: Stage, text: str) -> None:
    """No suggestions: the sentence itself, the whole passage, and a person who explains."""
    stage.says(WANG, "八十岁以上老人每月发放标准")
    stage.says(WANG, text, quote="八十岁以上老人每人每月一百元。", reply_to="5")
    assert stage.last(WANG).event == "quote_unclear"
    assert "八十岁以上老人每人每月一百元。" in stage.last(WANG).text
    assert {"看全文", "咨询工作人员", "申请公开"} <= set(stage.labels(WANG))
    stage.presses(WANG, "看全文")
    assert "发放标准" in stage.last(WANG).text


def test_without_a_quotation_it_is_what_was_said_last(stage: Stage) -> None:
    """As in the terminal, which has no way to quote; before anything was said it is a question like any."""
    stage.says(WANG, "这个什么意思")
    assert stage.last(WANG).event != "quote_unclear"
    stage.says(WANG, "高龄津贴发放时间")
    stage.says(WANG, "这个什么意思")
    assert stage.last(WANG).event == "quote_unclear"
    assert "发放时间" in stage.last(WANG).text


def test_clerk_is_told_what_was_quoted(stage: Stage) -> None:
    """The inquiry has the sentence in it."""
    stage.says(WANG, "高龄津贴发放时间")
    stage.says(WANG, "这个什么意思", quote="按月打到社保卡", reply_to="5")
    stage.presses(WANG, "咨询工作人员")
    assert "按月打到社保卡" in stage.last(WANG).text


def test_quotation_belongs_to_the_question(stage: Stage) -> None:
    """什么时候 alone asks of anything."""
    stage.says(WANG, "这个什么时候检修", quote="节水灌溉设备", reply_to="5")
    assert "每年三月检修" in stage.last(WANG).text


def test_question_of_its_own_stays_as_it_is(stage: Stage) -> None:
    """Whoever replies to the last message in the chat with another question is not misunderstood."""
    stage.says(WANG, "高龄津贴每月几日前打到社保卡", quote="节水灌溉设备由村委会保管", reply_to="5")
    assert "每月十五日前" in stage.last(WANG).text
    assert "节水灌溉" not in stage.last(WANG).parts[1].text
