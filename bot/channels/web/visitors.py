"""Who comes back: a cookie with a random token, kept here as its hash, ended when its owner says so.

Reading a public page makes no row: a session begins with the first thing that somebody does.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels.web.tables import web_messages
from bot.desk.tables import web_sessions

CHANNEL = "web"
COOKIE = "visit"
LIVES = timedelta(days=30)  # since it was last used
_SEEN_EVERY = timedelta(hours=1)  # not a write for every page
_TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether a cookie can be one of ours; anything else is replaced."""
    return len(text) == len(new_token()) and text.replace("-", "").replace("_", "").isalnum()


def form_token(token: str) -> str:
    """What a form of this visitor carries, for browsers that do not say where a form came from."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()[:32]


def visitor_of(connection: Connection, token: str, now: datetime) -> str:
    """The visitor of a session that is alive, "" when there is none (yet, or any more)."""
    row = connection.execute(sa.select(web_sessions).where(web_sessions.c.token_hash == _hash(token))).first()
    if row is None or row.ended_at is not None or now - row.seen_at > LIVES:
        return ""
    return str(row.visitor)


def is_ended(connection: Connection, token: str) -> bool:
    """Whether this token was a session once and is none any more: its holder gets a new token."""
    ended = sa.select(web_sessions.c.ended_at).where(web_sessions.c.token_hash == _hash(token))
    row = connection.execute(ended).first()
    return row is not None and row.ended_at is not None


def begin(connection: Connection, token: str, now: datetime, visitor: str = "", passkey: str = "") -> str:
    """The visitor of this token, a new one where there is none.  An ended or expired one stays ended: "".

    `passkey` is the one that somebody came in with.
    """
    found = visitor_of(connection, token, now)
    if found:
        _see(connection, token, now)
        return found
    visitor = visitor or secrets.token_hex(8)
    row = {
        "token_hash": _hash(token),
        "visitor": visitor,
        "began_at": now,
        "seen_at": now,
        "passkey": passkey or None,
    }
    known = sa.select(web_sessions.c.visitor).where(web_sessions.c.token_hash == row["token_hash"])
    if connection.execute(known).first() is not None:
        return ""
    connection.execute(sa.insert(web_sessions).values(**row))
    return visitor


def session_of(token: str) -> str:
    """How a form names the session of this token."""
    return _hash(token)[:16]


def end(connection: Connection, token: str, now: datetime) -> None:
    """The cookie is worth nothing from now on, wherever it was copied to."""
    connection.execute(
        sa.update(web_sessions).where(web_sessions.c.token_hash == _hash(token)).values(ended_at=now)
    )


def forget_old(connection: Connection, now: datetime, pages_kept: timedelta) -> int:
    """Sessions that nobody uses, and what stood on pages for longer than it is kept; how much went."""
    statements = (
        sa.delete(web_sessions).where(web_sessions.c.seen_at < now - LIVES),
        sa.delete(web_messages).where(web_messages.c.at < now - pages_kept),
    )
    return sum(connection.execute(statement).rowcount for statement in statements)


def _see(connection: Connection, token: str, now: datetime) -> None:
    connection.execute(
        sa.update(web_sessions)
        .where(web_sessions.c.token_hash == _hash(token), web_sessions.c.seen_at < now - _SEEN_EVERY)
        .values(seen_at=now)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
