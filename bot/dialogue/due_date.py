"""期限: a due date with its proof, each counted day and each skipped stretch with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.desk.clock import ClockDay, DueDate
from bot.desk.model import DisclosureRequest
from bot.dialogue.visit import Visit
from bot.dialogue.voice import Voice
from bot.messages import Outgoing, Part


def proof(visit: Visit, request: DisclosureRequest) -> Outgoing:
    """The day, how it was counted, and whether it may still move."""
    voice = visit.voice
    due = visit.desk.requests.due(request.number)
    if due is None:
        return voice.message("due_date_none", number=request.number)
    after = [Part("\n".join(_lines(voice, due)))]
    if due.deferred_from:
        after.append(voice.small("due_date_deferred", day=voice.limit(due.deferred_from)))
    if due.provisional:
        after.append(voice.small("due_date_provisional"))
    started = voice.day(due.started_on) if due.started_on else ""
    return voice.message(
        "due_date_proof",
        *after,
        number=request.number,
        due=voice.due(request),
        started=started,
        days=due.working_days,
    )


def _lines(voice: Voice, due: DueDate) -> Iterator[str]:
    """Stretches of days that count and that do not: 20 single lines would not fit a screen."""
    for counts, group in groupby(due.days[1:], key=_counts):
        days = list(group)
        first, last = voice.word("short_day", day=days[0].on), voice.word("short_day", day=days[-1].on)
        span = first if first == last else f"{first}–{last}"
        if counts and len(days) == 1:
            yield voice.word("clock_counted_one", span=span, number=days[0].number)
        elif counts:
            yield voice.word("clock_counted", span=span, first=days[0].number, last=days[-1].number)
        else:  # the line says that they do not count
            reasons = "、".join(dict.fromkeys(day.reason.removesuffix("，不计") for day in days))
            yield voice.word("clock_skipped", span=span, reason=reasons)


def _counts(day: ClockDay) -> bool:
    return day.counts
