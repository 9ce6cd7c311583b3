"""The guard rails: correction, extension, consultation, fees, reasons, outcomes that need a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.desk import guards
from bot.desk.errors import GuardFailed, InvalidValue, MissingFields, NotAllowed, WrongStep
from bot.desk.guards import Told
from bot.desk.model import Applicant, ApplicantKind, Intake, Outcome, ServiceMethod, Status
from bot.desk.outcomes import DISCLOSED_PART, PUBLIC_INTEREST, REFUSED_PART, WITHHELD_PART
from bot.desk.register import Register
from tests.desk.conftest import CLERK, OFFICE, RESIDENT, SECOND, WANG, at, file_ten, register_of

PART = {"withheld": "姓名", "article": "第十五条（个人隐私）", "ground": "属于个人隐私"}


def _draft(
    register: Register, connection: Connection, number: str, outcome: Outcome, **fields: str
) -> Status:
    return (
        register.session(connection, at("2025-05-08"), CLERK)
        .replies.draft(number, outcome=outcome, text="答复。", fields=fields)
        .status
    )


# ---- correction ------------------------------------------------------------------------------------------
def test_correction_restarts_the_clock(register: Register, connection: Connection, received: str) -> None:
    """Asked: no clock.  Corrected on 2025-05-12: a new twenty days from there (art. 30)."""
    asked = register.session(connection, at("2025-05-08"), CLERK).correspondence.ask_correction(
        received, what="哪个部门？", working_days=10
    )
    assert (asked.status, asked.due_on) == (Status.CORRECTION_ASKED, None)
    assert asked.correction_due_on == date(2025, 5, 22)
    corrected = register.session(connection, at("2025-05-12"), RESIDENT).correspondence.receive_correction(
        received, content="乡政府2024年部门决算"
    )
    assert (corrected.status, corrected.due_on) == (Status.ASSIGNED, date(2025, 6, 10))
    assert (corrected.content, corrected.original_content) == (
        "2024年部门决算（补正：乡政府2024年部门决算）",
        "2024年部门决算",
    )


def test_no_correction_before_it_was_asked_for(
    register: Register, connection: Connection, received: str
) -> None:
    """Asked on 05-08: a letter of 05-06 is no answer, and would set the clock to an earlier day."""
    register.session(connection, at("2025-05-08"), CLERK).correspondence.ask_correction(
        received, what="哪一年的？", working_days=5
    )

    def answered(on: date) -> date | None:
        return (
            register.session(connection, at("2025-05-12"), CLERK)
            .correspondence.receive_correction(received, content="2024年的", received_on=on)
            .due_on
        )

    with pytest.raises(InvalidValue, match="correction_before_asked"):
        answered(date(2025, 5, 6))
    assert answered(date(2025, 5, 8)) == date(2025, 6, 6)


def test_second_correction_is_impossible(register: Register, connection: Connection, received: str) -> None:
    """Once only."""
    now = at("2025-04-28")
    register.session(connection, now, CLERK).correspondence.ask_correction(received, what="哪个部门？")
    register.session(connection, now, RESIDENT).correspondence.receive_correction(
        received, content="还是不清楚"
    )
    with pytest.raises(GuardFailed, match="second_correction"):
        register.session(connection, now, CLERK).correspondence.ask_correction(received, what="再问？")
    assert _draft(register, connection, received, Outcome.UNAVAILABLE_STILL_UNCLEAR) is Status.DRAFTED


def test_correction_after_seven_days_is_impossible(
    register: Register, connection: Connection, received: str
) -> None:
    """Received 2025-04-25: 05-08 is the seventh working day, 05-09 is too late."""
    with pytest.raises(GuardFailed, match="correction_too_late"):
        register.session(connection, at("2025-05-09"), CLERK).correspondence.ask_correction(
            received, what="?"
        )
    asked = register.session(connection, at("2025-05-08 23:00"), CLERK).correspondence.ask_correction(
        received, what="?"
    )
    assert asked.status is Status.CORRECTION_ASKED


def test_office_may_give_more_time(connection: Connection) -> None:
    """Its own least number of days for a correction counts, above the five of the specification."""
    register = register_of(replace(OFFICE, correction_least_days=10))
    number = (
        register.session(connection, at("2025-04-25"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
    with pytest.raises(InvalidValue, match="correction_period") as caught:
        register.session(connection, at("2025-04-28"), CLERK).correspondence.ask_correction(
            number, what="哪一年？", working_days=9
        )
    assert caught.value.facts["least"] == 10
    asked = register.session(connection, at("2025-04-28"), CLERK).correspondence.ask_correction(
        number, what="哪一年？", working_days=10
    )
    assert asked.status is Status.CORRECTION_ASKED


def test_lapse_only_after_the_period(register: Register, connection: Connection, received: str) -> None:
    """Given up when the period has passed, not on its last day; outcome F1."""
    register.session(connection, at("2025-05-08"), CLERK).correspondence.ask_correction(
        received, what="?", working_days=10
    )
    with pytest.raises(GuardFailed, match="period_still_runs"):
        register.session(connection, at("2025-05-22"), CLERK).correspondence.lapse_uncorrected(received)
    lapsed = register.session(connection, at("2025-05-23"), CLERK).correspondence.lapse_uncorrected(received)
    assert (lapsed.status, lapsed.outcome) == (Status.LAPSED_UNCORRECTED, Outcome.CLOSED_UNCORRECTED)


def test_wrong_tap_is_undone_after_taking_it(
    register: Register, connection: Connection, received: str
) -> None:
    """Somebody has the request on their desk already; nothing rests on the receipt yet."""
    register.session(connection, at("2025-04-25 15:05"), CLERK).intake.take(received)
    undone = register.session(connection, at("2025-04-25 15:10"), CLERK).intake.undo_receipt(
        received, reason="点错了"
    )
    assert (undone.status, undone.received_on, undone.due_on) == (Status.SUBMITTED, None, None)


# ---- extension -------------------------------------------------------------------------------------------
def test_extension_once_before_expiry(register: Register, connection: Connection, received: str) -> None:
    """On the due date it is still possible, once; the day after it is not."""
    extended = register.session(connection, at("2025-05-27"), CLERK).correspondence.extend(
        received, working_days=20, reason="需汇总"
    )
    assert (extended.due_on, extended.extended) == (date(2025, 6, 25), True)
    with pytest.raises(GuardFailed, match="second_extension"):
        register.session(connection, at("2025-05-28"), CLERK).correspondence.extend(
            received, working_days=1, reason="又"
        )


def test_extension_after_expiry_is_impossible(
    register: Register, connection: Connection, received: str
) -> None:
    """Late is late."""
    with pytest.raises(GuardFailed, match="extension_after_expiry"):
        register.session(connection, at("2025-05-28"), CLERK).correspondence.extend(
            received, working_days=5, reason="迟"
        )


@pytest.mark.parametrize(
    ("extended_on", "due_on"), [("2025-06-10", date(2025, 7, 8)), ("2025-06-11", date(2025, 6, 10))]
)
def test_extension_of_a_term_that_had_expired(
    register: Register, connection: Connection, received: str, extended_on: str, due_on: date
) -> None:
    """The opinion came on 05-20 and is entered on 06-16: the term ended on 06-10, and what was extended
    after that day, while it seemed to run on, had expired (art. 33)."""
    register.session(connection, at("2025-05-07"), CLERK).consultations.consult_third_party(
        received, party="甲厂"
    )
    extended = register.session(connection, at(extended_on), CLERK).correspondence.extend(
        received, working_days=20, reason="量大"
    )
    assert extended.due_on == date(2025, 7, 16)  # as long as the opinion is awaited, for 15 working days
    heard = register.session(connection, at("2025-06-16"), CLERK).consultations.receive_opinion(
        received, opinion="agrees", received_on=date(2025, 5, 20)
    )
    assert heard.due_on == due_on


def test_extension_ends_with_its_clock(register: Register, connection: Connection, received: str) -> None:
    """A clock that starts anew, by correction or payment, has its own twenty days and no extension."""
    register.session(connection, at("2025-04-28"), CLERK).correspondence.extend(
        received, working_days=20, reason="量大"
    )
    register.session(connection, at("2025-05-08"), CLERK).correspondence.ask_correction(received, what="?")
    corrected = register.session(connection, at("2025-05-12"), RESIDENT).correspondence.receive_correction(
        received, content="决算"
    )
    assert corrected.due_on == date(2025, 6, 10)
    with pytest.raises(GuardFailed, match="second_extension"):
        register.session(connection, at("2025-05-13"), CLERK).correspondence.extend(
            received, working_days=5, reason="又"
        )


def test_payment_ends_an_extension(register: Register, connection: Connection, eleventh: str) -> None:
    """The same for a fee: twenty days from payment, whatever was extended before."""
    register.session(connection, at("2025-04-28"), CLERK).correspondence.extend(
        eleventh, working_days=20, reason="量大"
    )
    register.session(connection, at("2025-05-07"), CLERK).correspondence.notice_fee(eleventh, amount_yuan=100)
    paid = register.session(connection, at("2025-05-12"), CLERK).correspondence.receive_payment(
        eleventh, proof="收据"
    )
    assert paid.due_on == date(2025, 6, 10)


def test_due_date_itself_is_in_time(register: Register, connection: Connection, received: str) -> None:
    """Served late at night on the due date: in time."""
    _draft(register, connection, received, Outcome.DISCLOSED)
    served = register.session(connection, at("2025-05-27 23:59"), CLERK).replies.serve(
        received, method=ServiceMethod.POST, proof="XA12345678936"
    )
    assert served.ended_on == served.due_on == date(2025, 5, 27)


def test_extension_needs_a_leader(connection: Connection) -> None:
    """Where leaders are configured, others cannot extend."""
    register = register_of(replace(OFFICE, leaders=(SECOND,)))
    number = (
        register.session(connection, at("2025-04-25"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
    with pytest.raises(NotAllowed):
        register.session(connection, at("2025-04-28"), CLERK).correspondence.extend(
            number, working_days=5, reason="量大"
        )
    assert (
        register.session(connection, at("2025-04-28"), SECOND)
        .correspondence.extend(number, working_days=5, reason="量大")
        .extended
    )


@pytest.mark.parametrize(("working_days", "reason"), [(0, "量大"), (21, "量大"), (5, "  ")])
def test_extension_needs_days_and_reason(
    register: Register, connection: Connection, received: str, working_days: int, reason: str
) -> None:
    """Between one and twenty days, and a reason that the applicant can be told."""
    with pytest.raises(InvalidValue):
        register.session(connection, at("2025-04-28"), CLERK).correspondence.extend(
            received, working_days=working_days, reason=reason
        )


# ---- opinions --------------------------------------------------------------------------------------------
def test_consultation_stops_the_clock(register: Register, connection: Connection, received: str) -> None:
    """The dated example: letter 05-07, opinion 05-20, nine days not counted, due 06-10; then +20."""
    waiting = register.session(connection, at("2025-05-07"), CLERK).consultations.consult_third_party(
        received, party="某公司"
    )
    assert (waiting.status, waiting.paused) == (Status.THIRD_PARTY, True)
    answered = register.session(connection, at("2025-05-21"), CLERK).consultations.receive_opinion(
        received, opinion="refuses", received_on=date(2025, 5, 20)
    )
    assert (answered.status, answered.paused, answered.due_on) == (Status.ASSIGNED, False, date(2025, 6, 10))
    extended = register.session(connection, at("2025-06-10"), SECOND).correspondence.extend(
        received, working_days=20, reason="需论证"
    )
    assert extended.due_on == date(2025, 7, 8)
    proof = register.session(connection).requests.due(received)
    assert proof is not None
    assert [(span.article, span.working_days) for span in proof.spans] == [("32", 9)]


def test_silence_only_after_fifteen_days(register: Register, connection: Connection, received: str) -> None:
    """Letter of 05-07: silence has its effect from 05-29 on; the pause ends on 05-28, whenever noted."""
    register.session(connection, at("2025-05-07"), CLERK).consultations.consult_third_party(
        received, party="某公司"
    )
    with pytest.raises(GuardFailed, match="opinion_still_due"):
        register.session(connection, at("2025-05-28"), CLERK).consultations.receive_opinion(
            received, opinion="silent"
        )
    paused = register.session(connection).requests.get(received)
    silent = register.session(connection, at("2025-06-05"), CLERK).consultations.receive_opinion(
        received, opinion="silent"
    )
    assert silent.due_on == paused.due_on == date(2025, 6, 18)


def test_agency_consultation(register: Register, connection: Connection, received: str) -> None:
    """Opinions of other agencies stop the clock as well (art. 33); an unknown opinion is refused."""
    waiting = register.session(connection, at("2025-05-07"), CLERK).consultations.consult_agency(
        received, party="县财政局"
    )
    assert waiting.status is Status.OTHER_AGENCY
    with pytest.raises(InvalidValue):
        register.session(connection, at("2025-05-20"), CLERK).consultations.receive_opinion(
            received, opinion="maybe"
        )
    answered = register.session(connection, at("2025-05-20"), CLERK).consultations.receive_opinion(
        received, opinion="agrees"
    )
    assert answered.due_on == date(2025, 6, 10)


def test_nothing_happened_before_the_receipt(
    register: Register, connection: Connection, received: str
) -> None:
    """A consultation dated before the request came is a slip: it does not even wait for a second person."""
    with pytest.raises(InvalidValue, match="day_before_receipt"):
        register.session(connection, at("2025-04-28"), CLERK).consultations.consult_third_party(
            received, party="甲厂", sent_on=date(2025, 4, 24), proof="发文登记簿第3号"
        )
    assert register.session(connection).late_entries.waiting(received) == ()


# ---- reasons, fees ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("counts", "due_on"), [(True, date(2025, 5, 27)), (False, date(2025, 6, 10))])
def test_time_for_reasons(connection: Connection, counts: bool, due_on: date) -> None:
    """Art. 35 is silent: the time for reasons counts unless the office decided otherwise."""
    register = register_of(replace(OFFICE, reasons_time_counts=counts))
    number = (
        register.session(connection, at("2025-04-25"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
    register.session(connection, at("2025-05-07"), CLERK).correspondence.ask_reasons(number, count="一年80件")
    given = register.session(connection, at("2025-05-20"), CLERK).correspondence.receive_reasons(
        number, reasons="研究", reasonable=True
    )
    assert given.due_on == due_on
    deferred = register.session(connection, at("2025-05-20"), CLERK).correspondence.defer(
        number, until=date(2025, 6, 20), reason="量大"
    )
    assert deferred.due_on == date(2025, 6, 20)


@pytest.mark.parametrize(("days", "due_on"), [(5, date(2025, 6, 4)), (15, date(2025, 6, 18))])
def test_no_longer_than_the_period_for_reasons(connection: Connection, days: int, due_on: date) -> None:
    """Where the time for reasons does not count, no more is left out than the applicant was given."""
    register = register_of(replace(OFFICE, reasons_time_counts=False))
    number = (
        register.session(connection, at("2025-04-25"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
    asked = register.session(connection, at("2025-05-07"), CLERK).correspondence.ask_reasons(
        number, count="一年80件", working_days=days
    )
    assert asked.due_on == due_on
    silent = register.session(connection, at("2025-05-30"), CLERK).correspondence.record_no_reasons(number)
    assert silent.due_on == due_on


def _reasons_were_good(register: Register, connection: Connection) -> str:
    """A request of 2025-04-25, due 05-27, whose many predecessors were explained (art. 35)."""
    number = (
        register.session(connection, at("2025-04-25"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
    register.session(connection, at("2025-05-07"), CLERK).correspondence.ask_reasons(number, count="一年80件")
    register.session(connection, at("2025-05-20"), CLERK).correspondence.receive_reasons(
        number, reasons="研究", reasonable=True
    )
    return number


def test_deferral_needs_a_leader(connection: Connection) -> None:
    """Where leaders are configured, a clerk cannot put the answer off."""
    register = register_of(replace(OFFICE, leaders=(SECOND,)))
    number = _reasons_were_good(register, connection)
    until, now = date(2025, 6, 20), at("2025-05-20")
    with pytest.raises(NotAllowed):
        register.session(connection, now, CLERK).correspondence.defer(number, until=until, reason="量大")
    assert (
        register.session(connection, now, SECOND)
        .correspondence.defer(number, until=until, reason="量大")
        .due_on
        == until
    )


def test_extension_within_a_later_date(register: Register, connection: Connection) -> None:
    """Due 2025-05-27, put off to 06-20; extended on 06-10, before that day: 40 working days of receipt."""
    number = _reasons_were_good(register, connection)
    register.session(connection, at("2025-05-20"), CLERK).correspondence.defer(
        number, until=date(2025, 6, 20), reason="量大"
    )
    extended = register.session(connection, at("2025-06-10"), CLERK).correspondence.extend(
        number, working_days=20, reason="需汇总"
    )
    assert extended.due_on == date(2025, 6, 25)


def test_deferral_comes_before_expiry(register: Register, connection: Connection) -> None:
    """On the last day it can be put off, on the next working day not any more (art. 35)."""
    number = _reasons_were_good(register, connection)  # due on 2025-05-27
    until = date(2025, 6, 20)
    with pytest.raises(GuardFailed, match="deferral_after_expiry"):
        register.session(connection, at("2025-05-28"), CLERK).correspondence.defer(
            number, until=until, reason="量大"
        )
    put_off = register.session(connection, at("2025-05-27"), CLERK).correspondence.defer(
        number, until=until, reason="量大"
    )
    assert put_off.due_on == until


@pytest.mark.parametrize(
    ("nth", "amount", "computed", "refused"),
    [
        (11, 100, 100, ""),
        (11, 99, 100, "fee_is_computed"),
        (11, 9999, 100, "fee_is_computed"),
        (11, 0, 0, "fee_is_nothing"),
        (10, 100, 100, "fee_not_due"),
        (1, 9999, 9999, "fee_not_due"),
    ],
)
def test_fee_is_what_is_computed(nth: int, amount: int, computed: int, refused: str) -> None:
    """From the 11th request of a month on, the computed amount and nothing else (109 of 2020)."""
    if not refused:
        guards.fee(nth, amount, computed)
        return
    with pytest.raises(GuardFailed, match=refused):
        guards.fee(nth, amount, computed)


def test_fee_notice_names_no_other_amount(register: Register, connection: Connection, eleventh: str) -> None:
    """The act computes it itself: whoever asks for more is told what it is."""
    _, computed = register.session(connection).correspondence.fee_by_request(eleventh)
    with pytest.raises(GuardFailed, match="fee_is_computed"):
        register.session(connection, at("2025-05-08"), CLERK).correspondence.notice_fee(
            eleventh, amount_yuan=computed + 1
        )


@pytest.mark.parametrize(
    ("on", "refused"),
    [("2025-04-24", True), ("2025-04-25", False), ("2025-04-28", False), ("2025-04-29", True)],
)
def test_withdrawal_was_told_after_filing(on: str, refused: bool) -> None:
    """Filed on 2025-04-25, entered on 04-28: told on neither an earlier nor a later day."""
    word = Told("王小明", "向干部", date.fromisoformat(on), "电话")
    if not refused:
        assert guards.told(word, at("2025-04-25"), date(2025, 4, 28)) == word
        return
    with pytest.raises(InvalidValue, match="told_on_impossible_day"):
        guards.told(word, at("2025-04-25"), date(2025, 4, 28))


def test_receipt_is_undone_on_its_day_only(register: Register, connection: Connection, received: str) -> None:
    """A wrong tap of 2025-04-25; the applicant relies on the day from the next one on (art. 31)."""
    with pytest.raises(GuardFailed, match="receipt_of_another_day"):
        register.session(connection, at("2025-04-26"), CLERK).intake.undo_receipt(received, reason="点错了")
    undone = register.session(connection, at("2025-04-25 16:00"), CLERK).intake.undo_receipt(
        received, reason="点错了"
    )
    assert undone.received_on is None


def test_deferral_has_an_end(connection: Connection) -> None:
    """At most the office's own number of working days after the due date; the last of them is allowed."""
    register = register_of(replace(OFFICE, deferral_working_days=5))
    number = _reasons_were_good(register, connection)
    now = at("2025-05-20")
    with pytest.raises(InvalidValue, match="defer_too_far"):
        register.session(connection, now, CLERK).correspondence.defer(
            number, until=date(2025, 6, 5), reason="量大"
        )
    last = date(2025, 6, 4)  # 05-28, 29, 30, 06-03, 04: the Dragon Boat Festival lies between
    deferred = register.session(connection, now, CLERK).correspondence.defer(
        number, until=last, reason="量大"
    )
    assert deferred.due_on == last


