"""What must be on record before an act: the guard rails.  Pure.

The table of transitions says which steps exist; these say when they may be taken.  Each raises GuardFailed
with a text id and the article, or returns nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import EXTENSION_WORKING_DAYS, Clock, correction_notice_clock, working_days_after
from bot.desk.consultation import Asked
from bot.desk.correction import asks_for_purpose
from bot.desk.errors import GuardFailed, InvalidValue, LateReply, MissingFields
from bot.desk.fees import FREE_REQUESTS
from bot.desk.folding import folded
from bot.desk.late_entry import LateEntry, names_a_document
from bot.desk.model import Event, EventKind, Intake
from bot.desk.office import OfficeRules
from bot.desk.preconditions import names_nobody, says_nothing
from bot.desk.standing import Standing

# The period a correction notice gives must be reasonable (art. 30); longer than this is nobody's practice.
LEAST_CORRECTION_WORKING_DAYS = 5  # part 9 of the specification; an office may set more
LONGEST_CORRECTION_WORKING_DAYS = 60
_CONSULTED = (EventKind.THIRD_PARTY_CONSULTED, EventKind.AGENCY_CONSULTED)
# What may have happened between a receipt and its undoing: nothing that rests on the receipt.
_BESIDE = (
    EventKind.ASSIGNED,
    EventKind.NOTED,
    EventKind.IDENTITY_TAKEN,
    EventKind.REPRESENTATION_RECORDED,
    EventKind.IDENTITY_CHECKED,
    EventKind.IDENTITY_VIEWED,
    EventKind.DUE_DATE_MOVED,
)
_FORM_OF_NAME = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司|先生|女士|同志|本人)$")
_BEFORE_SPLIT = frozenset(
    {EventKind.SUBMITTED, EventKind.RECEIVED, EventKind.RECEIPT_UNDONE, EventKind.SPLIT, EventKind.SEARCHED}
    | {*_BESIDE}
)


def undo_receipt(events: Iterable[Event], intake: Intake, today: date) -> None:
    """A wrong tap is taken back on its day, before anything rests on it; afterwards by nobody (31(3)).

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
    if any(event.kind not in _BESIDE for event in later) or since[0].text("split_from"):
        raise GuardFailed("receipt_is_used", article="31")
    if today > since[received[-1]].on:
        raise GuardFailed("receipt_of_another_day", article="31")


def split(events: Iterable[Event]) -> None:
    """一事一申请: before anything moved the clock, so that each part has the same days as the whole."""
    moved = [each.kind for each in events if each.kind not in _BEFORE_SPLIT]
    if moved:
        raise GuardFailed("split_too_late", article="29")


def documented(proof: str) -> None:
    """Entered late: a document shows the day, not somebody's word (LAW.md part 9)."""
    if not names_a_document(proof):
        raise InvalidValue("proof_is_no_document", field="proof")


def late_entry(
    entry: LateEntry, standing: Standing, events: Iterable[Event], calendar: WorkingCalendar
) -> None:
    """What a late entry needs when it takes effect is what it needed on its day."""
    match entry.kind:
        case EventKind.THIRD_PARTY_CONSULTED | EventKind.AGENCY_CONSULTED:
            consultation(events, (), entry.about)
        case EventKind.FEE_NOTICED:
            fee_notice(standing, calendar, entry.happened_on)
        case EventKind.CORRECTION_ASKED:
            correction_notice(standing, calendar, entry.happened_on)


def consultation(events: Iterable[Event], waiting: Iterable[LateEntry], party: str) -> None:
    """Nobody is consulted twice about the same content: it would stop the clock again and again.

    A corrected request is new content; who is ordered to decide anew may have to ask once more.
    """
    asked: list[tuple[str, date]] = []
    for event in events:
        if event.kind is EventKind.CORRECTION_RECEIVED or event.text("reopens"):
            asked.clear()
        elif event.kind in _CONSULTED:
            asked.append((event.text("party"), event.on))
    asked += [(each.about, each.happened_on) for each in waiting if each.kind in _CONSULTED]
    for earlier, on in asked:
        if _same_party(earlier, party):
            raise GuardFailed("consulted_already", article="32", party=earlier, on=on)


