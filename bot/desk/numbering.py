"""Register numbers: 2026-0001 for requests, Z2026-0001 for inquiries; numbers of documents; without gaps."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.desk.tables import document_numbers, numbers

# What a letter prints in a number so that no line breaks there (paper.py), and what Word makes of it.
_NO_BREAK = "\u2010\u2011\u00ad\x1e"
_DASHES = "\uff0d\u2012\u2013\u2014\u2212\ufe58\ufe63\u30fc"  # what keyboards have beside the hyphen
_TYPED = re.compile(
    r"(?<![0-9A-Za-z])([A-Za-z\uff21-\uff3a\uff41-\uff5a]{0,2}[2\uff12][0\uff10]\d{2}) ?"
    rf"(?:[-{_NO_BREAK}]|[{_DASHES}](?=[0\uff10]\d{{3}})) ?(\d{{1,8}})(?!\d)"
)


def with_plain_numbers(text: str) -> str:
    """Register numbers as they are kept, however they were typed or copied out of a letter.

    A span of years (2019—2024) stays as it is.
    """
    return _TYPED.sub(lambda found: unicodedata.normalize("NFKC", f"{found[1]}-{found[2]}"), text)


def next_number(connection: Connection, series: str) -> str:
    """The next number of a series.  Given back when the caller's transaction rolls back: hence no gaps.

    The UPDATE locks the row until the end of the transaction (on SQLite the whole ledger is locked).  The
    very first two requests of a year may both find no row: the second waits for the first at its INSERT, and
    counts on from it.
    """
    return f"{series}-{_next(connection, series):04}"


def document_number(
    connection: Connection, form: str, year: int, *, subject: str, kind: str, occasion: int
) -> str:
    """The 发文字号 of a letter: the one that it has, or the next of the year.

    `form` holds {year} and {number}; `occasion` tells two letters of one kind apart.
    """
    letters = document_numbers.c
    query = sa.select(letters.year, letters.ordinal).where(
        letters.subject == subject, letters.kind == kind, letters.occasion == occasion
    )
    given = connection.execute(query).one_or_none()
    if given is not None:
        year, ordinal = given
    else:
        ordinal = _next(connection, f"document {year}")
        connection.execute(
            document_numbers.insert().values(
                subject=subject, kind=kind, occasion=occasion, year=year, ordinal=ordinal
            )
        )
    return form.replace("{year}", str(year)).replace("{number}", str(ordinal))


def _next(connection: Connection, series: str) -> int:
    if not _counted(connection, series):
        try:
            with connection.begin_nested():
                connection.execute(numbers.insert().values(series=series, last=1))
        except IntegrityError:  # not possible on SQLite
            _counted(connection, series)
    query = sa.select(numbers.c.last).where(numbers.c.series == series)
    return int(connection.execute(query).scalar_one())


def _counted(connection: Connection, series: str) -> bool:
    """Count one on; False when the series has not begun."""
    begun = numbers.update().where(numbers.c.series == series).values(last=numbers.c.last + 1)
    return connection.execute(begun).rowcount == 1
