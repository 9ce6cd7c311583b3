"""Looking at the register: queue, search, history, proof of a date, identity, verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import attached, chain, data_keys, request_words
from bot.desk.acts.base import Acts
from bot.desk.acts.record_base import verify_record_corrections
from bot.desk.acts.splitting import is_part
from bot.desk.clock import CONFIRMATION_ALERT_WORKING_DAYS, Clock, DueDate
from bot.desk.errors import ChainBroken, NotAllowed
from bot.desk.kinds import LETTERS_TO_OTHERS, REPLY_LETTER
from bot.desk.model import Applicant, DisclosureRequest, Event, EventKind, Letter, Role, Status
from bot.desk.request_words import words_of
from bot.desk.standing import Standing
from bot.desk.tables import letters, requests

_OPEN = tuple(status.value for status in Status if status.is_open)
_MOST = 200  # rows of a list for people


@dataclass(frozen=True)
class Moved:
    """A due date that a newly published calendar has moved."""

    number: str
    was: date | None
    now: date | None


class ReadingActs(Acts):
    def queue(self, connection: Connection, limit: int = _MOST) -> Sequence[DisclosureRequest]:
        """Open requests: those without a clock first (they wait for somebody), then soonest due first."""
        query = (
            sa.select(requests)
            .where(requests.c.status.in_(_OPEN))
            .order_by(requests.c.due_on.is_not(None), requests.c.due_on, requests.c.number)
            .limit(limit)
        )
        return [self._request(connection, row) for row in connection.execute(query)]

    def requests_of(self, connection: Connection, person: str) -> Sequence[DisclosureRequest]:
        """All requests that `person` filed, newest first."""
        query = (
            sa.select(requests).where(requests.c.person == person).order_by(requests.c.number.desc())
        ).limit(_MOST)
        return [self._request(connection, row) for row in connection.execute(query)] if person else []

    def search(self, connection: Connection, text: str) -> Sequence[DisclosureRequest]:
        """By number or words of the content, newest first, at most 200."""
        wanted = text.strip()
        query = sa.select(requests).order_by(requests.c.number.desc())
        return self._holding(connection, query, wanted) if wanted else []

    def _holding(
        self, connection: Connection, query: sa.Select[tuple[object, ...]], text: str
    ) -> Sequence[DisclosureRequest]:
        """The first rows with these words in the number or in what is wanted.

        What is wanted is sealed: it is opened row by row, a few ten thousand in a second.
        """
        found = []
        for row in connection.execute(query).all():
            if text in row.number or text in request_words.unseal(connection, row.number, row.words).content:
                found.append(self._request(connection, row))
                if len(found) == _MOST:
                    break
        return found

    def find(
        self,
        connection: Connection,
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
            return self._holding(connection, in_order, text.strip())
        return [self._request(connection, row) for row in connection.execute(in_order.limit(_MOST)).all()]

    def unconfirmed(self, connection: Connection, now: datetime) -> Sequence[DisclosureRequest]:
        """Filed more than one working day ago and still not confirmed: a resident is stranded."""
        today = self._today(now)
        waiting = [request for request in self.queue(connection) if request.status is Status.SUBMITTED]
        return [request for request in waiting if today > self.confirm_by(request)]

    def confirm_by(self, request: DisclosureRequest) -> date:
        """By when the office should confirm receipt: ours, one working day after filing."""
        filed_on = request.submitted_at.astimezone(self.office.zone).date()
        return Clock(filed_on, CONFIRMATION_ALERT_WORKING_DAYS).due(self.calendar).due_on

    def history(self, connection: Connection, number: str) -> Sequence[Event]:
        """All events of a request or inquiry, in order."""
        return chain.events_of(connection, number)

    def standing(self, connection: Connection, number: str) -> Standing:
        """All that follows from the events: pauses, whose answer is due when, what has happened."""
        return self._open(connection, number).standing

    def due(self, connection: Connection, number: str) -> DueDate | None:
        """The due date with its proof; None while no clock runs."""
        return self._open(connection, number).standing.due(self.calendar)

    def filed_within(self, connection: Connection, number: str, days: int = 365) -> int:
        """How many requests the same applicant filed in the `days` before this one, itself included.

        For art. 35 and 42: counted and shown, never blocked.
        """
        row = self._row(connection, number)
        query = (
            sa.select(sa.func.count())
            .select_from(requests)
            .where(requests.c.applicant_key == row.applicant_key, ~is_part())
            .where(requests.c.submitted_at > row.submitted_at - timedelta(days=days))
            .where(requests.c.submitted_at <= row.submitted_at)
        )
        return int(connection.execute(query).scalar_one())

    # ---- identity
    def applicant(self, connection: Connection, now: datetime, number: str, *, officer: str) -> Applicant:
        """Identity in the clear, for whom the request is assigned to or a leader; each look is recorded."""
        self._must_be_staff(officer)
        opened = self._open(connection, number)
        if officer != opened.standing.assigned_to and officer not in self.office.leaders:
            raise NotAllowed("identity_only_for_who_handles_it", number=number)
        self._act(connection, now, opened, EventKind.IDENTITY_VIEWED, actor=officer, role=Role.OFFICER)
        return self.applicant_for_letters(connection, number)

    def applicant_for_letters(self, connection: Connection, number: str) -> Applicant:
        """Identity for the program's own use (a letter, masking a publication); show it to nobody."""
        row = self._row(connection, number)
        if row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        return self.vault.unseal(row.identity)

    # ---- letters
    def keep_letter(
        self, connection: Connection, now: datetime, number: str, *, kind: str, filename: str, content: bytes
    ) -> None:
        """Keep a file with the request."""
        connection.execute(
            letters.insert().values(
                request_number=self._row(connection, number).number,
                kind=kind,
                filename=filename,
                content=data_keys.seal(connection, number, content),
                created_at=now,
            )
        )

    def letters_of(self, connection: Connection, number: str) -> Sequence[Letter]:
        """The files of a request, oldest first."""
        query = sa.select(letters).where(letters.c.request_number == number).order_by(letters.c.id)
        return [
            Letter(row.kind, row.filename, content, row.created_at)
            for row in connection.execute(query).all()
            if (content := data_keys.unseal(connection, number, row.content)) is not None
        ]

    def letters_of_applicant(self, connection: Connection, number: str) -> Sequence[Letter]:
        """Of these what is addressed to the applicant, oldest first; a reply only once it is served.

        What was drafted again is there as it was served, without its earlier versions.
        """
        own = [each for each in self.letters_of(connection, number) if each.kind not in LETTERS_TO_OTHERS]
        served = [each.at for each in self.history(connection, number) if each.kind is EventKind.SERVED]
        reply = self.get(connection, number).reply
        is_served = reply is not None and reply.served_on is not None
        before = served[-1] if served else None
        replies = [
            each
            for each in own
            if each.kind == REPLY_LETTER and (is_served or (before is not None and each.created_at <= before))
        ]
        return [each for each in own if each.kind != REPLY_LETTER or each in replies[-1:]]

    def files_of_served_reply(self, connection: Connection, number: str) -> list[attached.Attachment]:
        """What went out with the reply that was served last, also while another one is drafted."""
        drafted, served = None, None
        for event in self.history(connection, number):
            if event.kind is EventKind.DRAFTED:
                drafted = event
            elif event.kind is EventKind.SERVED:
                served = drafted
        return attached.some(connection, attached.tokens_on_record(served)) if served else []

    # ---- keeping it true
    def verify(self, connection: Connection) -> int:
        """Prove the chain, what was written, and that each request equals its events; the number of events.

        Raises ChainBroken naming the first event, or the request whose summary was changed by hand.
        """
        length = chain.verify(connection)
        chain.verify_words(connection)
        verify_record_corrections(connection)
        for row in connection.execute(sa.select(requests).order_by(requests.c.number)).all():
            opened = self._open(connection, row.number)
            summary = self._summary(opened.standing)
            wrong = [name for name, value in summary.items() if getattr(row, name) != value]
            if opened.words != words_of(opened.standing, opened.words.way):
                wrong.append("words")
            if wrong:
                raise ChainBroken("request_differs_from_events", subject=row.number, columns=tuple(wrong))
        return length

    def recompute(self, connection: Connection, now: datetime) -> Sequence[Moved]:
        """Count every open request again on the present calendar; moved dates are recorded and returned."""
        moved = []
        for row in connection.execute(sa.select(requests).where(requests.c.status.in_(_OPEN))).all():
            opened = self._open(connection, row.number)
            summary = self._summary(opened.standing)
            if summary["due_on"] == row.due_on:
                self._store(connection, opened, opened.standing)
                continue
            request = self._act(
                connection,
                now,
                opened,
                EventKind.DUE_DATE_MOVED,
                actor="",
                role=Role.PROGRAM,
                data={"was": str(row.due_on), "now": str(summary["due_on"])},
            )
            moved.append(Moved(row.number, row.due_on, request.due_on))
        return moved
