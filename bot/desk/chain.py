"""The chain of events: append-only, each event carrying the hash of the one before.

What somebody wrote is not in it: `personal.py` says which fields those are, the chain holds a commitment to
them, and the fields lie sealed in the column `words`, which no hash covers.  Erasing the key of the request
(`data_keys.erase`) therefore breaks nothing; while the key is there, `verify` proves the words as well.

One chain for all requests and inquiries, so that a removed event or a whole removed request leaves a gap;
the row of `chain` says where it ends, so that a cut tail is noticed too.  Whoever can rewrite the database
can rewrite all of it: write the head down elsewhere (`head`) to prove more.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.desk import data_keys, personal
from bot.desk.errors import ChainBroken, VaultError
from bot.desk.model import Event, EventKind, Role
from bot.desk.tables import chain, events
from bot.ledger.memory import is_remembered, keep, remembered

logger = logging.getLogger(__name__)

UPKEEP = "upkeep"  # the subject of events that belong to no single request
_BATCH = 1000
_NOT_HASHED = ("hash", "words")
# After these, what was written about their subject before can be read no more.
_ERASURES = (EventKind.IDENTITY_ERASED, EventKind.INQUIRY_ERASED)
READ_FROM = ("events", "data_keys")  # the tables of events: their words are gone when their key is
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
    """Record one event at the end of the chain and return it; its personal fields are sealed."""
    recorded = json.loads(json.dumps(dict(data or {}), ensure_ascii=False))
    public, words = sealed_fields(connection, subject, kind, recorded)
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
        "data": public,
        "previous_hash": end.hash,
    }
    fields["hash"] = digest(fields)
    connection.execute(events.insert().values(**fields, words=words))
    connection.execute(chain.update().where(chain.c.id == 1).values(hash=fields["hash"]))
    stored = connection.execute(sa.select(events).where(events.c.ordinal == end.length)).one()
    return _event(stored, recorded)


def sealed_fields(
    connection: Connection, subject: str, kind: EventKind, data: Mapping[str, object]
) -> tuple[dict[str, object], str | None]:
    """The fields as the chain holds them, and the personal ones sealed (None where there are none)."""
    public, private = personal.divide(kind, data)
    if not private:
        return public, None
    salted = personal.salted(private)
    public[personal.COMMITMENT] = personal.commitment(salted)
    return public, data_keys.seal_text(connection, subject, salted)


def has_personal_fields(kind: EventKind, data: Mapping[str, object]) -> bool:
    """In the clear, as an earlier version recorded them."""
    return personal.COMMITMENT not in data and bool(personal.divide(kind, data)[1])


def events_of(connection: Connection, subject: str) -> tuple[Event, ...]:
    """All events of one request or inquiry, in order; without their personal fields once those are erased."""
    return remembered(connection, ("events", subject), READ_FROM, lambda: _read(connection, subject))


def are_all(connection: Connection, subject: str, found: tuple[Event, ...]) -> bool:
    """Whether these are known to be all events: read in this transaction, and none was written since."""
    return is_remembered(connection, ("events", subject), found)


def keep_events(connection: Connection, subject: str, found: tuple[Event, ...]) -> None:
    """Who has read all events and appended one knows what `events_of` would give now."""
    keep(connection, ("events", subject), READ_FROM, found)


def _read(connection: Connection, subject: str) -> tuple[Event, ...]:
    rows = connection.execute(_EVENTS_OF, {"of_subject": subject}).all()
    if all(row.words is None for row in rows):
        return tuple(_event(row, row.data) for row in rows)
    opener = data_keys.Opener(connection, subject)
    erased_at = max((row.ordinal for row in rows if row.kind in _ERASURES), default=0)
    return tuple(_event(row, *_fields(row, opener, erased_at)) for row in rows)


def _fields(
    row: Row[tuple[object, ...]], opener: data_keys.Opener, erased_at: int
) -> tuple[Mapping[str, object], bool]:
    """What was recorded, and whether the personal fields are missing of it."""
    if row.words is None:
        return row.data, False
    public = {name: value for name, value in row.data.items() if name != personal.COMMITMENT}
    if row.ordinal < erased_at:  # a key made since has nothing to do with it
        return public, True
    try:
        opened = opener.text(row.words)
    except VaultError:  # its key was lost, or somebody changed it, which `verify_words` names
        logger.warning("words_unreadable subject=%s ordinal=%s", row.subject, row.ordinal)
        return public, True
    return (public, True) if opened is None else ({**public, **personal.fields_of(opened)}, False)


def head(connection: Connection) -> tuple[int, str]:
    """How long the chain is and the hash it ends with."""
    end = connection.execute(sa.select(chain.c.length, chain.c.hash).where(chain.c.id == 1)).one()
    return int(end.length), str(end.hash)


def verify(connection: Connection) -> int:
    """Prove the chain and return its length; raises ChainBroken at the first event that does not fit.

    Hashes alone: this needs no key.  `verify_words` proves what lies sealed beside.
    """
    previous, ordinal = "", 0
    for row in _rows(connection):
        ordinal += 1
        if row.ordinal != ordinal:
            raise ChainBroken("chain_event_missing", ordinal=ordinal, subject=row.subject)
        fields = dict(row._mapping)
        stored = fields.pop("hash")
        if row.previous_hash != previous or digest(fields) != stored:
            raise ChainBroken("chain_event_changed", ordinal=ordinal, subject=row.subject)
        previous = stored
    length, end = head(connection)
    if (ordinal, previous) != (length, end):
        raise ChainBroken("chain_tail_missing", ordinal=ordinal + 1, subject="")
    return ordinal


def verify_words(connection: Connection) -> int:
    """Prove what was written against the chain; how many events have words that are still kept.

    Words that cannot be opened must have been erased on record.  Raises ChainBroken at the first that differ.
    """
    erased, proven = _erased(connection), 0
    openers: dict[str, data_keys.Opener] = {}
    for row in _rows(connection):
        promised = row.data.get(personal.COMMITMENT)
        if promised is None or row.ordinal < erased.get(row.subject, 0):
            continue
        opener = openers.setdefault(row.subject, data_keys.Opener(connection, row.subject))
        try:
            opened = opener.text(row.words or "")
        except VaultError:
            opened = None
        if opened is None or personal.commitment(opened) != promised:
            raise ChainBroken("chain_words_changed", ordinal=row.ordinal, subject=row.subject)
        proven += 1
    return proven


def _erased(connection: Connection) -> dict[str, int]:
    """Up to which event the words of each subject were erased on record."""
    found: dict[str, int] = {}
    kinds = [kind.value for kind in (*_ERASURES, EventKind.DATA_ERASED)]
    for row in connection.execute(
        sa.select(events).where(events.c.kind.in_(kinds)).order_by(events.c.ordinal)
    ):
        lost = row.data.get("requests", ()) if row.kind == EventKind.DATA_ERASED else (row.subject,)
        found.update(dict.fromkeys(lost, row.ordinal))
    return found


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


def digest(fields: Mapping[str, object]) -> str:
    """SHA-256 over the fields as canonical JSON; the previous hash is one of them."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value  # a datetime is a date
        for name, value in fields.items()
        if name not in _NOT_HASHED
    }
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _event(row: Row[tuple[object, ...]], data: Mapping[str, object], erased: bool = False) -> Event:
    return Event(
        subject=row.subject,
        ordinal=row.ordinal,
        kind=EventKind(row.kind),
        at=row.at,
        on=row.on,
        actor=row.actor,
        role=Role(row.role),
        article=row.article,
        data=data,
        previous_hash=row.previous_hash,
        hash=row.hash,
        erased=erased,
    )
