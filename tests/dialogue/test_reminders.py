"""Reminders with a clock to set: once each, in time, made up for after a break, passed on to a leader."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk.calendar import WorkingCalendar
from bot.desk.model import Outcome, Status
from bot.jobs.reminding import stage_of
from tests.dialogue.stage import CLERK, LEADER, LI, WANG, Stage, label_of, officer

SHANGHAI = ZoneInfo("Asia/Shanghai")


def received(stage: Stage) -> str:
    """A request whose reply is due on Tuesday 2026-12-22."""
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    return number


def of_eleven(stage: Stage) -> str:
    """The same, the applicant's 11th this month: a fee may be noticed."""
    stage.file_ten(WANG)
    return received(stage)


def run_until(stage: Stage, last: date) -> dict[str, list[str]]:
    """A round each hour until the evening of `last`; the reminders by day, digests left out."""
    told: dict[str, list[str]] = {}
    while stage.now.date() <= last:
        for message in stage.make_rounds():
            if message.event != "digest":
                told.setdefault(stage.now.date().isoformat(), []).append(message.event)
        stage.wait(hours=1)
    return told


def test_each_stage_once(stage: Stage) -> None:
    """T-5, T-3, T-1, the day itself and each day after it, acknowledged each morning."""
    received(stage)
    told: dict[str, list[str]] = {}
    while stage.now.date() <= date(2026, 12, 24):
        for message in stage.make_rounds():
            if message.event != "digest":
                told.setdefault(stage.now.date().isoformat(), []).append(message.event)
                stage.presses(CLERK, "知道了")
        stage.wait(hours=1)
    assert told == {
        "2026-12-15": ["remind_soon"],
        "2026-12-17": ["remind_soon"],
        "2026-12-21": ["remind_soon"],
        "2026-12-22": ["remind_today"],
        "2026-12-23": ["remind_late"],
        "2026-12-24": ["remind_late"],
    }


def test_not_before_the_morning(stage: Stage) -> None:
    """Nobody is woken at midnight."""
    received(stage)
    stage.now = datetime(2026, 12, 22, 0, 5, tzinfo=SHANGHAI)
    assert stage.make_rounds() == []
    stage.wait(hours=8)
    assert "remind_today" in [message.event for message in stage.make_rounds()]


def test_missed_runs_are_made_up_for(stage: Stage) -> None:
    """After a break only the latest stage is said, and the digest tells of the break."""
    received(stage)
    stage.make_rounds()
    stage.now = datetime(2026, 12, 18, 9, 0, tzinfo=SHANGHAI)
    messages = stage.make_rounds()
    assert [message.event for message in messages] == ["digest", "remind_soon"]
    assert "2026年11月24日 以后程序没有运行过" in messages[0].text
    assert "还有 2 个工作日到期" in messages[1].text
    assert stage.make_rounds() == []


def test_restart_says_nothing_twice(stage: Stage) -> None:
    """What was said is in the ledger, not in memory."""
    received(stage)
    stage.now = datetime(2026, 12, 21, 9, 0, tzinfo=SHANGHAI)
    assert len(stage.make_rounds()) == 2
    stage.restart()
    assert stage.make_rounds() == []


def test_unconfirmed_receipt(stage: Stage) -> None:
    """Filed on Tuesday, not confirmed on Wednesday: staff are told on Thursday, once."""
    stage.file_request(WANG)
    assert run_until(stage, date(2026, 11, 26)) == {"2026-11-26": ["remind_unconfirmed"]}


def test_uncorrected_request_can_be_closed(stage: Stage) -> None:
    """Art. 30: the day after the period staff are told, may close it as F1, and the applicant hears it."""
    number = received(stage)
    stage.presses(CLERK, "要求补正")
    stage.says(CLERK, "请写明是哪一座桥。")
    stage.presses(CLERK, "15 个工作日")
    stage.presses(CLERK, "确认登记")
    stage.make_rounds()
    assert run_until(stage, date(2026, 12, 16)) == {
        "2026-12-10": ["remind_your_correction"],
        "2026-12-14": ["remind_your_correction"],
        "2026-12-16": ["remind_uncorrected"],
    }
    stage.presses(CLERK, "回到这件")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "逾期不补正，终止")
    stage.presses(CLERK, "确认登记")
    assert stage.last(WANG).event == "request_lapsed_uncorrected"
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).outcome is Outcome.CLOSED_UNCORRECTED


