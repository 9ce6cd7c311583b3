"""A question to somebody else whose answer the clock waits for (art. 32-35).  Pure.

Several may be open at once, each with its own answer; the days that any of them covers are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.desk.clock import Pause
from bot.desk.model import Event, EventKind

# Which events end the pause that an event begins.
ENDED_BY: dict[EventKind, tuple[EventKind, ...]] = {
    EventKind.THIRD_PARTY_CONSULTED: (EventKind.THIRD_PARTY_ANSWERED,),
    EventKind.AGENCY_CONSULTED: (EventKind.AGENCY_ANSWERED,),
    EventKind.REASONS_ASKED: (EventKind.REASONS_RECEIVED, EventKind.REASONS_NOT_GIVEN),
}
ANSWERED: dict[EventKind, EventKind] = {
    kind: ends[0] for kind, ends in ENDED_BY.items() if kind is not EventKind.REASONS_ASKED
}


@dataclass(frozen=True)
class Asked:
    """One question.  Its pause lasts until the answer; while it is open, until silence has its effect."""

    kind: EventKind
    party: str
    asked_on: date
    pause: Pause
    is_open: bool = True

    @property
    def silent_on(self) -> date:
        """The last day for the answer, of an open question."""
        return self.pause.until

    def answered(self, on: date) -> Asked:
        """Closed on this day, at the latest when silence had its effect."""
        until = max(min(on, self.pause.until), self.pause.since)
        return replace(self, pause=replace(self.pause, until=until), is_open=False)


def answer(asked: Sequence[Asked], event: Event) -> tuple[tuple[Asked, ...], Asked | None]:
    """All questions after an answer, and the one that it answers.

    The answer names its party; one of an older program, which knew a single question at a time, does not.
    """
    party = event.text("party")
    for place, each in enumerate(asked):
        if each.is_open and event.kind in ENDED_BY[each.kind] and party in ("", each.party):
            closed = each.answered(event.on)
            return (*asked[:place], closed, *asked[place + 1 :]), closed
    return tuple(asked), None
