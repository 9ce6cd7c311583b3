"""A sign of life for a watcher outside, against a real HTTP server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.jobs import heartbeat
from bot.jobs import scheduler as rounds
from bot.jobs.heartbeat import Beat, Heartbeat, beats
from bot.jobs.scheduler import Rounds
from bot.jobs.tables import heartbeats
from tests.fake_bot_api import FakeBotApi

from .dialogue_for_tests import START, open_ledger
from .telegram_for_tests import telegram


@dataclass
class Watcher:
    """Keeps what it is asked; answers with `status`, or not at all."""

    status: str = "200 OK"
    silent: bool = False
    port: int = 0
    calls: list[bytes] = field(default_factory=list)
    called_twice: asyncio.Event = field(default_factory=asyncio.Event)
    _lines: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ping/s3cret-word"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.append(writer)
        self.calls.append(await reader.readuntil(b"\r\n\r\n"))
        if len(self.calls) == 2:
            self.called_twice.set()
        if not self.silent:
            writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            writer.close()

    async def hang_up(self) -> None:
        """Close what is open, also where nothing was answered."""
        for line in self._lines:
            line.close()
            with suppress(OSError):
                await line.wait_closed()


@asynccontextmanager
async def watching(watcher: Watcher) -> AsyncIterator[Watcher]:
    server = await asyncio.start_server(watcher.answer, "127.0.0.1", 0)
    watcher.port = server.sockets[0].getsockname()[1]
    async with server:
        yield watcher
        await watcher.hang_up()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watcher of these tests is on this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


async def test_the_running_bot_calls_its_watcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round that succeeds while Telegram answers; nothing of anybody is sent along."""
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    async with watching(Watcher()) as watcher, FakeBotApi() as api:
        async with telegram(tmp_path, api, heartbeat_url=watcher.url):
            phone = api.phone(42)
            phone.types("低保")
            await phone.reads()
            async with asyncio.timeout(5):
                await watcher.called_twice.wait()
        called = len(watcher.calls)
        await asyncio.sleep(0.2)
        assert len(watcher.calls) == called  # stopped: this is what the watcher notices
    assert watcher.calls[0].startswith(b"GET /ping/s3cret-word HTTP/1.1\r\n")
    assert b"42" not in watcher.calls[0].replace(str(watcher.port).encode(), b"")
    with open_ledger(tmp_path) as ledger, ledger.reading() as connection:
        (beat,) = beats(connection)
    assert (beat.service, beat.trouble(beat.round_at)) == ("telegram", [])
    assert beat.trouble(beat.round_at + timedelta(minutes=6)) == ["round_is_late", "poll_is_late"]


async def test_no_call_while_telegram_is_silent(tmp_path: Path) -> None:
    """The rounds go on, but nobody can reach the bot: the watcher has to notice."""
    async with watching(Watcher()) as watcher:
        with open_ledger(tmp_path) as ledger:
            await Heartbeat(ledger, "telegram", lambda: START, lambda: None, watcher.url).beat()
            await Heartbeat(ledger, "telegram", lambda: START, lambda: 400.0, watcher.url).beat()
            with ledger.reading() as connection:
                assert beats(connection) == [Beat("telegram", START, START - timedelta(seconds=400))]
            assert watcher.calls == []
            await Heartbeat(ledger, "telegram", lambda: START, lambda: 3.0, watcher.url).beat()
            assert len(watcher.calls) == 1


@pytest.mark.parametrize("trouble", ["refuses", "hangs", "gone", "nonsense"])
async def test_a_bad_watcher_does_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Logged by kind, without the address, which only the watcher should know; the beat is written down."""
    monkeypatch.setattr(heartbeat, "_WATCHER_ANSWERS_WITHIN", 0.2)
    watcher = Watcher(status="500 Broken", silent=trouble == "hangs")
    if trouble == "nonsense":
        watcher.status = "\x00"
    with caplog.at_level(logging.INFO, "bot"), open_ledger(tmp_path) as ledger:
        async with watching(watcher):
            if trouble != "gone":
                await Heartbeat(ledger, "telegram", lambda: START, lambda: 1.0, watcher.url).beat()
        if trouble == "gone":
            await Heartbeat(ledger, "telegram", lambda: START, lambda: 1.0, watcher.url).beat()
        with ledger.reading() as connection:
            assert len(beats(connection)) == 1
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.jobs.heartbeat"]
    assert len(lines) == 1
    assert lines[0].startswith(("heartbeat_failed error=", "heartbeat_refused status=500"))
    assert "s3cret" not in lines[0]


async def test_a_failed_round_is_no_sign_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that cannot be written must be noticed outside."""
    monkeypatch.setattr(rounds, "EVERY", 0.01)
    made = []

    async def beat() -> None:
        made.append(1)

    def failing(connection: sa.Connection, now: object) -> tuple[()]:
        raise OSError("disk full")

    with open_ledger(tmp_path) as ledger:
        task = asyncio.create_task(Rounds(ledger, failing, lambda: START, beat).run())
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with ledger.reading() as connection:
            assert connection.execute(sa.select(heartbeats)).all() == []
    assert made == []
