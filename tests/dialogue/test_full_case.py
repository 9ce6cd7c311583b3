"""A whole case: correction, consultation, extension over National Day, partial disclosure, report."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from bot.desk.annual_report.counts import ROWS, imbalances
from bot.desk.model import DisclosureRequest, Outcome, Status
from tests.dialogue.stage import CLERK, LEADER, WANG, Stage, label_of
from tests.dialogue.test_steps import step


def counted(start: date, working_days: int, paused: tuple[date, date]) -> date:
    """The due day by an independent calendar: `paused` are the day of the letter and of the opinion."""
    day = start
    while working_days:
        day += timedelta(days=1)
        if chinese_calendar.is_workday(day) and not paused[0] < day <= paused[1]:
            working_days -= 1
    return day


def at(stage: Stage, month: int, day: int) -> None:
    stage.now = datetime(2026, month, day, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def request_of(stage: Stage, number: str) -> DisclosureRequest:
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.get(number)


def test_case_over_national_day(stage: Stage) -> None:
    """Played by resident, clerk and leader; dates as an independent calendar counts them."""
    stage.restart(leaders=(LEADER,))
    at(stage, 9, 14)
    number = stage.file_request(WANG, "去年的补贴发放情况")
    stage.presses(CLERK, label_of("confirm_receipt"))
    at(stage, 9, 16)
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一种补贴、哪个村。")
    stage.presses(CLERK, "15 个工作日")
    stage.presses(CLERK, "确认登记")
    at(stage, 9, 18)
    stage.presses(WANG, "现在补充")
    stage.says(WANG, "2025年桥头村种粮补贴的户名和金额")
    stage.presses(WANG, "确认补充")
    at(stage, 9, 21)
    stage.says(CLERK, f"/queue {number}")
    step(stage, CLERK, "征求第三方意见", "桥头村种粮大户", "今天")
    at(stage, 9, 29)
    step(stage, CLERK, "登记收到的意见", "不同意公开", "9月28日", "户名属于个人隐私")
    pause = (date(2026, 9, 21), date(2026, 9, 28))
    assert request_of(stage, number).due_on == counted(date(2026, 9, 18), 20, pause)
    at(stage, 10, 12)
    step(stage, CLERK, "延期", "10 个工作日", "要逐户核对金额")
    stage.presses(LEADER, "同意延期")
    due_on = request_of(stage, number).due_on
    assert due_on == counted(date(2026, 9, 18), 30, pause)
    stage.says(WANG, f"期限 {number}")
    assert "国庆节" in stage.last(WANG).text
    at(stage, 10, 30)
    for label in ("答复", "只能公开一部分"):
        stage.presses(CLERK, label)
    for text in ("补贴金额", "户名", "第十五条（个人隐私）", "第三方不同意公开"):
        stage.says(CLERK, text)
    stage.presses(CLERK, "他不同意的，都没有公开")
    stage.says(CLERK, "2025年桥头村种粮补贴共 86 户，12 万元。")
    stage.presses(CLERK, "保存答复")
    stage.presses(LEADER, "审核同意")
    stage.presses(CLERK, "先签发，以后再送")
    at(stage, 11, 2)
    step(stage, CLERK, "发出，别的日期或方式", "中国邮政邮寄", "10月31日", "XA123456789CN")
    served = request_of(stage, number)
    assert (served.status, served.outcome) == (Status.SERVED, Outcome.PARTLY_DISCLOSED)
    assert due_on is not None
    assert served.ended_on is not None
    assert served.ended_on <= due_on
    assert stage.last(WANG).event == "request_replied"
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.verify() > 10
        table = stage.register.session(connection).reporting.table_3(2026)
        letters = [letter.kind for letter in stage.register.session(connection).letters.of(number)]
    assert table.numbers["B"]["NP"] == (number,)
    assert imbalances({row: table.row(row) for row in ROWS}) == ()
    assert {
        "receipt",
        "correction_asked",
        "third_party_consultation",
        "opinion_form",
        "consultation_notice",
        "extended",
        "reply",
    } <= set(letters)
    assert [event for event in stage.events(WANG) if event.startswith(("request_", "correction_"))] == [
        "request_submitted",
        "request_received",
        "correction_asked",
        "correction_text",
        "correction_read_back",
        "correction_received",
        "request_third_party",
        "request_opinion_in",
        "request_extended",
        "request_replied",
    ]
