"""What waits for somebody else in the office stands where it is looked for, until it is decided; names."""

from __future__ import annotations

import pytest

from bot.messages import Outgoing
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage
from tests.dialogue.test_steps import received, request_of, step

NAMES = {CLERK: "李红", LEADER: "王主任"}


def ask_for_extension(stage: Stage) -> str:
    """The clerk asks the leader for ten working days."""
    stage.restart(leaders=(LEADER,), names=NAMES)
    number = received(stage)
    step(stage, CLERK, "延期", "10 个工作日", "要向县里调取档案")
    return number


def shown(stage: Stage, who: str, text: str) -> Outgoing:
    return stage.says(who, text).outgoing[0]


def test_a_wanted_extension_waits_on_card_and_queue(stage: Stage) -> None:
    """Days later the leader finds it with its buttons; the clerk sees that it waits and cannot ask again."""
    number = ask_for_extension(stage)
    stage.wait(days=3)
    card = shown(stage, LEADER, number)
    assert "延期 10 个工作日等负责人决定（李红 提出，理由：要向县里调取档案）" in card.text
    assert {"同意延期", "不同意"} <= set(card.labels)
    own = shown(stage, CLERK, number)
    assert "等负责人决定" in own.text
    assert "同意延期" not in own.labels
    assert "延期等负责人决定" in shown(stage, CLERK, "待办").text
    assert number in shown(stage, CLERK, "/queue 待延期").text
    stage.says(CLERK, number)
    assert "已经请负责人决定延期 10 个工作日" in shown(stage, CLERK, "延期").text


@pytest.mark.parametrize(("said", "extended"), [("同意延期", True), ("同意", True), ("不同意", False)])
def test_a_decided_extension_waits_no_more(stage: Stage, said: str, extended: bool) -> None:
    """By the button on the card or by its words."""
    number = ask_for_extension(stage)
    shown(stage, LEADER, number)
    stage.says(LEADER, said)
    assert request_of(stage, number).extended is extended
    card = shown(stage, LEADER, number)
    assert "等负责人决定" not in card.text
    assert "同意延期" not in card.labels
    assert "延期等负责人决定" not in shown(stage, CLERK, "待办").text


def test_a_reply_waits_for_review(stage: Stage) -> None:
    """On card and queue, with the buttons for everybody but who drafted it."""
    stage.restart(leaders=(LEADER,), names=NAMES)
    number = received(stage)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥2025年加固，总投资38万元。")
    stage.presses(CLERK, "保存答复")
    own = shown(stage, CLERK, number)
    assert "答复等审核（李红 起草，要另一位同事审）" in own.text
    assert "审核同意" not in own.labels
    assert "审核同意" in shown(stage, LEADER, number).labels
    assert "（等审核）" in shown(stage, LEADER, "待办").text
    assert "“审核同意”" in shown(stage, CLERK, f"{number} 审核同意").text
    assert request_of(stage, number).status.value == "drafted"


def test_nobody_reads_an_account(stage: Stage) -> None:
    """Cards, timelines, lists of colleagues and questions name people; without a name the bare id."""
    number = ask_for_extension(stage)
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "转给别人办")
    assert "王主任" in stage.labels(CLERK)
    stage.presses(CLERK, "王主任")
    stage.presses(CLERK, "确认登记")
    assert request_of(stage, number).assigned_to == LEADER
    assert "承办：王主任" in shown(stage, CLERK, number).text
    stage.restart(names={})
    assert "承办：工作人员 2" in shown(stage, CLERK, number).text
    stage.says(CLERK, "2026-0001 经过")
    for who in (CLERK, LEADER, WANG):
        for message in stage.seen[who]:
            assert "telegram:" not in message.text + "".join(message.labels), message.event


def test_cards_speak_to_the_clerk(stage: Stage) -> None:
    """等申请人补充, where the applicant reads 等您补充."""
    number = received(stage)
    step_by = ("要求补正", "请写明是哪一座桥。", "10 个工作日", "确认登记")
    stage.presses(CLERK, step_by[0])
    stage.says(CLERK, step_by[1])
    for label in step_by[2:]:
        stage.presses(CLERK, label)
    assert "等申请人补充" in shown(stage, CLERK, number).text
    assert "等申请人补充" in shown(stage, CLERK, "待办").text
    assert "等您补充" in shown(stage, WANG, number).text
    stage.presses(WANG, "撤回申请")
    stage.presses(WANG, "确定撤回")
    assert "申请人已撤回" in shown(stage, CLERK, number).text
