"""Work that takes too long for a turn: a row of the ledger until it is done.

    a turn leaves an errand ─▶ somebody takes it ─▶ the work, outside of any transaction ─▶ done, and told
                                     ▲                    │ killed, or it failed
                                     └────────────────────┘ taken again, three times at most

The turn that leaves it, and what is recorded and said at its end, are transactions like any other; nobody who
writes to the ledger waits for what lies between.  An errand may thus be done twice, so doing one again must
change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.dialogue.tables import errands

MOST_ATTEMPTS = 3
LEASE = timedelta(minutes=30)  # longer than any build; who died is noticed before (`free`)


class ErrandKind(StrEnum):
    """What there is to do."""

    RELOAD = "reload"  # argument: the state of the files for which it is forced, "" = not forced
    CHECK = "check"
    ROLL_BACK = "roll_back"  # argument: the version that is live and to be left
    PUBLISH = "publish"  # argument: the number that became public
    CHANGED = "changed"  # the files were edited; argument: their state
    ANSWER = "answer"  # what this chat asked while the index could not be read
    PICTURE = "picture"  # of the statistics


@dataclass(frozen=True)
class Errand:
    """One errand; `address` is the chat that is told, "" = nobody."""

    id: int
    kind: ErrandKind
    person: str
    address: str
    argument: str
    attempts: int = 0


def leave(
    connection: Connection,
    now: datetime,
    kind: ErrandKind,
    *,
    person: str = "",
    address: str = "",
    argument: str = "",
) -> None:
    """Have it done soon.  The same errand that nobody has begun yet is not left twice."""
    same = sa.select(errands.c.id).where(
        errands.c.done_at.is_(None),
        errands.c.taken_by.is_(None),
        errands.c.kind == kind.value,
        errands.c.address == address,
        errands.c.argument == argument,
    )
    if connection.execute(same).first() is not None:
        return
    values = {"kind": kind.value, "person": person, "address": address, "argument": argument}
    connection.execute(errands.insert().values(left_at=now, **values))


def is_left(connection: Connection, kind: ErrandKind) -> bool:
    """Whether one of this kind is not done yet, begun or not."""
    query = sa.select(errands.c.id).where(errands.c.done_at.is_(None), errands.c.kind == kind.value)
    return connection.execute(query.limit(1)).first() is not None


def waits(connection: Connection, now: datetime) -> bool:
    """Whether there is an errand to take; for a look that needs no write lock."""
    return connection.execute(_next(now)).first() is not None


def take(connection: Connection, now: datetime, taker: str) -> Errand | None:
    """The oldest errand, for nobody else until its lease ends; None when there is nothing to do."""
    row = connection.execute(_next(now).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    connection.execute(
        sa.update(errands)
        .where(errands.c.id == row.id)
        .values(taken_by=taker, taken_until=now + LEASE, attempts=row.attempts + 1)
    )
    kind = ErrandKind(row.kind)
    return Errand(row.id, kind, row.person, row.address, row.argument, row.attempts + 1)


def _next(now: datetime) -> sa.Select[tuple[object, ...]]:
    free = sa.or_(errands.c.taken_until.is_(None), errands.c.taken_until < now)
    return sa.select(errands).where(errands.c.done_at.is_(None), free).order_by(errands.c.id).limit(1)


def close(connection: Connection, now: datetime, errand: Errand, error: str = "") -> bool:
    """It is done with, well or not; False when somebody else has taken it meanwhile."""
    closed = connection.execute(
        sa.update(errands)
        .where(errands.c.id == errand.id, errands.c.attempts == errand.attempts, errands.c.done_at.is_(None))
        .values(done_at=now, error=error or None)
    )
    return closed.rowcount == 1


def put_back(connection: Connection, errand: Errand, error: str) -> None:
    """It failed and is tried again."""
    connection.execute(
        sa.update(errands)
        .where(errands.c.id == errand.id, errands.c.attempts == errand.attempts)
        .values(taken_by=None, taken_until=None, error=error)
    )


def free(connection: Connection, is_gone: Callable[[str], bool]) -> None:
    """What a killed program of this home had taken can be taken at once."""
    taken = sa.select(errands.c.id, errands.c.taken_by).where(
        errands.c.done_at.is_(None), errands.c.taken_by.is_not(None)
    )
    gone = [row.id for row in connection.execute(taken) if is_gone(row.taken_by)]
    if gone:
        connection.execute(
            sa.update(errands).where(errands.c.id.in_(gone)).values(taken_by=None, taken_until=None)
        )
