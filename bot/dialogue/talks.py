"""Which residents a member of staff is talking with: a row of the ledger each, gone when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.dialogue.tables import talks

# Asked in every turn, so it is built once: building a statement takes longer than running it.
_OF = sa.select(talks).where(talks.c.person == sa.bindparam("of_person"))


@dataclass(frozen=True)
class Talk:
    """`person` is the resident, `number` the inquiry, `place` the chat in which staff read what he writes."""

    person: str
    number: str
    officer: str
    place: str
    last_at: datetime


def begin(connection: Connection, talk: Talk) -> None:
    """One talk a resident: a newer one takes the place of the older."""
    end(connection, talk.person)
    connection.execute(sa.insert(talks).values(**asdict(talk)))


def of(connection: Connection, person: str) -> Talk | None:
    """The talk with this resident."""
    row = connection.execute(_OF, {"of_person": person}).first()
    return None if row is None else _talk(row)


def about(connection: Connection, number: str) -> Talk | None:
    """The talk about this inquiry."""
    return next(iter(_found(connection, talks.c.number == number)), None)


def silent_since(connection: Connection, moment: datetime) -> Sequence[Talk]:
    """Talks in which neither side has said anything after this moment."""
    return _found(connection, talks.c.last_at < moment)


def touch(connection: Connection, person: str, now: datetime) -> None:
    """Something was said."""
    connection.execute(sa.update(talks).where(talks.c.person == person).values(last_at=now))


def end(connection: Connection, person: str) -> None:
    """It is over; the bot answers this resident again."""
    connection.execute(sa.delete(talks).where(talks.c.person == person))


def _found(connection: Connection, condition: sa.ColumnElement[bool]) -> list[Talk]:
    return [_talk(row) for row in connection.execute(sa.select(talks).where(condition))]


def _talk(row: sa.Row[tuple[object, ...]]) -> Talk:
    return Talk(row.person, row.number, row.officer, row.place, row.last_at)
