"""Legal time limits: every due date with its proof.  Pure: days in, days out.

Counting (LAW.md part 2; 期间开始当日不计): the day that starts a clock is day 0; each working day after it
counts one; days of a pause do not count; the clock is due on its last counted day.  A pause covers the
days after the letter goes out up to and including the day the opinion comes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.desk.calendar import WorkingCalendar

REPLY_WORKING_DAYS = 20  # art. 33
EXTENSION_WORKING_DAYS = 20  # art. 33: at most
CORRECTION_NOTICE_WORKING_DAYS = 7  # art. 30
OPINION_WORKING_DAYS = 15  # art. 32, 34
PAYMENT_WORKING_DAYS = 20  # 国办函 109 of 2020
CONFIRMATION_ALERT_WORKING_DAYS = 1  # ours: an unconfirmed request strands a resident

_ONE_DAY = timedelta(days=1)
_LONGEST = 3660  # days; a clock that is not due within ten years is a mistake


@dataclass(frozen=True)
class Pause:
    """Days not counted: after `since` up to and including `until` (art. 33 para 3)."""

    since: date
    until: date
    article: str
    reason: str  # in Chinese: 征求第三方意见

    def covers(self, on: date) -> bool:
        return self.since < on <= self.until


@dataclass(frozen=True)
class ClockDay:
    """One day in the proof: `number` is its place among the counted days, 0 when it does not count."""

    on: date
    number: int
    reason: str
    provisional: bool = False

    @property
    def counts(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Span:
    """A paused stretch in the proof; `working_days` is how many days it moved the due date by."""

    since: date
    until: date
    article: str
    reason: str
    working_days: int


@dataclass(frozen=True)
class DueDate:
    """A due date and its proof: every day from the start to the end, and the paused spans."""

    due_on: date
    provisional: bool  # rests on days whose official arrangement is not known yet
    days: tuple[ClockDay, ...]
    spans: tuple[Span, ...] = ()
    started_on: date | None = None
    working_days: int = 0  # how many had to be counted
    start_reason: str = ""
    article: str = ""
    deferred_from: date | None = None  # the counted day, where a later one was fixed (art. 35)

    def deferred_to(self, until: date) -> DueDate:
        """Fixed for a later day under art. 35: the proof of the counted day stays."""
        return replace(self, due_on=until, provisional=False, deferred_from=self.due_on)

    def as_plain(self) -> dict[str, object]:
        """For JSON: `due_on`, `provisional`, `days`, `spans`."""
        return {
            "due_on": self.due_on.isoformat(),
            "provisional": self.provisional,
            "started_on": self.started_on.isoformat() if self.started_on else None,
            "working_days": self.working_days,
            "article": self.article,
            "deferred_from": self.deferred_from.isoformat() if self.deferred_from else None,
            "days": [
                {"on": day.on.isoformat(), "number": day.number or None, "reason": day.reason}
                for day in self.days
            ],
            "spans": [
                {
                    "since": span.since.isoformat(),
                    "until": span.until.isoformat(),
                    "article": span.article,
                    "reason": span.reason,
                    "working_days": span.working_days,
                }
                for span in self.spans
            ],
        }


@dataclass(frozen=True)
class Clock:
    """A running time limit.  `due(calendar)` counts it out."""

    started_on: date
    working_days: int
    pauses: tuple[Pause, ...] = ()
    start_reason: str = "起算当日不计"
    article: str = ""

    def due(self, calendar: WorkingCalendar) -> DueDate:
        """Count until `working_days` are full.  Raises ValueError below 1 or beyond ten years."""
        if self.working_days < 1:
            raise ValueError(f"a time limit has at least 1 working day, not {self.working_days}")
        days = [ClockDay(self.started_on, 0, self.start_reason)]
        counted = 0
        while counted < self.working_days:
            day = self._next(calendar, days[-1].on + _ONE_DAY, counted)
            counted = day.number or counted
            days.append(day)
            if len(days) > _LONGEST:
                raise ValueError("a pause longer than ten years")
        return DueDate(
            due_on=days[-1].on,
            provisional=any(day.provisional for day in days),
            days=tuple(days),
            spans=tuple(self._span(calendar, pause, days[-1].on) for pause in self._merged()),
            started_on=self.started_on,
            working_days=self.working_days,
            start_reason=self.start_reason,
            article=self.article,
        )

    def _next(self, calendar: WorkingCalendar, on: date, counted: int) -> ClockDay:
        day = calendar.day(on)
        if not day.is_working_day:
            return ClockDay(on, 0, day.reason, day.provisional)
        pause = next((pause for pause in self.pauses if pause.covers(on)), None)
        if pause is not None:
            return ClockDay(on, 0, f"{pause.reason}，不计", day.provisional)
        return ClockDay(on, counted + 1, day.reason, day.provisional)

    def _merged(self) -> list[Pause]:
        """Pauses that touch this clock, each cut to it, overlaps attributed to the first."""
        found: list[Pause] = []
        free_from = self.started_on
        for pause in sorted(self.pauses, key=lambda pause: (pause.since, pause.until)):
            since = max(pause.since, free_from)
            if since < pause.until:
                found.append(Pause(since, pause.until, pause.article, pause.reason))
                free_from = pause.until
        return found

    @staticmethod
    def _span(calendar: WorkingCalendar, pause: Pause, due_on: date) -> Span:
        until = min(pause.until, due_on)
        days = (pause.since + timedelta(days=n) for n in range(1, (until - pause.since).days + 1))
        working = sum(calendar.is_working_day(on) for on in days)
        return Span(pause.since, pause.until, pause.article, pause.reason, working)


def reply_clock(
    received_on: date,
    *,
    corrected_on: date | None = None,
    paid_on: date | None = None,
    pauses: Sequence[Pause] = (),
    extended_by: int = 0,
) -> Clock:
    """The 20 working days of art. 33.

    A corrected request (art. 30) or full payment of a fee (art. 42) starts them anew.  An extension adds
    1-20 working days.  Raises ValueError for anything else.
    """
    if not 0 <= extended_by <= EXTENSION_WORKING_DAYS:
        raise ValueError(f"an extension is 1-{EXTENSION_WORKING_DAYS} working days, not {extended_by}")
    starts = [(received_on, "收到申请当日不计", "33")]
    if corrected_on is not None:
        starts.append((corrected_on, "收到补正后的申请当日不计", "30"))
    if paid_on is not None:
        starts.append((paid_on, "缴清费用当日不计", "42"))
    started_on, reason, article = max(starts, key=lambda start: start[0])
    return Clock(
        started_on=started_on,
        working_days=REPLY_WORKING_DAYS + extended_by,
        pauses=tuple(pauses),
        start_reason=reason,
        article=article,
    )


def third_party_pause(sent_on: date, until: date) -> Pause:
    return Pause(sent_on, until, "32", "征求第三方意见")


def agency_pause(sent_on: date, until: date) -> Pause:
    return Pause(sent_on, until, "33", "征求其他机关意见")


def reasons_pause(asked_on: date, until: date) -> Pause:
    return Pause(asked_on, until, "35", "等待申请人说明理由")


def correction_notice_clock(received_on: date) -> Clock:
    """By when a correction notice must be sent (art. 30)."""
    return Clock(received_on, CORRECTION_NOTICE_WORKING_DAYS, (), "收到申请当日不计", "30")


def opinion_clock(letter_received_on: date, article: str = "32") -> Clock:
    """By when a consulted party answers; after it, silence has its legal effect (art. 32, 34)."""
    return Clock(letter_received_on, OPINION_WORKING_DAYS, (), "收到征求意见书当日不计", article)


def payment_clock(notice_received_on: date) -> Clock:
    """By when a fee is paid."""
    return Clock(notice_received_on, PAYMENT_WORKING_DAYS, (), "收到收费通知当日不计", "42")


def correction_clock(notice_on: date, working_days: int) -> Clock:
    """By when the applicant corrects: a reasonable period that the notice names (art. 30)."""
    return Clock(notice_on, working_days, (), "收到补正告知当日不计", "30")


def working_days_after(calendar: WorkingCalendar, due_on: date, on: date) -> int:
    """How many working days `on` is past `due_on` (at least 1 when it is later at all, else 0)."""
    if on <= due_on:
        return 0
    days = (due_on + timedelta(days=n) for n in range(1, (on - due_on).days + 1))
    return max(1, sum(calendar.is_working_day(day) for day in days))
