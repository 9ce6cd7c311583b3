"""Acts of a day that may lie back: of today they are recorded, of an earlier day a second person confirms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.desk import guards
from bot.desk.acts.base import Acts, Opened, required_text
from bot.desk.model import DisclosureRequest, EventKind


class DatedActs(Acts):
    def _enter(
        self,
        opened: Opened,
        kind: EventKind,
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
        self._must_be_staff()
        if not (on < self.today if late is None else late):
            return self._staff_act(opened, kind, on=on, data=data)
        guards.documented(proof)
        proof = required_text("proof", proof)
        recorded = {**data, "proof": proof}
        proposed = {
            "entry": kind.value,
            "happened_on": on.isoformat(),
            "proof": proof,
            "days": str((self.today - on).days),
            "data": recorded,
        }
        with self.connection.begin_nested():
            self._must_fit(opened, kind, on=on, data=recorded)
            fresh = self._open(opened.number)
            return self._staff_act(fresh, EventKind.LATE_ENTRY_PROPOSED, data=proposed)

    def _must_fit(self, opened: Opened, kind: EventKind, *, on: date, data: Mapping[str, object]) -> None:
        """Try the event itself and undo it: what cannot be recorded need not wait for anybody."""
        trial = self.connection.begin_nested()
        try:
            self._staff_act(opened, kind, on=on, data=data)
        finally:
            trial.rollback()
