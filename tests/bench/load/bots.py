"""A bot in a process of its own: `python -m tests.bench.load.bots ours|ours-unpaced|echo`.

Settings come from the environment, as for `disclosure run`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.channels.telegram import channel_of, run_telegram
from bot.channels.telegram.discretion import be_discreet
from bot.mailbox.pace import UNPACED
from bot.program import Program
from bot.settings import load_settings


def ours() -> int:
    """As `disclosure run` starts it."""
    with Program.open(load_settings()) as program:
        return run_telegram(program)


def ours_unpaced() -> int:
    """The same without Telegram's pace of sending, to see where it ends."""
    settings = load_settings()
    be_discreet(settings.telegram_token.get_secret_value())
    with Program.open(settings) as program:
        return asyncio.run(_serve(program))


async def _serve(program: Program) -> int:
    channel = channel_of(program, UNPACED)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, channel.ask_to_stop)
    try:
        await channel.start()
        return await channel.finished()
    finally:
        await channel.stop()


def echo() -> int:
    """The least that a bot can do with python-telegram-bot: no ledger, no dialogue, its own defaults."""
    application = (
        ApplicationBuilder()
        .token(os.environ["DISCLOSURE_TELEGRAM_TOKEN"])
        .base_url(f"{os.environ['DISCLOSURE_TELEGRAM_BASE_URL']}/bot")
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _repeat))
    application.run_polling()
    return 0


async def _repeat(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message is not None
    await message.reply_text(message.text or "")


BOTS = {"ours": ours, "ours-unpaced": ours_unpaced, "echo": echo}

if __name__ == "__main__":
    sys.exit(BOTS[sys.argv[1]]())
