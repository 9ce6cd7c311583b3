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
    REPLY_WORKING_DAYS,
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
from bot.desk.consultation import ANSWERED, ENDED_BY, Asked, answer
from bot.desk.correction import with_correction
from bot.desk.late_entry import LateEntry, waiting
from bot.desk.model import Event, EventKind, Outcome, Reply, ServiceMethod, Status
from bot.desk.outcomes import overrules
from bot.desk.remedies import Order, order_of
from bot.desk.transitions import check

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
    extended_on: date | None = None
    extended: bool = False  # ever: art. 33 allows one extension
    deferred_until: date | None = None
    reasons_were_good: bool = False  # the last ones given (art. 35)
    asked: tuple[Asked, ...] = ()  # questions that the clock waits, or waited, for
    correction_due_on: date | None = None
    payment_due_on: date | None = None
    refusals: tuple[str, ...] = ()  # third parties whose last word was no
    informed: tuple[str, ...] = ()  # of them, who was told that the present reply discloses all the same
    late_entries: tuple[LateEntry, ...] = ()  # wait for a second person; no effect yet
    assigned_to: str = ""
    outcome: Outcome | None = None
    ended_on: date | None = None  # the first time
    orders: tuple[Order, ...] = ()  # of a review body or court, to decide (anew)
    reply: Reply | None = None
    ready_on: date | None = None  # since when the reply is as it stands: drafted, reviewed, signed
    counts: Mapping[EventKind, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def waiting(self) -> tuple[Asked, ...]:
        """Questions that are open, oldest first."""
        return tuple(each for each in self.asked if each.is_open)

    @property
    def consulting(self) -> tuple[Asked, ...]:
        """Third parties and agencies whose opinion is awaited."""
        return tuple(each for each in self.waiting if each.kind in ANSWERED)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        return tuple(each.pause for each in self.asked)

    @property
    def paused(self) -> bool:
        return bool(self.waiting)

    @property
    def to_inform(self) -> tuple[str, ...]:
        """Third parties that the reply overrules and that have not been told so yet (art. 32)."""
        if self.reply is None or not overrules(self.reply.outcome, self.reply.fields):
            return ()
        return tuple(party for party in self.refusals if party not in self.informed)

    @property
    def is_reopened(self) -> bool:
        """Ended once, and to be decided anew."""
        return self.ended_on is not None and self.status.is_open

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

    def _counted(self, calendar: WorkingCalendar) -> DueDate | None:
        """The clock counted out.  An extension belongs to a term that had not expired (art. 33).

        While an opinion is awaited the term seems to last until silence would end the wait.  An opinion that
        had come in before, entered later, may show that it had expired when it was extended: then it had.
        """
        clock = self.clock()
        if clock is None:
            return None
        plain = replace(clock, working_days=REPLY_WORKING_DAYS).due(calendar)
        term = max(plain.due_on, self.deferred_until or plain.due_on)
        in_time = self.extended_on is not None and self.extended_on <= term
        return clock.due(calendar) if in_time else plain

    def due(self, calendar: WorkingCalendar) -> DueDate | None:
        """The due date with its proof: of the first decision, or of deciding anew once that was ordered."""
        reopening = [order for order in self.orders if order.reopens]
        return reopening[-1].due(calendar) if reopening else self.first_due(calendar)

    def first_due(self, calendar: WorkingCalendar) -> DueDate | None:
        """Of the first decision; a later date fixed under art. 35 replaces the end, not the proof."""
        due = self._counted(calendar)
        if due is None:
            return None
        if self.deferred_until is not None and self.deferred_until > due.due_on:
            return due.deferred_to(self.deferred_until)
        return due


def replay(
    events: Iterable[Event], calendar: WorkingCalendar, *, reasons_time_counts: bool = True
) -> Standing:
    """The standing after all events, in order.  Raises DeskError at the first that has no edge."""
    standing: Standing | None = None
    for event in events:
        standing = followed_by(standing, event, calendar, reasons_time_counts=reasons_time_counts)
    if standing is None:
        raise ValueError("a request begins with an event")
    return standing


def followed_by(
    standing: Standing | None, event: Event, calendar: WorkingCalendar, *, reasons_time_counts: bool = True
) -> Standing:
    """The standing after one more event, the first one for None.  Raises DeskError where it has no edge."""
    edge = check(standing.status if standing else None, event)
    before = standing or Standing(edge.to)
    return _Step(before, event, calendar, reasons_time_counts).after(_led_to(before, edge.to))


def _led_to(before: Standing, status: Status) -> Status:
    """Who decides anew never gets back to where corrections, fees and deferrals are open."""
    return Status.RE_DECIDING if status is Status.ASSIGNED and before.is_reopened else status


def _awaiting(standing: Standing) -> Status:
    """Where a request is after an answer: somebody else's may still be awaited."""
    kinds = {each.kind for each in standing.consulting}
    if EventKind.THIRD_PARTY_CONSULTED in kinds:
        return Status.THIRD_PARTY
    return Status.OTHER_AGENCY if kinds else _led_to(standing, Status.ASSIGNED)


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
            self._waiting,
            self._replying,
            self._ending,
            self._reopening,
        )
        for part in parts:
            moved = part(moved)
        return moved

    def _intake(self, moved: Standing) -> Standing:
        event = self.event
        if event.kind is EventKind.SUBMITTED:
            content = event.text("content")
            return replace(moved, content=content, original_content=content)
        if event.kind is EventKind.SPLIT:  # what was filed stays in `original_content`
            return replace(moved, content=event.text("content"))
        if event.kind is EventKind.RECEIVED:
            return replace(moved, received_on=event.on)
        if event.kind is EventKind.RECEIPT_UNDONE:
            return replace(moved, received_on=None, assigned_to="")
        if event.kind is EventKind.ASSIGNED:
            return replace(moved, assigned_to=event.text("assignee"))
        return moved

    def _correspondence(self, moved: Standing) -> Standing:
        event = self.event
        if event.kind in (EventKind.CORRECTION_ASKED, EventKind.CORRECTION_NOTICE_RECEIVED):
            return replace(moved, correction_due_on=event.day("correct_by"))
        if event.kind is EventKind.CORRECTION_RECEIVED:  # a new clock: what happened to the old is void
            content = with_correction(moved.content, event.text("content"))
            moved = replace(moved, content=content, correction_due_on=None)
            return replace(moved, corrected_on=event.on, extended_by=0, deferred_until=None)
        if event.kind is EventKind.FEE_NOTICED:
            return replace(moved, payment_due_on=payment_clock(event.on).due(self.calendar).due_on)
        if event.kind is EventKind.FEE_WITHDRAWN:  # as if never noticed: its days have counted
            return replace(moved, payment_due_on=None)
        if event.kind is EventKind.FEE_PAID:
            moved = replace(moved, payment_due_on=None)
            return replace(moved, paid_on=event.on, extended_by=0, deferred_until=None)
        if event.kind is EventKind.REASONS_RECEIVED:
            return replace(moved, reasons_were_good=event.text("reasonable") == "yes")
        if event.kind is EventKind.DEFERRED:
            return replace(moved, deferred_until=event.day("until"))
        if event.kind is EventKind.EXTENDED:
            days = int(event.text("working_days"))
            return replace(moved, extended=True, extended_by=days, extended_on=event.on)
        return moved

    def _asking_third_parties(self, moved: Standing) -> Standing:
        """Who refused, and who was told; a new draft has to be told anew."""
        event = self.event
        _, answered = answer(moved.asked, event)
        if event.kind is EventKind.THIRD_PARTY_ANSWERED and answered is not None:
            others = tuple(each for each in moved.refusals if each != answered.party)
            refuses = event.text("opinion") == "refuses"
            return replace(moved, refusals=(*others, answered.party) if refuses else others)
        if event.kind is EventKind.THIRD_PARTY_INFORMED:
            return replace(moved, informed=(*moved.informed, event.text("party")))
        if event.kind in (EventKind.DRAFTED, EventKind.DRAFT_RETURNED):
            return replace(moved, informed=())
        return moved

    def _pausing(self, moved: Standing) -> Standing:
        event = self.event
        if any(event.kind in ends for ends in ENDED_BY.values()):
            asked, _ = answer(moved.asked, event)
            moved = replace(moved, asked=asked)
            return replace(moved, status=_awaiting(moved)) if event.kind in ANSWERED.values() else moved
        if event.kind not in ENDED_BY:
            return moved
        if event.kind is EventKind.REASONS_ASKED and self.reasons_time_counts:
            return moved
        # For reasons the law sets no limit (art. 35): the period that was told to the applicant, or, where an
        # older program recorded none, fifteen days as well.
        letter_on = event.day("letter_received_on") or event.on
        silent_on = event.day("reasons_by") or opinion_clock(letter_on).due(self.calendar).due_on
        begin = {
            EventKind.THIRD_PARTY_CONSULTED: third_party_pause,
            EventKind.AGENCY_CONSULTED: agency_pause,
            EventKind.REASONS_ASKED: reasons_pause,
        }[event.kind]
        asked_now = Asked(event.kind, event.text("party"), event.on, begin(event.on, silent_on))
        return replace(moved, asked=(*moved.asked, asked_now))

    def _waiting(self, moved: Standing) -> Standing:
        """Late entries: kept aside until they are confirmed, when the event itself follows, or declined."""
        event = self.event
        if event.kind is EventKind.LATE_ENTRY_PROPOSED:
            return replace(moved, late_entries=(*moved.late_entries, waiting(event)))
        if event.kind in (EventKind.LATE_ENTRY_CONFIRMED, EventKind.LATE_ENTRY_DECLINED):
            others = (each for each in moved.late_entries if str(each.ordinal) != event.text("proposal"))
            return replace(moved, late_entries=tuple(others))
        return moved

    def _replying(self, moved: Standing) -> Standing:
        event, reply = self.event, moved.reply
        if event.kind in (EventKind.DRAFTED, EventKind.REVIEWED, EventKind.SIGNED):
            moved = replace(moved, ready_on=event.on)
        if event.kind is EventKind.DRAFTED:
            fields = event.data.get("fields") or {}
            recorded = {str(k): str(v) for k, v in fields.items()} if isinstance(fields, Mapping) else {}
            outcome = Outcome(event.text("outcome"))
            tokens = _tokens(event.data.get("attachments"))
            reply = Reply(outcome, event.text("text"), recorded, event.actor, attachments=tokens)
            return replace(moved, reply=reply)
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

    def _reopening(self, moved: Standing) -> Standing:
        """Ordered to decide anew: the first reply is history, the first outcome stays."""
        if self.event.kind is not EventKind.REDECISION_ORDERED:
            return moved
        reopens = not self.before.status.is_open
        moved = replace(moved, orders=(*moved.orders, order_of(self.event, reopens=reopens)))
        return replace(moved, reply=None, ready_on=None, informed=()) if reopens else moved

    def _ending(self, moved: Standing) -> Standing:
        if moved.status.is_open or not self.before.status.is_open or self.event.kind is EventKind.ARCHIVED:
            return moved
        if moved.ended_on is not None:  # once more: Table 3 keeps the first outcome and its day
            asked = tuple(replace(each, is_open=False) for each in moved.asked)
            return replace(moved, asked=asked, late_entries=())
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
            moved,
            outcome=outcome,
            ended_on=self.event.on,
            asked=tuple(replace(each, is_open=False) for each in moved.asked),
            correction_due_on=None,
            late_entries=(),
        )


def _tokens(files: object) -> tuple[str, ...]:
    """Of the files that an event names; none once its words are erased."""
    named = files if isinstance(files, list) else []
    return tuple(str(each["token"]) for each in named if isinstance(each, Mapping))
