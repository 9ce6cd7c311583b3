"""Errands: done beside the turns, once, whoever is there; a crash or a fault loses none."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.dialogue import errands
from bot.dialogue.doing import Ending, Reading
from bot.dialogue.errands import Errand, ErrandKind
from bot.dialogue.tables import errands as table
from bot.jobs import worker as module
from bot.jobs.worker import Errands
from bot.ledger.ledger import Ledger
from bot.mailbox.outbox import Outbox
from bot.messages import Address, Outgoing

from .dialogue_for_tests import START, SteppingClock, open_ledger, saying

ADMIN = Address("terminal", "admin")


class Doer:
    """Notes what it does, and says so at the end."""

    def __init__(self, work: Callable[[Errand], None] = lambda errand: None) -> None:
        self.done: list[str] = []
        self._work = work

    def do(self, errand: Errand, reading: Reading, now: datetime) -> Ending:
        self._work(errand)
        self.done.append(errand.kind.value)
        return lambda connection, now: self._tell(f"did {errand.kind.value}")

    def give_up(self, errand: Errand) -> Ending:
        return lambda connection, now: self._tell(f"gave up {errand.kind.value}")

    def _tell(self, text: str) -> Sequence[Outgoing]:
        return [saying(ADMIN, text)]


def leave(ledger: Ledger, *kinds: ErrandKind, now: datetime = START) -> None:
    with ledger.transaction() as connection:
        for kind in kinds:
            errands.leave(connection, now, kind, person="terminal:admin", address=str(ADMIN))


def told(ledger: Ledger, clock: SteppingClock) -> list[str]:
    outbox, found = Outbox(ledger, "terminal", clock), []
    while letters := outbox.claim(1).letters:
        found.append(letters[0].outgoing.text)
        outbox.sent(letters[0], "1")
    return found


def test_done_in_order_and_told(tmp_path: Path) -> None:
    """The oldest first; the same that nobody has begun yet is done once."""
    with open_ledger(tmp_path) as ledger:
        doer, clock = Doer(), SteppingClock()
        leave(ledger, ErrandKind.RELOAD, ErrandKind.CHECK, ErrandKind.RELOAD)
        assert Errands(ledger, doer, clock).do_all() == 2
        assert doer.done == ["reload", "check"]
        assert told(ledger, clock) == ["did reload", "did check"]


def test_others_write_meanwhile(tmp_path: Path) -> None:
    """The work holds no transaction."""
    with open_ledger(tmp_path) as ledger, open_ledger(tmp_path) as other:
        leave(ledger, ErrandKind.RELOAD)

        def write(errand: Errand) -> None:
            if errand.kind is ErrandKind.RELOAD:
                leave(other, ErrandKind.CHECK)

        doer = Doer(write)
        assert Errands(ledger, doer, SteppingClock()).do_all() == 2
        assert doer.done == ["reload", "check"]


def test_two_programs_do_it_once(tmp_path: Path) -> None:
    """While one is at it, another finds nothing to do; after its lease it is taken for dead."""
    with open_ledger(tmp_path) as ledger:
        clock, second = SteppingClock(), Doer()
        leave(ledger, ErrandKind.RELOAD)

        def meanwhile(errand: Errand) -> None:
            assert Errands(ledger, second, clock).do_all() == 0
            clock.step(errands.LEASE.total_seconds() + 1)
            assert Errands(ledger, second, clock).do_all() == 1

        Errands(ledger, Doer(meanwhile), clock).do_all()
        assert second.done == ["reload"]
        assert told(ledger, clock) == ["did reload"]  # the first one's claim has run out: it says nothing


def test_fault_is_tried_again_and_then_told(tmp_path: Path) -> None:
    """Three times; then the person hears that it could not be done, and the next errand goes on."""
    attempts: list[int] = []

    def failing(errand: Errand) -> None:
        if errand.kind is ErrandKind.RELOAD:
            attempts.append(errand.attempts)
            raise OSError("disk full")

    with open_ledger(tmp_path) as ledger:
        clock = SteppingClock()
        leave(ledger, ErrandKind.RELOAD, ErrandKind.CHECK)
        Errands(ledger, Doer(failing), clock).do_all()
        assert attempts == [1, 2, 3]
        assert told(ledger, clock) == ["gave up reload", "did check"]
        with ledger.reading() as connection:
            assert connection.execute(sa.select(table.c.error).order_by(table.c.id)).scalars().all() == [
                "OSError",
                None,
            ]


def test_ending_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """What is recorded and what is said are one transaction with the errand's end."""

    class HalfWay(Doer):
        def do(self, errand: Errand, reading: Reading, now: datetime) -> Ending:
            self.done.append(errand.kind.value)

            def ending(connection: Connection, now: datetime) -> Sequence[Outgoing]:
                if errand.kind is ErrandKind.RELOAD:
                    errands.leave(connection, now, ErrandKind.PICTURE, argument=str(errand.attempts))
                if len(self.done) == 1:
                    raise RuntimeError("half way")
                return self._tell("did it")

            return ending

    with open_ledger(tmp_path) as ledger:
        clock = SteppingClock()
        leave(ledger, ErrandKind.RELOAD)
        Errands(ledger, HalfWay(), clock).do_all()
        with ledger.reading() as connection:
            left = connection.execute(sa.select(table.c.kind, table.c.argument).order_by(table.c.id)).all()
        assert [tuple(row) for row in left] == [("reload", ""), ("picture", "2")]


