"""Looking at the register: queue, search, history, proof of a date, identity, verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from bot.desk import chain, request_words
from bot.desk.acts.base import Acts
from bot.desk.acts.record_base import verify_record_corrections
from bot.desk.acts.splitting import is_part
from bot.desk.clock import CONFIRMATION_ALERT_WORKING_DAYS, Clock, DueDate
from bot.desk.errors import ChainBroken, NotAllowed
from bot.desk.model import Applicant, DisclosureRequest, Event, EventKind, Role, Status
from bot.desk.request_words import words_of
from bot.desk.standing import Standing
from bot.desk.tables import requests

_OPEN = tuple(status.value for status in Status if status.is_open)
_MOST = 200  # rows of a list for people


@dataclass(frozen=True)
class Moved:
    """A due date that a newly published calendar has moved."""

    number: str
    was: date | None
    now: date | None


class Requests(Acts):
    def get(self, number: str) -> DisclosureRequest:
        """One request; raises NotFound."""
        return self._get(number)

    def queue(self, limit: int = _MOST) -> Sequence[DisclosureRequest]:
        """Open requests: those without a clock first (they wait for somebody), then soonest due first."""
        query = (
            sa.select(requests)
            .where(requests.c.status.in_(_OPEN))
            .order_by(requests.c.due_on.is_not(None), requests.c.due_on, requests.c.number)
            .limit(limit)
        )
        return [self._request(row) for row in self.connection.execute(query)]

    def of(self, person: str) -> Sequence[DisclosureRequest]:
        """All requests that `person` filed, newest first."""
        query = (
            sa.select(requests).where(requests.c.person == person).order_by(requests.c.number.desc())
        ).limit(_MOST)
        return [self._request(row) for row in self.connection.execute(query)] if person else []

    def search(self, text: str) -> Sequence[DisclosureRequest]:
        """By number or words of the content, newest first, at most 200."""
        wanted = text.strip()
        query = sa.select(requests).order_by(requests.c.number.desc())
        return self._holding(query, wanted) if wanted else []

    def _holding(self, query: sa.Select[tuple[object, ...]], text: str) -> Sequence[DisclosureRequest]:
        """The first rows with these words in the number or in what is wanted.

        What is wanted is sealed: it is opened row by row, a few ten thousand in a second.
        """
        found = []
        for row in self.connection.execute(query).all():
            if (
                text in row.number
                or text in request_words.unseal(self.connection, row.number, row.words).content
            ):
                found.append(self._request(row))
                if len(found) == _MOST:
                    break
        return found

    def find(
        self,
        today: date,
        *,
        statuses: Sequence[Status] = (),
        assigned_to: str | None = None,
        overdue: bool = False,
        text: str = "",
    ) -> Sequence[DisclosureRequest]:
        """Requests that fit everything asked for, in the order of the queue, at most 200.

        Open ones where no status is named; `assigned_to` "" finds those that nobody has taken.
        """
        wanted = [status.value for status in statuses] or list(_OPEN)
        query = sa.select(requests).where(requests.c.status.in_(wanted))
        if assigned_to is not None:
            query = query.where(requests.c.assigned_to == assigned_to)
        if overdue:
            query = query.where(requests.c.due_on < today, requests.c.status.in_(_OPEN))
        in_order = query.order_by(requests.c.due_on.is_not(None), requests.c.due_on, requests.c.number)
        if text.strip():
            return self._holding(in_order, text.strip())
        return [self._request(row) for row in self.connection.execute(in_order.limit(_MOST)).all()]

    def unconfirmed(self) -> Sequence[DisclosureRequest]:
        """Filed more than one working day ago and still not confirmed: a resident is stranded."""
        today = self.today
        waiting = [request for request in self.queue() if request.status is Status.SUBMITTED]
        return [request for request in waiting if today > self.confirm_by(request)]

    def confirm_by(self, request: DisclosureRequest) -> date:
        """By when the office should confirm receipt: ours, one working day after filing."""
        filed_on = self._day_of(request.submitted_at)
        return Clock(filed_on, CONFIRMATION_ALERT_WORKING_DAYS).due(self.calendar).due_on

    def history(self, number: str) -> Sequence[Event]:
        """All events of a request or inquiry, in order."""
        return chain.events_of(self.connection, number)

    def standing(self, number: str) -> Standing:
        """All that follows from the events: pauses, whose answer is due when, what has happened."""
        return self._open(number).standing

    def due(self, number: str) -> DueDate | None:
        """The due date with its proof; None while no clock runs."""
        return self._open(number).standing.due(self.calendar)

    def filed_within(self, number: str, days: int = 365) -> int:
        """How many requests the same applicant filed in the `days` before this one, itself included.

        For art. 35 and 42: counted and shown, never blocked.
        """
        row = self._row(number)
        query = (
            sa.select(sa.func.count())
            .select_from(requests)
            .where(requests.c.applicant_key == row.applicant_key, ~is_part())
            .where(requests.c.submitted_at > row.submitted_at - timedelta(days=days))
            .where(requests.c.submitted_at <= row.submitted_at)
        )
        return int(self.connection.execute(query).scalar_one())

    # ---- identity
    def applicant(self, number: str) -> Applicant:
        """Identity in the clear, for whom the request is assigned to or a leader; each look is recorded."""
        self._must_be_staff()
        opened = self._open(number)
        if self.actor != opened.standing.assigned_to and self.actor not in self.office.leaders:
            raise NotAllowed("identity_only_for_who_handles_it", number=number)
        self._act(opened, EventKind.IDENTITY_VIEWED, role=Role.OFFICER)
        return self.applicant_for_letters(number)

    def applicant_for_letters(self, number: str) -> Applicant:
        """Identity for the program's own use (a letter, masking a publication); show it to nobody."""
        row = self._row(number)
        if row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        return self.vault.unseal(row.identity)

    # ---- keeping it true
    def verify(self) -> int:
        """Prove the chain, what was written, and that each request equals its events; the number of events.

        Raises ChainBroken naming the first event, or the request whose summary was changed by hand.
        """
        length = chain.verify(self.connection)
        chain.verify_words(self.connection)
        verify_record_corrections(self.connection)
        for row in self.connection.execute(sa.select(requests).order_by(requests.c.number)).all():
            opened = self._open(row.number)
            summary = self._summary(opened.standing)
            wrong = [name for name, value in summary.items() if getattr(row, name) != value]
            if opened.words != words_of(opened.standing, opened.words.way):
                wrong.append("words")
            if wrong:
                raise ChainBroken("request_differs_from_events", subject=row.number, columns=tuple(wrong))
        return length

    def recompute(self) -> Sequence[Moved]:
        """Count every open request again on the present calendar; moved dates are recorded and returned."""
        moved = []
        for row in self.connection.execute(sa.select(requests).where(requests.c.status.in_(_OPEN))).all():
            opened = self._open(row.number)
            summary = self._summary(opened.standing)
            if summary["due_on"] == row.due_on:
                self._store(opened, opened.standing)
                continue
            request = self._act(
                opened,
                EventKind.DUE_DATE_MOVED,
                actor="",
                role=Role.PROGRAM,
                data={"was": str(row.due_on), "now": str(summary["due_on"])},
            )
            moved.append(Moved(row.number, row.due_on, request.due_on))
        return moved
