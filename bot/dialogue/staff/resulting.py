"""The day that follows from what a form holds, said before it is on record."""

from __future__ import annotations

from datetime import date

from bot.desk.clock import REPLY_WORKING_DAYS, Clock, working_days_after
from bot.dialogue.visit import Visit


def ends(visit: Visit, event: str, clock: Clock) -> str:
    """The sentence `event` with the last day of a period."""
    return visit.voice.word(event, day=visit.voice.weekday_limit(clock.due(visit.register.calendar).due_on))


def replied_by(visit: Visit, started_on: str) -> str:
    """Until when to reply, where the term starts anew on this day."""
    return ends(visit, "preview_reply_by", Clock(date.fromisoformat(started_on), REPLY_WORKING_DAYS))


def served_in_time(visit: Visit, number: str, served_on: str) -> str:
    """Whether service on this day is within the term, and by how much it is not; "" while no clock runs."""
    due_on, day = visit.desk.requests.get(number).due_on, date.fromisoformat(served_on)
    if due_on is None:
        return ""
    late = working_days_after(visit.register.calendar, due_on, day)
    event = "preview_served_late" if late else "preview_served_in_time"
    return visit.voice.word(event, day=visit.voice.weekday_limit(due_on), late=late)
