"""The service ends in time, whatever Telegram does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.channels.telegram import TelegramChannel
from bot.mailbox.tables import outbox
from tests.fake_bot_api import FakeBotApi, Fault, Kind

from .dialogue_for_tests import open_ledger
from .telegram_for_tests import telegram

SILENT = Fault(Kind.DELAY, seconds=60)


def states(home: Path) -> list[str]:
    with open_ledger(home) as ledger, ledger.reading() as connection:
        return list(connection.scalars(sa.select(outbox.c.status)))


async def test_stop_with_telegram_away(tmp_path: Path) -> None:
    """Telegram takes connections and says nothing: the service still ends in time, and what was not sent
    stays."""
    async with FakeBotApi() as api, telegram(tmp_path, api) as channel:
        phone = api.phone(42)
        phone.types("五保")
        await phone.reads()
        api.faults.plan("getUpdates", SILENT, range(2, 50))  # the next one brings what is typed now
        api.faults.plan("sendMessage", SILENT, range(1, 50))
        api.faults.plan("answerCallbackQuery", SILENT, range(1, 50))
        phone.types("低保")
        phone.press_data("x", {"message_id": 1, "date": 0, "chat": phone.chat.as_object()})
        for _ in range(200):
            if len(api.called("sendMessage")) == 2:
                break
            await asyncio.sleep(0.05)
        async with asyncio.timeout(15):
            await channel.stop()
    assert states(tmp_path)[1] in ("sending", "waiting")


async def test_stop_while_starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram answers getMe and then nothing: whoever asks to stop does not wait for the menus."""
    start = TelegramChannel.start

    async def stopped_soon(self: TelegramChannel) -> None:
        asyncio.get_running_loop().call_later(0.5, self.ask_to_stop)
        await start(self)

    monkeypatch.setattr(TelegramChannel, "start", stopped_soon)
    async with FakeBotApi() as api, asyncio.timeout(15):
        api.faults.plan("setMyCommands", SILENT, range(1, 50))
        async with telegram(tmp_path, api) as channel:
            assert await channel.finished() == 0
    assert api.called("getUpdates") == []
