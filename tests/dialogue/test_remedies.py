"""Reconsideration and suits in chat: recorded, decided, anew; in card, queue, reminders and letter."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.model import EventKind, Outcome, Status
from tests.dialogue.stage import CLERK, WANG, Stage
from tests.dialogue.test_steps import kinds, received, request_of, step
from tests.letters_read import words_of

DECISION = "清政复决〔2026〕12号"
BEGIN, RESULT, ORDER = "登记复议或诉讼", "登记复议或诉讼的结果", "登记重新作出的期限"


def refused(stage: Stage) -> str:
    """Withheld as internal affairs, served today."""
    number = received(stage)
    reply(stage, "内部事务：人事、后勤、内部流程", "人事管理", "属于内部名册")
    return number


def reply(stage: Stage, outcome: str, *fields: str) -> None:
    for label in ("答复", "依法不能公开", outcome):
        stage.presses(CLERK, label)
    for field in fields:
        if field in stage.labels(CLERK):
            stage.presses(CLERK, field)
        else:
            stage.says(CLERK, field)
    stage.says(CLERK, "您申请的信息属于内部事务信息，不予公开。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")


def card(stage: Stage, number: str) -> str:
    stage.says(CLERK, number)
    return stage.last(CLERK).text


def test_from_refusal_to_the_new_reply(stage: Stage) -> None:
    """Each step in the clerk's words; the applicant is told the new limit and gets the new reply."""
    number = refused(stage)
    assert "要先申请行政复议" in stage.last(WANG).text
    stage.wait(days=6)
    step(stage, CLERK, BEGIN, "行政复议", "今天")
    assert "10 日内" in stage.last(CLERK).text
    assert "行政复议：2026年11月30日 提起，还没有结果" in card(stage, number)
    stage.says(CLERK, "待办")
    assert "复议、诉讼还没有结果的 1 件" in stage.last(CLERK).text
    stage.says(CLERK, "/queue 复议")
    assert number in stage.last(CLERK).text
    stage.wait(days=43)  # 12 January 2027
    card(stage, number)
    step(
        stage,
        CLERK,
        RESULT,
        "行政复议",
        "结果纠正",
        "昨天",
        DECISION,
        "要重新作出",
        "今天",
        "没有写，20 个工作日",
    )
    found = request_of(stage, number)
    assert (found.status, found.outcome) == (Status.RE_DECIDING, Outcome.WITHHELD_INTERNAL_AFFAIRS)
    assert stage.last(WANG).event == "request_reopened"
    assert found.due_on is not None
    assert f"{found.due_on.month}月{found.due_on.day}日" in stage.last(WANG).text
    shown = card(stage, number)
    assert "行政复议：2026年11月30日 提起，2027年1月11日 结果纠正（清政复决〔2026〕12号）" in shown
    assert "按复议决定或者法院判决重新办理，最晚" in shown
    assert {"答复", "更多"} <= set(stage.labels(CLERK))
    assert "要求补正" not in stage.labels(CLERK)
    stage.presses(CLERK, "办理经过")
    assert "2027年1月11日 复议或诉讼有结果（清政复决〔2026〕12号）" in stage.last(CLERK).text
    stage.says(CLERK, "/queue 重新办理")
    assert number in stage.last(CLERK).text
    card(stage, number)
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "名册见附表，现予公开。")
    stage.presses(CLERK, "保存答复")
    letter = stage.last(CLERK).document
    assert letter is not None
    words = words_of(letter.content)
    assert (
        "本机关于2027年1月12日收到行政复议决定（清政复决〔2026〕12号，2027年1月11日作出），现按其要求就该申请作出答复。"
        in words
    )
    assert "6个月" in words
    stage.presses(CLERK, "发出，今天当面送达签收")
    done = request_of(stage, number)
    assert (done.status, done.outcome, done.last_outcome) == (
        Status.SERVED,
        Outcome.WITHHELD_INTERNAL_AFFAIRS,
        Outcome.DISCLOSED,
    )
    shown = card(stage, number)
    assert "结果：C5" in shown
    assert "重新作出：A 予以公开" in shown
    assert stage.last(WANG).event == "request_replied"
    stage.says(WANG, f"进度 {number}")
    assert "予以公开" in stage.last(WANG).text
    assert "不予公开" not in stage.last(WANG).text


def test_order_that_comes_later_than_the_result(stage: Stage) -> None:
    """The result says nothing of it; the order has its own entry, and a last day that it names."""
    number = refused(stage)
    stage.wait(days=6)
    step(stage, CLERK, BEGIN, "没有复议，直接起诉", "今天")
    stage.wait(days=60)
    card(stage, number)
    stage.presses(CLERK, "更多")
    assert ORDER not in stage.labels(CLERK)
    step(stage, CLERK, RESULT, "没有复议，直接起诉", "其他结果", "今天", "无，调解结案", "不用重新作出")
    assert request_of(stage, number).status is Status.SERVED
    card(stage, number)
    step(stage, CLERK, ORDER, "今天", "写了最后一天", "2027-02-26")
    assert request_of(stage, number).due_on == date(2027, 2, 26)
    card(stage, number)
    stage.presses(CLERK, "更多")
    assert ORDER not in stage.labels(CLERK)
    assert "延期" not in stage.labels(CLERK)


def test_upheld_asks_nothing_more(stage: Stage) -> None:
    """维持: three answers, nothing is opened again."""
    number = refused(stage)
    stage.wait(days=6)
    step(stage, CLERK, BEGIN, "行政复议", "今天")
    stage.wait(days=50)
    card(stage, number)
    step(stage, CLERK, RESULT, "行政复议", "结果维持", "今天", DECISION)
    assert request_of(stage, number).status is Status.SERVED
    assert EventKind.REDECISION_ORDERED not in kinds(stage, number)


def test_silence_is_contested(stage: Stage) -> None:
    """Not offered before the limit has passed; afterwards it is recorded, and the request stays late."""
    number = received(stage)
    stage.presses(CLERK, "更多")
    assert BEGIN not in stage.labels(CLERK)
    stage.wait(days=40)
    card(stage, number)
    step(stage, CLERK, BEGIN, "行政复议", "今天")
    found = request_of(stage, number)
    assert found.is_overdue(stage.now.date())
    assert "还没有结果" in card(stage, number)
    stage.wait(days=20)
    step(
        stage,
        CLERK,
        RESULT,
        "行政复议",
        "结果纠正",
        "今天",
        DECISION,
        "要重新作出",
        "今天",
        "写了最后一天",
        "2027-02-10",
    )
    shown = card(stage, number)
    assert "按复议决定、判决，2027年2月10日" in shown
    assert request_of(stage, number).due_on == found.due_on  # the limit was missed all the same
    assert stage.last(WANG).event == "request_reopened"


def test_the_new_limit_is_watched(stage: Stage) -> None:
    """Reminders come for the term of the order like for any other."""
    number = refused(stage)
    stage.wait(days=6)
    step(stage, CLERK, BEGIN, "行政复议", "今天")
    stage.wait(days=2)
    card(stage, number)
    step(
        stage,
        CLERK,
        RESULT,
        "行政复议",
        "结果纠正",
        "今天",
        DECISION,
        "要重新作出",
        "今天",
        "写了最后一天",
        "2026-12-18",
    )
    stage.now = datetime(2026, 12, 17, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert "remind_soon" in [message.event for message in stage.make_rounds()]
    stage.wait(days=4)
    assert "remind_late" in [message.event for message in stage.make_rounds()]