def consulted(stage: Stage, agency: bool) -> str:
    """A request whose third party, or other agency, was written to today."""
    number = received(stage)
    with stage.ledger.transaction() as connection:
        acts = stage.register.session(connection, stage.now, CLERK).consultations
        (acts.consult_agency if agency else acts.consult_third_party)(number, party="某公司")
    return number


@pytest.mark.parametrize(
    ("agency", "kind", "law"),
    [
        (False, "remind_silent_party", "由本机关决定是否公开（条例第三十二条）"),
        (True, "remind_silent_agency", "视为同意公开（条例第三十四条）"),
    ],
)
def test_silence_of_who_was_asked(stage: Stage, agency: bool, kind: str, law: str) -> None:
    """The day after 15 working days staff hear what the law says, and the clock has gone on by itself."""
    number = consulted(stage, agency)
    told = run_until(stage, date(2026, 12, 16))
    assert told == {"2026-12-16": [kind]}  # 15 working days after 24 November end on 15 December
    assert law in stage.last(CLERK).text
    assert "2026年12月15日 以后期限接着算，最晚 2027年1月13日" in stage.last(CLERK).text
    stage.presses(CLERK, "知道了")
    with stage.ledger.transaction() as connection:
        before = stage.register.session(connection).requests.get(number).due_on
        request = stage.register.session(connection, stage.now, CLERK).consultations.receive_opinion(
            number, opinion="silent"
        )
        assert (before, request.due_on) == (date(2027, 1, 13), date(2027, 1, 13))
    assert run_until(stage, date(2026, 12, 18)) == {}


def test_silence_can_be_recorded_from_the_reminder(stage: Stage) -> None:
    """The buttons that the reminder names are there, and lead to the reply."""
    consulted(stage, agency=False)
    run_until(stage, date(2026, 12, 16))
    for label in ("回到这件", "更多", "登记收到的意见", "到期没有答复", "今天", "没有说"):
        stage.presses(CLERK, label)
    stage.presses(CLERK, "确认登记")
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.queue()[0].status is Status.ASSIGNED


def test_fee_not_paid_in_time(stage: Stage) -> None:
    """The day after 20 working days; the request may then be closed as F2 where the reminder says."""
    number = of_eleven(stage)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).correspondence.notice_fee(
            number, amount_yuan=100
        )
    assert run_until(stage, date(2026, 12, 23)) == {"2026-12-23": ["remind_unpaid"]}
    for label in ("回到这件", "更多", "逾期未缴费，终止", "确认登记"):
        stage.presses(CLERK, label)
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).outcome is Outcome.CLOSED_UNPAID
    assert run_until(stage, date(2026, 12, 28)) == {}


def test_what_others_owe_goes_to_the_leader_too(stage: Stage) -> None:
    """A fee that nobody looks at is passed on the next working day, once."""
    stage.restart(leaders=(LEADER,))
    number = of_eleven(stage)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).correspondence.notice_fee(
            number, amount_yuan=100
        )
    told = run_until(stage, date(2026, 12, 25))
    assert told["2026-12-24"] == ["remind_escalated"]
    assert "2026-12-25" not in told


def test_a_week_without_the_program(stage: Stage) -> None:
    """Down from the 21st to the 28th: one reminder that it is late, one digest that tells of the gap."""
    received(stage)
    stage.now = datetime(2026, 12, 21, 9, 0, tzinfo=SHANGHAI)
    stage.make_rounds()
    stage.presses(CLERK, "知道了")
    stage.now = datetime(2026, 12, 28, 9, 0, tzinfo=SHANGHAI)
    stage.restart()
    messages = stage.make_rounds()
    assert [message.event for message in messages] == ["digest", "remind_late"]
    assert "2026年12月21日 以后程序没有运行过" in messages[0].text
    assert "已经逾期 4 个工作日" in messages[1].text
    assert stage.make_rounds() == []


