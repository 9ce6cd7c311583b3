"""Entering late what happened in time: proposed by one person, in effect once a second one confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from bot.desk import guards
from bot.desk.acts.base import Acts, Opened, required_text
from bot.desk.errors import GuardFailed, NotFound
from bot.desk.late_entry import LateEntry
from bot.desk.model import DisclosureRequest, EventKind, Role


class LateEntryActs(Acts):
    def late_entries(self, connection: Connection, number: str) -> tuple[LateEntry, ...]:
        """What was entered late and waits for a second person, oldest first."""
        return self._open(connection, number).standing.late_entries

    def may_confirm_late_entry(self, person: str, entry: LateEntry) -> bool:
        """Whether `person` is the second person that this entry waits for."""
        return self.office.is_staff(person) and person != entry.entered_by

    def confirm_late_entry(
        self, connection: Connection, now: datetime, number: str, *, person: str, proposal: int
    ) -> DisclosureRequest:
        """The second person has seen the document: the event is recorded on the day it happened.

        Raises GuardFailed for who entered it, and when what it says cannot be any more.
        """
        self._must_be_staff(person)
        opened = self._open(connection, number)
        entry = self._waiting(opened, proposal)
        if not self.may_confirm_late_entry(person, entry):
            raise GuardFailed("late_entry_own", number=number)
        guards.late_entry(entry, opened.standing, opened.events, self.calendar)
        role = Role.APPROVER if self.office.may_approve(person) else Role.REVIEWER
        with connection.begin_nested():
            self._act(
                connection,
                now,
                opened,
                EventKind.LATE_ENTRY_CONFIRMED,
                actor=person,
                role=role,
                data={"proposal": str(entry.ordinal)},
            )
            return self._act(
                connection,
                now,
                self._open(connection, number),
                entry.kind,
                actor=entry.entered_by,
                role=Role.OFFICER,
                on=entry.happened_on,
                data={**entry.data, "late_entry": str(entry.ordinal)},
            )

    def decline_late_entry(
        self, connection: Connection, now: datetime, number: str, *, person: str, proposal: int
    ) -> DisclosureRequest:
        """Not confirmed, or taken back by who entered it: it never had any effect."""
        opened = self._open(connection, number)
        entry = self._waiting(opened, proposal)
        return self._staff_act(
            connection,
            now,
            opened,
            EventKind.LATE_ENTRY_DECLINED,
            person,
            data={"proposal": str(entry.ordinal)},
        )

    @staticmethod
    def _waiting(opened: Opened, proposal: int) -> LateEntry:
        for entry in opened.standing.late_entries:
            if entry.ordinal == proposal:
                return entry
        raise NotFound("no_such_late_entry", number=opened.number)

    def _enter(
        self,
        connection: Connection,
        now: datetime,
        opened: Opened,
        kind: EventKind,
        officer: str,
        *,
        on: date,
        proof: str,
        data: Mapping[str, object],
        late: bool | None = None,
    ) -> DisclosureRequest:
        """An event of today is recorded; one of an earlier day waits for a second person.

        `late` says so where the day alone does not decide.  Raises InvalidValue when the proof names no
        document, what the guards of the event raise, and WrongStep when it does not fit now.
        """
        self._must_be_staff(officer)
        if not (on < self._today(now) if late is None else late):
            return self._staff_act(connection, now, opened, kind, officer, on=on, data=data)
        guards.documented(proof)
        proof = required_text("proof", proof)
        recorded = {**data, "proof": proof}
        proposed = {
            "entry": kind.value,
            "happened_on": on.isoformat(),
            "proof": proof,
            "days": str((self._today(now) - on).days),
            "data": recorded,
        }
        with connection.begin_nested():
            self._must_fit(connection, now, opened, kind, officer, on=on, data=recorded)
            fresh = self._open(connection, opened.number)
            return self._staff_act(
                connection, now, fresh, EventKind.LATE_ENTRY_PROPOSED, officer, data=proposed
            )

    def _must_fit(
        self,
        connection: Connection,
        now: datetime,
        opened: Opened,
        kind: EventKind,
        officer: str,
        *,
        on: date,
        data: Mapping[str, object],
    ) -> None:
        """Try the event itself and undo it: what cannot be recorded need not wait for anybody."""
        trial = connection.begin_nested()
        try:
            self._staff_act(connection, now, opened, kind, officer, on=on, data=data)
        finally:
            trial.rollback()
