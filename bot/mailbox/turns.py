"""Whose turn it is when many chats wait: who wants little before who wants much, and among equals who was
served least lately.

How much a chat wants is what waits of it now and what it was served within the last minute, in levels (up to
three messages, six, twelve, on to ninety-six, more): who asks one thing is served before a hundred who flood,
also when each of them has sent all its messages at once and none of them has had anything yet.  All of it is
found with short looks into an index, however much there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

LATELY = timedelta(minutes=1)
_LEVELS = (3, 6, 12, 24, 48, 96)  # messages; who asks thirteen times a minute is no flood yet


@dataclass(frozen=True)
class TurnOf:
    """Columns to order chats by, ascending: `level` (0 = little), then `served_at`, NULLs (never) first."""

    level: sa.ColumnElement[int]
    served_at: sa.ColumnElement[datetime | None]


def turn_of(
    chat: sa.ColumnElement[str],
    waiting: sa.ColumnElement[int],
    other_chat: sa.ColumnElement[str],
    at: sa.ColumnElement[datetime | None],
) -> TurnOf:
    """`waiting` = how many messages of the chat wait.  `other_chat` and `at` are columns of an alias of the
    table: which chat was served when.  The statement has a parameter `lately`: see `lately_at`.
    """
    is_of_chat = sa.and_(other_chat == chat, at.is_not(None))
    lately = sa.select(sa.func.count()).where(is_of_chat, at > sa.bindparam("lately")).scalar_subquery()
    last = sa.select(at).where(is_of_chat).order_by(at.desc()).limit(1).scalar_subquery()
    wanted = waiting + lately
    level = sa.case(*((wanted <= most, number) for number, most in enumerate(_LEVELS)), else_=len(_LEVELS))
    return TurnOf(level, last)


def lately_at(now: datetime) -> datetime:
    """Since when what was served counts."""
    return now - LATELY
