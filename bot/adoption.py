"""A ledger of before: what it keeps in the clear is sealed when the program first opens it with its key.

The events of such a ledger were hashed with their words.  They are anchored anew, in one transaction:

    old chain proven ─▶ words sealed, commitments in their place ─▶ hashes computed again ─▶ new chain proven
                                   └─▶ event `chain_reanchored`: length and last hash of the old chain

Whoever wrote the old head down finds it in that event.  A chain that does not prove is evidence: it is left
exactly as it is, words and all, is reported, and `requests verify` goes on naming the first false event.
Killed on the way, nothing has happened; done once, nothing is found any more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain, data_keys, request_words
from bot.desk.chain import UPKEEP
from bot.desk.errors import ChainBroken
from bot.desk.model import EventKind, Role
from bot.desk.tables import chain as ends
from bot.desk.tables import (
    events,
    inquiries,
    letters,
    record_correction_letters,
    record_corrections,
    requests,
)
from bot.mailbox.tables import outbox, updates

logger = logging.getLogger(__name__)

_AT_ONCE = 200
# Texts and files: in which column, sealed for whom.
_TEXTS = (
    (requests, "number", "words", None),
    (inquiries, "number", "words", None),
    (record_corrections, "number", "words", None),
    (updates, "id", "payload", data_keys.MAILBOX),
    (outbox, "id", "payload", data_keys.MAILBOX),
)
_FILES = ((letters, "request_number"), (record_correction_letters, "number"))


def adopt(connection: Connection, now: datetime) -> int:
    """Seal whatever lies in the clear; how many rows it was."""
    done = sum(_seal_texts(connection, *each) for each in _TEXTS)
    done += sum(_seal_files(connection, *each) for each in _FILES)
    _hash_contents(connection)
    return done + _reanchor(connection, now)


def _seal_texts(connection: Connection, table: sa.Table, key: str, column: str, owner: str | None) -> int:
    done = 0
    own, stored = table.c[key], table.c[column]
    for row in connection.execute(sa.select(own, stored).where(stored.startswith("{"))).all():
        sealed = data_keys.seal_text(connection, owner or str(row[0]), row[1])
        connection.execute(table.update().where(own == row[0]).values(**{column: sealed}))
        done += 1
    return done


def _seal_files(connection: Connection, table: sa.Table, owner: str) -> int:
    done = 0
    for row_id in connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars().all():
        mine = table.c.id == row_id
        row = connection.execute(sa.select(table.c[owner], table.c.content).where(mine)).one()
        if not data_keys.is_sealed(bytes(row.content)):
            sealed = data_keys.seal(connection, str(row[0]), bytes(row.content))
            connection.execute(table.update().where(mine).values(content=sealed))
            done += 1
    return done


def _hash_contents(connection: Connection) -> None:
    """With the key of this ledger: a hash without one would let guesses at the content be tried out."""
    for number, words in connection.execute(sa.select(requests.c.number, requests.c.words)).all():
        content = request_words.unseal(connection, number, words).content
        hashed = {"content_hash": request_words.content_hash(connection, content)}
        connection.execute(requests.update().where(requests.c.number == number).values(**hashed))


# ---- the chain
def _reanchor(connection: Connection, now: datetime) -> int:
    if not any(_clear(connection)):
        return 0
    try:
        length = chain.verify(connection)
    except ChainBroken as error:
        logger.error("chain_not_reanchored ordinal=%s", error.facts.get("ordinal"))
        return 0
    _, former_head = chain.head(connection)
    forbid = _allow_changes(connection)
    done = sum(1 for _ in _rewritten(connection))
    for statement in forbid:
        connection.exec_driver_sql(statement)
    chain.append(
        connection,
        subject=UPKEEP,
        kind=EventKind.CHAIN_REANCHORED,
        at=now,
        on=now.astimezone().date(),
        actor="",
        role=Role.PROGRAM,
        data={"events": length, "sealed": done, "former_head": former_head},
    )
    chain.verify(connection)
    chain.verify_words(connection)
    logger.info("chain_reanchored events=%s sealed=%s", length, done)
    return done


def _clear(connection: Connection) -> Iterator[int]:
    """Events with personal fields in the clear, by ordinal."""
    for row in _all_events(connection):
        kind = EventKind(row.kind)
        if row.words is None and chain.has_personal_fields(kind, row.data):
            yield row.ordinal


def _all_events(connection: Connection) -> Iterator[sa.Row[tuple[object, ...]]]:
    last = 0
    while rows := connection.execute(
        sa.select(events).where(events.c.ordinal > last).order_by(events.c.ordinal).limit(_AT_ONCE)
    ).all():
        yield from rows
        last = rows[-1].ordinal


def _rewritten(connection: Connection) -> Iterator[int]:
    """Every event again, each on the new hash of the one before; yields those whose words were sealed."""
    previous = ""
    for row in _all_events(connection):
        fields = {**row._mapping, "previous_hash": previous}
        if row.words is None and chain.has_personal_fields(EventKind(row.kind), row.data):
            sealed = chain.sealed_fields(connection, row.subject, EventKind(row.kind), row.data)
            fields["data"], fields["words"] = sealed
            yield row.ordinal
        previous = fields["hash"] = chain.digest(fields)
        changed = {name: fields[name] for name in ("data", "words", "previous_hash", "hash")}
        connection.execute(events.update().where(events.c.ordinal == row.ordinal).values(**changed))
    connection.execute(ends.update().where(ends.c.id == 1).values(hash=previous))


def _allow_changes(connection: Connection) -> list[str]:
    """Lift the triggers that make events append-only; the statements that put them back."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP TRIGGER events_no_change ON events")
        return [
            "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events "
            "FOR EACH ROW EXECUTE FUNCTION events_are_append_only()"
        ]
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
    triggers = connection.exec_driver_sql(query).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return [statement for _, statement in triggers]