def _same_party(one: str, other: str) -> bool:
    """The same name but for width, case, script, punctuation, a remark in brackets, a telephone, a title and
    the form of a company."""
    return _folded_party(one) == _folded_party(other)


def _folded_party(name: str) -> str:
    plain = folded(name)
    plain = re.sub(r"\([^()]*\)", "", plain) or plain
    plain = re.sub(r"[\W_]", "", plain)
    plain = re.sub(r"(?:电话|手机)?\d{7,}$", "", plain) or plain
    return _FORM_OF_NAME.sub("", plain) or plain


def fee(nth: int, amount: int, computed: int) -> None:
    """109 of 2020: nothing for the first ten of a month, afterwards what is computed and nothing else."""
    if nth <= FREE_REQUESTS:
        raise GuardFailed("fee_not_due", article="42", nth=nth, free=FREE_REQUESTS)
    if computed < 1:
        raise GuardFailed("fee_is_nothing", article="42")
    if amount != computed:
        raise GuardFailed("fee_is_computed", article="42", amount=amount, computed=computed)


def fee_notice(standing: Standing, calendar: WorkingCalendar, on: date) -> None:
    """Art. 42: noticed within the term, and once paid never again: each payment starts the clock anew."""
    if standing.paid_on is not None:
        raise GuardFailed("fee_paid_already", article="42")
    due = standing.due(calendar)
    if due is not None and on > due.due_on:
        raise GuardFailed("fee_after_expiry", article="42", due_on=due.due_on)


def deferral(standing: Standing, calendar: WorkingCalendar, today: date, until: date, most: int) -> None:
    """Art. 35: after reasons that were good, before expiry, once, at most `most` working days later."""
    deferral_open(standing, calendar, today)
    due = standing.due(calendar)
    if due is None:
        return  # the table of transitions has no such step
    if until <= due.due_on:
        raise InvalidValue("defer_is_no_later", field="until", due_on=due.due_on)
    latest = Clock(due.due_on, most).due(calendar).due_on
    if until > latest:
        raise InvalidValue("defer_too_far", field="until", latest=latest, most=most)


def deferral_open(standing: Standing, calendar: WorkingCalendar, today: date) -> None:
    """Art. 35: what of a deferral does not depend on the day that is chosen."""
    if not standing.reasons_were_good:
        raise InvalidValue("defer_needs_reasons", field="until", article="35")
    if standing.deferred_until is not None:
        raise GuardFailed("second_deferral", article="35", until=standing.deferred_until)
    due = standing.due(calendar)
    if due is not None and today > due.due_on:
        raise GuardFailed("deferral_after_expiry", article="35", due_on=due.due_on)


def correction(
    standing: Standing,
    calendar: WorkingCalendar,
    on: date,
    working_days: int,
    *,
    least: int = LEAST_CORRECTION_WORKING_DAYS,
    what: str = "",
) -> None:
    """Art. 30: once, within 7 working days of receipt, with a reasonable period; never for what (art. 27)."""
    correction_notice(standing, calendar, on)
    if not least <= working_days <= LONGEST_CORRECTION_WORKING_DAYS:
        raise InvalidValue(
            "correction_period", field="working_days", least=least, most=LONGEST_CORRECTION_WORKING_DAYS
        )
    if words := asks_for_purpose(what):
        raise GuardFailed("correction_asks_for_purpose", article="27", words=words)


