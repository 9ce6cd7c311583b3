"""The rows of the ledger behind a conversation: what is remembered of a chat, and who was there.

What people typed (half-filled forms, the last questions) is sealed by the vault of the desk: the row holds no
word of it in the clear.  Only the language and the mode lie open, for those who write to the
chat on their own account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.errors import VaultError
from bot.desk.vault import Vault
from bot.dialogue import tables
from bot.dialogue.memory import Memory, key_of
from bot.dialogue.voice import Voice
from bot.dialogue.words import Words
from bot.messages import Address, ChatKind, Incoming, Language

# Statements are built once: building one takes longer than running it.
_CHAT, _PERSON = tables.conversations, tables.people
_LOAD = sa.select(_CHAT.c.state, _CHAT.c.language, _CHAT.c.updated_at).where(
    _CHAT.c.address == sa.bindparam("of_address")
)
_CHANGE = (
    sa.update(_CHAT)
    .where(_CHAT.c.address == sa.bindparam("of_address"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("person", "language", "state", "updated_at")})
)
_BEGIN = sa.insert(_CHAT)
_CHANGE_PERSON = (
    sa.update(_PERSON)
    .where(_PERSON.c.person == sa.bindparam("of_person"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("address", "language")})
)
_MEET_PERSON = sa.insert(_PERSON)


def load(connection: Connection, incoming: Incoming, vault: Vault) -> Memory:
    """What is remembered of this chat; an empty memory for a new one."""
    row = connection.execute(_LOAD, {"of_address": key_of(incoming)}).first()
    if row is None:
        return Memory()
    chosen = bool(row.state.get("language_chosen"))
    large = bool(row.state.get("large"))
    plain = Memory(language=row.language, language_chosen=chosen, large=large, at=row.updated_at)
    if "sealed" not in row.state:
        return plain
    try:
        values = json.loads(vault.unseal_text(row.state["sealed"]))
    except VaultError:
        return plain  # the key was dropped: the form is lost, the person is not
    return Memory.from_json({**values, "large": large}, row.updated_at)


def save(
    connection: Connection, incoming: Incoming, memory: Memory, now: datetime, vault: Vault | None = None
) -> None:
    """Keep it for the next message; without a vault only the language."""
    state: dict[str, object] = {"language_chosen": memory.language_chosen, "large": memory.large}
    if vault is not None:
        if memory.code_guesses:  # instants; in the clear too, so that those of all chats can be counted
            state["code_guesses"] = memory.code_guesses
        state["sealed"] = vault.seal_text(json.dumps(memory.to_json(), ensure_ascii=False))
    key = key_of(incoming)
    values = {
        "person": str(incoming.person),
        "language": memory.language,
        "state": state,
        "updated_at": now,
    }
    # One turn at a time writes a chat's row, so update-then-insert needs no upsert of one database's own.
    if not connection.execute(_CHANGE, {"of_address": key, **_new(values)}).rowcount:
        connection.execute(_BEGIN, {"address": key, **values})
    if incoming.chat_kind is ChatKind.PRIVATE:
        _remember_person(connection, incoming, memory, now)


def _remember_person(connection: Connection, incoming: Incoming, memory: Memory, now: datetime) -> None:
    person = str(incoming.person)
    values = {"address": str(incoming.address), "language": memory.language}
    if not connection.execute(_CHANGE_PERSON, {"of_person": person, **_new(values)}).rowcount:
        connection.execute(_MEET_PERSON, {"person": person, "first_seen_at": now, **values})


def _new(values: Mapping[str, object]) -> dict[str, object]:
    return {f"new_{name}": value for name, value in values.items()}


def voice_of(words: Words, connection: Connection, address: Address) -> Voice:
    """Speaks to another chat in the language that it uses."""
    table = tables.conversations
    row = connection.execute(
        sa.select(table.c.language, table.c.state).where(table.c.address == str(address))
    ).first()
    if row is None or not row.language:
        return Voice(words, address, Language.SIMPLIFIED)
    chosen, large = (bool(row.state.get(name)) for name in ("language_chosen", "large"))
    return Voice(words, address, Language(row.language), chosen, large)


def follow_group(connection: Connection, old: str, new: str) -> None:
    """The group `old` is `new`: what is remembered of each member goes along.

    A member who has already written to the new group keeps what is remembered there.
    """
    mine = _CHAT.c.address
    there = sa.select(mine).where(mine.startswith(f"{old}/", autoescape=True))
    for address in connection.scalars(there).all():
        moved = f"{new}/{address.partition('/')[2]}"
        if connection.execute(sa.select(mine).where(mine == moved)).first() is None:
            connection.execute(sa.update(_CHAT).where(mine == address).values(address=moved))
