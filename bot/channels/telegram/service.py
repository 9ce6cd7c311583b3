"""`disclosure run`: the Telegram channel until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from bot.channels.courtesy import Courtesy
from bot.channels.group_words import GroupWords
from bot.channels.health import Health
from bot.mailbox.pace import TELEGRAM_PACE, Pace

from .alone import NotAlone, alone
from .channel import TelegramChannel, TokenRefused
from .discretion import be_discreet

if TYPE_CHECKING:
    from bot.program import Program

WRONG_SETTING = 2
NOT_ALONE = 3  # a restart would find the other one again


class Beside(Protocol):
    """Another channel of the same program, served as long as this one."""

    async def start(self) -> object:
        """Raises OSError when it cannot listen."""

    async def stop(self) -> None:
        """Finish what is in hand."""


def run_telegram(program: Program, beside: Sequence[Beside] = ()) -> int:
    """Serve until SIGTERM or SIGINT; the exit code (0 stopped, 1 died, 2 wrong setting, 3 not alone)."""
    token = program.settings.telegram_token.get_secret_value()
    if not token:
        return _leave(
            "telegram_token (DISCLOSURE_TELEGRAM_TOKEN) is not set; @BotFather on Telegram gives you one. "
            "Without a token, try `disclosure chat`."
        )
    be_discreet(token)
    try:
        with alone(program.settings.home, token):
            return asyncio.run(_serve(program, beside))
    except NotAlone as error:
        return _leave(f"{error}. That one goes on; this one stops.", NOT_ALONE)


def channel_of(program: Program, pace: Pace = TELEGRAM_PACE) -> TelegramChannel:
    """The Telegram channel with the program's dialogue behind it, not started."""
    courtesy = Courtesy(program.words, program.settings)
    return TelegramChannel(
        program.settings_in_force(),
        program.ledger,
        program.conversation,
        courtesy.apology,
        clock=lambda: datetime.now(UTC),
        group_words=GroupWords(program.words, program.settings, program.conversation.topic_title),
        notices=lambda letter: courtesy.undelivered(program.ledger, letter),
        unasked=program.jobs,
        offers=program.conversation.offers,
        doer=program.conversation,
        wants_file=program.conversation.wants_file,
        pace=pace,
    )


async def _serve(program: Program, beside: Sequence[Beside]) -> int:
    channel = channel_of(program)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, channel.ask_to_stop)
    health = health_of(program, channel)
    try:
        if program.settings.health_port:
            await health.start(program.settings.health_port)
        for other in beside:
            await other.start()
        await channel.start()
        return await channel.finished()
    except TokenRefused:
        return _leave("telegram_token (DISCLOSURE_TELEGRAM_TOKEN): Telegram does not know this token.")
    except OSError as error:
        return _leave(f"webhook_port, health_port or web_port: cannot listen there ({error.strerror}).")
    finally:
        for other in beside:
            await other.stop()
        await channel.stop()
        await health.stop()


def health_of(program: Program, channel: TelegramChannel) -> Health:
    """The pages for whoever watches the service, not started."""
    return Health(
        program.ledger,
        lambda: datetime.now(UTC),
        channel.poll_age,
        lambda: (program.base.version, program.base.size),
    )


def _leave(message: str, code: int = WRONG_SETTING) -> int:
    sys.stderr.write(f"{message}\n")
    return code
