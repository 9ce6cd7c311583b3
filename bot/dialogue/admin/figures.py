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
from bot.dialogue.messages import OutcomeKind
from bot.dialogue.questions import NONE_FITS, USEFUL, USELESS

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
