"""The rows of the ledger behind a conversation: what is remembered of a chat, and who was there."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import tables
from bot.dialogue.memory import Memory, key_of, language_of
from bot.dialogue.messages import Address, ChatKind, Incoming
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words


def load(connection: Connection, incoming: Incoming) -> Memory:
    """What is remembered of this chat; an empty memory for a new one."""
    return _load(connection, key_of(incoming))


def _load(connection: Connection, key: str) -> Memory:
    table = tables.conversations
    row = connection.execute(
        sa.select(table.c.state, table.c.updated_at).where(table.c.address == key)
    ).first()
    return Memory() if row is None else Memory.from_json(row.state, row.updated_at)


def save(connection: Connection, incoming: Incoming, memory: Memory, now: datetime) -> None:
    """Keep it for the next message."""
    table, key = tables.conversations, key_of(incoming)
    values = {
        "person": str(incoming.person),
        "language": memory.language,
        "state": memory.to_json(),
        "updated_at": now,
    }
    # One turn at a time writes a chat's row, so update-then-insert needs no upsert of one database's own.
    changed = connection.execute(sa.update(table).where(table.c.address == key).values(**values))
    if not changed.rowcount:
        connection.execute(sa.insert(table).values(address=key, **values))
    if incoming.chat_kind is ChatKind.PRIVATE:
        _remember_person(connection, incoming, memory, now)


def _remember_person(connection: Connection, incoming: Incoming, memory: Memory, now: datetime) -> None:
    table, person = tables.people, str(incoming.person)
    values = {"address": str(incoming.address), "language": memory.language}
    changed = connection.execute(sa.update(table).where(table.c.person == person).values(**values))
    if not changed.rowcount:
        connection.execute(sa.insert(table).values(person=person, first_seen_at=now, **values))


def voice_of(words: Words, connection: Connection, address: Address) -> Voice:
    """Speaks to another chat in the language that it uses."""
    memory = _load(connection, str(address))
    return Voice(words, address, language_of(memory), memory.language_chosen)
