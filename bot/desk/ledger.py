"""The ledger: opening it (which migrates it) and its transactions.

SQLite by default.  Python's sqlite3 driver opens transactions late and on its own terms, so its own
handling is switched off and SQLAlchemy says BEGIN itself (SQLAlchemy's chapter "Transactions with SQLite
and the sqlite3 driver").  Writers say BEGIN IMMEDIATE: two workers wait for each other at the start
instead of failing at the end.
"""

from __future__ import annotations

import importlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

from bot.desk.errors import LedgerTooNew
from bot.desk.migrations import HEAD

BUSY_SECONDS = 30  # how long a writer waits for another; a turn takes milliseconds
_READING = "disclosure_reading"


class Ledger:
    """An open ledger.  Usable from several threads; close it (or use it as a context manager)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite only: it lets a second writer poll, with naps of up to 100 ms; threads of one process can
        # simply queue.  Re-entrant, so that a nested transaction still fails instead of hanging.
        self._writer = threading.RLock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str) -> Ledger:
        """Open or create the ledger at a SQLAlchemy URL and bring its tables up to date.

        Raises LedgerTooNew when a newer program wrote it, sqlalchemy.exc.SQLAlchemyError when it cannot be
        opened.
        """
        ledger = cls(_engine(url))
        try:
            ledger.migrate()
        except BaseException:
            ledger.close()
            raise
        return ledger

    @classmethod
    def as_it_is(cls, url: sa.URL | str) -> Ledger:
        """Open without bringing the tables up to date: for who only looks at a ledger that exists."""
        return cls(_engine(url))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: all or nothing, one writer at a time (SQLite), committed when the block ends well."""
        with self._writer, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent state without waiting for writers; nothing written here is kept."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(**{_READING: True})
            try:
                yield connection
            finally:
                connection.rollback()

    def migrate(self) -> None:
        """Run the pending migrations in one transaction; two programs starting at once take turns."""
        revision = self._revision()
        if revision == HEAD:
            return  # the usual start: Alembic is not even imported
        if revision > HEAD:  # revisions are numbers of four digits
            raise LedgerTooNew("ledger_too_new", revision=revision, known=HEAD)
        with self.transaction() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has BEGIN IMMEDIATE for this
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7110711)"))
            importlib.import_module("bot.desk.migrations.run").upgrade(connection)

    def _revision(self) -> str:
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return ""
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            return str(found or "")

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _engine(url: sa.URL | str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, record: object) -> None:
    """SQLite only: PRAGMAs hold for one connection, so each new one gets them."""
    connection.isolation_level = None  # the driver leaves BEGIN to us
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
    _switch_to_wal(connection)
    for pragma in (
        "synchronous = FULL",  # a committed update survives a power cut, not only a kill
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _switch_to_wal(connection: Any) -> None:
    """Several programs may open a new file at once, and SQLite does not wait for this one switch.

    It answers "database is locked" at once whatever busy_timeout says (seen in 1 of 75 such starts).
    """
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
