"""Readings are kept by what is in the file: only what has changed is read again.

    with Readings(home / "readings.db") as readings:
        read_folder(folder, office, read=readings.read)

A file is noted before it is tried.  If the whole program died over it, the note is still there at the next
start, and the file is refused instead of killing the program again: the index before serves on.

A file that was not read in time because the machine was busy is refused, and tried again whenever the folder
is read next.

What is kept is derived and can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self

import knowledge
from knowledge.documents.bounded import BoundedReader, Bounds, check_file
from knowledge.documents.document import Document
from knowledge.documents.refusal import refusal, unavailable
from knowledge.documents.stored import packed, unpacked

_POSTPONED = "postponed"
_KEPT = timedelta(days=120)  # after the last use
_TABLE = """
CREATE TABLE IF NOT EXISTS reading (
    key TEXT PRIMARY KEY,      -- of the content, the kind and the readers
    content BLOB,              -- what the child answered, packed; NULL while it is being tried
    tried_by TEXT NOT NULL,    -- the process that tries or tried it; `postponed` where the machine was busy
    used_on TEXT NOT NULL      -- day
)
"""


class Readings:
    """Reads each file once.  Usable from several threads; several programs may share the file."""

    def __init__(
        self,
        kept: Path | None = None,
        bounds: Bounds | None = None,
        *,
        begins: Callable[[str], None] | None = None,
    ) -> None:
        """`kept` is where they are kept, None = nowhere.  `begins` is told each file that is really read."""
        self._reader = BoundedReader(bounds)
        self._begins = begins or (lambda source: None)
        self._kept = kept
        self._lock = threading.Lock()
        self._used: set[str] = set()
        self._store = _opened(kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; forget what nobody has used for long."""
        self._reader.close()
        day = datetime.now(UTC).date()
        with contextlib.suppress(sqlite3.Error), self._store:
            self._store.executemany(
                "UPDATE reading SET used_on = ? WHERE key = ?", [(str(day), key) for key in self._used]
            )
            self._store.execute("DELETE FROM reading WHERE used_on < ?", (str(day - _KEPT),))
        self._store.close()

    def read(self, path: Path, source: str) -> Document:
        """The document at `path`, under the name `source`.  Raises SourceError."""
        check_file(path, source, self._reader.bounds)
        try:
            key = _key(path)
        except OSError as error:
            raise unavailable(source, "文件打不开", "能正常打开的文件") from error
        with self._lock:
            return self._known(key, source) or self._tried(key, path, source)

    def forget_refusals(self) -> None:
        """Try again what was refused: a better machine, a wider bound."""
        refused = packed(refusal("", ""))[:10]
        with self._store:
            rows = self._store.execute("SELECT key, content FROM reading").fetchall()
            keys = [
                (key,) for key, content in rows if not content or zlib.decompress(content)[:10] == refused
            ]
            self._store.executemany("DELETE FROM reading WHERE key = ?", keys)

    def take_postponed(self) -> bool:
        """Whether files wait to be tried again; asked a second time without a try in between, none does."""
        with self._store:
            done = self._store.execute("DELETE FROM reading WHERE tried_by = ?", (_POSTPONED,))
        return done.rowcount > 0

    def _known(self, key: str, source: str) -> Document | None:
        found = self._store.execute("SELECT content, tried_by FROM reading WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        content, tried_by = found
        if tried_by == _POSTPONED:
            return None
        if content is not None:
            self._used.add(key)
            return unpacked(zlib.decompress(content), source)
        if tried_by != _who() and _is_alive(tried_by):
            return None  # another program reads it just now
        raise refusal(
            source, "上次读它时整个程序中断了，没有再读", "拆成几个文件；要再试一次：disclosure check --again"
        )

    def _tried(self, key: str, path: Path, source: str) -> Document:
        self._note(key, None)
        self._begins(source)
        try:
            answer = self._reader.answer(path, source)
        except BaseException:  # Ctrl-C says nothing about the file
            self._forget(key)
            raise
        if answer.is_kept:
            by = _POSTPONED if answer.is_postponed else _who()
            self._note(key, zlib.compress(answer.content, 3), by)
        else:
            self._forget(key)
        return answer.document(source)

    def _note(self, key: str, content: bytes | None, by: str = "") -> None:
        day = str(datetime.now(UTC).date())
        with self._store:
            self._store.execute("REPLACE INTO reading VALUES (?, ?, ?, ?)", (key, content, by or _who(), day))

    def _forget(self, key: str) -> None:
        with self._store:
            self._store.execute("DELETE FROM reading WHERE key = ?", (key,))


def _opened(kept: Path | None) -> sqlite3.Connection:
    """The store; a damaged one is begun anew."""
    place = ":memory:" if kept is None else str(kept)
    for _ in range(2):
        store = sqlite3.connect(place, timeout=30, check_same_thread=False)
        try:
            store.execute("PRAGMA journal_mode = WAL")
            store.execute("PRAGMA synchronous = NORMAL")  # must outlive this program, not the machine
            store.execute(_TABLE)
            store.execute("SELECT key, content, tried_by, used_on FROM reading LIMIT 1").fetchone()
        except sqlite3.DatabaseError:
            store.close()
            if kept is not None:
                for end in ("", "-wal", "-shm"):
                    kept.with_name(kept.name + end).unlink(missing_ok=True)
        else:
            return store
    return sqlite3.connect(":memory:", check_same_thread=False)


def _key(path: Path) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{content}{path.suffix.lower()}:{version_of_readers()}"


@cache
def version_of_readers() -> str:
    """Changes with the code that reads, so that nobody has to count versions."""
    return version_of_code("documents", "text", "errors.py")


def version_of_code(*rooms: str, of: Path = Path(knowledge.__file__).parent) -> str:
    """Sixteen digits that change with the code in `rooms`: packages and files of the package `of`."""
    files = [path for room in rooms for path in (sorted((of / room).rglob("*.py")) or [of / room])]
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(of)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _who() -> str:
    """This process, told apart from a later one with the same number."""
    return f"{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    try:
        return (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="ascii", errors="replace")
            .rpartition(")")[2]
            .split()[19]
        )
    except (OSError, IndexError):
        return ""


def _is_alive(who: str) -> bool:
    pid, _, started = who.partition(":")
    try:
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return False
    return _started(int(pid)) == started