def test_unanswered_goes_to_the_leader(stage: Stage) -> None:
    """Not acknowledged by the next working day: the leader is told, once, and may answer it."""
    stage.restart(leaders=(LEADER,))
    number = received(stage)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "我来办")
    stage.now = datetime(2026, 12, 18, 9, 0, tzinfo=SHANGHAI)  # Friday; T-3 was on Thursday
    assert [message.event for message in stage.make_rounds()] == ["digest", "digest", "remind_soon"]
    assert stage.last(CLERK).event == "remind_soon"
    stage.wait(days=2)
    assert stage.make_rounds() == []  # Sunday
    stage.wait(days=1)
    events = [(str(message.address), message.event) for message in stage.make_rounds()]
    assert (LEADER, "remind_escalated") in events
    assert officer(CLERK) in stage.last(LEADER).text
    assert [message.event for message in stage.make_rounds()] == []
    stage.presses(LEADER, "知道了")
    assert stage.last(LEADER).event == "acknowledged"


def test_acknowledged_is_not_passed_on(stage: Stage) -> None:
    """知道了 keeps it from the leader."""
    stage.restart(leaders=(LEADER,))
    received(stage)
    stage.now = datetime(2026, 12, 17, 9, 0, tzinfo=SHANGHAI)
    stage.make_rounds()
    stage.presses(CLERK, "知道了")
    stage.wait(days=1)
    assert "remind_escalated" not in [message.event for message in stage.make_rounds()]


def test_replied_in_time_is_left_alone(stage: Stage) -> None:
    """What is answered needs no reminder, and its old ones no leader."""
    number = received(stage)
    stage.now = datetime(2026, 12, 17, 9, 0, tzinfo=SHANGHAI)
    stage.make_rounds()
    stage.says(CLERK, f"/queue {number}")
    for label in ("答复", "可以公开，全部给"):
        stage.presses(CLERK, label)
    stage.says(CLERK, "村口桥总投资38万元。")
    stage.presses(CLERK, "保存答复")
    stage.presses(CLERK, "发出，今天当面送达签收")
    assert run_until(stage, date(2026, 12, 24)) == {}


def test_extension_is_watched_anew(stage: Stage) -> None:
    """A due date that moved gets its own reminders."""
    received(stage)
    stage.now = datetime(2026, 12, 21, 9, 0, tzinfo=SHANGHAI)
    stage.make_rounds()
    stage.presses(CLERK, "知道了")
    stage.presses(CLERK, "回到这件")
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "延期")
    stage.says(CLERK, "3 个工作日")
    stage.says(CLERK, "要向县里调取档案")
    stage.presses(CLERK, "确认登记")
    assert [message.event for message in stage.make_rounds()] == ["remind_soon"]
    assert "2026年12月25日" in stage.last(CLERK).text


def test_digest_each_working_morning(stage: Stage) -> None:
    """One on each working day while something is open; none on Saturday and Sunday."""
    received(stage)
    days = []
    while stage.now.date() <= date(2026, 12, 1):
        days += [stage.now.date().day for message in stage.make_rounds() if message.event == "digest"]
        stage.wait(hours=1)
    assert days == [24, 25, 26, 27, 30, 1]
    assert "申请 1 件" in stage.last(CLERK).text


def test_quiet_office_hears_nothing(stage: Stage) -> None:
    """No open request, no inquiry, no message."""
    assert run_until(stage, date(2026, 11, 30)) == {}
    assert stage.events(CLERK) == []


def test_button_is_for_staff(stage: Stage) -> None:
    """知道了 pressed by a resident is an unknown button."""
    assert stage.presses_data(LI, "rk:1").outgoing == stage.presses_data(LI, "zz").outgoing


@pytest.mark.parametrize(
    ("today", "stage"),
    [("2026-12-14", ""), ("2026-12-15", "day_5"), ("2026-12-19", "day_3"), ("2026-12-22", "day_0")],
)
def test_stages_count_working_days(today: str, stage: str) -> None:
    """On a Saturday as many working days are left as on the evening before."""
    found = stage_of(date.fromisoformat(today), date(2026, 12, 22), WorkingCalendar())
    assert found[0] == stage


def test_nothing_is_due_long_before() -> None:
    """A far date is not counted out."""
    today = date(2026, 11, 24)
    assert stage_of(today, today + timedelta(days=400), WorkingCalendar()) == ("", "", 0)
