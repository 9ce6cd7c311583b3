"""Register numbers: 2026-0001 for requests, Z2026-0001 for inquiries; without gaps."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.desk.tables import numbers


def next_number(connection: Connection, series: str) -> str:
    """The next number of a series.  Given back when the caller's transaction rolls back: hence no gaps.

    The UPDATE locks the row until the end of the transaction (on SQLite the whole ledger is locked).  The
    very first two requests of a year may both find no row: the second waits for the first at its INSERT, and
    counts on from it.
    """
    if not _counted(connection, series):
        try:
            with connection.begin_nested():
                connection.execute(numbers.insert().values(series=series, last=1))
        except IntegrityError:  # not possible on SQLite
            _counted(connection, series)
    last = connection.execute(sa.select(numbers.c.last).where(numbers.c.series == series)).scalar_one()
    return f"{series}-{last:04}"


def _counted(connection: Connection, series: str) -> bool:
    """Count one on; False when the series has not begun."""
    begun = numbers.update().where(numbers.c.series == series).values(last=numbers.c.last + 1)
    return connection.execute(begun).rowcount == 1
