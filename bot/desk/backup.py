"""A copy of the ledger taken while the program runs, and the way back.

SQLite only: its online backup copies page by page and takes no lock that a writer would notice.  On
PostgreSQL the operator uses pg_dump.  A copy is proved (SQLite's own check, then the chain of events) before
it gets its name: a backup that cannot be restored is worse than none, because one relies on it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.desk import chain
from bot.ledger.ledger import Ledger, url_of

_OWNER_ONLY = 0o600
_BESIDE = ("-wal", "-shm")  # what SQLite keeps beside a file in use


class BackupError(Exception):
    """`reason`: `not_sqlite`, `exists`, `missing`, `damaged`, `in_use`, `key_exists`; `path`: of what."""

    def __init__(self, reason: str, path: Path | str) -> None:
        super().__init__(f"{reason}: {path}")
        self.reason = reason
        self.path = path


@dataclass(frozen=True)
class Backup:
    """What was copied: how many events the chain has, and whether the key file came along."""

    path: Path
    events: int
    with_key: bool


def back_up(place: sa.URL | str | Path, target: Path, key_file: Path | None = None) -> Backup:
    """Copy the ledger at `place` to the new file `target`; with `key_file`, that one to `target`.key.

    Raises BackupError; SQLAlchemyError when the ledger cannot be opened, ChainBroken when it is not whole.
    """
    source = _file_of(place)
    if not source.exists():
        raise BackupError("missing", source)
    if target.exists():
        raise BackupError("exists", target)
    draft = target.with_name(f"{target.name}.part")
    _copy(source, draft)
    events = _prove(draft)
    draft.replace(target)
    if key_file is not None:
        _copy_key(key_file, _key_beside(target))
    return Backup(target, events, key_file is not None)


def restore(source: Path, place: sa.URL | str | Path, key_file: Path, *, force: bool = False) -> Backup:
    """Put the backup in the place of the ledger, and its key where none is.

    Without `force` nothing that exists is touched.  With it, the ledger that was there is kept beside as
    `*.before-restore`; it must not be in use.  Raises BackupError, ChainBroken.
    """
    target = _file_of(place)
    if not source.exists():
        raise BackupError("missing", source)
    if target.exists() and not force:
        raise BackupError("exists", target)
    key = _key_beside(source)
    with_key = key.exists()
    if with_key and not force and key_file.exists() and key_file.read_bytes() != key.read_bytes():
        raise BackupError("key_exists", key_file)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    _copy(source, draft)
    events = _prove(draft)
    if target.exists():
        _put_aside(target)
    draft.replace(target)
    if with_key:
        if key_file.exists():
            key_file.replace(_aside(key_file))
        _copy_key(key, key_file)
    return Backup(target, events, with_key)


def _file_of(place: sa.URL | str | Path) -> Path:
    parsed = url_of(place)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError("not_sqlite", parsed.render_as_string(hide_password=True))
    return Path(parsed.database)


def _copy(source: Path, target: Path) -> None:
    """Page by page, through SQLite; readable by the owner alone, for it holds what residents wrote."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in (target, *_beside(target)):
        path.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            found = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        target.unlink(missing_ok=True)
        raise BackupError("damaged", source) from error
    if found != ("ok",):
        target.unlink(missing_ok=True)
        raise BackupError("damaged", source)


def _prove(copy: Path) -> int:
    """The chain of the copy is whole; how many events it has.  A copy that fails is removed."""
    try:
        with (
            Ledger.open(sa.URL.create("sqlite", database=str(copy))) as ledger,
            ledger.reading() as connection,
        ):
            events = chain.verify(connection)
        with closing(sqlite3.connect(copy)) as plain:
            plain.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return events


def is_in_use(place: sa.URL | str | Path) -> bool:
    """Whether another program has the SQLite ledger open; False for a missing one and other databases."""
    parsed = url_of(place)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return False
    path = Path(parsed.database)
    return path.exists() and not _is_alone(path)


def _is_alone(target: Path) -> bool:
    """Only a connection that is alone may leave WAL: this is how a running program is noticed."""
    try:
        with closing(sqlite3.connect(target, timeout=1)) as old:
            mode = old.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = None
    except sqlite3.DatabaseError:
        mode = ("delete",)  # not a database any more: the reason for restoring
    return bool(mode == ("delete",))


def _put_aside(target: Path) -> None:
    if not _is_alone(target):
        raise BackupError("in_use", target)
    target.replace(_aside(target))
    for path in _beside(target):
        path.unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    """A free name for what gives way."""
    number = 1
    while (free := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    return free


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in _BESIDE]


def _key_beside(backup: Path) -> Path:
    return backup.with_name(f"{backup.name}.key")


def _copy_key(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _OWNER_ONLY), "wb") as file:
        file.write(source.read_bytes())