def correction_notice(standing: Standing, calendar: WorkingCalendar, on: date) -> None:
    """Art. 30: the notice goes out once, within 7 working days of receipt."""
    if standing.happened(EventKind.CORRECTION_ASKED):
        raise GuardFailed("second_correction", article="30")
    if standing.received_on is not None:
        limit = correction_notice_clock(standing.received_on).due(calendar).due_on
        if on > limit:
            raise GuardFailed("correction_too_late", article="30", due_on=limit)


def extension(standing: Standing, calendar: WorkingCalendar, today: date, working_days: int) -> None:
    """Art. 33: once, before expiry, at most 20 working days."""
    if standing.is_reopened:
        raise GuardFailed("extension_of_order", article="51")
    if standing.extended:
        raise GuardFailed("second_extension", article="33")
    due = standing.due(calendar)
    if due is not None and today > due.due_on:
        raise GuardFailed("extension_after_expiry", article="33", due_on=due.due_on)
    if not 1 <= working_days <= EXTENSION_WORKING_DAYS:
        raise InvalidValue("extension_length", field="working_days", most=EXTENSION_WORKING_DAYS)


def silence(asked: Asked, today: date) -> None:
    """Art. 32, 34: silence has its effect only after 15 working days."""
    if today <= asked.silent_on:
        raise GuardFailed("opinion_still_due", article="32", due_on=asked.silent_on)


def lapse(due_on: date | None, today: date, article: str) -> None:
    """Art. 30, 42: given up only after the period has passed."""
    if due_on is None:
        raise GuardFailed("notice_receipt_unknown", article=article)
    if today <= due_on:
        raise GuardFailed("period_still_runs", article=article, due_on=due_on)


def second_person(standing: Standing, reviewer: str) -> None:
    """Art. 17: who reviews is not who drafted."""
    if standing.reply is not None and standing.reply.drafted_by == reviewer:
        raise GuardFailed("reviewer_drafted_it", article="17")


def elements(office: OfficeRules, standing: Standing, applicant: str) -> None:
    """Law.md part 7: what a reply letter must contain."""
    remedies_known(office)
    present = {
        "agency": office.agency,
        "applicant": applicant,
        "received_on": standing.received_on,
        "content": standing.content,
        "text": standing.reply.text if standing.reply else "",
    }
    missing = tuple(name for name, value in present.items() if not value)
    if missing:
        raise MissingFields("reply_elements_missing", elements=missing)


def remedies_known(office: OfficeRules) -> None:
    """复议法 art. 20(3): a letter that decides something names the reviewing body and the court."""
    if office.unknown_remedies:
        raise MissingFields("remedy_settings_missing", settings=office.unknown_remedies)


def service(
    standing: Standing,
    calendar: WorkingCalendar,
    *,
    served_on: date,
    late_acknowledged: bool,
) -> None:
    """What must be so before a reply counts as served; by which way, and with what proof, says `service.py`.

    Whom the reply overrules has been told (art. 32); nothing is served before it was signed; a late reply
    says so first.
    """
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


@dataclass(frozen=True)
class Told:
    """Somebody's word that was not given to the program: who told whom, when, and in which way."""

    by: str
    to: str
    on: date
    how: str

    def plain(self) -> dict[str, str]:
        """As an event records it."""
        return {"told_by": self.by, "told_to": self.to, "told_on": self.on.isoformat(), "told_how": self.how}


def told(word: Told | None, filed_at: datetime, today: date) -> Told:
    """A withdrawal that staff enter names its source; the day lies between filing and today."""
    if word is None:
        raise MissingFields("withdrawal_not_proven", fields=("told_by", "told_to", "told_on", "told_how"))
    missing = tuple(
        name
        for name, text, is_filler in (
            ("told_by", word.by, names_nobody),
            ("told_to", word.to, names_nobody),
            ("told_how", word.how, says_nothing),
        )
        if is_filler(text)
    )
    if missing:
        raise MissingFields("withdrawal_not_proven", fields=missing)
    if not filed_at.date() <= word.on <= today:
        raise InvalidValue("told_on_impossible_day", field="told_on", today=today)
    return word
