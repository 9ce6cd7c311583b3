"""Connections to one index file, each used by one thread at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.errors import IndexBroken, IndexMissing
from knowledge.index.bm25 import length_norms
from knowledge.index.schema import FORMAT
from knowledge.index.term import Scores

_MOST_READERS = 4  # each holds two buffers of 4 bytes an entry; Python answers one question at a time anyway
_CACHE_KILOBYTES = 8_000  # for each connection; the inner pages of all tables fit


@dataclass(frozen=True)
class Reader:
    """A connection, and for each field a buffer of zeros, one for each entry."""

    connection: sqlite3.Connection
    totals: Scores
    sound_totals: Scores


class Readers:
    """Lends readers; makes another when all are lent, up to a few, while the path leads to the same file.

    After a swap it leads elsewhere.  Then, as when there are enough, a borrower waits for one to come back,
    so that every answer is from the file that was opened first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = threading.Condition()
        self._closed = False
        self._free: list[Reader] = []
        self._all: list[Reader] = []
        connection = _connect(path)
        self.facts = _facts(connection, path)
        self.version = self.facts["version"].decode()
        self.size = int(self.facts["entries"])
        self.norms = length_norms(np.frombuffer(self.facts.pop("lengths"), "<u2"))
        self._take_in(connection)

    def close(self) -> None:
        """Close all connections."""
        with self._changed:
            self._closed = True
            for reader in self._all:
                reader.connection.close()
            self._all.clear()
            self._free.clear()

    def __del__(self) -> None:
        """An index that was replaced is closed when its last question has ended and it is forgotten."""
        if hasattr(self, "_all"):
            self.close()

    @contextmanager
    def lent(self) -> Iterator[Reader]:
        """A reader for the length of a `with` block."""
        reader = self._borrow()
        try:
            yield reader
        finally:
            with self._changed:
                self._free.append(reader)
                self._changed.notify()

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one query."""
        with self.lent() as reader:
            return reader.connection.execute(sql, values).fetchall()

    def _borrow(self) -> Reader:
        with self._changed:
            if not self._free and len(self._all) < _MOST_READERS and (connection := self._another()):
                self._take_in(connection)
            while not self._free and not self._closed:
                self._changed.wait()
            if self._closed:
                raise sqlite3.ProgrammingError("this index is closed")
            return self._free.pop()

    def _another(self) -> sqlite3.Connection | None:
        """One more connection to the same file, None when the path leads to another one by now."""
        if self._closed:
            return None
        try:
            connection = _connect(self._path)
        except IndexMissing:
            return None
        rows = connection.execute("select value from meta where key = 'version'").fetchall()
        if rows == [(self.version.encode(),)]:
            return connection
        connection.close()
        return None

    def _take_in(self, connection: sqlite3.Connection) -> None:
        reader = Reader(connection, np.zeros(self.size, np.float32), np.zeros(self.size, np.float32))
        self._all.append(reader)
        self._free.append(reader)


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise IndexMissing(f"there is no index at {path}; build it with `disclosure reload`")
    # Immutable: no locks, no looking for a journal; threads take turns, so SQLite need not check them.
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        connection.execute(f"pragma cache_size=-{_CACHE_KILOBYTES}")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise IndexBroken(f"{path} is no index: {error}") from error
    return connection


def _facts(connection: sqlite3.Connection, path: Path) -> dict[str, bytes]:
    """The rows of `meta`.  Raises IndexBroken for a damaged file and for one of another format."""
    try:
        facts = dict(connection.execute("select key, value from meta").fetchall())
    except sqlite3.DatabaseError as error:
        connection.close()
        raise IndexBroken(f"{path} is no index: {error}") from error
    if facts.get("format") != FORMAT:
        connection.close()
        raise IndexBroken(f"{path} was written by another version; build it anew with `disclosure reload`")
    return facts
