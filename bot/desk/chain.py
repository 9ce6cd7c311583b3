"""The chain of events: append-only, each event carrying the hash of the one before.

One chain for all requests and inquiries, so that a removed event or a whole removed request leaves a gap;
the row of `chain` says where it ends, so that a cut tail is noticed too.  Whoever can rewrite the database
can rewrite all of it: write the head down elsewhere (`head`) to prove more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.desk.errors import ChainBroken
from bot.desk.model import Event, EventKind, Role
from bot.desk.tables import chain, events

_BATCH = 1000
# Built once: building it takes longer than running it, and each turn asks for the roles.
_EVENTS_OF = (
    sa.select(events).where(events.c.subject == sa.bindparam("of_subject")).order_by(events.c.ordinal)
)


def append(
    connection: Connection,
    *,
    subject: str,
    kind: EventKind,
    at: datetime,
    on: date,
    actor: str,
    role: Role,
    article: str = "",
    data: Mapping[str, object] | None = None,
) -> Event:
    """Record one event at the end of the chain and return it."""
    # The update comes first: on PostgreSQL it locks the row, and two writers take turns here.
    connection.execute(chain.update().where(chain.c.id == 1).values(length=chain.c.length + 1))
    end = connection.execute(sa.select(chain.c.length, chain.c.hash).where(chain.c.id == 1)).one()
    fields: dict[str, object] = {
        "ordinal": end.length,
        "subject": subject,
        "kind": kind.value,
        "at": at.astimezone(UTC),
        "on": on,
        "actor": actor,
        "role": role.value,
        "article": article,
        "data": dict(data or {}),
        "previous_hash": end.hash,
    }
    fields["hash"] = _digest(fields)
    connection.execute(events.insert().values(**fields))
    connection.execute(chain.update().where(chain.c.id == 1).values(hash=fields["hash"]))
    stored = connection.execute(sa.select(events).where(events.c.ordinal == end.length)).one()
    return _event(stored)


def events_of(connection: Connection, subject: str) -> tuple[Event, ...]:
    """All events of one request or inquiry, in order."""
    return tuple(_event(row) for row in connection.execute(_EVENTS_OF, {"of_subject": subject}))


def head(connection: Connection) -> tuple[int, str]:
    """How long the chain is and the hash it ends with."""
    end = connection.execute(sa.select(chain.c.length, chain.c.hash).where(chain.c.id == 1)).one()
    return int(end.length), str(end.hash)


def verify(connection: Connection) -> int:
    """Prove the chain and return its length; raises ChainBroken at the first event that does not fit."""
    previous, ordinal = "", 0
    for row in _rows(connection):
        ordinal += 1
        if row.ordinal != ordinal:
            raise ChainBroken("chain_event_missing", ordinal=ordinal, subject=row.subject)
        fields = dict(row._mapping)
        stored = fields.pop("hash")
        if row.previous_hash != previous or _digest(fields) != stored:
            raise ChainBroken("chain_event_changed", ordinal=ordinal, subject=row.subject)
        previous = stored
    length, end = head(connection)
    if (ordinal, previous) != (length, end):
        raise ChainBroken("chain_tail_missing", ordinal=ordinal + 1, subject="")
    return ordinal


def _rows(connection: Connection) -> Iterator[Row[tuple[object, ...]]]:
    """All events in batches: a ledger of years need not fit into memory."""
    last = 0
    while True:
        query = sa.select(events).where(events.c.ordinal > last).order_by(events.c.ordinal).limit(_BATCH)
        batch = connection.execute(query).all()
        yield from batch
        if len(batch) < _BATCH:
            return
        last = batch[-1].ordinal


def _digest(fields: Mapping[str, object]) -> str:
    """SHA-256 over the fields as canonical JSON; the previous hash is one of them."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value  # a datetime is a date
        for name, value in fields.items()
        if name != "hash"
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _event(row: Row[tuple[object, ...]]) -> Event:
    return Event(
        subject=row.subject,
        ordinal=row.ordinal,
        kind=EventKind(row.kind),
        at=row.at,
        on=row.on,
        actor=row.actor,
        role=Role(row.role),
        article=row.article,
        data=row.data,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
