"""Register numbers: 2026-0001 for requests, Z2026-0001 for inquiries; without gaps."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import numbers


def next_number(connection: Connection, series: str) -> str:
    """The next number of a series.  Given back when the caller's transaction rolls back: hence no gaps.

    On PostgreSQL the UPDATE locks the row until the end of the transaction; the very first two requests
    of a year at once would collide on the primary key, and the loser is retried by the mailbox.
    """
    counted = connection.execute(
        numbers.update().where(numbers.c.series == series).values(last=numbers.c.last + 1)
    )
    if counted.rowcount == 0:
        connection.execute(numbers.insert().values(series=series, last=1))
    last = connection.execute(sa.select(numbers.c.last).where(numbers.c.series == series)).scalar_one()
    return f"{series}-{last:04}"
