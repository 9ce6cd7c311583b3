"""Days that rest on holidays not yet published are called provisional wherever they are told, and agree."""

from __future__ import annotations

import pytest

from bot.desk.calendar import WorkingCalendar
from tests.dialogue.stage import CLERK, WANG, Stage
from tests.dialogue.test_steps import received, request_of, step
from tests.letters_read import words_of

PROVISIONAL = "（暂定"


@pytest.fixture
def late_in_the_year(stage: Stage) -> Stage:
    """So late in 2026 that everything falls into 2027, whose arrangement nobody knows."""
    assert not WorkingCalendar().is_official(2027)
    stage.wait(days=20)
    return stage


def test_receipt_card_and_proof_agree(late_in_the_year: Stage) -> None:
    """The same day in the message, the receipt, the card, the proof, the applicant's page; each says 暂定."""
    stage = late_in_the_year
    number = received(stage)
    due_on = request_of(stage, number).due_on
    assert due_on is not None
    day = f"{due_on.year}年{due_on.month}月{due_on.day}日{PROVISIONAL}"
    told = stage.last(WANG)
    assert told.document is not None
    assert day in told.text
    assert day in words_of(told.document.content)
    assert day in stage.last(CLERK).text
    stage.presses(WANG, "看这件申请")
    assert day in stage.last(WANG).text
    stage.presses(WANG, "期限怎么算")
    assert day in stage.last(WANG).text


def test_what_a_form_leads_to_is_provisional_too(late_in_the_year: Stage) -> None:
    """The day that follows, in the read-back of each form that names one; the form's own days are none."""
    stage = late_in_the_year
    received(stage)
    forms = (
        ("征求第三方意见", ("某某水厂", "今天"), "对方最晚 2027年"),
        ("延期", ("20 个工作日", "要逐户核对金额"), "到 2027年"),
        (
            "要求说明理由（大量申请）",
            ("一年80件", "10 个工作日"),
            "到 2026年12月28日",
        ),  # may be moved for New Year
    )
    for label, typed, said in forms:
        for answer in ("更多", label, *typed):
            stage.says(CLERK, answer)
        shown = stage.last(CLERK)
        assert shown.event == "record_read_back"
        assert said in shown.text
        assert PROVISIONAL in next(each for each in shown.text.splitlines() if said in each)
        stage.says(CLERK, "取消")
        stage.says(CLERK, "取消")


def test_other_limits_too(late_in_the_year: Stage) -> None:
    """The opinion that is awaited, the correction that is asked for, and its letter."""
    stage = late_in_the_year
    received(stage)
    step(stage, CLERK, "征求第三方意见", "某某水厂", "今天")
    card = next(message for message in reversed(stage.seen[CLERK]) if message.event == "staff_recorded")
    assert "正在征求 某某水厂 的意见，2027年" in card.text
    assert PROVISIONAL in card.text
    step(stage, CLERK, "登记收到的意见", "同意公开", "今天", "没有说")
    assert PROVISIONAL in stage.last(WANG).text
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一座桥。")
    stage.presses(CLERK, "15 个工作日")
    stage.presses(CLERK, "确认登记")
    told = stage.last(WANG)
    assert told.document is not None
    assert PROVISIONAL in told.text
    assert PROVISIONAL in words_of(told.document.content)