async def test_service_does_what_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`run` looks again and again, and survives trouble with the database."""
    monkeypatch.setattr(module, "EVERY", 0.01)
    troubles = [OSError("no database")]
    with open_ledger(tmp_path) as ledger:
        doer = Doer()
        running = Errands(ledger, doer, SteppingClock())
        take = running._take

        def troubled() -> Errand | None:
            if troubles:
                raise troubles.pop()
            return take()

        monkeypatch.setattr(running, "_take", troubled)
        leave(ledger, ErrandKind.RELOAD)
        task = asyncio.create_task(running.run())
        for _ in range(300):
            await asyncio.sleep(0.01)
            if doer.done:
                break
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert (doer.done, troubles) == (["reload"], [])


_KILLED = """
import sys, time
from pathlib import Path
from bot.jobs.worker import Errands
from tests.channels.dialogue_for_tests import open_ledger
from tests.channels.test_errands import Doer
from datetime import UTC, datetime

def work(errand):
    print("at work", flush=True)
    time.sleep(60)

with open_ledger(Path(sys.argv[1])) as ledger:
    Errands(ledger, Doer(work), lambda: datetime.now(UTC)).do_all()
"""


def test_killed_at_work_is_done_by_the_next_start(tmp_path: Path) -> None:
    """kill -9 in the middle: the next program does not wait for the lease of a process that is gone."""
    with open_ledger(tmp_path) as ledger:
        now = datetime.now(START.tzinfo)
        leave(ledger, ErrandKind.RELOAD, now=now)
        root = Path(__file__).parents[2]
        victim = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert victim.stdout is not None
        assert victim.stdout.readline() == "at work\n"
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        victim.stdout.close()
        doer, clock = Doer(), SteppingClock(now + timedelta(seconds=1))
        started = time.monotonic()
        assert Errands(ledger, doer, clock).do_all() == 1
        assert time.monotonic() - started < 10
        assert told(ledger, clock) == ["did reload"]


def test_who_does_not_wait_leaves_it_to_the_other_thread(tmp_path: Path) -> None:
    """While somebody is answered, a build that another thread has begun is not waited for."""
    begun, may_end = threading.Event(), threading.Event()

    def work(errand: Errand) -> None:
        begun.set()
        assert may_end.wait(30)

    with open_ledger(tmp_path) as ledger:
        leave(ledger, ErrandKind.RELOAD)
        errands_ = Errands(ledger, Doer(work), SteppingClock())
        other = threading.Thread(target=errands_.do_all)
        other.start()
        assert begun.wait(30)
        assert errands_.do_all(waits=False) == 0
        may_end.set()
        other.join()
        leave(ledger, ErrandKind.CHECK)
        assert errands_.do_all(waits=False) == 1
