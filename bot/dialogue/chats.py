"""The rows of the ledger behind a conversation: what is remembered of a chat, and who was there.

What people typed (half-filled forms, the last questions) is sealed by the vault of the desk: the row holds no
word of it in the clear.  Only the language lies open, for those who write to the chat on their own account.
"""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import tables
from bot.desk.errors import VaultError
from bot.desk.vault import Vault
from bot.dialogue.memory import Memory, key_of
from bot.dialogue.messages import Address, ChatKind, Incoming, Language
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words


def load(connection: Connection, incoming: Incoming, vault: Vault) -> Memory:
    """What is remembered of this chat; an empty memory for a new one."""
    table = tables.conversations
    row = connection.execute(
        sa.select(table.c.state, table.c.language, table.c.updated_at).where(
            table.c.address == key_of(incoming)
        )
    ).first()
    if row is None:
        return Memory()
    chosen = bool(row.state.get("language_chosen"))
    if "sealed" not in row.state:
        return Memory(language=row.language, language_chosen=chosen, at=row.updated_at)
    try:
        values = json.loads(vault.unseal_text(row.state["sealed"]))
    except VaultError:
        # The key was dropped: the form is lost, the person is not.
        return Memory(language=row.language, language_chosen=chosen, at=row.updated_at)
    return Memory.from_json(values, row.updated_at)


def save(
    connection: Connection, incoming: Incoming, memory: Memory, now: datetime, vault: Vault | None = None
) -> None:
    """Keep it for the next message; without a vault only the language."""
    state: dict[str, object] = {"language_chosen": memory.language_chosen}
    if vault is not None:
        state["sealed"] = vault.seal_text(json.dumps(memory.to_json(), ensure_ascii=False))
    table, key = tables.conversations, key_of(incoming)
    values = {
        "person": str(incoming.person),
        "language": memory.language,
        "state": state,
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
    table = tables.conversations
    row = connection.execute(
        sa.select(table.c.language, table.c.state).where(table.c.address == str(address))
    ).first()
    if row is None or not row.language:
        return Voice(words, address, Language.SIMPLIFIED)
    return Voice(words, address, Language(row.language), bool(row.state.get("language_chosen")))