def _excessive(register: Register, connection: Connection, number: str) -> Status:
    return _draft(register, connection, number, Outcome.NOT_PROCESSED_EXCESSIVE, count="一个月10件")


def _nine_more(register: Register, connection: Connection) -> None:
    """Ten requests in one month with the first."""
    for place in range(9):
        register.session(connection, at("2025-04-28"), RESIDENT).intake.submit(
            applicant=WANG, content=f"第{place}组的账"
        )


def test_excessive_needs_ten_in_a_month(register: Register, connection: Connection, received: str) -> None:
    """Art. 35: ten of one applicant in the calendar month; others' and another month's do not count."""
    other = Applicant(ApplicantKind.NATURAL_PERSON, "李四", "440524188001010014", "13900001111")
    for place in range(9):
        register.session(connection, at("2025-04-28"), "telegram:43").intake.submit(
            applicant=other, content=f"第{place}组的账"
        )
        register.session(connection, at("2025-05-01"), RESIDENT).intake.submit(
            applicant=WANG, content=f"第{place}组的路"
        )
    with pytest.raises(GuardFailed, match="not_excessive") as caught:
        _excessive(register, connection, received)
    assert (caught.value.facts["count"], caught.value.facts["least"]) == (1, 10)
    _nine_more(register, connection)
    with pytest.raises(GuardFailed, match="outcome_needs_reasons_asked"):
        _excessive(register, connection, received)


