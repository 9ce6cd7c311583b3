"""The ledgers of tests: a SQLite file each, or a database each on a PostgreSQL server.

    DISCLOSURE_TEST_POSTGRES=postgresql+psycopg://postgres@127.0.0.1:5432/postgres \
        python -m pytest tests/channels tests/desk tests/dialogue

runs the very same tests on PostgreSQL (needs psycopg; the user must be allowed to create databases).  Only
tests of what SQLite alone has are skipped.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from bot.ledger.ledger import Ledger

POSTGRES = os.environ.get("DISCLOSURE_TEST_POSTGRES", "")
_KEPT = 8  # databases; a test needs one, seldom two
_made: list[str] = []

sqlite_only = pytest.mark.skipif(bool(POSTGRES), reason="about a file of SQLite")


def ledger_url(home: Path) -> str:
    """The ledger that belongs to this folder, migrated; made when it is not there yet."""
    if POSTGRES:
        return _database(f"t_{hashlib.sha256(str(home).encode()).hexdigest()[:20]}")
    path = home / "ledger.db"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty_file())
    return f"sqlite:///{path}"


def without_triggers(connection: sa.Connection) -> None:
    """Events can be changed and removed now: what somebody with the database in their hands would do."""
    drop = {
        "sqlite": ("DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"),
        "postgresql": ("DROP TRIGGER events_no_change ON events",),
    }
    for statement in drop[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@cache
def _empty_file() -> bytes:
    """Migrating takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        Ledger.open(f"sqlite:///{path}").close()
        return path.read_bytes()


def _database(name: str) -> str:
    if not _run(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
        _run(f"CREATE DATABASE {name} TEMPLATE {_template()}")
        _made.append(name)
        while len(_made) > _KEPT:
            _run(f"DROP DATABASE IF EXISTS {_made.pop(0)} WITH (FORCE)")
    return _url(name)


@cache
def _template() -> str:
    name = f"template_{os.getpid()}"
    _run(f"DROP DATABASE IF EXISTS {name}")
    _run(f"CREATE DATABASE {name}")
    Ledger.open(_url(name)).close()
    return name


def _url(name: str) -> str:
    return sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


def _run(statement: str) -> list[object]:
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        result = connection.execute(sa.text(statement))
        return list(result.scalars()) if result.returns_rows else []
