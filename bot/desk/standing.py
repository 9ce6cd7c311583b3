"""Where a request stands, recomputed from its events alone.  Pure.

`replay` walks the events through the table of transitions and keeps what the clock needs.  The register
stores a summary of the result after each act; a test replays and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import (
    Clock,
    DueDate,
    Pause,
    agency_pause,
    opinion_clock,
    payment_clock,
    reasons_pause,
    reply_clock,
    third_party_pause,
)
from bot.desk.model import Event, EventKind, Outcome, Reply, ServiceMethod, Status
from bot.desk.outcomes import overrules
from bot.desk.transitions import check

# Which event ends the pause that an event begins.
_PAUSES = {
    EventKind.THIRD_PARTY_CONSULTED: EventKind.THIRD_PARTY_ANSWERED,
    EventKind.AGENCY_CONSULTED: EventKind.AGENCY_ANSWERED,
    EventKind.REASONS_ASKED: EventKind.REASONS_RECEIVED,
}
_NO_CLOCK = (Status.SUBMITTED, Status.CORRECTION_ASKED, Status.FEE_NOTICED)


@dataclass(frozen=True)
class Standing:
    """Everything that follows from the events so far."""

    status: Status
    content: str = ""
    original_content: str = ""
    received_on: date | None = None
    corrected_on: date | None = None
    paid_on: date | None = None
    extended_by: int = 0  # of the clock that runs now
    extended: bool = False  # ever: art. 33 allows one extension
    deferred_until: date | None = None
    pauses: tuple[Pause, ...] = ()
    open_pause: Event | None = None
    correction_due_on: date | None = None
    payment_due_on: date | None = None
    opinion_due_on: date | None = None  # after it, silence has its effect
    refusals: tuple[str, ...] = ()  # third parties whose last word was no
    informed: tuple[str, ...] = ()  # of them, who was told that the present reply discloses all the same
    assigned_to: str = ""
    outcome: Outcome | None = None
    ended_on: date | None = None
    reply: Reply | None = None
    ready_on: date | None = None  # since when the reply is as it stands: drafted, reviewed, signed
    counts: Mapping[EventKind, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def paused(self) -> bool:
        return self.open_pause is not None

    @property
    def to_inform(self) -> tuple[str, ...]:
        """Third parties that the reply overrules and that have not been told so yet (art. 32)."""
        if self.reply is None or not overrules(self.reply.outcome, self.reply.fields):
            return ()
        return tuple(party for party in self.refusals if party not in self.informed)

    def happened(self, kind: EventKind) -> bool:
        return self.counts.get(kind, 0) > 0

    def clock(self) -> Clock | None:
        """The clock of the reply, None while none runs.

        A pause that is still open counts until the day on which silence would end it.
        """
        if self.received_on is None or self.status in _NO_CLOCK:
            return None
        return reply_clock(
            self.received_on,
            corrected_on=self.corrected_on,
            paid_on=self.paid_on,
            pauses=self.pauses,
            extended_by=self.extended_by,
        )

    def due(self, calendar: WorkingCalendar) -> DueDate | None:
        """The due date with its proof; a later date fixed under art. 35 replaces the end, not the proof."""
        clock = self.clock()
        if clock is None:
            return None
        due = clock.due(calendar)
        if self.deferred_until is not None and self.deferred_until > due.due_on:
            return replace(due, due_on=self.deferred_until, provisional=False)
        return due


def replay(
    events: Iterable[Event], calendar: WorkingCalendar, *, reasons_time_counts: bool = True
) -> Standing:
    """The standing after all events, in order.  Raises DeskError at the first that has no edge."""
    standing: Standing | None = None
    for event in events:
        edge = check(standing.status if standing else None, event)
        before = standing or Standing(edge.to)
        standing = _Step(before, event, calendar, reasons_time_counts).after(edge.to)
    if standing is None:
        raise ValueError("a request begins with an event")
    return standing


@dataclass(frozen=True)
class _Step:
    """One event applied to one standing."""

    before: Standing
    event: Event
    calendar: WorkingCalendar
    reasons_time_counts: bool

    def after(self, status: Status) -> Standing:
        kind = self.event.kind
        counts = dict(self.before.counts)
        counts[kind] = counts.get(kind, 0) + 1
        moved = replace(self.before, status=status, counts=MappingProxyType(counts))
        parts = (
            self._intake,
            self._correspondence,
            self._asking_third_parties,
            self._pausing,
            self._replying,
            self._ending,
        )
        for part in parts:
            moved = part(moved)
        return moved

    def _intake(self, moved: Standing) -> Standing:
        event = self.event
        if event.kind is EventKind.SUBMITTED:
            content = event.text("content")
            return replace(moved, content=content, original_content=content)
        if event.kind is EventKind.RECEIVED:
            return replace(moved, received_on=event.on)
        if event.kind is EventKind.RECEIPT_UNDONE:
            return replace(moved, received_on=None, assigned_to="")
        if event.kind is EventKind.ASSIGNED:
            return replace(moved, assigned_to=event.text("assignee"))
        return moved

    def _correspondence(self, moved: Standing) -> Standing:
        event = self.event
        if event.kind is EventKind.CORRECTION_ASKED:
            return replace(moved, correction_due_on=event.day("correct_by"))
        if event.kind is EventKind.CORRECTION_RECEIVED:  # a new clock: what happened to the old is void
            moved = replace(moved, content=event.text("content"), correction_due_on=None)
            return replace(moved, corrected_on=event.on, extended_by=0, deferred_until=None)
        if event.kind is EventKind.FEE_NOTICED:
            return replace(moved, payment_due_on=payment_clock(event.on).due(self.calendar).due_on)
        if event.kind is EventKind.FEE_PAID:
            moved = replace(moved, payment_due_on=None)
            return replace(moved, paid_on=event.on, extended_by=0, deferred_until=None)
        if event.kind is EventKind.DEFERRED:
            return replace(moved, deferred_until=event.day("until"))
        if event.kind is EventKind.EXTENDED:
            return replace(moved, extended=True, extended_by=int(event.text("working_days")))
        return moved

    def _asking_third_parties(self, moved: Standing) -> Standing:
        """Who refused, and who was told; a new draft has to be told anew."""
        event, asked = self.event, moved.open_pause
        if event.kind is EventKind.THIRD_PARTY_ANSWERED and asked is not None:
            party = asked.text("party")
            others = tuple(each for each in moved.refusals if each != party)
            refuses = event.text("opinion") == "refuses"
            return replace(moved, refusals=(*others, party) if refuses else others)
        if event.kind is EventKind.THIRD_PARTY_INFORMED:
            return replace(moved, informed=(*moved.informed, event.text("party")))
        if event.kind in (EventKind.DRAFTED, EventKind.DRAFT_RETURNED):
            return replace(moved, informed=())
        return moved

    def _pausing(self, moved: Standing) -> Standing:
        event, opened = self.event, moved.open_pause
        if opened is not None and _PAUSES[opened.kind] is event.kind:
            until = min(event.on, moved.pauses[-1].until)
            closed = replace(moved.pauses[-1], until=max(until, moved.pauses[-1].since))
            return replace(moved, pauses=(*moved.pauses[:-1], closed), open_pause=None, opinion_due_on=None)
        if event.kind not in _PAUSES:
            return moved
        if event.kind is EventKind.REASONS_ASKED and self.reasons_time_counts:
            return moved
        # The law sets no limit for reasons (art. 35); while open, they are given fifteen days as well.
        letter_on = event.day("letter_received_on") or event.on
        silent_on = opinion_clock(letter_on).due(self.calendar).due_on
        begin = {
            EventKind.THIRD_PARTY_CONSULTED: third_party_pause,
            EventKind.AGENCY_CONSULTED: agency_pause,
            EventKind.REASONS_ASKED: reasons_pause,
        }[event.kind]
        pause = begin(event.on, silent_on)
        return replace(moved, pauses=(*moved.pauses, pause), open_pause=event, opinion_due_on=silent_on)

    def _replying(self, moved: Standing) -> Standing:
        event, reply = self.event, moved.reply
        if event.kind in (EventKind.DRAFTED, EventKind.REVIEWED, EventKind.SIGNED):
            moved = replace(moved, ready_on=event.on)
        if event.kind is EventKind.DRAFTED:
            fields = event.data.get("fields") or {}
            recorded = {str(k): str(v) for k, v in fields.items()} if isinstance(fields, Mapping) else {}
            outcome = Outcome(event.text("outcome"))
            return replace(moved, reply=Reply(outcome, event.text("text"), recorded, event.actor))
        if event.kind is EventKind.DRAFT_RETURNED:
            return replace(moved, reply=None, ready_on=None)
        if reply is None:
            return moved
        if event.kind is EventKind.REVIEWED:
            return replace(moved, reply=replace(reply, reviewed_by=event.actor))
        if event.kind is EventKind.SIGNED:
            return replace(moved, reply=replace(reply, signed_by=event.actor))
        if event.kind is EventKind.SERVED:
            method = ServiceMethod(event.text("method"))
            return replace(moved, reply=replace(reply, served_on=event.on, method=method))
        return moved

    def _ending(self, moved: Standing) -> Standing:
        if moved.status.is_open or not self.before.status.is_open or self.event.kind is EventKind.ARCHIVED:
            return moved
        closed = {
            EventKind.LAPSED_UNCORRECTED: Outcome.CLOSED_UNCORRECTED,
            EventKind.LAPSED_UNPAID: Outcome.CLOSED_UNPAID,
            EventKind.WITHDRAWN: Outcome.CLOSED_OTHER,
            EventKind.CONVERTED: Outcome.CLOSED_OTHER,
        }
        outcome = closed.get(self.event.kind)
        if outcome is None and moved.reply is not None:
            outcome = moved.reply.outcome
        return replace(
            moved, outcome=outcome, ended_on=self.event.on, open_pause=None, correction_due_on=None
        )
