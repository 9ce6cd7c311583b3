"""What stands on a visitor's page: what they said and what was answered, sealed, for some days.

A chat on Telegram keeps its own messages; a page would be empty after each reload without these rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels.web.tables import web_messages
from bot.desk import data_keys
from bot.mailbox.payload import outgoing_from_json, outgoing_to_json
from bot.mailbox.sealed import with_content
from bot.messages import Document, Outgoing


@dataclass(frozen=True)
class Line:
    """One message on the page: `said` by the person, else `shown` to them."""

    id: int
    at: datetime
    said: str = ""
    shown: Outgoing | None = None
    code: str = ""  # the access code that is shown with a receipt, once


def say(connection: Connection, chat: str, text: str, at: datetime) -> None:
    """What the person typed, or the label of the button that they pressed."""
    values = {"chat": chat, "letter": None, "payload": _sealed(connection, {"said": text}), "at": at}
    connection.execute(sa.insert(web_messages).values(**values))


def show(connection: Connection, letter: int, outgoing: Outgoing, at: datetime, code: str = "") -> int:
    """Put a message of the outbox on its page; one that edits another takes its place.  Its id there."""
    payload = _sealed(connection, {"shown": outgoing_to_json(outgoing), "code": code})
    if outgoing.edits.isdecimal():
        replaced = connection.execute(
            sa.update(web_messages)
            .where(web_messages.c.id == int(outgoing.edits), web_messages.c.chat == str(outgoing.address))
            .values(payload=payload)
        )
        if replaced.rowcount:
            return int(outgoing.edits)
    values = {"chat": str(outgoing.address), "letter": letter, "payload": payload, "at": at}
    added = sa.insert(web_messages).values(**values).returning(web_messages.c.id)
    return int(connection.execute(added).scalar_one())


def lines(connection: Connection, chat: str, *, after: int = 0, most: int = 60) -> Sequence[Line]:
    """The last of them, oldest first; with `after` only those that are newer."""
    rows = connection.execute(
        sa.select(web_messages)
        .where(web_messages.c.chat == chat, web_messages.c.id > after)
        .order_by(web_messages.c.id.desc())
        .limit(most)
    ).all()
    opener = data_keys.Opener(connection, data_keys.MAILBOX)
    return [_line(row, opener) for row in reversed(rows)]


def line(connection: Connection, chat: str, of_id: int) -> Line | None:
    """One of them, of this chat alone."""
    row = connection.execute(
        sa.select(web_messages).where(web_messages.c.chat == chat, web_messages.c.id == of_id)
    ).first()
    return None if row is None else _line(row, data_keys.Opener(connection, data_keys.MAILBOX))


def keep_last(connection: Connection, chat: str, after: int) -> None:
    """Of the lines that came after `after` only the newest message stays."""
    newer = sa.and_(web_messages.c.chat == chat, web_messages.c.id > after)
    shown = sa.select(sa.func.max(web_messages.c.id)).where(newer, web_messages.c.letter.is_not(None))
    last = connection.scalar(shown) or 0
    connection.execute(sa.delete(web_messages).where(newer, web_messages.c.id != last))


def document(connection: Connection, chat: str, of_id: int) -> Document | None:
    """The file that came with a message."""
    found = line(connection, chat, of_id)
    return with_content(connection, found.shown).document if found and found.shown else None


def _sealed(connection: Connection, payload: dict[str, Any]) -> str:
    return data_keys.seal_text(connection, data_keys.MAILBOX, json.dumps(payload, ensure_ascii=False))


def _line(row: sa.Row[Any], opener: data_keys.Opener) -> Line:
    payload = json.loads(opener.text(row.payload) or "{}")
    shown = outgoing_from_json(payload["shown"]) if "shown" in payload else None
    return Line(row.id, row.at, payload.get("said", ""), shown, payload.get("code", ""))
