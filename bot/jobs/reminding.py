"""Reminders of staff out of the ledger: what is due soon, today or late, and what nobody has confirmed.

    each open request ─┬─ others had their time, and it is over ─▶ waiting.py
                       └─ 5, 3, 1 working days left, the last day, each day after it ─▶ soon, today, late
                              │ 知道了 ─▶ answered
                              └─ not answered by the next working day ─▶ a leader
    each working day, in the morning ─▶ a digest; it says when none was made the working day before

Nothing is kept in memory: a key of number, due date and stage says what has been made, so that a run that was
missed is made up for by the next one (with the latest stage only), and a due date that moves is watched anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import working_days_after
from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, Status
from bot.desk.session import Session
from bot.dialogue import reminders
from bot.dialogue.payload import Act
from bot.dialogue.progress import about, request_line
from bot.dialogue.staff import annual_due
from bot.dialogue.visit import Services
from bot.dialogue.voice import Rows, Voice
from bot.jobs.waiting import Due, waited_too_long
from bot.messages import Address, Outgoing, Part

STAGES = (1, 3, 5)  # working days left
APPLICANT_STAGES = (1, 3)
_MOST = 10_000  # open requests looked at
_LINES = 8  # of a digest


def due_reminders(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """Everything that staff must be told now and have not been; recorded as told in the same transaction."""
    local = now.astimezone(services.settings.zone)
    if local.hour < reminders.FROM_HOUR:
        return []
    today = local.date()
    rounds = _Round(services, connection, now, today)
    queue = rounds.desk.requests.queue(_MOST)
    return [
        *rounds.digest(queue),
        *rounds.remind(queue),
        *rounds.remind_applicants(queue),
        *rounds.escalate(),
    ]


def stage_of(today: date, due_on: date, calendar: WorkingCalendar) -> tuple[str, str, int]:
    """Stage, kind and working days left (or late); ("", "", 0) while there is time.  Pure."""
    if today > due_on:
        return f"late_{today}", "late", working_days_after(calendar, due_on, today)
    if today == due_on:
        return "day_0", "today", 0
    if today + timedelta(days=60) < due_on:
        return "", "", 0
    ahead = (today + timedelta(days=n) for n in range(1, (due_on - today).days + 1))
    left = max(1, sum(calendar.is_working_day(on) for on in ahead))
    stage = next((days for days in STAGES if left <= days), 0)
    return (f"day_{stage}", "soon", left) if stage else ("", "", 0)


@dataclass(frozen=True)
class _Round:
    """One look at the ledger."""

    services: Services
    connection: Connection
    now: datetime
    today: date

    @cached_property
    def desk(self) -> Session:
        return self.services.register.session(self.connection, self.now)

    # ---- reminders of one request
    def remind(self, queue: Sequence[DisclosureRequest]) -> list[Outgoing]:
        """What has come due and was not said yet."""
        wanted = list(self._due(queue))
        known = reminders.made(self.connection, [each.key for each in wanted])
        told: list[Outgoing] = []
        for each in wanted:
            if each.key in known:
                continue
            number = each.request.number
            made = reminders.make(self.connection, self.now, key=each.key, subject=number, kind=each.kind)
            if made is not None:
                told += [self._message(voice, each, made) for voice in self._handlers(each.request)]
        return told

    def remind_applicants(self, queue: Sequence[DisclosureRequest]) -> list[Outgoing]:
        """Who was asked to correct a request (art. 30) and has not: before the period ends, twice."""
        told: list[Outgoing] = []
        for request in queue:
            by = request.correction_due_on
            if request.status is not Status.CORRECTION_ASKED or by is None or not request.person:
                continue
            _, kind, left = stage_of(self.today, by, self.services.register.calendar)
            stage = next((days for days in APPLICANT_STAGES if left <= days), 0)
            if kind not in ("soon", "today") or not stage:
                continue
            key = f"{request.number}/{by}/applicant_{stage}"
            if reminders.made(self.connection, [key]):
                continue
            made = reminders.make(
                self.connection, self.now, key=key, subject=request.number, kind=reminders.APPLICANT
            )
            if made is not None:
                told.append(self._to_applicant(request, by, left))
        return told

    def _to_applicant(self, request: DisclosureRequest, by: date, left: int) -> Outgoing:
        voice = self._voice(request.person)
        rows = [[voice.button("button_correct", Act.MY_CORRECT, request.number)]]
        return voice.message(
            "remind_your_correction", number=request.number, day=voice.limit(by), days=left, buttons=rows
        )

    def _due(self, queue: Sequence[DisclosureRequest]) -> Iterator[Due]:
        register = self.services.register
        yield from waited_too_long(register, self.connection, self.now, queue)
        for request in queue:
            if request.due_on is None:
                continue
            stage, kind, days = stage_of(self.today, request.due_on, register.calendar)
            if stage:
                yield Due(f"{request.number}/{request.due_on}/{stage}", kind, request, request.due_on, days)

    def _message(self, voice: Voice, due: Due, reminder_id: int) -> Outgoing:
        request = due.request
        facts: dict[str, Any] = {
            "number": request.number,
            "day": voice.due(request) if due.day == request.due_on else voice.limit(due.day),
            "days": due.days,
            "due": voice.due(request),
        }
        message = voice.message(
            f"remind_{due.kind}",
            about=about(request.content),
            buttons=self._rows(voice, request.number, reminder_id),
            **facts,
        )
        return replace(message, brief=voice.word(f"remind_{due.kind}", about="…", **facts))

    @staticmethod
    def _rows(voice: Voice, number: str, reminder_id: int) -> Rows:
        return [
            [
                voice.button("button_acknowledge", Act.ACKNOWLEDGE, reminder_id),
                voice.button("button_card", Act.CARD, number),
            ]
        ]

    # ---- a leader, when nobody answers
    def escalate(self) -> list[Outgoing]:
        """Reminders that nobody has acknowledged by the next working day, one message a request."""
        late: dict[str, list[reminders.Reminder]] = {}
        for reminder in reminders.unanswered(self.connection):
            made_on = reminder.made_at.astimezone(self.services.settings.zone).date()
            if self.services.register.calendar.next_working_day(made_on) <= self.today:
                late.setdefault(reminder.subject, []).append(reminder)
        told: list[Outgoing] = []
        for number, some in late.items():
            reminders.escalated(self.connection, self.now, [reminder.id for reminder in some])
            told += self._escalated(number, some[-1])
        return told

    def _escalated(self, number: str, reminder: reminders.Reminder) -> Iterator[Outgoing]:
        try:
            request = self.desk.requests.get(number)
        except DeskError:
            return
        if not request.status.is_open:
            return
        settings = self.services.settings
        for leader in settings.leaders or settings.handlers:
            voice = self._voice(leader)
            yield voice.message(
                "remind_escalated",
                Part(request_line(voice, request, self.today, for_staff=True)),
                number=number,
                officer=request.assigned_to or voice.word("nobody_yet"),
                buttons=self._rows(voice, number, reminder.id),
            )

    # ---- the morning
    def digest(self, queue: Sequence[DisclosureRequest]) -> list[Outgoing]:
        """Once each working day: how much is open, what is late or due within a week."""
        calendar = self.services.register.calendar
        key = f"digest/{self.today}"
        if not calendar.is_working_day(self.today) or reminders.made(self.connection, [key]):
            return []
        before = reminders.last_digest(self.connection)
        if reminders.make(self.connection, self.now, key=key, subject="", kind=reminders.DIGEST) is None:
            return []
        inquiries = len(self.desk.inquiries.waiting())
        annual = annual_due.year_due(self.connection, self.today)
        records = self.desk.record_corrections.waiting()
        if not queue and not inquiries and not records and annual is None:
            return []
        return [self._digest(voice, queue, inquiries, before) for voice in self._everybody()]

    def _digest(
        self, voice: Voice, queue: Sequence[DisclosureRequest], inquiries: int, before: datetime | None
    ) -> Outgoing:
        calendar = self.services.register.calendar
        pressing = [
            request
            for request in queue
            if request.due_on and stage_of(self.today, request.due_on, calendar)[0]
        ]
        lines = [request_line(voice, request, self.today, for_staff=True) for request in pressing[:_LINES]]
        after = [Part("\n".join(lines))] if lines else []
        records = len(self.desk.record_corrections.waiting())
        if records:  # no time limit of the law brings them up
            after.append(voice.small("digest_record_corrections", count=records))
        if before is not None:
            before_on = before.astimezone(self.services.settings.zone).date()
            if calendar.next_working_day(before_on) < self.today:
                after.append(voice.small("digest_gap", day=voice.day(before_on)))
        year = annual_due.year_due(self.connection, self.today)
        if year is not None:
            day = annual_due.due_on(self.services.settings.annual_report_by, year)
            event = "digest_annual" if self.today <= day else "digest_annual_late"
            after.append(Part(voice.word(event, year=year, day=voice.day(day))))
        return voice.message(
            "digest",
            *after,
            day=voice.day(self.today),
            requests=len(queue),
            late=sum(request.is_overdue(self.today) for request in queue),
            soon=len(pressing),
            inquiries=inquiries,
            buttons=[
                [voice.button("button_queue", Act.QUEUE, 0)],
                [voice.button("button_annual", Act.ANNUAL, year)] if year is not None else [],
            ],
        )

    # ---- who is told
    def _voice(self, address: str) -> Voice:
        return self.services.voice_of(self.connection, Address.parse(address))

    def _everybody(self) -> list[Voice]:
        settings = self.services.settings
        return [
            self._voice(each)
            for each in ((settings.staff_chat,) if settings.staff_chat else settings.handlers)
        ]

    def _handlers(self, request: DisclosureRequest) -> list[Voice]:
        """Who has taken it, while they are members of staff; else everybody."""
        if request.assigned_to in self.services.settings.handlers:
            return [self._voice(request.assigned_to)]
        return self._everybody()