def test_excessive_needs_unreasonable_reasons(
    register: Register, connection: Connection, received: str
) -> None:
    """E4 cannot be drafted before reasons were asked, while they are awaited, nor when they were good."""
    _nine_more(register, connection)
    now = at("2025-05-07")
    for reasonable in (True, False):
        register.session(connection, now, CLERK).correspondence.ask_reasons(received, count="80件")
        with pytest.raises(GuardFailed, match="outcome_needs_reasons_received"):
            _excessive(register, connection, received)
        register.session(connection, now, CLERK).correspondence.receive_reasons(
            received, reasons="……", reasonable=reasonable
        )
        if reasonable:
            with pytest.raises(GuardFailed, match="reasons_were_reasonable"):
                _excessive(register, connection, received)
    assert _excessive(register, connection, received) is Status.DRAFTED


def test_reasons_not_given_only_after_the_period(
    register: Register, connection: Connection, received: str
) -> None:
    """Ten working days from 2025-05-07 end on 05-21; on the day after, silence may be recorded."""
    _nine_more(register, connection)
    register.session(connection, at("2025-05-07"), CLERK).correspondence.ask_reasons(received, count="80件")
    with pytest.raises(GuardFailed, match="period_still_runs"):
        register.session(connection, at("2025-05-21"), CLERK).correspondence.record_no_reasons(received)
    silent = register.session(connection, at("2025-05-22"), CLERK).correspondence.record_no_reasons(received)
    assert silent.status is Status.ASSIGNED
    assert silent.due_on == date(2025, 5, 27)  # the time for reasons is counted
    drafted = register.session(connection, at("2025-05-22"), CLERK).replies.draft(
        received, outcome=Outcome.NOT_PROCESSED_EXCESSIVE, text="不予处理。", fields={"count": "一个月10件"}
    )
    assert drafted.status is Status.DRAFTED
    written, _ = register.session(connection, at("2025-05-22")).letters.write(received, kind="reply")
    assert "2025年5月7日请您说明理由，您没有在规定的期限内说明" in written.text


