"""The guard rails: correction, extension, consultation, fees, reasons, outcomes that need a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection

from bot.desk.errors import GuardFailed, InvalidValue, MissingFields, NotAllowed, WrongStep
from bot.desk.model import Outcome, ServiceMethod, Status
from bot.desk.register import Register
from tests.desk.conftest import CLERK, OFFICE, RESIDENT, SECOND, WANG, at, register_of


def _draft(
    register: Register, connection: Connection, number: str, outcome: Outcome, **fields: str
) -> Status:
    return register.draft_reply(
        connection, at("2025-05-08"), number, officer=CLERK, outcome=outcome, text="答复。", fields=fields
    ).status


# ---- correction ------------------------------------------------------------------------------------------
def test_correction_restarts_the_clock(register: Register, connection: Connection, received: str) -> None:
    """Asked: no clock.  Corrected on 2025-05-12: a new twenty days from there (art. 30)."""
    asked = register.ask_correction(
        connection, at("2025-05-08"), received, officer=CLERK, what="哪个部门？", working_days=10
    )
    assert (asked.status, asked.due_on) == (Status.CORRECTION_ASKED, None)
    assert asked.correction_due_on == date(2025, 5, 22)
    corrected = register.receive_correction(
        connection, at("2025-05-12"), received, person=RESIDENT, content="乡政府2024年部门决算"
    )
    assert (corrected.status, corrected.due_on) == (Status.ASSIGNED, date(2025, 6, 10))
    assert (corrected.content, corrected.original_content) == ("乡政府2024年部门决算", "2024年部门决算")


def test_second_correction_is_impossible(register: Register, connection: Connection, received: str) -> None:
    """Once only."""
    now = at("2025-04-28")
    register.ask_correction(connection, now, received, officer=CLERK, what="哪个部门？")
    register.receive_correction(connection, now, received, person=RESIDENT, content="还是不清楚")
    with pytest.raises(GuardFailed, match="second_correction"):
        register.ask_correction(connection, now, received, officer=CLERK, what="再问？")
    assert _draft(register, connection, received, Outcome.UNAVAILABLE_STILL_UNCLEAR) is Status.DRAFTED


def test_correction_after_seven_days_is_impossible(
    register: Register, connection: Connection, received: str
) -> None:
    """Received 2025-04-25: 05-08 is the seventh working day, 05-09 is too late."""
    with pytest.raises(GuardFailed, match="correction_too_late"):
        register.ask_correction(connection, at("2025-05-09"), received, officer=CLERK, what="?")
    asked = register.ask_correction(connection, at("2025-05-08 23:00"), received, officer=CLERK, what="?")
    assert asked.status is Status.CORRECTION_ASKED


def test_lapse_only_after_the_period(register: Register, connection: Connection, received: str) -> None:
    """Given up when the period has passed, not on its last day; outcome F1."""
    register.ask_correction(connection, at("2025-05-08"), received, officer=CLERK, what="?", working_days=10)
    with pytest.raises(GuardFailed, match="period_still_runs"):
        register.lapse_uncorrected(connection, at("2025-05-22"), received, officer=CLERK)
    lapsed = register.lapse_uncorrected(connection, at("2025-05-23"), received, officer=CLERK)
    assert (lapsed.status, lapsed.outcome) == (Status.LAPSED_UNCORRECTED, Outcome.CLOSED_UNCORRECTED)


# ---- extension -------------------------------------------------------------------------------------------
def test_extension_once_before_expiry(register: Register, connection: Connection, received: str) -> None:
    """On the due date it is still possible, once; the day after it is not."""
    extended = register.extend(
        connection, at("2025-05-27"), received, approver=CLERK, working_days=20, reason="需汇总"
    )
    assert (extended.due_on, extended.extended) == (date(2025, 6, 25), True)
    with pytest.raises(GuardFailed, match="second_extension"):
        register.extend(connection, at("2025-05-28"), received, approver=CLERK, working_days=1, reason="又")


def test_extension_after_expiry_is_impossible(
    register: Register, connection: Connection, received: str
) -> None:
    """Late is late."""
    with pytest.raises(GuardFailed, match="extension_after_expiry"):
        register.extend(connection, at("2025-05-28"), received, approver=CLERK, working_days=5, reason="迟")


def test_extension_ends_with_its_clock(register: Register, connection: Connection, received: str) -> None:
    """A clock that starts anew, by correction or payment, has its own twenty days and no extension."""
    register.extend(connection, at("2025-04-28"), received, approver=CLERK, working_days=20, reason="量大")
    register.ask_correction(connection, at("2025-05-08"), received, officer=CLERK, what="?")
    corrected = register.receive_correction(
        connection, at("2025-05-12"), received, person=RESIDENT, content="决算"
    )
    assert corrected.due_on == date(2025, 6, 10)
    with pytest.raises(GuardFailed, match="second_extension"):
        register.extend(connection, at("2025-05-13"), received, approver=CLERK, working_days=5, reason="又")


def test_payment_ends_an_extension(register: Register, connection: Connection, received: str) -> None:
    """The same for a fee: twenty days from payment, whatever was extended before."""
    register.extend(connection, at("2025-04-28"), received, approver=CLERK, working_days=20, reason="量大")
    register.notice_fee(connection, at("2025-05-07"), received, officer=CLERK, amount_yuan=100)
    paid = register.receive_payment(connection, at("2025-05-12"), received, officer=CLERK, proof="收据")
    assert paid.due_on == date(2025, 6, 10)


def test_due_date_itself_is_in_time(register: Register, connection: Connection, received: str) -> None:
    """Served late at night on the due date: in time."""
    _draft(register, connection, received, Outcome.DISCLOSED)
    served = register.serve(
        connection, at("2025-05-27 23:59"), received, officer=CLERK, method=ServiceMethod.POST, proof="XA1"
    )
    assert served.ended_on == served.due_on == date(2025, 5, 27)


def test_extension_needs_a_leader(connection: Connection) -> None:
    """Where leaders are configured, others cannot extend."""
    register = register_of(replace(OFFICE, leaders=(SECOND,)))
    number = register.submit(
        connection, at("2025-04-25"), person=RESIDENT, applicant=WANG, content="决算"
    ).number
    register.confirm_receipt(connection, at("2025-04-25"), number, officer=CLERK)
    with pytest.raises(NotAllowed):
        register.extend(connection, at("2025-04-28"), number, approver=CLERK, working_days=5, reason="量大")
    assert register.extend(
        connection, at("2025-04-28"), number, approver=SECOND, working_days=5, reason="量大"
    ).extended


@pytest.mark.parametrize(("working_days", "reason"), [(0, "量大"), (21, "量大"), (5, "  ")])
def test_extension_needs_days_and_reason(
    register: Register, connection: Connection, received: str, working_days: int, reason: str
) -> None:
    """Between one and twenty days, and a reason that the applicant can be told."""
    with pytest.raises(InvalidValue):
        register.extend(
            connection, at("2025-04-28"), received, approver=CLERK, working_days=working_days, reason=reason
        )


# ---- opinions --------------------------------------------------------------------------------------------
def test_consultation_stops_the_clock(register: Register, connection: Connection, received: str) -> None:
    """The dated example: letter 05-07, opinion 05-20, nine days not counted, due 06-10; then +20."""
    waiting = register.consult_third_party(
        connection, at("2025-05-07"), received, officer=CLERK, party="某公司"
    )
    assert (waiting.status, waiting.paused) == (Status.THIRD_PARTY, True)
    answered = register.receive_opinion(
        connection,
        at("2025-05-21"),
        received,
        officer=CLERK,
        opinion="refuses",
        received_on=date(2025, 5, 20),
    )
    assert (answered.status, answered.paused, answered.due_on) == (Status.ASSIGNED, False, date(2025, 6, 10))
    extended = register.extend(
        connection, at("2025-06-10"), received, approver=SECOND, working_days=20, reason="需论证"
    )
    assert extended.due_on == date(2025, 7, 8)
    proof = register.due(connection, received)
    assert proof is not None
    assert [(span.article, span.working_days) for span in proof.spans] == [("32", 9)]


def test_silence_only_after_fifteen_days(register: Register, connection: Connection, received: str) -> None:
    """Letter of 05-07: silence has its effect from 05-29 on; the pause ends on 05-28, whenever noted."""
    register.consult_third_party(connection, at("2025-05-07"), received, officer=CLERK, party="某公司")
    with pytest.raises(GuardFailed, match="opinion_still_due"):
        register.receive_opinion(connection, at("2025-05-28"), received, officer=CLERK, opinion="silent")
    paused = register.get(connection, received)
    silent = register.receive_opinion(connection, at("2025-06-05"), received, officer=CLERK, opinion="silent")
    assert silent.due_on == paused.due_on == date(2025, 6, 18)


def test_agency_consultation(register: Register, connection: Connection, received: str) -> None:
    """Opinions of other agencies stop the clock as well (art. 33); an unknown opinion is refused."""
    waiting = register.consult_agency(connection, at("2025-05-07"), received, officer=CLERK, party="县财政局")
    assert waiting.status is Status.OTHER_AGENCY
    with pytest.raises(InvalidValue):
        register.receive_opinion(connection, at("2025-05-20"), received, officer=CLERK, opinion="maybe")
    answered = register.receive_opinion(
        connection, at("2025-05-20"), received, officer=CLERK, opinion="agrees"
    )
    assert answered.due_on == date(2025, 6, 10)


# ---- reasons, fees ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("counts", "due_on"), [(True, date(2025, 5, 27)), (False, date(2025, 6, 10))])
def test_time_for_reasons(connection: Connection, counts: bool, due_on: date) -> None:
    """Art. 35 is silent: the time for reasons counts unless the office decided otherwise."""
    register = register_of(replace(OFFICE, reasons_time_counts=counts))
    number = register.submit(
        connection, at("2025-04-25"), person=RESIDENT, applicant=WANG, content="决算"
    ).number
    register.confirm_receipt(connection, at("2025-04-25"), number, officer=CLERK)
    register.ask_reasons(connection, at("2025-05-07"), number, officer=CLERK, count="一年80件")
    given = register.receive_reasons(
        connection, at("2025-05-20"), number, officer=CLERK, reasons="研究", reasonable=True
    )
    assert given.due_on == due_on
    deferred = register.defer(
        connection, at("2025-05-20"), number, approver=CLERK, until=date(2025, 9, 1), reason="量大"
    )
    assert deferred.due_on == date(2025, 9, 1)


def test_excessive_needs_unreasonable_reasons(
    register: Register, connection: Connection, received: str
) -> None:
    """E4 cannot be drafted before reasons were asked, nor when they were good."""
    with pytest.raises(GuardFailed, match="outcome_needs_reasons_received"):
        _draft(register, connection, received, Outcome.NOT_PROCESSED_EXCESSIVE, count="80件")
    now = at("2025-05-07")
    for reasonable in (True, False):
        register.ask_reasons(connection, now, received, officer=CLERK, count="80件")
        register.receive_reasons(
            connection, now, received, officer=CLERK, reasons="……", reasonable=reasonable
        )
        if reasonable:
            with pytest.raises(GuardFailed, match="reasons_were_reasonable"):
                _draft(register, connection, received, Outcome.NOT_PROCESSED_EXCESSIVE, count="80件")
    status = _draft(register, connection, received, Outcome.NOT_PROCESSED_EXCESSIVE, count="80件")
    assert status is Status.DRAFTED


def test_fee_restarts_the_clock(register: Register, connection: Connection, received: str) -> None:
    """The clock runs anew from payment."""
    register.notice_fee(connection, at("2025-05-07"), received, officer=CLERK, amount_yuan=100)
    paid = register.receive_payment(connection, at("2025-05-12"), received, officer=CLERK, proof="收据1")
    assert (paid.status, paid.due_on) == (Status.ASSIGNED, date(2025, 6, 10))


def test_unpaid_lapses(register: Register, connection: Connection) -> None:
    """The dated example: notice received 2026-01-15, payable until 02-12, given up on 02-13; outcome F2."""
    number = register.submit(
        connection, at("2026-01-12"), person=RESIDENT, applicant=WANG, content="决算"
    ).number
    register.confirm_receipt(connection, at("2026-01-12"), number, officer=CLERK)
    register.notice_fee(connection, at("2026-01-15"), number, officer=CLERK, amount_yuan=100)
    with pytest.raises(GuardFailed, match="period_still_runs"):
        register.lapse_unpaid(connection, at("2026-02-12"), number, officer=CLERK)
    lapsed = register.lapse_unpaid(connection, at("2026-02-13"), number, officer=CLERK)
    assert lapsed.outcome is Outcome.CLOSED_UNPAID


# ---- outcomes --------------------------------------------------------------------------------------------
def test_third_party_rights_need_a_consultation(
    register: Register, connection: Connection, received: str
) -> None:
    """No C4 without a consultation on record."""
    with pytest.raises(GuardFailed, match="outcome_needs_third_party_consulted"):
        _draft(register, connection, received, Outcome.WITHHELD_THIRD_PARTY_RIGHTS, ground="隐私")
    register.consult_third_party(connection, at("2025-04-28"), received, officer=CLERK, party="某人")
    register.receive_opinion(connection, at("2025-05-07"), received, officer=CLERK, opinion="refuses")
    status = _draft(register, connection, received, Outcome.WITHHELD_THIRD_PARTY_RIGHTS, ground="隐私")
    assert status is Status.DRAFTED


def test_not_held_needs_a_search(register: Register, connection: Connection, received: str) -> None:
    """No D1 without a search log."""
    with pytest.raises(GuardFailed, match="outcome_needs_searched"):
        _draft(register, connection, received, Outcome.UNAVAILABLE_NOT_HELD)
    register.record_search(
        connection, at("2025-04-28"), received, officer=CLERK, places="档案室、财政所", result="未找到"
    )
    assert _draft(register, connection, received, Outcome.UNAVAILABLE_NOT_HELD) is Status.DRAFTED


def test_outcome_fields_are_demanded(register: Register, connection: Connection, received: str) -> None:
    """Every outcome demands exactly what it must record, by name."""
    seen = 0
    for outcome in Outcome:
        if outcome.required:
            with pytest.raises(MissingFields) as caught:
                _draft(register, connection, received, outcome)
            assert caught.value.facts["fields"] == tuple(need.name for need in outcome.required)
            seen += 1
    assert seen == 15


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
    _draft(register, connection, received, Outcome.PARTLY_DISCLOSED, given="总表", ground="隐私")
    register.review(connection, at("2025-05-08"), received, reviewer=SECOND)
    register.sign(connection, at("2025-05-08"), received, signer=CLERK)
    back = register.discard_draft(connection, at("2025-05-08"), received, officer=CLERK)
    assert (back.status, back.reply) == (Status.ASSIGNED, None)
    _draft(register, connection, received, Outcome.DISCLOSED)
    register.serve(
        connection, at("2025-05-09"), received, officer=CLERK, method=ServiceMethod.POST, proof="XA1"
    )
    with pytest.raises(WrongStep):
        register.discard_draft(connection, at("2025-05-09"), received, officer=CLERK)


@pytest.mark.parametrize("served_on", [date(2025, 5, 10), date(2025, 4, 24)])
def test_service_day_must_be_possible(
    register: Register, connection: Connection, received: str, served_on: date
) -> None:
    """Not tomorrow, not before the receipt."""
    _draft(register, connection, received, Outcome.DISCLOSED)
    with pytest.raises(InvalidValue):
        register.serve(
            connection,
            at("2025-05-09"),
            received,
            officer=CLERK,
            method=ServiceMethod.POST,
            proof="XA1",
            served_on=served_on,
        )


def test_remedy_after_service(register: Register, connection: Connection, received: str) -> None:
    """Reconsideration is recorded with its result (Table 4), on served requests only."""
    with pytest.raises(WrongStep):
        register.record_remedy(
            connection, at("2025-05-08"), received, officer=CLERK, remedy="reconsideration"
        )
    _draft(register, connection, received, Outcome.DISCLOSED)
    register.serve(
        connection, at("2025-05-09"), received, officer=CLERK, method=ServiceMethod.POST, proof="XA1"
    )
    register.record_remedy(connection, at("2025-06-09"), received, officer=CLERK, remedy="reconsideration")
    register.record_remedy(
        connection, at("2025-07-09"), received, officer=CLERK, remedy="reconsideration", result="upheld"
    )
    archived = register.archive(connection, at("2025-08-01"), received, officer=CLERK)
    assert (archived.status, archived.outcome) == (Status.ARCHIVED, Outcome.DISCLOSED)
