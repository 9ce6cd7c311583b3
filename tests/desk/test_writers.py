"""The one writer of a SQLite ledger: whose turn it is among threads, and among programs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.ledger import writers
from bot.ledger.ledger import Ledger
from bot.ledger.writers import WriterQueue
from tests.ledgers import ledger_url, sqlite_only


def until(holds: Callable[[], bool]) -> None:
    """What another thread does next; fails after a while."""
    give_up_at = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.001)


def waiting(queue: WriterQueue) -> int:
    return len(queue._waiting)


def is_waited_for_by(queue: WriterQueue, count: int) -> bool:
    return waiting(queue) == count


def test_threads_write_in_the_order_in_which_they_asked() -> None:
    """And one that asks again at once, as a flooded worker does, comes after those who waited."""
    queue, served = WriterQueue(), list[str]()

    def write(name: str) -> None:
        with queue:
            served.append(name)

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(5)]
    with queue:
        for number, thread in enumerate(threads):
            thread.start()
            until(partial(is_waited_for_by, queue, number + 1))
    with queue:
        served.append("again")
    for thread in threads:
        thread.join(20)
    assert served == ["0", "1", "2", "3", "4", "again"]


def test_whoever_has_it_may_take_it_again() -> None:
    """Nobody gets it before the outermost block has ended."""
    queue, got = WriterQueue(), threading.Event()

    def write() -> None:
        with queue:
            got.set()

    with queue:
        with queue:
            thread = threading.Thread(target=write)
            thread.start()
            until(lambda: waiting(queue) == 1)
        assert not got.is_set()
    assert got.wait(20)


def is_longer(found: list[int], length: int) -> bool:
    return len(found) > length


@pytest.mark.parametrize("is_handed_over", [False, True])
def test_who_gives_up_waiting_holds_up_nobody(monkeypatch: pytest.MonkeyPatch, is_handed_over: bool) -> None:
    """Ctrl-C while waiting, also at the very moment at which the turn had come."""

    class Interrupted(Exception):
        pass

    class Turn:
        """A lock whose second `acquire`, the wait, is interrupted."""

        def __init__(self) -> None:
            self._lock = real()
            self._taken = False

        def acquire(self) -> None:
            if self._taken:
                if is_handed_over:
                    asked.set()
                    self._lock.acquire()
                raise Interrupted
            self._taken = self._lock.acquire()

        def release(self) -> None:
            self._lock.release()

    real, asked = threading.Lock, threading.Event()
    queue = WriterQueue()
    monkeypatch.setattr(writers, "threading", SimpleNamespace(Lock=Turn, get_ident=threading.get_ident))

    def give_up() -> None:
        with suppress(Interrupted), queue:
            raise AssertionError("interrupted before")

    with queue:
        thread = threading.Thread(target=give_up)
        thread.start()
        if is_handed_over:
            assert asked.wait(20)
        else:
            thread.join(20)
            assert waiting(queue) == 0
    thread.join(20)
    with queue:
        assert waiting(queue) == 0


@sqlite_only
def test_another_program_gets_its_turn(tmp_path: Path) -> None:
    """Beside one that writes all the time and leaves only the gap: within some of its transactions."""
    url, written, stopping = ledger_url(tmp_path), list[int](), threading.Event()

    def write_all_the_time(ledger: Ledger) -> None:
        while not stopping.is_set():
            with ledger.transaction():
                written.append(1)
                time.sleep(0.03)  # four turns
            time.sleep(writers.LET_PASS)

    # Two open ledgers know nothing of each other, as two programs do not.
    with Ledger.open(url) as busy, Ledger.open(url) as other:
        thread = threading.Thread(target=write_all_the_time, args=(busy,))
        thread.start()
        waited = []
        for _ in range(10):
            before = len(written)
            until(partial(is_longer, written, before))
            before += 1
            with other.transaction():
                waited.append(len(written) - before)
        stopping.set()
        thread.join(20)
    assert sum(waited) <= 20, waited
