"""Who has a message or an errand in hand, so that a restart takes over at once what was in dead hands.

    <id of the home>/<id of one opening of the ledger>

The id of the home stands in its file `instance`: a restarted container is known for the one before, and two
containers of one host name are not taken for each other.  Whether a holder of the same home is alive is told
by the lock on its own file in `holders/`, which the kernel lets go of however the process ends; it also holds
where containers share the folder, whose process numbers mean nothing to each other.  Of another home nothing
is known: what it has in hand becomes free when its lease ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import secrets
import threading
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

_INSTANCE, _HOLDERS = "instance", "holders"
_OPENING = re.compile(r"[0-9a-f]{16}")


class Holder:
    """One opening of a ledger by a program at home in a folder; None: at home nowhere, so nobody knows it."""

    def __init__(self, home: Path | None) -> None:
        self._home = home
        self._guard = threading.Lock()
        self._opening = secrets.token_hex(8)
        self._name = ""
        self._lock: int | None = None  # file descriptor

    @property
    def name(self) -> str:
        """What is written into the rows that it has in hand; from now on others can see that it lives."""
        with self._guard:
            if not self._name:
                self._name = f"{self._begin()}/{self._opening}"
            return self._name

    def is_gone(self, other: str) -> bool:
        """Whether the holder of this name was of the same home and has ended, however it ended."""
        instance, _, opening = other.partition("/")
        if self._home is None or opening == self._opening or not _OPENING.fullmatch(opening):
            return False
        try:
            return instance == _instance_of(self._home) and _is_free(self._home / _HOLDERS / opening)
        except OSError:
            return False

    def close(self) -> None:
        """It has nothing in hand any more, or will not finish it."""
        with self._guard:
            if self._lock is None or self._home is None:
                return
            with suppress(OSError):
                (self._home / _HOLDERS / self._opening).unlink()
            os.close(self._lock)
            self._lock = None

    def _begin(self) -> str:
        if self._home is not None:
            try:
                folder = self._home / _HOLDERS
                folder.mkdir(mode=0o700, exist_ok=True)
                self._lock = os.open(folder / self._opening, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
                fcntl.flock(self._lock, fcntl.LOCK_EX)
                return _instance_of(self._home)
            except OSError as error:
                logger.warning("holder.unknown error=%s", type(error).__name__)
        return secrets.token_hex(8)  # nobody's home: leases must do


def _instance_of(home: Path) -> str:
    """The id of a home; made at the first use.

    A copy of the folder is another home: the file's number on the disk is part of it.
    """
    descriptor = os.open(home / _INSTANCE, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two programs may start at once
        written = file.read().strip()
        if not written:
            written = secrets.token_hex(8)
            file.write(f"{written}\n")
        number = os.fstat(file.fileno()).st_ino
    return hashlib.sha256(f"{written} {number}".encode()).hexdigest()[:16]


def _is_free(path: Path) -> bool:
    """Whether nobody holds the lock of a holder; its file, which nobody needs then, is removed."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True  # it ended well
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
