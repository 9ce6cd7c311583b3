"""With what staff come into the web pages, and how all of it ends.

passkey      a key on their own device; signs a challenge
spare code   once, when no passkey is at hand; 60 bits without look-alikes, kept as a keyed hash
calendar     a link that a calendar fetches without signing in: days and numbers, nothing of anybody
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.access_codes import folded, grouped, new_code
from bot.desk.data_keys import keyed_hash
from bot.desk.tables import web_links, web_passkeys, web_sessions

CHANNEL = "web"
SPARE_CODE, CALENDAR = "spare_code", "calendar"
_SPARE_LENGTH = 12


@dataclass(frozen=True)
class Passkey:
    credential: str  # base64url
    visitor: str
    public_key: str  # base64url
    sign_count: int
    label: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Session:
    """`id` names it on a form; it is no way in."""

    id: str
    began_at: datetime
    seen_at: datetime
    passkey: str  # which one began it, "" = a code


# ---- passkeys --------------------------------------------------------------------------------------------
def add_passkey(
    connection: Connection,
    now: datetime,
    *,
    credential: str,
    visitor: str,
    public_key: str,
    sign_count: int,
    label: str,
) -> None:
    """Raises sqlalchemy.exc.IntegrityError for one that is known."""
    connection.execute(
        sa.insert(web_passkeys).values(
            credential=credential,
            visitor=visitor,
            public_key=public_key,
            sign_count=sign_count,
            label=label,
            made_at=now,
        )
    )


def passkeys_of(connection: Connection, visitor: str) -> Sequence[Passkey]:
    """Those that open the desk, oldest first."""
    query = _PASSKEYS.where(web_passkeys.c.visitor == visitor).order_by(web_passkeys.c.made_at)
    return [_passkey(row) for row in connection.execute(query)]


def passkey(connection: Connection, credential: str) -> Passkey | None:
    """None for one that is unknown or has ended."""
    row = connection.execute(_PASSKEYS.where(web_passkeys.c.credential == credential)).first()
    return _passkey(row) if row else None


def passkey_used(connection: Connection, now: datetime, credential: str, sign_count: int) -> None:
    connection.execute(
        sa.update(web_passkeys)
        .where(web_passkeys.c.credential == credential)
        .values(sign_count=sign_count, used_at=now)
    )


def end_passkey(connection: Connection, now: datetime, visitor: str, credential: str) -> None:
    """It opens nothing any more, and the sessions that it began end with it."""
    of_it = sa.and_(web_passkeys.c.visitor == visitor, web_passkeys.c.credential == credential)
    connection.execute(sa.update(web_passkeys).where(of_it).values(ended_at=now))
    began = sa.and_(web_sessions.c.visitor == visitor, web_sessions.c.passkey == credential)
    connection.execute(sa.update(web_sessions).where(began, _ALIVE).values(ended_at=now))


_PASSKEYS = sa.select(web_passkeys).where(web_passkeys.c.ended_at.is_(None))
_ALIVE = web_sessions.c.ended_at.is_(None)


def _passkey(row: sa.Row[tuple[object, ...]]) -> Passkey:
    values = {name: getattr(row, name) for name in Passkey.__dataclass_fields__}
    return Passkey(**values)


# ---- sessions --------------------------------------------------------------------------------------------
def sessions_of(connection: Connection, visitor: str) -> Sequence[Session]:
    """Every browser in which this person is in, the last used first."""
    query = sa.select(web_sessions).where(web_sessions.c.visitor == visitor, _ALIVE)
    return [
        Session(row.token_hash[:16], row.began_at, row.seen_at, row.passkey or "")
        for row in connection.execute(query.order_by(web_sessions.c.seen_at.desc()))
    ]


def end_session(connection: Connection, now: datetime, visitor: str, session: str) -> None:
    """One of this person's own."""
    is_it = sa.and_(
        web_sessions.c.visitor == visitor, sa.func.substr(web_sessions.c.token_hash, 1, 16) == session
    )
    connection.execute(sa.update(web_sessions).where(is_it, _ALIVE).values(ended_at=now))


def end_all(connection: Connection, person: str, now: datetime) -> None:
    """Nothing of this person opens anything any more: whoever was revoked."""
    channel, _, visitor = person.partition(":")
    if channel != CHANNEL:
        return
    for table in (web_sessions, web_passkeys, web_links):
        is_theirs = sa.and_(table.c.visitor == visitor, table.c.ended_at.is_(None))
        connection.execute(sa.update(table).where(is_theirs).values(ended_at=now))


# ---- what opens something by itself ----------------------------------------------------------------------
def make_spare_code(connection: Connection, now: datetime, visitor: str) -> str:
    """`ABCD-EFGH-JKLM`, shown once; an earlier one ends."""
    code = new_code(_SPARE_LENGTH)
    _make(connection, now, visitor, SPARE_CODE, code)
    return grouped(code)


def use_spare_code(connection: Connection, now: datetime, code: str) -> str:
    """Whose it is, "" for none; it is worth nothing from then on."""
    plain = folded(code)
    visitor = owner_of(connection, SPARE_CODE, plain) if len(plain) == _SPARE_LENGTH else ""
    if visitor:
        end_link(connection, now, visitor, SPARE_CODE)
    return visitor


def make_calendar(connection: Connection, now: datetime, visitor: str) -> str:
    """The token of a new link; an earlier one ends."""
    token = secrets.token_urlsafe(24)
    _make(connection, now, visitor, CALENDAR, token)
    return token


def owner_of(connection: Connection, kind: str, token: str) -> str:
    """Whose link this is, "" for one that is unknown or has ended."""
    query = sa.select(web_links.c.visitor).where(
        web_links.c.token_hash == _hash(connection, kind, token), web_links.c.ended_at.is_(None)
    )
    return str(connection.scalar(query) or "")


def made_at(connection: Connection, visitor: str, kind: str) -> datetime | None:
    """Since when there is one, None for none."""
    query = sa.select(web_links.c.made_at).where(
        web_links.c.visitor == visitor, web_links.c.kind == kind, web_links.c.ended_at.is_(None)
    )
    found: datetime | None = connection.scalar(query)
    return found


def end_link(connection: Connection, now: datetime, visitor: str, kind: str) -> None:
    is_it = sa.and_(web_links.c.visitor == visitor, web_links.c.kind == kind, web_links.c.ended_at.is_(None))
    connection.execute(sa.update(web_links).where(is_it).values(ended_at=now))


def _make(connection: Connection, now: datetime, visitor: str, kind: str, token: str) -> None:
    end_link(connection, now, visitor, kind)
    row = {"token_hash": _hash(connection, kind, token), "kind": kind, "visitor": visitor, "made_at": now}
    connection.execute(sa.insert(web_links).values(**row))


def _hash(connection: Connection, kind: str, token: str) -> str:
    return keyed_hash(connection, f"{kind}\n{token}")
