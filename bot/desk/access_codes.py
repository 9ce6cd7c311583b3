"""取件码: number and code together show one request to whoever filed it, without an account.

The code is shown once, with the receipt, and kept as a keyed hash.  40 bits without look-alikes; after five
wrong tries a number answers nothing for an hour, right or wrong, so that guessing one takes longer than any
request is open.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.data_keys import keyed_hash
from bot.desk.tables import access_codes

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 8
MOST_WRONG = 5
REST = timedelta(hours=1)


def issue(connection: Connection, number: str, now: datetime) -> str:
    """A new code for this request, `ABCD-EFGH`; an earlier one ends."""
    code = new_code(_LENGTH)
    connection.execute(sa.delete(access_codes).where(access_codes.c.number == number))
    connection.execute(
        sa.insert(access_codes).values(
            number=number, code_hash=_hash(connection, number, code), made_at=now, wrong=0
        )
    )
    return grouped(code)


def opens(connection: Connection, number: str, code: str, now: datetime) -> bool:
    """Whether this is the code of that number; a wrong one is counted.  Call it in a transaction."""
    row = connection.execute(sa.select(access_codes).where(access_codes.c.number == number)).first()
    if row is None:
        return False
    resting = row.wrong_at is not None and now - row.wrong_at < REST
    if resting and row.wrong >= MOST_WRONG:
        return False
    right = secrets.compare_digest(_hash(connection, number, folded(code)), row.code_hash)
    wrong = 0 if right else (row.wrong if resting else 0) + 1
    connection.execute(
        sa.update(access_codes)
        .where(access_codes.c.number == number)
        .values(wrong=wrong, wrong_at=None if right else now)
    )
    return right


def new_code(length: int) -> str:
    """Letters and digits without look-alikes, 5 bits each."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def grouped(code: str) -> str:
    """As it is shown: `ABCD-EFGH`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def folded(code: str) -> str:
    """As it is typed: small letters, full width, blanks and hyphens of any kind."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in plain if letter in _LETTERS)


def _hash(connection: Connection, number: str, code: str) -> str:
    return keyed_hash(connection, f"access\n{number}\n{code}")
