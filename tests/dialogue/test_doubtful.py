"""What is only likely is neither done nor lost: said beside what is found, or offered where nothing is."""

from __future__ import annotations

import pytest

from bot.messages import Outgoing
from tests.dialogue import test_reading_in_context as states
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage
from tests.dialogue.test_clerks import received, review


@pytest.fixture
def stage(stage_by_meaning: Stage) -> Stage:
    return stage_by_meaning


def said(stage: Stage, who: str, text: str) -> Outgoing:
    return stage.says(who, text).outgoing[0]


@pytest.mark.parametrize(
    "text",
    [
        "申请公开镇长把救灾款弄哪去了他准是吞了",
        "我们队长把低保钱自己花了",
        "申请公开大队书记买小车的钱哪来的",
        "请公开村主任收了承包商多少红包",
        "干部下馆子拿我们的钱报账",
    ],
)
def test_money_taken_is_told_whom_to_report_to_in_any_words(stage: Stage, text: str) -> None:
    """None of them is a phrasing; filing stays open."""
    told = said(stage, WANG, text)
    assert "12388" in told.text
    assert "申请公开" in told.labels


def test_a_likely_cheat_is_warned_of_beside_what_is_found(stage: Stage) -> None:
    told = said(stage, WANG, "有人来电话要我先交两百块才能领救济款")
    assert "96110" in told.text


@pytest.mark.parametrize("text", ["修路的账目公开了吗", "扶贫资金用到哪里去了", "干部值班表在哪看"])
def test_questions_are_told_of_no_crime(stage: Stage, text: str) -> None:
    told = said(stage, WANG, text)
    assert "12388" not in told.text
    assert "96110" not in told.text


@pytest.mark.parametrize(
    ("text", "whom"), [("我家停水了咋办", "自来水公司"), ("这边又没电了，好几天了", "95598")]
)
def test_who_does_it_stands_before_where_to_complain(stage: Stage, text: str, whom: str) -> None:
    told = said(stage, WANG, text)
    assert told.event == "redirected"
    assert told.text.index(whom) < told.text.index("信访")


def test_a_lost_card_is_no_fraud(stage: Stage) -> None:
    """Also where it is near a cheat in its words: 医保卡停用了，让我点链接."""
    for text in ("身份证丢了", "我医保卡掉了咋办"):
        assert "96110" not in said(stage, WANG, text).text


def test_a_number_without_a_form_is_not_searched(stage: Stage) -> None:
    """Nothing is kept of it."""
    assert said(stage, WANG, "13800138000").event == "identity_without_form"
    assert said(stage, WANG, "362227199001011234").event == "identity_without_form"
    assert "13800138000" not in said(stage, WANG, "我的申请咋样了").text


def test_a_likely_act_is_offered_where_nothing_is_found(stage: Stage) -> None:
    told = said(stage, WANG, "我找张主任")
    assert told.event.startswith("not_found")
    assert told.labels.count("找工作人员") == 1


def test_who_says_that_he_applies_gets_the_form_filled_in(stage: Stage) -> None:
    """In either script; what is public already is shown, how it is done is told."""
    assert said(stage, WANG, "我想申請公開村裏修路的帳目").event == "form_kind"
    stage.says(WANG, "取消")
    assert said(stage, WANG, "我想申请公开要带什么").event == "guide_shown"
    assert said(stage, WANG, "我要申请公开2018年预算").event == "answer_found"


def test_a_parked_form_is_not_written_over(stage: Stage) -> None:
    states.parked(stage)
    assert said(stage, WANG, "我想申请公开村里修路的账目").event == "go_on_with_form"
    stage.presses(WANG, "继续填")
    assert "村口桥加固花了多少钱" in stage.last(WANG).text


def test_the_parked_form_is_told_of_once(stage: Stage) -> None:
    states.parked(stage)
    stage.says(WANG, "预算公开了没有")
    again = said(stage, WANG, "再说一遍")
    assert again.text.count("没填完的表") == 1
    assert again.labels.count("继续填") == 1


def test_going_on_in_an_open_form_shows_its_question(stage: Stage) -> None:
    states.at_wanted(stage)
    again = said(stage, WANG, "接着填吧")
    assert again.event == "form_wanted"
    assert "接着填" not in again.text


@pytest.mark.parametrize("text", ["谁又来申请了", "有活吗"])
def test_with_nothing_open_the_queue_is_what_is_asked_for(stage: Stage, text: str) -> None:
    assert said(stage, CLERK, text).event == "queue_empty"


def test_what_is_nearly_as_likely_is_asked_too(stage: Stage) -> None:
    """Named somebody, and said that it is to be changed."""
    review(stage)
    asked = said(stage, LEADER, "让小张再改改")
    assert asked.event == "staff_meant"
    assert any("退回修改" in label for label in asked.labels)


def test_a_notice_that_was_read_back_is_sent_by_saying_so(stage: Stage) -> None:
    received(stage)
    for text in ("要求补正", "请写明是哪一座桥", "8个工作日"):
        stage.says(CLERK, text)
    stage.says(CLERK, "发给申请人")
    assert "correction_asked" in stage.events(WANG)


def test_a_name_before_a_colon_is_what_is_to_be_done(stage: Stage) -> None:
    received(stage)
    assert said(stage, CLERK, "备注：已问过财政所").event.startswith("record_")
