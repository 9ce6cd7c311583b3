"""What staff have been reminded of: rows of the ledger, so that each reminder is made once.

Any number of programs may look at the same minute: whoever writes the row first makes the reminder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.dialogue.tables import reminders

DIGEST, PROPOSALS, RECOUNT, RETENTION = "digest", "proposals", "recount", "retention"
FROM_HOUR = 8  # of the office's day: what is said unasked waits till then, nobody is woken at midnight
ORPHANED = "orphaned"  # who left holds open requests
APPLICANT = "applicant"  # an applicant was reminded, who answers by writing
ANNUAL = "annual"  # the county has the report of a year
_MORNING = (DIGEST, PROPOSALS, RECOUNT, RETENTION, ORPHANED, ANNUAL, APPLICANT)  # need no answer
_AT_ONCE = 500  # keys in one query


@dataclass(frozen=True)
class Reminder:
    """One reminder that was made."""

    id: int
    key: str
    subject: str
    kind: str
    made_at: datetime


def made(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys whose reminder has been made."""
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        found |= set(
            connection.execute(sa.select(reminders.c.key).where(reminders.c.key.in_(some))).scalars()
        )
    return found


def make(connection: Connection, now: datetime, *, key: str, subject: str, kind: str) -> int | None:
    """Record one; its id, or None when another program was faster."""
    try:
        with connection.begin_nested():
            result = connection.execute(
                reminders.insert().values(key=key, subject=subject, kind=kind, made_at=now)
            )
    except IntegrityError:
        return None
    inserted = result.inserted_primary_key
    return int(inserted[0]) if inserted else None


def acknowledge(connection: Connection, now: datetime, reminder_id: int, person: str) -> str | None:
    """Somebody has seen it, and with it all open reminders of the same subject; None for an unknown one."""
    row = connection.execute(
        sa.select(reminders.c.subject).where(reminders.c.id == reminder_id)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        reminders.update()
        .where(reminders.c.subject == row.subject, reminders.c.acknowledged_at.is_(None))
        .where(reminders.c.kind.not_in(_MORNING))
        .values(acknowledged_at=now, acknowledged_by=person)
    )
    return str(row.subject)


def unanswered(connection: Connection) -> Sequence[Reminder]:
    """Neither acknowledged nor passed on to a leader, oldest first; digests need no answer."""
    query = (
        sa.select(reminders)
        .where(reminders.c.acknowledged_at.is_(None), reminders.c.escalated_at.is_(None))
        .where(reminders.c.kind.not_in(_MORNING))
        .order_by(reminders.c.id)
    )
    return [
        Reminder(row.id, row.key, row.subject, row.kind, row.made_at) for row in connection.execute(query)
    ]


def escalated(connection: Connection, now: datetime, ids: Iterable[int]) -> None:
    """These have been passed on, or need no answer any more."""
    connection.execute(reminders.update().where(reminders.c.id.in_(list(ids))).values(escalated_at=now))


def last_digest(connection: Connection) -> datetime | None:
    """When the last morning digest was made: the heartbeat of the reminders."""
    query = sa.select(sa.func.max(reminders.c.made_at)).where(reminders.c.kind == DIGEST)
    found: datetime | None = connection.execute(query).scalar()
    return found
