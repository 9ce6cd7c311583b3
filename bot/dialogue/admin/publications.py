"""Published replies (art. 44) as entries of the knowledge.

The desk publishes a served reply as plain data and knows nothing of entries; the knowledge takes entries and
knows nothing of requests.  They meet here.  An answered inquiry becomes public in the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import attached, tables
from bot.desk.attached import Attachment
from bot.dialogue.words import Words
from bot.messages import Language
from knowledge.entry import Citation, Entry, EntryKind

Publication = Mapping[str, Any]  # number, title, question, text, publisher, published_on, approved_by


def published_entries(connection: Connection) -> tuple[Entry, ...]:
    """All published replies, oldest first: the extra entries of every build of the index."""
    table, words = tables.publications, _words()
    newest: dict[str, Publication] = {}
    for row in connection.execute(sa.select(table.c.entry).order_by(table.c.id)):
        newest[str(row.entry["number"])] = row.entry  # published again: the newer text counts
    return tuple(entry_of(publication, words) for publication in newest.values())


def entry_of(publication: Publication, words: Words) -> Entry:
    """A publication as an entry.  It is the office's own text, so its labels are in the office's language."""
    number = str(publication["number"])
    return Entry(
        entry_id=f"reply:{number}",
        path=f"reply:{number}",
        kind=EntryKind.PUBLISHED_REPLY,
        title=str(publication["title"]),
        text=str(publication["text"]),
        citation=Citation(
            source_title=words.say(_source_event(number), Language.SIMPLIFIED, number=number),
            publisher=str(publication["publisher"]),
            published_on=date.fromisoformat(str(publication["published_on"])),
        ),
        category=words.say("publication_category", Language.SIMPLIFIED),
        phrasings=(str(publication["question"]),),
    )


def _source_event(number: str) -> str:
    kinds = {"Z": "publication_source_inquiry", "P": "publication_source_proposal"}
    return kinds.get(number[:1], "publication_source")


def publish_inquiry(
    connection: Connection,
    now: datetime,
    *,
    number: str,
    title: str,
    question: str,
    text: str,
    publisher: str,
    published_on: date,
    officer: str,
    attachments: Sequence[Attachment] = (),
) -> Publication:
    """An answered inquiry becomes public; the texts are masked, and they and the public copies of its files
    were looked at by the officer.
    """
    publication = {
        "number": number,
        "title": title,
        "question": question,
        "text": text,
        "publisher": publisher,
        "published_on": published_on.isoformat(),
        "approved_by": officer,
        **({"attachments": attached.as_published(attachments)} if attachments else {}),
    }
    connection.execute(
        sa.insert(tables.publications).values(
            entry=publication, request_number="", approved_by=officer, approved_at=now
        )
    )
    return publication


@cache
def _words() -> Words:
    """The labels of publications; they come with the program."""
    return Words.load()
