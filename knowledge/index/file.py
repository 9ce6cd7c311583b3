"""One open index file, read by several threads in turn."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.errors import IndexBroken, IndexMissing
from knowledge.index.bm25 import length_norms
from knowledge.index.pieces import sounds_known
from knowledge.index.schema import FORMAT

_CACHE_KILOBYTES = 16_000  # pages of the file that are kept in memory


class IndexFile:
    """A connection to a file that never changes; after a swap it goes on reading the one that it opened."""

    def __init__(self, path: Path) -> None:
        """Raises IndexMissing where there is no file, IndexBroken for another format and for no index."""
        self._lock = threading.Lock()
        self._connection = _connect(path)
        try:
            rows = self._connection.execute("select key, value from meta").fetchall()
        except sqlite3.DatabaseError as error:
            self.close()
            raise IndexBroken(f"{path} is no index: {error}") from error
        self.facts: dict[str, bytes] = dict(rows)
        # A sound sign is the place of a syllable among all: with other readings it is another syllable.
        if (self.facts.get("format"), self.facts.get("sounds")) != (FORMAT, sounds_known()):
            self.close()
            raise IndexBroken(
                f"{path} was written by another version; build it anew with `disclosure reload`"
            )
        self.version = self.facts["version"].decode()
        self.size = int(self.facts["entries"])
        self.norms = length_norms(np.frombuffer(self.facts.pop("lengths"), "<u4"))

    def close(self) -> None:
        """No question can be asked after it."""
        self._connection.close()

    def __del__(self) -> None:
        """An index that was replaced is closed when its last question has ended and it is forgotten."""
        if hasattr(self, "_connection"):
            self.close()

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time: Python answers one question at a time anyway."""
        with self._lock:
            yield self._connection

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of one query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def query_among(self, sql: str, among: Iterable[int | str]) -> list[Any]:
        """All rows of a query whose one value is a list, `… in (select value from json_each(?))`."""
        return self.query(sql, [json.dumps(list(among))])


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
