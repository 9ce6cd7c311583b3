"""Reconsideration and suits, and deciding anew after them (art. 51; `bot/desk/remedies.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain, guards, remedies
from bot.desk.acts.base import Acts, Opened
from bot.desk.clock import REPLY_WORKING_DAYS
from bot.desk.errors import InvalidValue
from bot.desk.model import DisclosureRequest, Event, EventKind, Outcome
from bot.desk.remedies import REMEDIES, RESULTS, Order, Remedy
from bot.desk.tables import events


class Remedies(Acts):
    def record(
        self, number: str, *, remedy: str, result: str = "", on: date | None = None, document_number: str = ""
    ) -> DisclosureRequest:
        """Reconsideration or suit (Table 4): begun on `on` (today), or decided then with its `result`.

        A decision has a `document_number` (文号), or 无 with the reason why it has none.
        Against what was decided, has lapsed, or is overdue and unanswered; else GuardFailed.
        """
        if remedy not in REMEDIES or (result and result not in RESULTS):
            raise InvalidValue("remedy_unknown", field="remedy", allowed=(*REMEDIES, *RESULTS))
        opened, today = self._open(number), self.today
        day = on or today
        guards.legal_day(day, today, opened.standing)
        if result:
            remedies.may_be_decided(opened.events, remedy, day)
            decision = {"result": result, "document_number": remedies.checked_decision(document_number)}
        else:
            remedies.may_begin(opened.events, remedy, day, self._contestable_since(opened, today))
            decision = {}
        kind = EventKind.REMEDY_DECIDED if result else EventKind.REMEDY_STARTED
        data = {"remedy": remedy, **decision}
        return self._staff_act(opened, kind, on=day, data=data)

    def order_redecision(
        self,
        number: str,
        *,
        received_on: date | None = None,
        working_days: int = REPLY_WORKING_DAYS,
        until: date | None = None,
    ) -> DisclosureRequest:
        """The decision on record orders to decide (anew): what had ended is re-decided, in a new term.

        `received_on` (today) is the day on which the decision came in; the term is `until`, or `working_days`
        after it.  An overdue request stays overdue: the order is recorded beside its due date.
        """
        opened, today = self._open(number), self.today
        order = Order(received_on or today, working_days, until, reopens=not opened.standing.status.is_open)
        guards.legal_day(order.received_on, today, opened.standing)
        decision = remedies.may_order(opened.events, order)
        data = {
            "remedy": decision.text("remedy"),
            "working_days": str(working_days),
            "reopens": "yes" if order.reopens else "",
            **({"until": until.isoformat()} if until else {}),
        }
        return self._staff_act(opened, EventKind.REDECISION_ORDERED, on=order.received_on, data=data)

    # ---- looking
    def of(self, number: str) -> list[Remedy]:
        """All of one request, in the order of their last step."""
        return remedies.remedies_of(chain.events_of(self.connection, number))

    def pending(self) -> list[Remedy]:
        """Those of all requests that have no result yet, by number."""
        return [
            remedy
            for history in histories_with(self.connection, EventKind.REMEDY_STARTED)
            for remedy in remedies.pending(history)
        ]

    def can_begin(self, number: str) -> bool:
        """Whether there is anything to contest, for menus."""
        return self._contestable_since(self._open(number), self.today) is not None

    def redecision_can_be_ordered(self, number: str) -> bool:
        """Whether a decision is on record that may order it."""
        return remedies.decision_to_follow(chain.events_of(self.connection, number)) is not None

    def ordered_until(self, number: str) -> date | None:
        """The last day of the newest order."""
        orders = self._open(number).standing.orders
        return orders[-1].due(self.calendar).due_on if orders else None

    def _contestable_since(self, opened: Opened, today: date) -> date | None:
        """The day of the first decision, or the day after a time limit that was missed before it."""
        standing = opened.standing
        due = standing.first_due(self.calendar)
        ended_on = standing.ended_on
        if standing.happened(EventKind.WITHDRAWN) and standing.outcome is Outcome.CLOSED_OTHER:
            return None  # archived or not: nothing was ever decided
        if standing.outcome in (Outcome.CLOSED_UNCORRECTED, Outcome.CLOSED_UNPAID):
            return ended_on  # a clock that was void by then missed nothing
        if due is not None and (ended_on or today) > due.due_on:
            return due.due_on + timedelta(days=1)
        return ended_on


def histories_with(connection: Connection, *kinds: EventKind) -> Iterator[tuple[Event, ...]]:
    """All events of each request to which one of these happened."""
    subjects = connection.execute(
        sa.select(events.c.subject)
        .where(events.c.kind.in_([kind.value for kind in kinds]))
        .distinct()
        .order_by(events.c.subject)
    ).scalars()
    for subject in subjects.all():
        yield chain.events_of(connection, subject)
