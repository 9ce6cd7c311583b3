"""A Telegram channel of ours, connected to the fake server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.channels.mailbox import UNPACED, Handler, Pace
from bot.channels.mailbox.delivery import Notices, no_notices
from bot.channels.mailbox.inbox import Apology
from bot.channels.telegram import TelegramChannel
from bot.settings import Settings
from tests.fake_bot_api import TOKEN, FakeBotApi

from .dialogue_for_tests import Repeater, apologise, open_ledger


def settings_for(home: Path, api: FakeBotApi, **more: Any) -> Settings:
    return Settings(
        home=home, telegram_token=SecretStr(TOKEN), telegram_base_url=api.base_url, knowledge=home, **more
    )


@asynccontextmanager
async def telegram(
    home: Path,
    api: FakeBotApi,
    handler: Handler | None = None,
    apology: Apology = apologise,
    notices: Notices = no_notices,
    pace: Pace = UNPACED,
    **settings: Any,
) -> AsyncIterator[TelegramChannel]:
    """The channel, started; stopped at the end."""
    with open_ledger(home) as ledger:
        channel = TelegramChannel(
            settings_for(home, api, **settings),
            ledger,
            handler or Repeater(),
            apology,
            clock=lambda: datetime.now(UTC),
            notices=notices,
            pace=pace,
            poll_seconds=5,
        )
        try:
            await channel.start()
            yield channel
        finally:
            await channel.stop()
