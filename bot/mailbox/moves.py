"""Groups that became supergroups: they have a new address, and everything that knew the old one follows.

The settings keep the old address for as long as nobody edits them; it goes on working, for whoever asks here.
A supergroup numbers its messages anew, so what was noted about messages and topics of the old group does not
carry over: topics are made anew when something is said about them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.mailbox.tables import moved_chats, outbox, topics
from bot.messages import Outgoing

from .letters import UNFINISHED, OutboxState
from .pace import is_group

Tell = Callable[[Connection, str, str], Sequence[Outgoing]]

_NEW = sa.select(moved_chats.c.new).where(moved_chats.c.old == sa.bindparam("of_chat"))


def tell_nobody(connection: Connection, old: str, new: str) -> Sequence[Outgoing]:
    """Nobody needs to know."""
    return ()


def present(connection: Connection, chat: str) -> str:
    """Where this chat is now; itself when it never moved.  Only groups do."""
    for _ in range(5 if is_group(chat) else 0):
        new = connection.execute(_NEW, {"of_chat": chat}).scalar()
        if new is None:
            break
        chat = str(new)
    return chat


def move(connection: Connection, old: str, new: str, now: datetime) -> bool:
    """The chat `old` is `new` from now on; True the first time that this is heard."""
    if old == new or present(connection, new) == old:
        return False
    is_news = connection.execute(_NEW, {"of_chat": old}).first() is None
    if is_news:
        connection.execute(sa.insert(moved_chats).values(old=old, new=new, moved_at=now))
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.chat == old, outbox.c.status.in_((*UNFINISHED, OutboxState.HELD)))
        .values(chat=new)
    )
    connection.execute(sa.delete(topics).where(topics.c.chat == old))
    return is_news
