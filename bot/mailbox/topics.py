"""Which topic of a group belongs to which request, and what a message of ours was about.

Everything is looked up by ids that we gave out or were given by the channel; no text is ever read for it, so
that nobody can redirect an answer by what he writes or how he calls himself.

    no row ─ begin ─▶ being made ─ made ─▶ thread known ─ lose ─▶ being made (lost + 1)

A process killed between the making of a topic and its record leaves a row without a thread.  The next message
makes a second topic, and only that one is recorded and used; the first stays empty, and the new one says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.mailbox.tables import outbox, topics

from .letters import OutboxState

_SUBJECT_OF_THREAD = sa.select(topics.c.subject).where(
    topics.c.chat == sa.bindparam("of_chat"), topics.c.thread == sa.bindparam("of_thread")
)
_SUBJECT_OF_MESSAGE = (
    sa.select(outbox.c.subject)
    .where(outbox.c.chat == sa.bindparam("of_chat"), outbox.c.remote_id == sa.bindparam("of_message"))
    .order_by(outbox.c.id.desc())  # an edited message is about what it says now
    .limit(1)
)


_IS_KNOWN = sa.select(outbox.c.id).where(
    outbox.c.chat == sa.bindparam("of_chat"), outbox.c.remote_id == sa.bindparam("of_message")
)
_IS_UNDER_WAY = sa.select(outbox.c.id).where(
    outbox.c.chat == sa.bindparam("of_chat"),
    outbox.c.status == OutboxState.SENDING,
    outbox.c.next_try_at > sa.bindparam("now"),  # its sender may be alive
)


@dataclass(frozen=True)
class Began:
    """A topic that is about to be made.  `thread` is set when there is one already.

    `lost`: how often people deleted it; `is_doubtful`: an earlier attempt may have left an empty topic.
    """

    thread: str
    lost: int
    is_doubtful: bool


def subject_of(connection: Connection, chat: str, reply_to: str, thread: str) -> str:
    """What a message of this chat is about: what it replies to, else its topic; "" when neither is known."""
    if reply_to:
        found = connection.execute(_SUBJECT_OF_MESSAGE, {"of_chat": chat, "of_message": reply_to}).scalar()
        if found:
            return str(found)
    if not thread:
        return ""
    return str(connection.execute(_SUBJECT_OF_THREAD, {"of_chat": chat, "of_thread": thread}).scalar() or "")


def may_arrive_yet(connection: Connection, chat: str, message: str, now: datetime) -> bool:
    """Whether this message may be one of ours that is just being sent: people can answer it before its number
    is on record.
    """
    if connection.execute(_IS_KNOWN, {"of_chat": chat, "of_message": message}).first() is not None:
        return False
    return connection.execute(_IS_UNDER_WAY, {"of_chat": chat, "now": now}).first() is not None


def thread_of(connection: Connection, chat: str, subject: str) -> str:
    """The topic of a subject in this chat, "" when there is none (yet)."""
    query = sa.select(topics.c.thread).where(topics.c.chat == chat, topics.c.subject == subject)
    return str(connection.execute(query).scalar() or "")


def has_topics(connection: Connection, chat: str) -> bool:
    """Whether this chat keeps subjects apart."""
    query = sa.select(topics.c.id).where(topics.c.chat == chat, topics.c.thread.is_not(None)).limit(1)
    return connection.execute(query).first() is not None


def begin(connection: Connection, chat: str, subject: str, now: datetime) -> Began:
    """Before a topic is made: the intention is on record."""
    query = sa.select(topics).where(topics.c.chat == chat, topics.c.subject == subject)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        connection.execute(sa.insert(topics).values(chat=chat, subject=subject, begun_at=now))
        return Began("", 0, is_doubtful=False)
    if row.thread:
        return Began(row.thread, row.lost, is_doubtful=False)
    # `lose` and `give_up` leave a row of the beginning of time: nothing was being made then.
    is_doubtful = row.begun_at > _NEVER
    connection.execute(sa.update(topics).where(topics.c.id == row.id).values(begun_at=now))
    return Began("", row.lost, is_doubtful)


def made(connection: Connection, chat: str, subject: str, thread: str) -> str:
    """A topic was made; the one that counts, which is another when somebody was faster."""
    connection.execute(
        sa.update(topics)
        .where(topics.c.chat == chat, topics.c.subject == subject, topics.c.thread.is_(None))
        .values(thread=thread)
    )
    return thread_of(connection, chat, subject)


def lose(connection: Connection, chat: str, subject: str, thread: str) -> None:
    """People deleted this topic: the next message makes a new one."""
    connection.execute(
        sa.update(topics)
        .where(topics.c.chat == chat, topics.c.subject == subject, topics.c.thread == thread)
        .values(thread=None, lost=topics.c.lost + 1, begun_at=_NEVER)
    )


def give_up(connection: Connection, chat: str, subject: str) -> None:
    """The server refused to make it: no empty topic can have been left."""
    connection.execute(
        sa.update(topics)
        .where(topics.c.chat == chat, topics.c.subject == subject, topics.c.thread.is_(None))
        .values(begun_at=_NEVER)
    )


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def lost_topics(connection: Connection, chat: str) -> set[str]:
    """The numbers whose topic people have deleted in this chat, at least once."""
    return set(
        connection.scalars(sa.select(topics.c.subject).where(topics.c.chat == chat, topics.c.lost > 0))
    )