@pytest.mark.parametrize("days", [0, 4, 61])
def test_period_for_reasons_is_reasonable(
    register: Register, connection: Connection, received: str, days: int
) -> None:
    """Five working days at least."""
    with pytest.raises(InvalidValue, match="reasons_period"):
        register.session(connection, at("2025-05-07"), CLERK).correspondence.ask_reasons(
            received, count="80件", working_days=days
        )


def test_fee_restarts_the_clock(register: Register, connection: Connection, eleventh: str) -> None:
    """The clock runs anew from payment."""
    register.session(connection, at("2025-05-07"), CLERK).correspondence.notice_fee(eleventh, amount_yuan=100)
    paid = register.session(connection, at("2025-05-12"), CLERK).correspondence.receive_payment(
        eleventh, proof="收据1"
    )
    assert (paid.status, paid.due_on) == (Status.ASSIGNED, date(2025, 6, 10))


def test_ten_of_a_month_are_free_by_pages_too(register: Register, connection: Connection) -> None:
    """However many pages: the tenth request costs nothing (109 of 2020)."""
    file_ten(register, connection, "2025-04-24")
    tenth = "2025-0010"
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(tenth)
    with pytest.raises(GuardFailed, match="fee_not_due") as caught:
        register.session(connection, at("2025-05-07"), CLERK).correspondence.notice_fee(
            tenth, amount_yuan=200, pages=50
        )
    assert caught.value.facts["nth"] == 10


