"""What every act does: load the request, check the step, append the event, store the new summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Row

from bot.desk import chain, request_words
from bot.desk.errors import InvalidValue, NotAllowed, NotFound
from bot.desk.legible import legible
from bot.desk.model import (
    ApplicantKind,
    DeliveryForm,
    DisclosureRequest,
    Event,
    EventKind,
    Intake,
    Outcome,
    Reply,
    Role,
    ServiceMethod,
    Status,
)
from bot.desk.request_words import RequestWords, content_hash, words_of
from bot.desk.standing import Standing, followed_by, replay
from bot.desk.tables import requests
from bot.desk.transitions import check
from bot.ledger.memory import keep, remembered

if TYPE_CHECKING:
    from bot.desk.session import Session

LONGEST_TEXT = 20_000  # characters; more than any letter, less than a mistake


@dataclass(frozen=True)
class Opened:
    """A request as an act finds it."""

    number: str
    row: Row[tuple[object, ...]]
    words: RequestWords
    events: tuple[Event, ...]
    standing: Standing


class Acts:
    """Acts that belong together, in one session: who, when and in whose transaction they happen."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.connection = session.connection
        self.now = session.now
        self.today = session.today
        self.actor = session.actor
        self.office = session.register.office
        self.calendar = session.register.calendar
        self.vault = session.register.vault

    # ---- reading
    def _get(self, number: str) -> DisclosureRequest:
        """One request; raises NotFound."""
        return self._request(self._row(number))

    def _row(self, number: str, *, to_act: bool = False) -> Row[tuple[object, ...]]:
        """`to_act`: who acts on the same request at the same time waits here (on SQLite, all writers do)."""
        query = sa.select(requests).where(requests.c.number == number)
        if to_act:
            query = query.with_for_update()
        row = remembered(
            self.connection,
            ("request", number),
            ("requests",),
            lambda: self.connection.execute(query).one_or_none(),
        )
        if row is None:
            raise NotFound("no_such_request", number=number)
        return row

    def _open(self, number: str) -> Opened:
        return self._opened(self._row(number, to_act=True))

    def _look(self, number: str) -> Opened:
        """The same only to look at; nobody who acts on it waits."""
        return self._opened(self._row(number))

    def _opened(self, row: Row[tuple[object, ...]]) -> Opened:
        events = chain.events_of(self.connection, row.number)
        words = request_words.unseal(self.connection, row.number, row.words)
        # As long as the events are the same ones, so is what follows from them.
        standing = remembered(
            self.connection,
            self._standing_key(row.number),
            chain.READ_FROM,
            lambda: replay(events, self.calendar, reasons_time_counts=self.office.reasons_time_counts),
        )
        return Opened(row.number, row, words, events, standing)

    def _standing_key(self, number: str) -> tuple[object, ...]:
        """A standing in the ledger's memory: it follows from the events, and from these."""
        return "standing", number, self.calendar, self.office.reasons_time_counts

    def _request(self, row: Row[tuple[object, ...]]) -> DisclosureRequest:
        words = request_words.unseal(self.connection, row.number, row.words)
        return DisclosureRequest(
            number=row.number,
            person=row.person,
            intake=Intake(row.intake),
            applicant_kind=ApplicantKind(row.applicant_kind),
            applicant_masked=row.applicant_masked,
            id_masked=row.id_masked,
            contact_masked=row.contact_masked,
            content=words.content,
            form=DeliveryForm(row.form),
            way=words.way,
            status=Status(row.status),
            submitted_at=row.submitted_at,
            received_on=row.received_on,
            due_on=row.due_on,
            provisional=row.provisional,
            paused=row.paused,
            correction_due_on=row.correction_due_on,
            extended=row.extended,
            assigned_to=row.assigned_to,
            outcome=Outcome(row.outcome) if row.outcome else None,
            ended_on=row.ended_on,
            reply=reply_from_plain(row.reply, words) if row.reply else None,
            repeat_of=self._earlier_same(row),
            original_content=words.original_content,
        )

    def _earlier_same(self, row: Row[tuple[object, ...]]) -> tuple[str, ...]:
        """Art. 36(6): shown to staff, never a reason to refuse filing."""
        query = (
            sa.select(requests.c.number)
            .where(requests.c.applicant_key == row.applicant_key)
            .where(requests.c.content_hash == row.content_hash)
            .where(requests.c.number < row.number)
            .order_by(requests.c.number)
        )
        return remembered(
            self.connection,
            ("earlier_same", row.number, row.applicant_key, row.content_hash),
            ("requests",),
            lambda: tuple(self.connection.execute(query).scalars()),
        )

    def _filed_on(self, row: Row[tuple[object, ...]]) -> date:
        """The day on which it was filed: what came on paper was there before a clerk entered it."""
        entered_on = self._day_of(row.submitted_at)
        received_on: date | None = row.received_on
        return min(entered_on, received_on or entered_on)

    def _day_of(self, instant: datetime) -> date:
        """The office's day."""
        return instant.astimezone(self.office.zone).date()

    # ---- who acts
    def _must_be_staff(self) -> None:
        if not self.office.is_staff(self.actor):
            raise NotAllowed("staff_only")

    def _must_approve(self) -> None:
        if not self.office.may_approve(self.actor):
            raise NotAllowed("leaders_only")

    # ---- acting
    def _act(
        self,
        opened: Opened,
        kind: EventKind,
        *,
        role: Role,
        on: date | None = None,
        data: Mapping[str, object] | None = None,
        actor: str | None = None,
    ) -> DisclosureRequest:
        """Append one event to a request, if its status allows, and store the summary that follows.

        By `actor` where it is somebody else than whose session this is ("": the program).

        On a clock that was set back it is recorded at the instant of the event before: a receipt never comes
        before the filing, and the chain keeps the order of its instants.
        """
        at = max(self.now, opened.events[-1].at) if opened.events else self.now
        on, actor = on or self._day_of(at), self.actor if actor is None else actor
        is_whole = chain.are_all(self.connection, opened.number, opened.events)
        edge = check(
            opened.standing.status, Event(opened.number, 0, kind, at, on, actor, role, data=dict(data or {}))
        )
        event = chain.append(
            self.connection,
            subject=opened.number,
            kind=kind,
            at=at,
            on=on,
            actor=actor,
            role=role,
            article=edge.article,
            data=data,
        )
        counts = self.office.reasons_time_counts
        standing = followed_by(opened.standing, event, self.calendar, reasons_time_counts=counts)
        self._store(opened, standing)
        if is_whole:
            chain.keep_events(self.connection, opened.number, (*opened.events, event))
            keep(self.connection, self._standing_key(opened.number), chain.READ_FROM, standing)
        return self._get(opened.number)

    def _store(self, opened: Opened, standing: Standing) -> None:
        """The row of a request: the summary of its events, and what was written, sealed."""
        words = words_of(standing, opened.words.way)
        self.connection.execute(
            requests.update()
            .where(requests.c.number == opened.number)
            .values(
                **self._summary(standing),
                words=request_words.seal(self.connection, opened.number, words),
                content_hash=content_hash(self.connection, words.content),
            )
        )

    def _staff_act(
        self,
        opened: Opened,
        kind: EventKind,
        *,
        role: Role = Role.OFFICER,
        on: date | None = None,
        data: Mapping[str, object] | None = None,
    ) -> DisclosureRequest:
        """An act of staff; who works on a request that nobody has taken thereby takes it."""
        self._must_be_staff()
        with self.connection.begin_nested():  # a refused act leaves no trace even if the caller goes on
            if opened.standing.status is Status.RECEIVED and kind is not EventKind.ASSIGNED:
                opened = self._taken(opened)
            return self._act(opened, kind, role=role, on=on, data=data)

    def _taken(self, opened: Opened) -> Opened:
        """The same request after somebody has taken it: its earlier assignee, else the officer."""
        assignee = opened.standing.assigned_to or self.actor
        self._act(opened, EventKind.ASSIGNED, role=Role.OFFICER, data={"assignee": assignee})
        return self._open(opened.number)

    def _summary(self, standing: Standing) -> dict[str, object]:
        """The columns of `requests` that follow from the events."""
        due = standing.due(self.calendar)
        return {
            "status": standing.status.value,
            "received_on": standing.received_on,
            "due_on": due.due_on if due else None,
            "provisional": bool(due and due.provisional),
            "paused": standing.paused,
            "correction_due_on": standing.correction_due_on,
            "extended": standing.extended,
            "assigned_to": standing.assigned_to,
            "outcome": standing.outcome.value if standing.outcome else None,
            "ended_on": standing.ended_on,
            "reply": reply_to_plain(standing.reply) if standing.reply else None,
        }


