"""A Telegram channel of ours, connected to the fake server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.channels.group_words import GroupWords, Title, no_title
from bot.channels.telegram import TelegramChannel, channel_of
from bot.dialogue.words import Words
from bot.mailbox.delivery import Notices, no_notices
from bot.mailbox.inbox import Apology, Handler
from bot.mailbox.pace import UNPACED, Pace
from bot.program import Program
from bot.settings import Settings
from tests.fake_bot_api import TOKEN, FakeBotApi
from tests.ledgers import ledger_url

from .dialogue_for_tests import Repeater, apologise, open_ledger

WORDS = Words.load()


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
    title: Title = no_title,
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
            group_words=GroupWords(WORDS, settings_for(home, api, **settings), title),
            notices=notices,
            pace=pace,
            poll_seconds=5,
        )
        try:
            await channel.start()
            yield channel
        finally:
            await channel.stop()


@asynccontextmanager
async def program(
    home: Path, ledger: Path, api: FakeBotApi, pace: Pace = UNPACED, **more: Any
) -> AsyncIterator[TelegramChannel]:
    """The whole program: the index in `home`, its ledger in the folder `ledger`, the real dialogue."""
    settings = Settings(
        home=home,
        ledger_url=ledger_url(ledger),
        telegram_token=SecretStr(TOKEN),
        telegram_base_url=api.base_url,
        identity_on_chat=("telegram",),  # the longer form
        **more,
    )
    with Program.open(settings) as opened:
        channel = channel_of(opened, pace)
        try:
            await channel.start()
            yield channel
        finally:
            await channel.stop()
