"""The clock as part 9 of the specification and the Regulation say it, counted day by day from the events.

Written from the law alone, to judge `clock.py` and `standing.py`: it shares nothing with them but the
working days themselves.  `judged` walks through a history, refuses what may not have happened, and tells the
due date after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.desk.calendar import WorkingCalendar
from bot.desk.model import Event, EventKind

Kind = EventKind
CONSULTED = {
    Kind.THIRD_PARTY_CONSULTED: Kind.THIRD_PARTY_ANSWERED,
    Kind.AGENCY_CONSULTED: Kind.AGENCY_ANSWERED,
}
# What stops, voids or ends the clock by its day: entered on another day it needs a document and two people.
BY_ITS_DAY = (*CONSULTED, Kind.CORRECTION_ASKED, Kind.FEE_NOTICED)
DOCUMENTS = ("送达回证", "邮件号码")


@dataclass
class Still:
    """Days on which somebody else's word is awaited: after `since`, up to and including `until`."""

    kind: EventKind
    party: str
    since: date
    until: date
    open: bool = True


@dataclass
class Judge:
    """One history, read event by event."""

    calendar: WorkingCalendar
    reasons_count: bool
    zone_day: dict[int, date]  # the office's day on which each event was entered, by its ordinal
    began: date | None = None
    more: int = 0
    more_on: date | None = None  # the day of the extension
    put_off: date | None = None
    stopped: bool = False  # a correction or a fee is awaited: no clock runs
    stills: list[Still] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    proposed: dict[str, Event] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    paid: bool = False
    ended: bool = False
    open_again: bool = False
    ordered: date | None = None  # decided anew by this day; nothing moves it
    begun: list[str] = field(default_factory=list)  # remedies without a result
    may_be_ordered: bool = False

    # ---- counting
    def after(self, start: date, working_days: int, skipped: Iterable[Still] = ()) -> date:
        """The day on which so many working days after `start` are full, without the days that stand still."""
        day, left, stills = start, working_days, list(skipped)
        while left:
            day += timedelta(days=1)
            stands = any(still.since < day <= still.until for still in stills)
            left -= self.calendar.is_working_day(day) and not stands
        return day

    @property
    def due(self) -> date | None:
        if self.ordered is not None:
            return self.ordered
        if self.began is None or self.stopped:
            return None
        plain = self.after(self.began, 20, self.stills)
        term = max(plain, self.put_off) if self.put_off else plain
        extended = self.more and self.more_on is not None and self.more_on <= term
        counted = self.after(self.began, 20 + self.more, self.stills) if extended else plain
        return max(counted, self.put_off) if self.put_off else counted

    # ---- reading
    def read(self, event: Event) -> None:
        entered = self.zone_day[event.ordinal]
        assert event.on <= entered, "dated in the future"
        self._two_people(event, entered)
        handler = getattr(self, f"_{event.kind.value}", None)
        if handler is not None:
            handler(event, entered)

    def _two_people(self, event: Event, entered: date) -> None:
        """Entered late: proven by a document, and confirmed by somebody else than who entered it."""
        late = event.kind in BY_ITS_DAY and event.on < entered
        if event.kind is Kind.SERVED and self.due is not None:
            late = event.on <= self.due < entered
        if not late:
            return
        name = event.text("late_entry")
        assert name in self.confirmed, f"{event.kind} of {event.on} was entered on {entered} by one person"
        proposal = self.proposed[name]
        assert proposal.text("happened_on") == event.on.isoformat()
        assert any(document in proposal.text("proof") for document in DOCUMENTS), proposal.text("proof")

    def _late_entry_proposed(self, event: Event, entered: date) -> None:
        self.proposed[str(event.ordinal)] = event

    def _late_entry_confirmed(self, event: Event, entered: date) -> None:
        name = event.text("proposal")
        assert self.proposed[name].actor != event.actor, "confirmed by who entered it"
        assert name not in self.confirmed
        self.confirmed.add(name)

    def _received(self, event: Event, entered: date) -> None:
        self.began = event.on

    def _receipt_undone(self, event: Event, entered: date) -> None:
        assert self.began == entered, "the day of receipt is fixed after its day"
        self.began = None

    def _third_party_consulted(self, event: Event, entered: date) -> None:
        party = event.text("party").split("（")[0]
        assert party not in self.asked, "asked twice about the same"
        self.asked.add(party)
        until = self.after(event.day("letter_received_on") or event.on, 15)
        self.stills.append(Still(event.kind, event.text("party"), event.on, until))

    _agency_consulted = _third_party_consulted

    def _third_party_answered(self, event: Event, entered: date) -> None:
        self._answered(Kind.THIRD_PARTY_CONSULTED, event)

    def _agency_answered(self, event: Event, entered: date) -> None:
        self._answered(Kind.AGENCY_CONSULTED, event)

    def _answered(self, kind: EventKind, event: Event) -> None:
        for still in self.stills:
            if still.open and still.kind is kind and still.party == event.text("party"):
                if event.text("opinion") == "silent":
                    assert event.on <= still.until or self.zone_day[event.ordinal] > still.until
                still.until, still.open = min(still.until, event.on), False
                return
        raise AssertionError("nobody was asked")

    def _reasons_asked(self, event: Event, entered: date) -> None:
        if not self.reasons_count:
            until = event.day("reasons_by") or self.after(event.on, 15)  # the period that was told
            self.stills.append(Still(event.kind, "", event.on, until))

    def _reasons_received(self, event: Event, entered: date) -> None:
        for still in self.stills:
            if still.open and still.kind is Kind.REASONS_ASKED:
                still.until, still.open = min(still.until, event.on), False

    _reasons_not_given = _reasons_received

    def _extended(self, event: Event, entered: date) -> None:
        assert self.due is not None
        assert not self.ended, "the term of an order is not the office's to extend"
        assert entered <= self.due, "extended after expiry"
        self.more, self.more_on = int(event.text("working_days")), entered
        assert 1 <= self.more <= 20

    def _deferred(self, event: Event, entered: date) -> None:
        until = event.day("until")
        assert self.due is not None
        assert until is not None
        assert entered <= self.due, "put off after expiry"
        assert self.put_off is None, "put off twice"
        assert self.due < until <= self.after(self.due, 20)
        self.put_off = until

    def _correction_asked(self, event: Event, entered: date) -> None:
        assert self.began is not None
        assert event.on <= self.after(self.began, 7)
        assert "做什么用" not in event.text("what")
        assert int(event.text("working_days")) >= 5
        self.stopped = True

    def _correction_received(self, event: Event, entered: date) -> None:
        self._anew(event.on)
        self.asked.clear()

    def _fee_noticed(self, event: Event, entered: date) -> None:
        assert self.due is not None
        assert event.on <= self.due, "a fee after expiry"
        assert not self.paid, "a fee twice"
        assert event.text("amount") == "100", "not the computed sum of the eleventh"
        self.stopped = True

    def _fee_withdrawn(self, event: Event, entered: date) -> None:
        self.stopped = False

    def _fee_paid(self, event: Event, entered: date) -> None:
        self.paid = True
        self._anew(event.on)

    def _served(self, event: Event, entered: date) -> None:
        self.ended, self.open_again = True, False

    _withdrawn = _converted = _lapsed_uncorrected = _lapsed_unpaid = _served

    def _remedy_started(self, event: Event, entered: date) -> None:
        assert self.ended or (self.due is not None and event.on > self.due), "nothing to contest"
        assert event.text("remedy") not in self.begun, "twice at once"
        self.begun.append(event.text("remedy"))

    def _remedy_decided(self, event: Event, entered: date) -> None:
        self.begun.remove(event.text("remedy"))
        self.may_be_ordered = event.text("result") != "upheld"

    def _redecision_ordered(self, event: Event, entered: date) -> None:
        assert self.may_be_ordered, "nobody has ordered it"
        self.may_be_ordered = False
        if self.ended and not self.open_again:
            self.open_again = True
            self.ordered = event.day("until") or self.after(event.on, int(event.text("working_days")))
            self.asked.clear()

    def _anew(self, on: date) -> None:
        """A corrected request or a paid fee: twenty days of their own."""
        assert self.began is not None
        self.began, self.more, self.put_off, self.stopped = max(self.began, on), 0, None, False


def judged(
    events: Sequence[Event], calendar: WorkingCalendar, *, zone_days: dict[int, date], reasons: bool
) -> Judge:
    """The judge after the whole history; AssertionError at the first event that the law does not have."""
    judge = Judge(calendar, reasons, zone_days)
    for event in events:
        judge.read(event)
    return judge
