"""Rounds: what is due goes through the outbox, once, whoever makes the round."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.dialogue import reminders
from bot.jobs import scheduler as rounds
from bot.jobs.scheduler import Rounds
from bot.mailbox.outbox import Outbox
from bot.messages import Address, Outgoing

from .dialogue_for_tests import SteppingClock, open_ledger, saying

CLERK = Address("terminal", "staff")


def one_reminder(connection: Connection, now: datetime) -> Sequence[Outgoing]:
    """Due once."""
    if reminders.make(connection, now, key="a", subject="2026-0001", kind="soon") is None:
        return ()
    return (saying(CLERK, "five days left"),)


def test_two_programs_remind_once(tmp_path: Path) -> None:
    """The second program's round finds it said; the message waits in the outbox."""
    with open_ledger(tmp_path) as ledger:
        clock = SteppingClock()
        assert [Rounds(ledger, one_reminder, clock).make() for _ in range(2)] == [1, 0]
        letters = Outbox(ledger, "terminal", clock).claim(5).letters
        assert [letter.outgoing.text for letter in letters] == ["five days left"]


def test_at_most_once_a_minute(tmp_path: Path) -> None:
    """A loop that looks twice a second makes a round a minute."""
    with open_ledger(tmp_path) as ledger:
        made = Rounds(ledger, lambda connection, now: (saying(CLERK, "x"),), SteppingClock())
        assert [made.make_when_due() for _ in range(3)] == [1, 0, 0]


async def test_failed_round_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error leaves no reminder recorded, and the next round makes it."""
    monkeypatch.setattr(rounds, "EVERY", 0.01)
    failures = [OSError("no database")]

    def failing_once(connection: Connection, now: datetime) -> Sequence[Outgoing]:
        messages = one_reminder(connection, now)
        if failures:
            raise failures.pop()
        return messages

    with open_ledger(tmp_path) as ledger:
        clock = SteppingClock()
        task = asyncio.create_task(Rounds(ledger, failing_once, clock).run())
        letters: tuple[object, ...] = ()
        for _ in range(300):
            await asyncio.sleep(0.01)
            letters = letters or Outbox(ledger, "terminal", clock).claim(5).letters
            if letters:
                break
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert len(letters) == 1
