"""What must be on record before an act: the guard rails.  Pure.

The table of transitions says which steps exist; these say when they may be taken.  Each raises GuardFailed
with a text id and the article, or returns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import EXTENSION_WORKING_DAYS, correction_notice_clock, working_days_after
from bot.desk.errors import GuardFailed, InvalidValue, LateReply, MissingFields
from bot.desk.model import Event, EventKind, Intake, Outcome, ServiceMethod
from bot.desk.office import OfficeRules
from bot.desk.outcomes import PUBLIC_INTEREST, overrules
from bot.desk.standing import Standing

# The period a correction notice gives must be reasonable (art. 30); longer than this is nobody's practice.
LONGEST_CORRECTION_WORKING_DAYS = 60
# What may have happened between a receipt and its undoing: nothing that rests on the receipt.
_BESIDE = (
    EventKind.ASSIGNED,
    EventKind.NOTED,
    EventKind.IDENTITY_CHECKED,
    EventKind.IDENTITY_VIEWED,
    EventKind.DUE_DATE_MOVED,
)


def undo_receipt(events: Iterable[Event], intake: Intake, today: date, *, approves: bool) -> None:
    """A wrong tap is taken back before anything rests on it; after its day only by a leader.

    The applicant has been told a day to rely on, so that the office cannot move it by tapping again.
    Received without a tap (counter, signed post): the day is proved, there is nothing to undo.
    """
    if not (intake.needs_both_confirmations or intake is Intake.ORDINARY_POST):
        raise GuardFailed("receipt_was_no_tap", article="31")
    since = list(events)
    received = [place for place, event in enumerate(since) if event.kind is EventKind.RECEIVED]
    if not received:
        return  # the table of transitions says so better
    later = since[received[-1] + 1 :]
    if any(event.kind not in _BESIDE for event in later):
        raise GuardFailed("receipt_is_used", article="31")
    if today > since[received[-1]].on and not approves:
        raise GuardFailed("receipt_of_another_day", article="31")


def correction(standing: Standing, calendar: WorkingCalendar, today: date, working_days: int) -> None:
    """Art. 30: once, within 7 working days of receipt, with a reasonable period."""
    if standing.happened(EventKind.CORRECTION_ASKED):
        raise GuardFailed("second_correction", article="30")
    if standing.received_on is not None:
        limit = correction_notice_clock(standing.received_on).due(calendar).due_on
        if today > limit:
            raise GuardFailed("correction_too_late", article="30", due_on=limit)
    if not 1 <= working_days <= LONGEST_CORRECTION_WORKING_DAYS:
        raise InvalidValue("correction_period", field="working_days", most=LONGEST_CORRECTION_WORKING_DAYS)


def extension(standing: Standing, calendar: WorkingCalendar, today: date, working_days: int) -> None:
    """Art. 33: once, before expiry, at most 20 working days."""
    if standing.extended:
        raise GuardFailed("second_extension", article="33")
    due = standing.due(calendar)
    if due is not None and today > due.due_on:
        raise GuardFailed("extension_after_expiry", article="33", due_on=due.due_on)
    if not 1 <= working_days <= EXTENSION_WORKING_DAYS:
        raise InvalidValue("extension_length", field="working_days", most=EXTENSION_WORKING_DAYS)


def silence(standing: Standing, today: date) -> None:
    """Art. 32, 34: silence has its effect only after 15 working days."""
    if standing.opinion_due_on is not None and today <= standing.opinion_due_on:
        raise GuardFailed("opinion_still_due", article="32", due_on=standing.opinion_due_on)


def lapse(due_on: date | None, today: date, article: str) -> None:
    """Art. 30, 42: given up only after the period has passed."""
    if due_on is None or today <= due_on:
        raise GuardFailed("period_still_runs", article=article, due_on=due_on or "")


def outcome(chosen: Outcome, fields: Mapping[str, str], standing: Standing, events: Iterable[Event]) -> None:
    """What an outcome needs on record before it can be drafted (law.md part 5)."""
    if not chosen.is_reply:
        raise GuardFailed("outcome_is_no_reply", outcome=chosen.code)
    missing = tuple(need.name for need in chosen.required if not fields.get(need.name, "").strip())
    if missing:
        raise MissingFields("outcome_fields_missing", outcome=chosen.code, fields=missing)
    needed = {
        Outcome.WITHHELD_THIRD_PARTY_RIGHTS: (EventKind.THIRD_PARTY_CONSULTED, "32"),
        Outcome.UNAVAILABLE_NOT_HELD: (EventKind.SEARCHED, "36(4)"),
        Outcome.UNAVAILABLE_STILL_UNCLEAR: (EventKind.CORRECTION_RECEIVED, "30"),
        Outcome.NOT_PROCESSED_EXCESSIVE: (EventKind.REASONS_RECEIVED, "35"),
    }.get(chosen)
    if needed is not None and not standing.happened(needed[0]):
        raise GuardFailed(f"outcome_needs_{needed[0].value}", outcome=chosen.code, article=needed[1])
    if standing.refusals and overrules(chosen, fields) and not fields.get(PUBLIC_INTEREST.name, "").strip():
        raise GuardFailed("refusal_needs_public_interest", article="32", parties=standing.refusals)
    if chosen is Outcome.NOT_PROCESSED_EXCESSIVE and _last_reasons_were_good(events):
        raise GuardFailed("reasons_were_reasonable", outcome=chosen.code, article="35")


def _last_reasons_were_good(events: Iterable[Event]) -> bool:
    given = [event for event in events if event.kind is EventKind.REASONS_RECEIVED]
    return bool(given) and given[-1].text("reasonable") == "yes"


def second_person(standing: Standing, reviewer: str) -> None:
    """Art. 17: who reviews is not who drafted."""
    if standing.reply is not None and standing.reply.drafted_by == reviewer:
        raise GuardFailed("reviewer_drafted_it", article="17")


def elements(office: OfficeRules, standing: Standing, applicant: str) -> None:
    """Law.md part 7: what a reply letter must contain.  Remedies always have a true default."""
    present = {
        "agency": office.agency,
        "applicant": applicant,
        "received_on": standing.received_on,
        "content": standing.content,
        "text": standing.reply.text if standing.reply else "",
        "reviewing_body": office.reviewing_body,
        "competent_court": office.competent_court,
    }
    missing = tuple(name for name, value in present.items() if not value)
    if missing:
        raise MissingFields("reply_elements_missing", elements=missing)


def service(
    office: OfficeRules,
    standing: Standing,
    calendar: WorkingCalendar,
    *,
    method: ServiceMethod,
    served_on: date,
    proof: str,
    late_acknowledged: bool,
) -> None:
    """What must be so before a reply counts as served.

    A chat message is a dated service only where the office says so and names an online channel for the
    remedy (复议法 22(2)); post is the day it was handed to China Post, with the number; whom the reply
    overrules has been told (art. 32); nothing is served before it was signed; a late reply says so first.
    """
    if method is ServiceMethod.CHAT and not office.serve_in_chat:
        raise GuardFailed("chat_is_no_service")
    if method is ServiceMethod.CHAT and not office.reconsideration_online:
        raise GuardFailed("chat_needs_online_remedy")
    if method is ServiceMethod.POST and not proof.strip():
        raise MissingFields("post_needs_number", fields=("proof",))
    if standing.to_inform:
        raise GuardFailed("third_party_not_informed", article="32", parties=standing.to_inform)
    if standing.ready_on is not None and served_on < standing.ready_on:
        raise InvalidValue("served_before_signed", field="served_on", signed_on=standing.ready_on)
    due = standing.due(calendar)
    if due is not None and served_on > due.due_on and not late_acknowledged:
        raise LateReply(
            "late_reply",
            due_on=due.due_on,
            served_on=served_on,
            working_days_late=working_days_after(calendar, due.due_on, served_on),
        )


def legal_day(on: date, today: date, standing: Standing) -> None:
    """A fact entered later has the day it happened on: not in the future, not before the receipt."""
    if on > today:
        raise InvalidValue("day_in_the_future", field="on", today=today)
    if standing.received_on is not None and on < standing.received_on:
        raise InvalidValue("day_before_receipt", field="on", received_on=standing.received_on)