def test_paper_counts_in_the_month_in_which_it_came(register: Register, connection: Connection) -> None:
    """Ten of April entered in May after one of May: the one of May is the first of its month, and free."""
    for place in range(10):
        entered = register.session(connection, at("2025-05-06"), CLERK).intake.enter(
            applicant=WANG,
            content=f"第{place + 1}份村务公开表",
            intake=Intake.COUNTER,
            received_on=date(2025, 4, 30),
            proof="登记簿",
        )
    own = register.session(connection, at("2025-05-07"), RESIDENT).intake.submit(
        applicant=WANG, content="决算"
    )
    assert register.session(connection).correspondence.fee_by_request(entered.number) == (10, 0)
    assert register.session(connection).correspondence.fee_by_request(own.number) == (1, 0)


def test_nobody_pays_before_the_notice(register: Register, connection: Connection, eleventh: str) -> None:
    """Art. 42: a payment starts the clock anew, so its day is not before the notice that asks for it."""
    register.session(connection, at("2025-05-09"), CLERK).correspondence.notice_fee(eleventh, amount_yuan=100)
    with pytest.raises(InvalidValue, match="paid_before_notice"):
        register.session(connection, at("2025-05-12"), CLERK).correspondence.receive_payment(
            eleventh, proof="收据", paid_on=date(2025, 5, 8)
        )


