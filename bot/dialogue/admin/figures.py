"""The figures of what was asked: day by day, by outcome, and what was missed most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import questions
from bot.dialogue.admin.missed import missed
from bot.dialogue.questions import NONE_FITS, USEFUL, USELESS
from bot.messages import OutcomeKind

MONTHS = 12  # this one included
DAYS = 30  # unless another period is asked for
_MISSED = 8


@dataclass(frozen=True)
class Day:
    """One day of the office, midnight to midnight there."""

    on: date
    answered: int
    suggested: int
    unknown: int

    @property
    def total(self) -> int:
        return self.answered + self.suggested + self.unknown


@dataclass(frozen=True)
class Figures:
    """A period; `redirected` questions belonged elsewhere (12345, 信访, 110) and are in no day's figures."""

    days: tuple[Day, ...]
    redirected: int
    useful: int
    useless: int
    missed: tuple[tuple[str, int], ...]  # what was asked and not found, and how often

    @property
    def answered(self) -> int:
        return sum(day.answered for day in self.days)

    @property
    def suggested(self) -> int:
        return sum(day.suggested for day in self.days)

    @property
    def unknown(self) -> int:
        return sum(day.unknown for day in self.days)

    @property
    def total(self) -> int:
        return self.answered + self.suggested + self.unknown

    def as_values(self) -> dict[str, Any]:
        """Plain values, for --json and for the process that draws."""
        return {
            "total": self.total,
            "answered": self.answered,
            "suggested": self.suggested,
            "unknown": self.unknown,
            "redirected": self.redirected,
            "useful": self.useful,
            "useless": self.useless,
            "days": [
                {
                    "on": day.on.isoformat(),
                    "answered": day.answered,
                    "suggested": day.suggested,
                    "unknown": day.unknown,
                }
                for day in self.days
            ],
            "missed": [{"text": text, "count": count} for text, count in self.missed],
        }


def figures(connection: Connection, now: datetime, zone: ZoneInfo, days: int = DAYS) -> Figures:
    """Of so many days, today included.  Reads a row for each question: not for inside a turn."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, zone)
    by_day: Counter[tuple[date, str]] = Counter()
    feedback: Counter[str] = Counter()
    query = sa.select(questions.c.asked_at, questions.c.outcome, questions.c.feedback)
    for row in connection.execute(query.where(questions.c.asked_at >= since)):
        by_day[row.asked_at.astimezone(zone).date(), row.outcome] += 1
        feedback[row.feedback or ""] += 1
    listed = tuple(_day(first + timedelta(days=passed), by_day) for passed in range(days))
    return Figures(
        days=listed,
        redirected=sum(count for (_, outcome), count in by_day.items() if outcome == OutcomeKind.REDIRECT),
        useful=feedback[USEFUL],
        useless=feedback[USELESS] + feedback[NONE_FITS],
        missed=tuple((each.texts[0], each.count) for each in missed(connection, now)[:_MISSED]),
    )


def _day(on: date, by_day: Counter[tuple[date, str]]) -> Day:
    return Day(
        on,
        answered=by_day[on, OutcomeKind.ANSWER],
        suggested=by_day[on, OutcomeKind.SUGGEST],
        unknown=by_day[on, OutcomeKind.ROUTE],
    )


@dataclass(frozen=True)
class Month:
    """One month of the office's calendar; `redirected` belonged elsewhere and is not part of `total`."""

    year: int
    month: int
    answered: int = 0
    suggested: int = 0
    unknown: int = 0
    redirected: int = 0
    useless: int = 0  # of those answered or suggested: called useless by who asked

    @property
    def total(self) -> int:
        return self.answered + self.suggested + self.unknown


def by_month(connection: Connection, now: datetime, zone: ZoneInfo, months: int = MONTHS) -> list[Month]:
    """What was asked in each of the last months, oldest first.

    Counted by the database hour by hour: a year of a busy office is some thousand rows, not one a question.
    """
    today = now.astimezone(zone).date()
    last = today.year * 12 + today.month - 1
    first = date((last - months + 1) // 12, (last - months + 1) % 12 + 1, 1)
    hour = sa.func.substr(sa.type_coerce(questions.c.asked_at, sa.String()), 1, len("2026-11-24T11"))
    query = (
        sa.select(hour, questions.c.outcome, questions.c.feedback, sa.func.count())
        .where(questions.c.asked_at >= datetime.combine(first, time.min, zone))
        .group_by(hour, questions.c.outcome, questions.c.feedback)
    )
    counts: Counter[tuple[int, str]] = Counter()
    for at, outcome, feedback, count in connection.execute(query):
        on = datetime.fromisoformat(f"{at}:00+00:00").astimezone(zone)
        counts[on.year * 12 + on.month - 1, outcome] += count
        if feedback in (USELESS, NONE_FITS):
            counts[on.year * 12 + on.month - 1, USELESS] += count
    return [
        Month(
            place // 12,
            place % 12 + 1,
            counts[place, OutcomeKind.ANSWER],
            counts[place, OutcomeKind.SUGGEST],
            counts[place, OutcomeKind.ROUTE],
            counts[place, OutcomeKind.REDIRECT],
            counts[place, USELESS],
        )
        for place in range(last - months + 1, last + 1)
    ]
