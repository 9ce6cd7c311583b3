"""Published replies (art. 44): kept in the ledger, handed to the knowledge as entries.

The desk knows nothing of entries and the knowledge nothing of requests; they meet here.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import tables
from knowledge.entry import Citation, Entry, EntryKind


def store(
    connection: Connection, entry: Entry, *, number: str, approved_by: str, approved_at: datetime
) -> None:
    """Keep a published entry; publishing the same number again replaces it."""
    table = tables.publications
    connection.execute(sa.delete(table).where(table.c.request_number == number))
    connection.execute(
        sa.insert(table).values(
            entry=entry_to_json(entry),
            request_number=number,
            approved_by=approved_by,
            approved_at=approved_at,
        )
    )


def published_entries(connection: Connection) -> tuple[Entry, ...]:
    """All published replies, oldest first: the extra entries of every build of the index."""
    table = tables.publications
    rows = connection.execute(sa.select(table.c.entry).order_by(table.c.id))
    return tuple(entry_from_json(row.entry) for row in rows)


def is_published(connection: Connection, number: str) -> bool:
    table = tables.publications
    found = connection.execute(sa.select(table.c.id).where(table.c.request_number == number)).first()
    return found is not None


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """The inverse of `entry_from_json`."""
    values = asdict(entry)
    published_on = entry.citation.published_on
    values["citation"]["published_on"] = published_on.isoformat() if published_on else None
    return values


def entry_from_json(values: dict[str, Any]) -> Entry:
    """An entry as it was stored."""
    citation = dict(values["citation"])
    published_on = citation.pop("published_on")
    return Entry(
        **{
            **values,
            "kind": EntryKind(values["kind"]),
            "citation": Citation(
                **citation, published_on=date.fromisoformat(published_on) if published_on else None
            ),
            "heading_trail": tuple(values["heading_trail"]),
            "phrasings": tuple(values["phrasings"]),
            "fields": tuple((label, value) for label, value in values["fields"]),
        }
    )
