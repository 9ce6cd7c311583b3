"""Entries as they lie in the file: JSON lists."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from knowledge.entry import Citation, Entry, EntryKind

# A text may hold half a surrogate pair: JSON in bytes can keep it, a text of SQLite cannot.
_ERRORS = "surrogatepass"


def stored(entry: Entry) -> bytes:
    """All values of an entry."""
    citation = entry.citation
    published_on = citation.published_on.isoformat() if citation.published_on else ""
    values = (
        entry.entry_id,
        entry.path,
        entry.kind,
        entry.title,
        entry.text,
        (
            citation.source_title,
            citation.section,
            citation.publisher,
            citation.document_number,
            published_on,
            citation.link,
        ),
        entry.category,
        entry.parent_id,
        entry.heading_trail,
        entry.phrasings,
        entry.year,
        entry.version_of,
        entry.fields,
        entry.agency,
        entry.source,
    )
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", _ERRORS)


def entry_of(body: bytes) -> Entry:
    """The entry that was stored so."""
    values: list[Any] = json.loads(body.decode("utf-8", _ERRORS))
    entry_id, path, kind, title, text, citation, category, parent, trail, phrasings, year, *rest = values
    version_of, fields, agency, source = rest
    source_title, section, publisher, document_number, published_on, link = citation
    published = date.fromisoformat(published_on) if published_on else None
    return Entry(
        entry_id=entry_id,
        path=path,
        kind=EntryKind(kind),
        title=title,
        text=text,
        citation=Citation(source_title, section, publisher, document_number, published, link),
        category=category,
        parent_id=parent,
        heading_trail=tuple(trail),
        phrasings=tuple(phrasings),
        year=year,
        version_of=version_of,
        fields=tuple((label, value) for label, value in fields),
        agency=agency,
        source=source,
    )