def required_text(field: str, text: str) -> str:
    """The text without outer spaces and without what no letter can hold; raises InvalidValue when it is empty
    or far too long."""
    stripped = legible(text).strip()
    if not stripped:
        raise InvalidValue("text_empty", field=field)
    if len(stripped) > LONGEST_TEXT:
        raise InvalidValue("text_too_long", field=field, most=LONGEST_TEXT)
    return stripped


def reply_to_plain(reply: Reply) -> dict[str, object]:
    """What may stand in the clear; text and fields are sealed."""
    return {
        "outcome": reply.outcome.value,
        "drafted_by": reply.drafted_by,
        "reviewed_by": reply.reviewed_by,
        "signed_by": reply.signed_by,
        "served_on": reply.served_on.isoformat() if reply.served_on else "",
        "method": reply.method.value if reply.method else "",
        **({"attachments": list(reply.attachments)} if reply.attachments else {}),
    }


def reply_from_plain(plain: Mapping[str, Any], words: RequestWords) -> Reply:
    served_on, method = str(plain["served_on"]), str(plain["method"])
    return Reply(
        outcome=Outcome(str(plain["outcome"])),
        text=words.reply_text,
        fields=dict(words.reply_fields),
        drafted_by=str(plain["drafted_by"]),
        reviewed_by=str(plain["reviewed_by"]),
        signed_by=str(plain["signed_by"]),
        served_on=date.fromisoformat(served_on) if served_on else None,
        method=ServiceMethod(method) if method else None,
        attachments=tuple(str(token) for token in plain.get("attachments", ())),
    )
