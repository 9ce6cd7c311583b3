"""Sentences that an office writes again and again in its letters, each under a label, for the whole desk.

They are nobody's data: who puts a name or a number of somebody into one is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.errors import InvalidValue
from bot.desk.masking import mask
from bot.desk.tables import phrases

LONGEST_LABEL, LONGEST_TEXT = 40, 1000
MOST = 100


@dataclass(frozen=True)
class Phrase:
    id: int
    label: str
    text: str


def known(connection: Connection) -> list[Phrase]:
    """All of them, by their labels."""
    rows = connection.execute(sa.select(phrases).order_by(phrases.c.label))
    return [Phrase(row.id, row.label, row.text) for row in rows]


def keep(
    connection: Connection, now: datetime, *, label: str, text: str, person: str, public: tuple[str, ...] = ()
) -> None:
    """Keep a sentence; one with the same label is replaced.

    Raises InvalidValue: nothing written, too long, too many, or personal data in it (`public` are the
    office's own numbers).  Its `field` says which of both is meant.
    """
    label, text = label.strip(), text.strip()
    for field, value, most in (("label", label, LONGEST_LABEL), ("text", text, LONGEST_TEXT)):
        if not value or len(value) > most:
            raise InvalidValue("phrase_length", field=field, most=most)
        if mask(value, public=public).found:
            raise InvalidValue("phrase_names_somebody", field=field)
    connection.execute(phrases.delete().where(phrases.c.label == label))
    if int(connection.scalar(sa.select(sa.func.count()).select_from(phrases)) or 0) >= MOST:
        raise InvalidValue("phrases_full", field="label", most=MOST)
    connection.execute(phrases.insert().values(label=label, text=text, made_by=person, made_at=now))


def drop(connection: Connection, of_id: int) -> bool:
    """Whether there was one to take away."""
    return connection.execute(phrases.delete().where(phrases.c.id == of_id)).rowcount == 1