def test_unpaid_lapses(register: Register, connection: Connection) -> None:
    """The dated example: notice received 2026-01-15, payable until 02-12, given up on 02-13; outcome F2."""
    file_ten(register, connection, "2026-01-09")
    number = (
        register.session(connection, at("2026-01-12"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2026-01-12"), CLERK).intake.confirm_receipt(number)
    register.session(connection, at("2026-01-15"), CLERK).correspondence.notice_fee(number, amount_yuan=100)
    with pytest.raises(GuardFailed, match="period_still_runs"):
        register.session(connection, at("2026-02-12"), CLERK).correspondence.lapse_unpaid(number)
    lapsed = register.session(connection, at("2026-02-13"), CLERK).correspondence.lapse_unpaid(number)
    assert lapsed.outcome is Outcome.CLOSED_UNPAID


# ---- outcomes --------------------------------------------------------------------------------------------
def test_third_party_rights_need_a_consultation(
    register: Register, connection: Connection, received: str
) -> None:
    """No C4 without a consultation on record."""
    with pytest.raises(GuardFailed, match="outcome_needs_third_party_consulted"):
        _draft(
            register,
            connection,
            received,
            Outcome.WITHHELD_THIRD_PARTY_RIGHTS,
            right="个人隐私",
            ground="隐私",
        )
    register.session(connection, at("2025-04-28"), CLERK).consultations.consult_third_party(
        received, party="某人"
    )
    register.session(connection, at("2025-05-07"), CLERK).consultations.receive_opinion(
        received, opinion="refuses"
    )
    status = _draft(
        register, connection, received, Outcome.WITHHELD_THIRD_PARTY_RIGHTS, right="个人隐私", ground="隐私"
    )
    assert status is Status.DRAFTED


def test_no_third_party_rights_after_consent(
    register: Register, connection: Connection, received: str
) -> None:
    """Art. 15: C4, and the part held back under art. 15, fall when everybody who was asked agrees."""
    parties = (("甲公司", "agrees"), ("乙公司", "silent"))
    for place, (party, opinion) in enumerate(parties):
        register.session(connection, at("2025-04-28"), CLERK).consultations.consult_third_party(
            received, party=party
        )
        register.session(
            connection, at("2025-05-07" if place == 0 else "2025-06-10"), CLERK
        ).consultations.receive_opinion(received, opinion=opinion)
        rights = {"right": "商业秘密", "ground": "进货价"}
        if place == 0:
            for outcome, fields in (
                (Outcome.WITHHELD_THIRD_PARTY_RIGHTS, rights),
                (Outcome.PARTLY_DISCLOSED, {"given": "总表", **PART}),
            ):
                with pytest.raises(GuardFailed, match="third_parties_agreed"):
                    _draft(register, connection, received, outcome, **fields)
    assert (
        _draft(register, connection, received, Outcome.WITHHELD_THIRD_PARTY_RIGHTS, **rights)
        is Status.DRAFTED
    )


def test_each_opinion_is_its_own(register: Register, connection: Connection, received: str) -> None:
    """Two asked at once: once both agree there is no third party left whose rights could be harmed."""
    now = at("2025-05-07")
    for party in ("甲厂", "乙厂"):
        register.session(connection, at("2025-04-28"), CLERK).consultations.consult_third_party(
            received, party=party
        )
    for party in ("甲厂", "乙厂"):
        register.session(connection, now, CLERK).consultations.receive_opinion(
            received, opinion="agrees", party=party
        )
    rights = {"right": "商业秘密", "ground": "进货价"}
    with pytest.raises(GuardFailed, match="third_parties_agreed"):
        _draft(register, connection, received, Outcome.WITHHELD_THIRD_PARTY_RIGHTS, **rights)


def test_disclosing_what_was_refused_says_why(
    register: Register, connection: Connection, received: str
) -> None:
    """Art. 32: neither the whole nor a part goes out over a refusal without the public interest, and the
    third party is to be told; a part that leaves out what was refused needs neither."""
    register.session(connection, at("2025-04-28"), CLERK).consultations.consult_third_party(
        received, party="甲厂"
    )
    register.session(connection, at("2025-05-07"), CLERK).consultations.receive_opinion(
        received, opinion="refuses"
    )
    now = at("2025-05-08")
    part = {"given": "总表", **PART}
    with pytest.raises(GuardFailed, match="refusal_needs_public_interest"):
        _draft(register, connection, received, Outcome.DISCLOSED)
    disclosed = {**part, REFUSED_PART.name: DISCLOSED_PART}
    with pytest.raises(GuardFailed, match="refusal_needs_public_interest"):
        _draft(register, connection, received, Outcome.PARTLY_DISCLOSED, **disclosed)
    withheld = {**part, REFUSED_PART.name: WITHHELD_PART}
    assert _draft(register, connection, received, Outcome.PARTLY_DISCLOSED, **withheld) is Status.DRAFTED
    assert register.session(connection).replies.third_parties_to_inform(received) == ()
    _draft(register, connection, received, Outcome.DISCLOSED, **{PUBLIC_INTEREST.name: "饮水安全"})
    assert register.session(connection).replies.third_parties_to_inform(received) == ("甲厂",)
    register.session(connection, now, SECOND).replies.review(received)
    served = partial(
        register.session(connection, now, CLERK).replies.serve,
        received,
        method=ServiceMethod.BY_HAND,
        proof="签收",
    )
    with pytest.raises(GuardFailed, match="third_party_not_informed"):
        served()
    register.session(connection, now, CLERK).replies.inform_third_party(received, party="甲厂")
    assert served().status is Status.SERVED


@pytest.mark.parametrize("filler", ["无", "-", " — ", "没查", "N/A", "。。。", "不知道", "aaa"])
@pytest.mark.parametrize("name", ["places", "result"])
def test_search_names_a_place(
    register: Register, connection: Connection, received: str, name: str, filler: str
) -> None:
    """Art. 36(4): a filler is no search."""
    said = {"places": "档案室2019年以来", "result": "没有", name: filler}
    with pytest.raises(InvalidValue, match=f"search_{name}_empty"):
        register.session(connection, at("2025-04-28"), CLERK).replies.record_search(received, **said)


@pytest.mark.parametrize(
    ("outcome", "fields", "wrong"),
    [
        (Outcome.WITHHELD_INTERNAL_AFFAIRS, {"which": "其他", "ground": "内部资料"}, "which"),
        (Outcome.WITHHELD_INTERNAL_AFFAIRS, {"which": "人事管理", "ground": "-"}, "ground"),
        (Outcome.WITHHELD_DELIBERATIVE, {"which": "会议纪要", "ground": "过程稿"}, "which"),
        (Outcome.WITHHELD_ENFORCEMENT_FILE, {"case": "无", "ground": "案卷材料"}, "case"),
        (Outcome.PARTLY_DISCLOSED, {"given": "总表", **PART, "article": "第二十条"}, "article"),
        (Outcome.PARTLY_DISCLOSED, {"given": "总表", **PART, "withheld": "—"}, "withheld"),
    ],
)
def test_fields_say_what_the_law_knows(
    register: Register,
    connection: Connection,
    received: str,
    outcome: Outcome,
    fields: dict[str, str],
    wrong: str,
) -> None:
    """Which of three, which of four, which article: only these; a filler is no reason."""
    with pytest.raises(InvalidValue, match="outcome_field") as caught:
        _draft(register, connection, received, outcome, **fields)
    assert caught.value.facts["field"] == wrong


@pytest.mark.parametrize(
    "text",
    [
        "总额38万元，明细不予公开。",
        "合同 不能 公开。",
        "账簿无法提供。",
        "姓名不便公开",
        "该信息不存在。",
        "附件不属于公开范围",
        "第二项依法不公开。",
        "姓名已隐去。",
        "没有该项材料。",
        "未查到合同。",
        "名单不便公布",
        "这一页暂时不能给",
        "其餘不予公開",
    ],
)
def test_disclosure_that_refuses_is_asked_about(
    register: Register, connection: Connection, received: str, text: str
) -> None:
    """A with a text that refuses something is saved only when somebody says that all is given."""
    now = at("2025-05-08")
    with pytest.raises(GuardFailed, match="disclosed_text_refuses"):
        register.session(connection, now, CLERK).replies.draft(received, outcome=Outcome.DISCLOSED, text=text)
    drafted = register.session(connection, now, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text=text, refusal_acknowledged=True
    )
    assert drafted.status is Status.DRAFTED
    assert register.session(connection).requests.history(received)[-1].data["refusal_acknowledged"] == "yes"


@pytest.mark.parametrize(
    "text",
    [
        *("2025年决算见附件。", "公开栏里都有，请看第3页。", "补贴已经全部公开。"),
        *("2025年没有相关支出。", "不再给予补贴。", "如有不便，请告知。"),
    ],
)
def test_plain_disclosure_is_not_asked_about(
    register: Register, connection: Connection, received: str, text: str
) -> None:
    """What refuses nothing is saved at once."""
    drafted = register.session(connection, at("2025-05-08"), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text=text
    )
    assert drafted.status is Status.DRAFTED


def test_not_held_needs_a_search(register: Register, connection: Connection, received: str) -> None:
    """No D1 without a search log: a place that somebody looked in, and the trail of the program's search."""
    for trail in ((), ("目录里没有",)):
        with pytest.raises(GuardFailed, match="outcome_needs_searched"):
            _draft(register, connection, received, Outcome.UNAVAILABLE_NOT_HELD)
        register.session(connection, at("2025-04-28"), CLERK).replies.record_search(
            received, places="档案室、财政所", result="未找到", trail=trail
        )
    assert _draft(register, connection, received, Outcome.UNAVAILABLE_NOT_HELD) is Status.DRAFTED


def test_outcome_fields_are_demanded(register: Register, connection: Connection, received: str) -> None:
    """Every outcome demands exactly what it must record, by name."""
    seen = 0
    for outcome in Outcome:
        if outcome.required:
            with pytest.raises((MissingFields, GuardFailed)) as caught:
                _draft(register, connection, received, outcome)
            if isinstance(caught.value, GuardFailed):  # something has to happen first
                assert outcome.code in ("C4", "E2", "E4")
                continue
            assert caught.value.facts["fields"] == tuple(need.name for need in outcome.required)
            seen += 1
    assert seen == 12


@pytest.mark.parametrize("outcome", [Outcome.CLOSED_UNCORRECTED, Outcome.CLOSED_UNPAID, Outcome.CLOSED_OTHER])
def test_lapse_is_no_reply(
    register: Register, connection: Connection, received: str, outcome: Outcome
) -> None:
    """F1-F3 have their own acts and cannot be drafted."""
    with pytest.raises(GuardFailed, match="outcome_is_no_reply"):
        _draft(register, connection, received, outcome)


def test_draft_can_be_undone_until_served(register: Register, connection: Connection, received: str) -> None:
    """A draft can be replaced, taken back after review and signature, and not after service."""
    _draft(register, connection, received, Outcome.DISCLOSED)
    _draft(register, connection, received, Outcome.PARTLY_DISCLOSED, given="总表", **PART)
    register.session(connection, at("2025-05-08"), SECOND).replies.review(received)
    register.session(connection, at("2025-05-08"), CLERK).replies.sign(received)
    back = register.session(connection, at("2025-05-08"), CLERK).replies.discard_draft(received)
    assert (back.status, back.reply) == (Status.ASSIGNED, None)
    _draft(register, connection, received, Outcome.DISCLOSED)
    register.session(connection, at("2025-05-09"), CLERK).replies.serve(
        received, method=ServiceMethod.POST, proof="XA12345678936"
    )
    with pytest.raises(WrongStep):
        register.session(connection, at("2025-05-09"), CLERK).replies.discard_draft(received)


@pytest.mark.parametrize(
    ("served_on", "reason"),
    [
        (date(2025, 5, 10), "day_in_the_future"),
        (date(2025, 4, 24), "day_before_receipt"),
        (date(2025, 5, 7), "served_before_signed"),
    ],
)
def test_service_day_must_be_possible(
    register: Register, connection: Connection, received: str, served_on: date, reason: str
) -> None:
    """Not tomorrow, not before the receipt, not before the reply was signed."""
    _draft(register, connection, received, Outcome.DISCLOSED)
    register.session(connection, at("2025-05-08"), SECOND).replies.review(received)
    register.session(connection, at("2025-05-08"), SECOND).replies.sign(received)
    with pytest.raises(InvalidValue, match=reason):
        register.session(connection, at("2025-05-09"), CLERK).replies.serve(
            received, method=ServiceMethod.POST, proof="XA12345678936", served_on=served_on
        )


def test_remedy_after_service(register: Register, connection: Connection, received: str) -> None:
    """Reconsideration is recorded with its result (Table 4), not before there is anything to contest."""
    with pytest.raises(GuardFailed, match="remedy_against_nothing"):
        register.session(connection, at("2025-05-08"), CLERK).remedies.record(
            received, remedy="reconsideration"
        )
    _draft(register, connection, received, Outcome.DISCLOSED)
    register.session(connection, at("2025-05-09"), CLERK).replies.serve(
        received, method=ServiceMethod.POST, proof="XA12345678936"
    )
    register.session(connection, at("2025-06-09"), CLERK).remedies.record(received, remedy="reconsideration")
    register.session(connection, at("2025-07-09"), CLERK).remedies.record(
        received, remedy="reconsideration", result="upheld", document_number="清政复决〔2025〕3号"
    )
    archived = register.session(connection, at("2025-08-01"), CLERK).replies.archive(received)
    assert (archived.status, archived.outcome) == (Status.ARCHIVED, Outcome.DISCLOSED)


# ---- several consultations at once -----------------------------------------------------------------------
def test_union_of_consultations_is_not_counted(
    register: Register, connection: Connection, received: str
) -> None:
    """Received 2025-04-25, due 05-27; asked 05-06 and 05-08, heard 05-12 and 05-14: six days, not eight."""
    register.session(connection, at("2025-05-06"), CLERK).consultations.consult_third_party(
        received, party="甲厂"
    )
    asked = register.session(connection, at("2025-05-08"), CLERK).consultations.consult_third_party(
        received, party="乙厂"
    )
    assert [each.party for each in register.session(connection).consultations.pending(received)] == [
        "甲厂",
        "乙厂",
    ]
    assert asked.status is Status.THIRD_PARTY
    with pytest.raises(GuardFailed, match="opinion_of_whom"):
        register.session(connection, at("2025-05-12"), CLERK).consultations.receive_opinion(
            received, opinion="agrees"
        )
    first = register.session(connection, at("2025-05-12"), CLERK).consultations.receive_opinion(
        received, opinion="refuses", party="甲厂"
    )
    assert (first.status, first.paused) == (Status.THIRD_PARTY, True)
    last = register.session(connection, at("2025-05-14"), CLERK).consultations.receive_opinion(
        received, opinion="agrees"
    )
    assert (last.status, last.paused, last.due_on) == (Status.ASSIGNED, False, date(2025, 6, 5))
    assert register.session(connection).replies.third_parties_refusing(received) == ("甲厂",)


def test_agency_and_third_party_at_once(register: Register, connection: Connection, received: str) -> None:
    """Each answer is its own; the request stays with whoever is still awaited."""
    now = at("2025-05-06")
    register.session(connection, now, CLERK).consultations.consult_agency(received, party="县财政局")
    both = register.session(connection, now, CLERK).consultations.consult_third_party(received, party="甲厂")
    assert both.status is Status.THIRD_PARTY
    one = register.session(connection, at("2025-05-07"), CLERK).consultations.receive_opinion(
        received, opinion="agrees", party="甲厂"
    )
    assert one.status is Status.OTHER_AGENCY
    done = register.session(connection, at("2025-05-08"), CLERK).consultations.receive_opinion(
        received, opinion="agrees"
    )
    assert (done.status, done.due_on) == (Status.ASSIGNED, date(2025, 5, 29))


def test_nobody_is_asked_twice(register: Register, connection: Connection, received: str) -> None:
    """Not under another spelling either; a corrected request is new content."""
    now = at("2025-04-28")
    register.session(connection, now, CLERK).consultations.consult_third_party(
        received, party="甲建材有限公司"
    )
    for party in (
        "甲建材有限公司",
        " 甲 建材公司",
        "甲建材（村口）",
        "甲建材公司13800138000",
        "甲建材有限責任公司",
    ):
        with pytest.raises(GuardFailed, match="consulted_already"):
            register.session(connection, now, CLERK).consultations.consult_third_party(received, party=party)
    register.session(connection, now, CLERK).consultations.receive_opinion(received, opinion="agrees")
    register.session(connection, now, CLERK).correspondence.ask_correction(received, what="哪一年？")
    register.session(connection, now, RESIDENT).correspondence.receive_correction(
        received, content="2023年的"
    )
    again = register.session(connection, now, CLERK).consultations.consult_third_party(
        received, party="甲建材有限公司"
    )
    assert again.status is Status.THIRD_PARTY


@pytest.mark.parametrize(
    ("body", "court", "missing"),
    [
        ("上一级人民政府", "示例县人民法院", ["reconsideration_body"]),
        ("上级行政机关", "示例县人民法院", ["reconsideration_body"]),
        ("县人民政府", "示例县人民法院", ["reconsideration_body"]),
        ("示例县人民政府", "有管辖权的人民法院", ["court"]),
        ("示例县人民政府", "人民法院", ["court"]),
        ("某县人民政府", "××县人民法院", ["reconsideration_body", "court"]),
    ],
)
def test_body_and_court_are_named(connection: Connection, body: str, court: str, missing: list[str]) -> None:
    """复议法 20(3): which one, not which kind; else nothing is drafted, and the setting is named."""
    register = register_of(replace(OFFICE, reconsideration_body=body, court=court))
    number = (
        register.session(connection, at("2025-04-25"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
    with pytest.raises(MissingFields, match="remedy_settings_missing") as caught:
        _draft(register, connection, number, Outcome.DISCLOSED)
    settings = caught.value.facts["settings"]
    assert isinstance(settings, tuple)
    assert [each.value for each in settings] == missing
