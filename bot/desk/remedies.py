"""Reconsideration and suits against what the office did or left undone (art. 51).  Pure.

    decided, lapsed, or overdue and unanswered ─▶ begun ─▶ decided: upheld │ corrected, other
                                                                            │ ordered to decide anew
                                                                            ▼
    ended:  re-deciding, with a term of its own ─▶ drafted ─▶ reviewed ─▶ signed ─▶ served once more
    open:   the order is on record beside the due date, which stays expired

The first outcome stays in Table 3, the remedy is in Table 4 (LAW.md part 9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import REPLY_WORKING_DAYS, Clock, DueDate
from bot.desk.errors import GuardFailed, InvalidValue, MissingFields
from bot.desk.model import Event, EventKind

RECONSIDERATION, DIRECT_SUIT, SUIT_AFTER = "reconsideration", "direct_suit", "suit_after_reconsideration"
REMEDIES = (RECONSIDERATION, DIRECT_SUIT, SUIT_AFTER)  # columns of Table 4
UPHELD = "upheld"
RESULTS = (UPHELD, "corrected", "other")
# 无，… : the decision bears no number, and why.  无为市…〔2026〕1号 is one.
_UNNUMBERED = re.compile(r"(?:无|没有)(?=$|[\W_]|文号|编号)(?:文号|编号)?[\W_]*(.*)", re.DOTALL)
_LEAST_REASON, _LONGEST_NUMBER = 2, 100  # characters
LONGEST_TERM = 250  # working days; an order of a year is a slip of the pen


@dataclass(frozen=True)
class Remedy:
    """One reconsideration or suit, as Table 4 counts it."""

    number: str
    kind: str  # one of REMEDIES
    started_on: date
    result: str = ""  # one of RESULTS; "" while pending
    decided_on: date | None = None
    decision: str = ""  # its number as recorded (文号), or 无 with the reason; "" in older ledgers


@dataclass(frozen=True)
class Order:
    """Ordered to decide (anew).  `until` is the day that the order names, else `working_days` are counted.

    `reopens` tells that the request had ended.  Opinions of others do not stop this term: it is not the one
    of art. 33.
    """

    received_on: date
    working_days: int = REPLY_WORKING_DAYS
    until: date | None = None
    reopens: bool = False

    def due(self, calendar: WorkingCalendar) -> DueDate:
        """The last day, counted from the day on which the decision came in."""
        days = self.working_days if self.until is None else _working_days(calendar, self)
        due = Clock(self.received_on, days, (), "收到复议决定、判决当日不计", "51").due(calendar)
        return due if self.until is None else replace(due, due_on=self.until, provisional=False)


def _working_days(calendar: WorkingCalendar, order: Order) -> int:
    last = order.until or order.received_on
    days = (order.received_on + timedelta(days=n) for n in range(1, (last - order.received_on).days + 1))
    return max(1, sum(calendar.is_working_day(day) for day in days))


def order_of(event: Event, *, reopens: bool) -> Order:
    """What an order's event says."""
    days = int(event.text("working_days") or REPLY_WORKING_DAYS)
    return Order(event.on, days, event.day("until"), reopens)


def remedies_of(events: Iterable[Event]) -> list[Remedy]:
    """Reconsiderations and suits of one request, from its events; a decision closes the last begun."""
    found: list[Remedy] = []
    for event in events:
        if event.kind is EventKind.REMEDY_STARTED:
            found.append(Remedy(event.subject, event.text("remedy"), event.on))
        elif event.kind is EventKind.REMEDY_DECIDED:
            kind = event.text("remedy")
            pending = [n for n, remedy in enumerate(found) if remedy.kind == kind and not remedy.result]
            started_on = found.pop(pending[-1]).started_on if pending else event.on
            told = (event.text("result"), event.on, event.text("document_number"))
            found.append(Remedy(event.subject, kind, started_on, *told))
    return found


def pending(events: Iterable[Event]) -> list[Remedy]:
    """Those without a result."""
    return [remedy for remedy in remedies_of(events) if not remedy.result]


def may_begin(events: Sequence[Event], kind: str, on: date, contestable_since: date | None) -> None:
    """Only against what was decided, has lapsed, or is overdue; one of a kind at a time.

    `contestable_since`: the day of the decision or the one after expiry, None while there is neither.
    """
    if contestable_since is None:
        raise GuardFailed("remedy_against_nothing", article="51")
    if on < contestable_since:
        raise InvalidValue("remedy_too_early", field="on", since=contestable_since)
    found = remedies_of(events)
    for remedy in found:
        if remedy.kind == kind and not remedy.result:
            raise GuardFailed("remedy_pending", article="51", since=remedy.started_on)
    if kind == SUIT_AFTER:
        _after_reconsideration(found, on)


def _after_reconsideration(found: Iterable[Remedy], on: date) -> None:
    """行政诉讼法 45: its fifteen days begin with the decision, and so does the suit."""
    decided = [each.decided_on for each in found if each.kind == RECONSIDERATION and each.decided_on]
    if not decided:
        raise GuardFailed("suit_needs_reconsideration", article="51")
    if on < min(decided):
        raise InvalidValue("suit_before_decision", field="on", since=min(decided))


def may_be_decided(events: Sequence[Event], kind: str, on: date) -> None:
    """A result belongs to a remedy that is on record as begun, or the years of Table 4 would not fit."""
    begun = [remedy for remedy in pending(events) if remedy.kind == kind]
    if not begun:
        raise GuardFailed("remedy_not_begun", article="51")
    if on < begun[-1].started_on:
        raise InvalidValue("remedy_decided_too_early", field="on", since=begun[-1].started_on)


def checked_decision(given: str) -> str:
    """The number of a decision as it is recorded, or 无 with the reason.

    Raises MissingFields when there is nothing, InvalidValue when it is neither.
    """
    told = " ".join(given.split())
    if not told:
        raise MissingFields("fields_missing", event=EventKind.REMEDY_DECIDED, fields=("document_number",))
    unnumbered = _UNNUMBERED.fullmatch(told)
    is_number = unnumbered is None and any(character.isdigit() for character in told)
    has_reason = unnumbered is not None and len(unnumbered[1]) >= _LEAST_REASON
    if not (is_number or has_reason) or len(told) > _LONGEST_NUMBER:
        raise InvalidValue("decision_number", field="document_number", most=_LONGEST_NUMBER)
    return told


def decision_number(recorded: str) -> str:
    """What a letter can print: "" where the decision has no number, or none was asked for."""
    return "" if _UNNUMBERED.fullmatch(recorded) else recorded


def decision_to_follow(events: Sequence[Event]) -> Event | None:
    """The last decision that did not uphold the office and on which no order is recorded yet."""
    last: Event | None = None
    for event in events:
        if event.kind is EventKind.REMEDY_DECIDED:
            last = event if event.text("result") != UPHELD else None
        elif event.kind is EventKind.REDECISION_ORDERED:
            last = None
    return last


def may_order(events: Sequence[Event], order: Order) -> Event:
    """The decision that orders it; else raises.  The term ends after the day the decision came in."""
    decision = decision_to_follow(events)
    if decision is None:
        raise GuardFailed("order_needs_decision", article="51")
    if order.received_on < decision.on:
        raise InvalidValue("order_before_decision", field="received_on", since=decision.on)
    if not 1 <= order.working_days <= LONGEST_TERM:
        raise InvalidValue("order_term", field="working_days", most=LONGEST_TERM)
    if order.until is not None and not 0 < (order.until - order.received_on).days <= 366:
        raise InvalidValue("order_until", field="until", since=order.received_on)
    return decision
