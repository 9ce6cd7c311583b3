"""Entering late what happened in time: proposed by one person, in effect once a second one confirms it."""

from __future__ import annotations

from bot.desk import guards
from bot.desk.acts.base import Acts, Opened
from bot.desk.errors import GuardFailed, NotFound
from bot.desk.late_entry import LateEntry
from bot.desk.model import DisclosureRequest, EventKind, Role


class LateEntries(Acts):
    def waiting(self, number: str) -> tuple[LateEntry, ...]:
        """What was entered late and waits for a second person, oldest first."""
        return self._open(number).standing.late_entries

    def may_confirm(self, person: str, entry: LateEntry) -> bool:
        """Whether `person` is the second person that this entry waits for."""
        return self.office.is_staff(person) and person != entry.entered_by

    def confirm(self, number: str, *, proposal: int) -> DisclosureRequest:
        """The second person has seen the document: the event is recorded on the day it happened.

        Raises GuardFailed for who entered it, and when what it says cannot be any more.
        """
        self._must_be_staff()
        opened = self._open(number)
        entry = self._waiting(opened, proposal)
        if not self.may_confirm(self.actor, entry):
            raise GuardFailed("late_entry_own", number=number)
        guards.late_entry(entry, opened.standing, opened.events, self.calendar)
        role = Role.APPROVER if self.office.may_approve(self.actor) else Role.REVIEWER
        with self.connection.begin_nested():
            self._act(
                opened, EventKind.LATE_ENTRY_CONFIRMED, role=role, data={"proposal": str(entry.ordinal)}
            )
            return self._act(
                self._open(number),
                entry.kind,
                actor=entry.entered_by,
                role=Role.OFFICER,
                on=entry.happened_on,
                data={**entry.data, "late_entry": str(entry.ordinal)},
            )

    def decline(self, number: str, *, proposal: int) -> DisclosureRequest:
        """Not confirmed, or taken back by who entered it: it never had any effect."""
        opened = self._open(number)
        entry = self._waiting(opened, proposal)
        return self._staff_act(opened, EventKind.LATE_ENTRY_DECLINED, data={"proposal": str(entry.ordinal)})

    @staticmethod
    def _waiting(opened: Opened, proposal: int) -> LateEntry:
        for entry in opened.standing.late_entries:
            if entry.ordinal == proposal:
                return entry
        raise NotFound("no_such_late_entry", number=opened.number)
