"""What a transaction has read holds until somebody writes to its tables, and never beyond the transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import data_keys, numbers
from bot.ledger.ledger import Ledger
from bot.ledger.memory import is_remembered, keep, remembered


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.db") as opened:
        yield opened


def _count(connection: Connection) -> int:
    def read() -> int:
        return connection.execute(sa.select(sa.func.count()).select_from(data_keys)).scalar_one()

    return remembered(connection, "count", ("data_keys",), read)


def _add(connection: Connection, subject: str) -> None:
    connection.execute(data_keys.insert().values(subject=subject, wrapped="x"))


def test_read_once_until_written(ledger: Ledger) -> None:
    """The second look asks nobody; a written table is read anew, another's does not matter."""
    with ledger.transaction() as connection:
        assert _count(connection) == 0
        keep(connection, "count", ("data_keys",), 7)
        assert _count(connection) == 7
        connection.execute(numbers.insert().values(series="2026", last=1))
        assert _count(connection) == 7
        _add(connection, "2026-0001")
        assert _count(connection) == 1
        connection.execute(data_keys.update().values(wrapped="y"))
        assert not is_remembered(connection, "count", 1)
        connection.execute(data_keys.delete())
        assert _count(connection) == 0


def test_undone_with_its_savepoint(ledger: Ledger) -> None:
    """What was read in a savepoint that is undone was never there."""
    with ledger.transaction() as connection:
        assert _count(connection) == 0
        savepoint = connection.begin_nested()
        _add(connection, "2026-0001")
        assert _count(connection) == 1
        savepoint.rollback()
        assert _count(connection) == 0


def test_forgotten_with_its_transaction(ledger: Ledger) -> None:
    """The same connection of the pool begins anew, after a commit and after a refusal."""
    with ledger.transaction() as connection:
        assert _count(connection) == 0
        keep(connection, "count", ("data_keys",), 7)
    with ledger.reading() as connection:
        assert _count(connection) == 0
        keep(connection, "count", ("data_keys",), 8)
    with pytest.raises(sa.exc.IntegrityError), ledger.transaction() as connection:
        connection.execute(data_keys.insert().values(subject=None, wrapped=_count(connection)))
    with ledger.transaction() as connection:
        assert _count(connection) == 0


def test_raw_sql_is_seen(ledger: Ledger) -> None:
    """Text is looked at, not only what SQLAlchemy built; what cannot be told forgets everything."""
    with ledger.transaction() as connection:
        assert _count(connection) == 0
        connection.execute(
            sa.text("insert or ignore into data_keys (subject, wrapped) values ('2026-0001', 'x')")
        )
        assert _count(connection) == 1
        connection.execute(
            sa.text(
                "WITH one AS (SELECT 'a' AS s) INSERT INTO data_keys (subject, wrapped) SELECT s, s FROM one"
            )
        )
        assert _count(connection) == 2
