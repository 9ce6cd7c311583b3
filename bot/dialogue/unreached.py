"""Which requests have a message that could not be delivered to their applicant (blocked the bot, is gone).

The ledger keeps such letters; a later one that arrived shows that the person is back.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import requests
from bot.mailbox.tables import outbox

_UNDELIVERABLE, _SENT, _DEAD = "undeliverable", "sent", "dead"
_CORRECTION_ASKED = "correction_asked"  # the message that carries the notice


def unreached(connection: Connection, numbers: list[str]) -> set[str]:
    """Of these request numbers those whose applicant did not get the newest message about it."""
    if not numbers:
        return set()
    newest = (
        sa.select(outbox.c.subject, outbox.c.status)
        .join(requests, (requests.c.number == outbox.c.subject) & (requests.c.person == outbox.c.chat))
        .where(outbox.c.subject.in_(numbers), outbox.c.status.in_((_UNDELIVERABLE, _SENT)))
        .order_by(outbox.c.id)
    )
    by_number = {str(row.subject): str(row.status) for row in connection.execute(newest)}
    return {number for number, status in by_number.items() if status == _UNDELIVERABLE}


def correction_notice_lost(connection: Connection, number: str) -> bool:
    """Whether the notice that asks for a correction went out in chat and never arrived: its period runs from
    receipt (art. 30), so that it has not begun until paper was received."""
    newest = (
        sa.select(outbox.c.status)
        .join(requests, (requests.c.number == outbox.c.subject) & (requests.c.person == outbox.c.chat))
        .where(outbox.c.subject == number, outbox.c.event == _CORRECTION_ASKED)
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    return connection.execute(newest).scalar() in (_UNDELIVERABLE, _DEAD)


def other_contact(connection: Connection, number: str) -> str:
    """How the applicant can be reached otherwise, masked; "" when nothing is known of the number."""
    found = connection.execute(
        sa.select(requests.c.contact_masked).where(requests.c.number == number)
    ).scalar()
    return str(found or "")
