"""Who writes next to a ledger of SQLite, which takes one writer at a time.

Left alone, SQLite lets whoever finds it busy look again, with naps of up to 100 ms: a thread that writes all
the time is back before anybody has looked, and others wait for seconds.  So

- threads of one process queue (`WriterQueue`): the lock is handed to whoever has waited longest;
- programs on one ledger look again often (`begin`), and whoever has much to write leaves a gap between its
  transactions that is longer than a nap (`LET_PASS`).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from types import TracebackType
from typing import Any

from sqlalchemy import Connection

LET_PASS = 0.003  # seconds
_NAP = 0.001


class WriterQueue:
    """A lock that threads get in the order in which they asked; whoever has it may take it again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()  # of the three below; never held while waiting
        self._owner: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner in (None, me):
                self._owner = me
                self._depth += 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append((me, turn))
        try:
            turn.acquire()  # released by whoever hands over
        except BaseException:  # Ctrl-C
            self._leave(me, turn)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._depth -= 1
            if not self._depth:
                self._hand_over()

    def _hand_over(self) -> None:
        """Nobody else can come between: the lock is never free while somebody waits."""
        self._owner = None
        if self._waiting:
            self._owner, turn = self._waiting.popleft()
            self._depth = 1
            turn.release()

    def _leave(self, me: int, turn: threading.Lock) -> None:
        with self._guard:
            if (me, turn) in self._waiting:
                self._waiting.remove((me, turn))
            else:  # it was handed over at this very moment
                self._depth = 0
                self._hand_over()


def begin(connection: Connection, seconds: float) -> None:
    """BEGIN IMMEDIATE, waiting so long for other programs.  Raises sqlalchemy.exc.OperationalError."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0").close()
    try:
        if not _has_begun(driver, time.monotonic() + seconds):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}").close()


def _has_begun(driver: Any, give_up_at: float) -> bool:
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE").close()
            return True
        except sqlite3.Error as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up_at:
                return False
        time.sleep(_NAP)
