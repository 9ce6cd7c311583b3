"""In which message an officer wrote a reply: it gets a mark once the words have reached the applicant."""

from __future__ import annotations

import sqlalchemy as sa

from bot.dialogue.tables import origins
from bot.dialogue.visit import Visit
from bot.messages import Address, Mark


def remember(visit: Visit, number: str, message_id: str) -> None:
    """The last one counts; a channel without message ids (the terminal) has none."""
    connection = visit.connection
    connection.execute(sa.delete(origins).where(origins.c.subject == number))
    if message_id:
        connection.execute(
            sa.insert(origins).values(
                subject=number,
                chat=str(visit.incoming.address),
                message_id=message_id,
                written_at=visit.now,
            )
        )


def of(visit: Visit, number: str) -> Mark | None:
    """Where the words of this reply were written."""
    query = sa.select(origins.c.chat, origins.c.message_id).where(origins.c.subject == number)
    row = visit.connection.execute(query).first()
    return Mark(Address.parse(row.chat), row.message_id) if row else None
