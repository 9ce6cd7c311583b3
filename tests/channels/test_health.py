"""Whether the service is well, as a watcher reads it over HTTP."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bot.channels.health import Health
from bot.channels.logs import JsonLines
from bot.mailbox.outbox import enqueue
from bot.messages import Address

from .dialogue_for_tests import START, open_ledger, saying
from .telegram_for_tests import telegram


async def test_pages(tmp_path: Path) -> None:
    """Alive at once; ready when polls are answered and the index has entries; the figures add up."""
    ages: list[float | None] = [None]
    with open_ledger(tmp_path) as ledger:
        with ledger.transaction() as connection:
            enqueue(connection, saying(Address("telegram", "42"), "机密"), START)
        health = Health(ledger, lambda: START + timedelta(seconds=7), lambda: ages[0], lambda: ("v12", 345))
        port = await health.start(0)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as watcher:
                assert (await watcher.get("/health")).text == "alive\n"
                early = await watcher.get("/ready")
                assert (early.status_code, early.json()["trouble"]) == (503, ["poll_is_late"])
                ages[0] = 3.5
                ready = await watcher.get("/ready")
                assert (ready.status_code, ready.json()) == (
                    200,
                    {"trouble": [], "index": "v12", "outbox_age": 7.0},
                )
                metrics = (await watcher.get("/metrics")).text
                assert (await watcher.get("/secrets")).status_code == 404
        finally:
            await health.stop()
    lines = metrics.splitlines()
    assert 'disclosure_outbox{status="waiting"} 1' in lines
    assert "disclosure_outbox_oldest_seconds 7.000" in lines
    assert "disclosure_poll_age_seconds 3.500" in lines
    assert 'disclosure_index_entries{version="v12"} 345' in lines
    assert "机密" not in metrics


async def test_polling_is_seen(tmp_path: Path) -> None:
    """The channel knows when Telegram last answered."""
    from tests.fake_bot_api import FakeBotApi

    async with FakeBotApi() as api, telegram(tmp_path, api) as channel:
        phone = api.phone(42)
        phone.types("低保")
        await phone.reads()
        age = channel.poll_age()
        assert age is not None
        assert 0 <= age < 5


def test_log_lines_are_json() -> None:
    """What happened and its values become fields; a sentence of another package stays whole."""

    def line(text: str, *args: object) -> dict[str, str]:
        record = logging.LogRecord("bot.x", logging.INFO, "", 0, text, args, None)
        record.created = datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp()
        found: dict[str, str] = json.loads(JsonLines().format(record))
        return found

    common = {"at": "2026-11-24T08:00:00.000+00:00", "level": "INFO", "logger": "bot.x"}
    turn = {"what": "turn", "event": "answer_found", "outcome": "answer"}
    assert line("turn event=%s outcome=%s", "answer_found", "answer") == common | turn
    assert line("Application started") == {**common, "message": "Application started"}
    assert line("telegram_stopped") == {**common, "what": "telegram_stopped"}
