"""The ledger: opening it (which migrates it) and its transactions.

SQLite by default.  Python's sqlite3 driver opens transactions late and on its own terms, so its own
handling is switched off and SQLAlchemy says BEGIN itself (SQLAlchemy's chapter "Transactions with SQLite
and the sqlite3 driver").  Writers say BEGIN IMMEDIATE: two workers wait for each other at the start
instead of failing at the end.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

from bot.ledger import memory, writers
from bot.ledger.errors import LedgerDamaged, LedgerTooNew
from bot.ledger.holders import Holder
from bot.ledger.migrations import HEAD

BUSY_SECONDS = 30  # how long a writer waits for another; a turn takes milliseconds
_READING = "disclosure_reading"


class Ledger:
    """An open ledger.  Usable from several threads; close it (or use it as a context manager)."""

    def __init__(self, engine: Engine, home: Path | None = None) -> None:
        self.engine = engine
        self.holder = Holder(home or (self.path.parent if self.path else None))
        # SQLite only.  Re-entrant, so that a nested transaction still fails instead of hanging.
        self._writer = writers.WriterQueue() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, place: sa.URL | str | Path, home: Path | None = None) -> Ledger:
        """Open or create the ledger at a SQLAlchemy URL or in a file of SQLite; bring its tables up to date.

        `home` is the folder of the program that opens it (holders.py); None: where a file of SQLite is.

        Raises LedgerTooNew when a newer program wrote it, LedgerDamaged when the file cannot be read,
        sqlalchemy.exc.SQLAlchemyError when it cannot be opened.
        """
        ledger = cls(_engine(url_of(place)), home)
        try:
            with damage_named(ledger.path):
                ledger.migrate()
        except BaseException:
            ledger.close()
            raise
        return ledger

    @property
    def path(self) -> Path | None:
        """The file of SQLite, None for another database."""
        database = self.engine.url.database
        return Path(database) if self.engine.dialect.name == "sqlite" and database else None

    def must_be_whole(self) -> None:
        """SQLite's own check of every page (a second for some hundred megabytes); raises LedgerDamaged.

        For the start of a service: a damaged page else shows on the day on which somebody needs it.
        """
        if self.path is None:
            return
        with damage_named(self.path), self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise LedgerDamaged("ledger_damaged", path=self.path)

    @classmethod
    def as_it_is(cls, place: sa.URL | str | Path) -> Ledger:
        """Open without bringing the tables up to date: for who only looks at a ledger that exists."""
        return cls(_engine(url_of(place)))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: all or nothing, one writer at a time (SQLite), committed when the block ends well."""
        with self._writer, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent state without waiting for writers; for what is also written, see `trial`."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(**{_READING: True})
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def trial(self) -> Iterator[Connection]:
        """Write as in a transaction and keep nothing of it: for what is shown as it would be.

        What writes in `reading` fails where somebody else has written since the block began.
        """
        with self._writer, self.engine.connect() as connection:
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
            importlib.import_module("bot.ledger.migrations.run").upgrade(connection)

    def _revision(self) -> str:
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return ""
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            return str(found or "")

    def compact(self) -> None:
        """SQLite only: nothing that was erased or sealed stays in free pages or in the log."""
        if self.engine.dialect.name != "sqlite":
            return
        with self._writer, self._alone() as plain:
            plain.execute("VACUUM").close()
        self.truncate_log()

    def truncate_log(self) -> bool:
        """SQLite only: empty the log beside the file (`-wal`), which else keeps what was written before.

        False while somebody reads or writes: nothing waits for this, the next look finds it still to do.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self._alone() as plain:
            plain.execute("PRAGMA busy_timeout = 0").close()
            try:
                busy, *_ = plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                return False
            finally:
                plain.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
        return not busy

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """The driver's own connection, outside any transaction."""
        proxied = self.engine.raw_connection()
        try:
            yield proxied.driver_connection
        finally:
            proxied.close()

    def close(self) -> None:
        self.holder.close()
        self.engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def url_of(place: sa.URL | str | Path) -> sa.URL:
    """As a URL; that of a file is made of parts, so that no `?` or `%` of its path leads elsewhere."""
    return sa.URL.create("sqlite", database=str(place)) if isinstance(place, Path) else sa.make_url(place)


def _engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        _make_private(Path(url.database))
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    memory.remember_within_transactions(engine)
    return engine


def _make_private(path: Path) -> None:
    """A new file is its owner's alone, whatever the umask; SQLite gives what it puts beside the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError:
        return  # it exists, or SQLite will say why it cannot be


_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def damage_named(path: Path | None) -> Iterator[None]:
    """What SQLite says of a file that is none any more, as LedgerDamaged."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        if sqlite_code(error) in _BROKEN:
            raise LedgerDamaged("ledger_damaged", path=path) from error
        raise


def sqlite_code(error: sa.exc.DBAPIError) -> int | None:
    """Which of SQLite's errors it is, None for another database's."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF  # without the extension


def _set_up_sqlite(connection: Any, record: object) -> None:
    """SQLite only: PRAGMAs hold for one connection, so each new one gets them."""
    connection.isolation_level = None  # the driver leaves BEGIN to us
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
    _switch_to_wal(connection)
    for pragma in (
        "synchronous = FULL",  # a committed update survives a power cut, not only a kill
        "foreign_keys = ON",
        "secure_delete = ON",  # what is erased is overwritten, not only unlinked
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
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_READING, False):
        connection.exec_driver_sql("BEGIN")
    else:
        writers.begin(connection, BUSY_SECONDS)
