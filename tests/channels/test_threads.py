"""Whoever stops waits for the threads that are at work in the ledger."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.mailbox.outbox import Outbox
from bot.threads import to_its_end
from tests.fake_bot_api import FakeBotApi

from .telegram_for_tests import telegram


async def test_cancelled_ends_when_its_thread_has() -> None:
    """The thread is not left behind, and what it raises then disturbs nobody."""
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(20)
        ended.set()
        raise ValueError("too late")

    working = asyncio.create_task(to_its_end(work))
    await asyncio.to_thread(began.wait, 20)
    working.cancel()
    await asyncio.sleep(0.05)
    assert not working.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended.is_set()


async def test_who_cannot_wait_any_longer_goes() -> None:
    """Cancelled twice: a service must end in time, whatever a thread does."""
    began, may_end = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(20)

    working = asyncio.create_task(to_its_end(work))
    await asyncio.to_thread(began.wait, 20)
    for _ in range(2):
        working.cancel()
        await asyncio.sleep(0.05)
    assert working.cancelled()
    may_end.set()


async def test_stopped_channel_leaves_nobody_in_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that is under way when the service is told to stop has ended before the ledger is closed."""
    claim, under_way, began = Outbox.claim, list[int](), threading.Event()

    def slow(self: Outbox, *what: Any, **how: Any) -> Any:
        under_way.append(1)
        began.set()
        threading.Event().wait(0.5)
        try:
            return claim(self, *what, **how)
        finally:
            under_way.pop()

    async with FakeBotApi() as api, telegram(tmp_path, api) as channel:
        monkeypatch.setattr(Outbox, "claim", slow)
        await asyncio.to_thread(began.wait, 20)
        await channel.stop()
        assert under_way == []
