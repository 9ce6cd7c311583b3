"""Reconsideration and suits: when they can be recorded, what an order to decide anew opens, what counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.desk import chain
from bot.desk.annual_report.counts import CARRIED_OUT, DONE, NEW, TOTAL
from bot.desk.calendar import WorkingCalendar
from bot.desk.errors import DeskError, GuardFailed, InvalidValue, MissingFields, WrongStep
from bot.desk.model import DisclosureRequest, EventKind, Outcome, Role, ServiceMethod, Status
from bot.desk.register import Register
from bot.desk.remedies import Order
from tests.desk.conftest import CLERK, RESIDENT, SECOND, WANG, at
from tests.desk.part_nine import judged

GIVEN = {"given": "总表", "withheld": "个人的部分", "article": "第十五条（个人隐私）", "ground": "个人隐私"}


def filed(register: Register, connection: Connection, day: str) -> str:
    number = (
        register.session(connection, at(day), RESIDENT)
        .intake.submit(applicant=WANG, content="低保名单")
        .number
    )
    register.session(connection, at(day), CLERK).intake.confirm_receipt(number)
    return number


def answer(
    register: Register,
    connection: Connection,
    number: str,
    day: str,
    outcome: Outcome,
    *,
    late: bool = False,
    fields: Mapping[str, str] | None = None,
) -> DisclosureRequest:
    register.session(connection, at(day), CLERK).replies.draft(
        number, outcome=outcome, text="答复如下。", fields=fields
    )
    return register.session(connection, at(day), CLERK).replies.serve(
        number, method=ServiceMethod.BY_HAND, late_acknowledged=late
    )


def refused(register: Register, connection: Connection, day: str = "2025-12-01") -> str:
    """Withheld as internal affairs, served on 2025-12-22."""
    number = filed(register, connection, day)
    answer(
        register,
        connection,
        number,
        "2025-12-22",
        Outcome.WITHHELD_INTERNAL_AFFAIRS,
        fields={"which": "人事管理", "ground": "内部名单"},
    )
    return number


def contest(register: Register, connection: Connection, number: str, day: str, result: str = "") -> None:
    register.session(connection, at(day), CLERK).remedies.record(
        number,
        remedy="reconsideration",
        result=result,
        document_number="清政复决〔2026〕12号" if result else "",
    )


def test_decided_anew_over_the_year(register: Register, connection: Connection) -> None:
    """C5 of 2025 is corrected in 2026, decided anew as B: Table 3 keeps C5, Table 4 has the rest."""
    number = refused(register, connection)
    contest(register, connection, number, "2025-12-29")
    contest(register, connection, number, "2026-02-10", "corrected")
    reopened = register.session(connection, at("2026-02-12"), CLERK).remedies.order_redecision(
        number, received_on=date(2026, 2, 11)
    )
    assert (reopened.status, reopened.outcome) == (Status.RE_DECIDING, Outcome.WITHHELD_INTERNAL_AFFAIRS)
    assert reopened.is_reopened
    assert reopened.reply is None
    assert reopened.due_on == date(2026, 3, 17)  # 20 working days after 11 February, over the Spring Festival
    assert number in [each.number for each in register.session(connection).requests.queue()]
    served = answer(register, connection, number, "2026-03-10", Outcome.PARTLY_DISCLOSED, fields=GIVEN)
    assert (served.status, served.outcome, served.last_outcome) == (
        Status.SERVED,
        Outcome.WITHHELD_INTERNAL_AFFAIRS,
        Outcome.PARTLY_DISCLOSED,
    )
    assert served.ended_on == date(2025, 12, 22)
    old, new = (register.session(connection).reporting.table_3(year) for year in (2025, 2026))
    assert old.numbers["C5"][TOTAL] == old.numbers[NEW][TOTAL] == old.numbers[DONE][TOTAL] == (number,)
    assert all(new.numbers[row][TOTAL] == () for row in new.numbers)
    before, after = (
        register.session(connection).reporting.table_4(year)["reconsideration"] for year in (2025, 2026)
    )
    assert (before["pending"], before["corrected"], before[TOTAL]) == ((number,), (), (number,))
    assert (after["pending"], after["corrected"], after[TOTAL]) == ((), (number,), (number,))
    contest(register, connection, number, "2026-03-20")  # the new decision can be contested as well
    assert register.session(connection).reporting.table_4(2026)["reconsideration"][TOTAL] == (number, number)
    register.session(connection).requests.verify()


def test_silence_can_be_contested_and_stays_late(register: Register, connection: Connection) -> None:
    """不作为: once overdue; the order to answer is on record, but the time limit has been missed."""
    number = filed(register, connection, "2025-11-24")
    due_on = register.session(connection).requests.get(number).due_on
    assert due_on == date(2025, 12, 22)
    with pytest.raises(GuardFailed, match="remedy_against_nothing"):
        contest(register, connection, number, "2025-12-22")
    contest(register, connection, number, "2025-12-23")
    contest(register, connection, number, "2026-02-10", "corrected")
    ordered = register.session(connection, at("2026-02-10"), CLERK).remedies.order_redecision(
        number, until=date(2026, 2, 28)
    )
    assert (ordered.due_on, ordered.outcome) == (due_on, None)
    assert ordered.is_overdue(date(2026, 2, 10))
    assert register.session(connection).remedies.ordered_until(number) == date(2026, 2, 28)
    answer(register, connection, number, "2026-02-27", Outcome.DISCLOSED, late=True)
    old, new = (register.session(connection).reporting.table_3(year) for year in (2025, 2026))
    assert old.numbers[CARRIED_OUT][TOTAL] == new.numbers["A"][TOTAL] == (number,)
    assert register.session(connection).reporting.table_4(2025)["reconsideration"]["pending"] == (number,)


def test_a_suit_outlives_the_request(register: Register, connection: Connection) -> None:
    """Begun against silence, decided after the applicant has withdrawn: Table 4 has its result."""
    number = filed(register, connection, "2025-11-24")
    register.session(connection, at("2025-12-23"), CLERK).remedies.record(number, remedy="direct_suit")
    register.session(connection, at("2025-12-29"), RESIDENT).replies.withdraw(number)
    register.session(connection, at("2026-02-10"), CLERK).remedies.record(
        number, remedy="direct_suit", result="other", document_number="（2025）清0102行初8号"
    )
    old, new = (register.session(connection).reporting.table_4(year)["direct_suit"] for year in (2025, 2026))
    assert (old["pending"], new["other"], new["pending"]) == ((number,), (number,), ())


def test_silence_before_it_became_a_record_correction(register: Register, connection: Connection) -> None:
    """Overdue from 2025-12-23, turned into another matter on 12-29: a suit of 12-24 was against silence."""
    number = filed(register, connection, "2025-11-24")
    register.session(connection, at("2025-12-29"), CLERK).record_corrections.convert(
        number, record="低保档案", wrong="出生日期", evidence="户口簿", reason="要求更正"
    )

    def begin(on: date) -> Callable[[], object]:
        return lambda: register.session(connection, at("2025-12-30"), CLERK).remedies.record(
            number, remedy="direct_suit", on=on
        )

    refusal_of(InvalidValue, "remedy_too_early", begin(date(2025, 12, 22)))
    begin(date(2025, 12, 24))()
    assert register.session(connection).reporting.table_4(2025)["direct_suit"]["pending"] == (number,)


def test_nothing_to_contest_in_a_withdrawal(register: Register, connection: Connection) -> None:
    """Nobody decided anything, and putting it into the archive decides nothing either."""
    number = filed(register, connection, "2025-11-24")
    register.session(connection, at("2025-11-25"), RESIDENT).replies.withdraw(number)

    def begin() -> None:
        contest(register, connection, number, "2025-12-29")

    refusal_of(GuardFailed, "remedy_against_nothing", begin)
    register.session(connection, at("2025-12-29"), CLERK).replies.archive(number)
    refusal_of(GuardFailed, "remedy_against_nothing", begin)


def test_a_lapse_can_be_contested(register: Register, connection: Connection) -> None:
    """F1: given up for want of a correction, corrected by a court, decided anew."""
    number = filed(register, connection, "2025-04-25")
    register.session(connection, at("2025-04-28"), CLERK).correspondence.ask_correction(
        number, what="哪一年的？", working_days=5
    )
    with pytest.raises(
        GuardFailed, match="remedy_against_nothing"
    ):  # waits for the applicant: nothing is decided
        contest(register, connection, number, "2025-05-06")
    register.session(connection, at("2025-06-10"), CLERK).correspondence.lapse_uncorrected(number)
    register.session(connection, at("2025-07-01"), CLERK).remedies.record(number, remedy="direct_suit")
    register.session(connection, at("2025-11-03"), CLERK).remedies.record(
        number, remedy="direct_suit", result="corrected", document_number="（2025）清0102行初7号"
    )
    register.session(connection, at("2025-11-05"), CLERK).remedies.order_redecision(
        number, until=date(2025, 11, 25)
    )
    assert register.session(connection).requests.get(number).due_on == date(2025, 11, 25)
    again = filed(register, connection, "2025-11-20")
    assert register.session(connection).replies.answered_same(again) == ()
    assert answer(register, connection, number, "2025-11-20", Outcome.DISCLOSED).outcome is (
        Outcome.CLOSED_UNCORRECTED
    )
    assert register.session(connection).replies.answered_same(again) == (number,)


def test_what_was_decided_anew_is_answered(register: Register, connection: Connection) -> None:
    """36(6): nothing is repeated while a refusal that was set aside is decided anew, nor after a lapse."""
    number = refused(register, connection)
    again = filed(register, connection, "2025-12-29")
    assert register.session(connection).replies.answered_same(again) == (number,)
    contest(register, connection, number, "2025-12-29")
    contest(register, connection, number, "2026-02-10", "corrected")
    register.session(connection, at("2026-02-11"), CLERK).remedies.order_redecision(number)
    assert register.session(connection).replies.answered_same(again) == ()
    answer(register, connection, number, "2026-02-12", Outcome.DISCLOSED)
    assert register.session(connection).replies.answered_same(again) == (number,)


def refusal_of(refusing: type[DeskError], text_id: str, act: Callable[[], object]) -> None:
    with pytest.raises(refusing, match=text_id):
        act()


def test_what_cannot_be_recorded(register: Register, connection: Connection) -> None:
    """Twice at once, a result of nothing, days that cannot be, an order that nobody gave."""
    number = refused(register, connection)

    def begin(
        day: str, remedy: str = "reconsideration", result: str = "", on: date | None = None
    ) -> Callable[[], object]:
        return lambda: register.session(connection, at(day), CLERK).remedies.record(
            number, remedy=remedy, result=result, on=on, document_number="清政复决〔2026〕12号"
        )

    def order(day: str, **term: Any) -> Callable[[], object]:
        return lambda: register.session(connection, at(day), CLERK).remedies.order_redecision(number, **term)

    refusal_of(InvalidValue, "remedy_too_early", begin("2025-12-29", on=date(2025, 12, 21)))
    refusal_of(GuardFailed, "remedy_not_begun", begin("2025-12-29", result="upheld"))
    refusal_of(GuardFailed, "suit_needs_reconsideration", begin("2025-12-29", "suit_after_reconsideration"))
    contest(register, connection, number, "2025-12-29")
    refusal_of(GuardFailed, "remedy_pending", begin("2025-12-30"))
    refusal_of(
        InvalidValue,
        "remedy_decided_too_early",
        begin("2026-01-09", result="upheld", on=date(2025, 12, 26)),
    )
    contest(register, connection, number, "2026-01-09", "upheld")
    refusal_of(GuardFailed, "order_needs_decision", order("2026-01-12"))
    too_early = begin("2026-01-15", "suit_after_reconsideration", on=date(2026, 1, 8))
    refusal_of(InvalidValue, "suit_before_decision", too_early)
    begun = begin("2026-01-15", "suit_after_reconsideration")
    begun()
    decided = begin("2026-05-06", "suit_after_reconsideration", "corrected")
    decided()
    refusal_of(InvalidValue, "order_before_decision", order("2026-05-07", received_on=date(2026, 5, 5)))
    refusal_of(InvalidValue, "order_term", order("2026-05-07", working_days=0))
    refusal_of(InvalidValue, "order_until", order("2026-05-07", until=date(2026, 5, 7)))
    given = order("2026-05-07", working_days=15)
    given()
    refusal_of(GuardFailed, "order_needs_decision", order("2026-05-08"))


@pytest.mark.parametrize(
    ("result", "recorded", "printed"),
    [
        ("corrected", "清政复决〔2026〕12号", "收到行政复议决定（清政复决〔2026〕12号，2026年2月9日作出），"),
        ("corrected", "无为政复〔2026〕1号", "收到行政复议决定（无为政复〔2026〕1号，2026年2月9日作出），"),
        ("corrected", "无，当面交来，没有编号", "收到2026年2月9日作出的行政复议决定，"),
        ("other", "没有文号，2月调解结案", "收到2026年2月9日作出的行政复议机关的文书，"),
        ("corrected", None, "收到行政复议决定，"),  # recorded by a program that did not ask
    ],
)
def test_letter_names_the_decision(
    register: Register, connection: Connection, result: str, recorded: str | None, printed: str
) -> None:
    """The new reply says which decision it follows; what was never asked for is not printed as missing."""
    number = refused(register, connection)
    contest(register, connection, number, "2025-12-29")
    decided: dict[str, object] = {"remedy": "reconsideration", "result": result}
    if recorded is None:
        _as_before(connection, number, decided)
    else:
        register.session(connection, at("2026-02-10"), CLERK).remedies.record(
            number, on=date(2026, 2, 9), remedy="reconsideration", result=result, document_number=recorded
        )
    register.session(connection, at("2026-02-10"), CLERK).remedies.order_redecision(number)
    register.session(connection, at("2026-02-11"), CLERK).replies.draft(
        number, outcome=Outcome.DISCLOSED, text="见附表。"
    )
    written, _ = register.session(connection, at("2026-02-11")).letters.write(number, kind="reply")
    assert f"本机关于2026年2月10日{printed}现按其要求就该申请作出答复。" in written.text
    register.session(connection).requests.verify()


def _as_before(connection: Connection, number: str, decided: dict[str, object]) -> None:
    chain.append(
        connection,
        subject=number,
        kind=EventKind.REMEDY_DECIDED,
        at=at("2026-02-10"),
        on=date(2026, 2, 9),
        actor=CLERK,
        role=Role.OFFICER,
        article="51",
        data=decided,
    )


@pytest.mark.parametrize("told", ["", "无", "没有。", "没有文号", "收到了决定书", "复" * 99 + "12"])
def test_a_decision_has_its_number(register: Register, connection: Connection, told: str) -> None:
    """Nothing, 无 without the reason, words without a figure, a whole letter: none is put on record."""
    number = refused(register, connection)
    contest(register, connection, number, "2025-12-29")
    with pytest.raises((MissingFields, InvalidValue)):
        register.session(connection, at("2026-02-10"), CLERK).remedies.record(
            number, remedy="reconsideration", result="corrected", document_number=told
        )


def test_what_is_not_open_while_deciding_anew(register: Register, connection: Connection) -> None:
    """No correction, fee, extension or deferral; opinions do not stop the term; withdrawal is possible."""
    number = refused(register, connection)
    contest(register, connection, number, "2025-12-29")
    contest(register, connection, number, "2026-02-10", "corrected")
    due_on = register.session(connection, at("2026-02-11"), CLERK).remedies.order_redecision(number).due_on
    now = at("2026-02-12")
    with pytest.raises(DeskError):
        register.session(connection, now, CLERK).correspondence.ask_correction(
            number, what="哪一年的？", working_days=5
        )
    with pytest.raises(WrongStep):
        register.session(connection, now, CLERK).correspondence.ask_reasons(number, count="12件")
    with pytest.raises(DeskError):  # no fee is due, and there is no step either
        register.session(connection, now, CLERK).correspondence.notice_fee(number, amount_yuan=100)
    with pytest.raises(GuardFailed, match="extension_of_order"):
        register.session(connection, now, CLERK).correspondence.extend(number, working_days=5, reason="多")
    register.session(connection, now, CLERK).consultations.consult_third_party(number, party="某公司")
    heard = register.session(connection, at("2026-02-26"), CLERK).consultations.receive_opinion(
        number, opinion="agrees"
    )
    assert (heard.status, heard.due_on) == (Status.RE_DECIDING, due_on)
    register.session(connection, at("2026-02-27"), CLERK).replies.draft(
        number, outcome=Outcome.DISCLOSED, text="全部公开。"
    )
    with pytest.raises(GuardFailed, match="extension_of_order"):
        register.session(connection, at("2026-02-27"), CLERK).correspondence.extend(
            number, working_days=5, reason="多"
        )
    assert register.session(connection, at("2026-02-27"), SECOND).replies.discard_draft(number).status is (
        Status.RE_DECIDING
    )
    assert register.session(connection).privacy.data_of(RESIDENT)["requests"][0]["reply"] == ""
    withdrawn = register.session(connection, at("2026-03-02"), RESIDENT).replies.withdraw(number)
    assert (withdrawn.status, withdrawn.outcome, withdrawn.ended_on) == (
        Status.WITHDRAWN,
        Outcome.WITHHELD_INTERNAL_AFFAIRS,
        date(2025, 12, 22),
    )


def test_late_service_of_the_new_reply_needs_two(register: Register, connection: Connection) -> None:
    """A service in time, entered after the term of the order, waits for a second person like any other."""
    number = refused(register, connection)
    contest(register, connection, number, "2025-12-29")
    contest(register, connection, number, "2026-02-10", "corrected")
    register.session(connection, at("2026-02-11"), CLERK).remedies.order_redecision(number, working_days=5)
    register.session(connection, at("2026-02-24"), CLERK).replies.draft(
        number, outcome=Outcome.DISCLOSED, text="全部公开。"
    )
    register.session(connection, at("2026-02-24"), CLERK).replies.sign(number)
    waiting = register.session(connection, at("2026-03-10"), CLERK).replies.serve(
        number, method=ServiceMethod.POST, served_on=date(2026, 2, 25), proof="邮件号码XA12345678936"
    )
    assert waiting.status is Status.SIGNED
    events = register.session(connection).requests.history(number)
    assert events[-1].kind is EventKind.LATE_ENTRY_PROPOSED
    entry = register.session(connection).late_entries.waiting(number)[0]
    done = register.session(connection, at("2026-03-11"), SECOND).late_entries.confirm(
        number, proposal=entry.ordinal
    )
    assert done.status is Status.SERVED
    days = {event.ordinal: event.at.date() for event in register.session(connection).requests.history(number)}
    judged(
        register.session(connection).requests.history(number), WorkingCalendar(), zone_days=days, reasons=True
    )


@pytest.mark.parametrize(
    ("order", "last"),
    [
        (Order(date(2025, 9, 26)), date(2025, 10, 30)),  # 20 wd over National Day, with two make-up days
        (Order(date(2025, 9, 26), 5), date(2025, 10, 10)),
        (Order(date(2025, 9, 26), until=date(2025, 10, 4)), date(2025, 10, 4)),  # as named, on a holiday
        (Order(date(2025, 9, 30), until=date(2025, 10, 1)), date(2025, 10, 1)),
    ],
)
def test_term_of_an_order(order: Order, last: date) -> None:
    """Counted in working days after the decision came in, or the day that it names."""
    due = order.due(WorkingCalendar())
    assert due.due_on == last
    assert due.days[0].on == order.received_on
    assert due.article == "51"
