"""Files that people send: fetched only when a form of theirs takes one, after the update is stored.

    update stored ─▶ its turn comes ─▶ the dialogue wants the file ─▶ "fetching", its chat waits
        ─▶ getFile, download ─┬─ content ─▶ into the stored update ─▶ handled like any
                              ├─ too big, refused ─▶ its trouble instead: a sentence, nothing else is lost
                              └─ no network ─▶ again, backing off; after some minutes it is its trouble

A program killed in between finds the update as "fetching" and begins anew: Telegram keeps the file.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.mailbox.inbox import Inbox
from bot.messages import SentFile, Trouble

from .incoming import CHANNEL

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
_LOOK_EVERY = 0.3  # seconds
_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)  # between attempts: two minutes in all
_LONGEST_DOWNLOAD = 60.0


class Fetching:
    """`run` until cancelled."""

    def __init__(self, bot: Bot, inbox: Inbox, most: int, ring: Callable[[], None]) -> None:
        """`most` bytes of one file; `ring` is called when an update can be handled."""
        self._bot, self._inbox, self._most, self._ring = bot, inbox, most, ring
        self._failed: dict[int, tuple[int, float]] = {}  # update -> attempts, when the next may begin

    async def run(self) -> None:
        while True:
            try:
                for update_id, file in await asyncio.to_thread(self._inbox.to_fetch, CHANNEL):
                    await self._bring(update_id, file)
            except Exception as error:
                logger.error("fetching_stopped error=%s", type(error).__name__)
            await asyncio.sleep(_LOOK_EVERY)

    async def _bring(self, update_id: int, file: SentFile) -> None:
        attempts, not_before = self._failed.get(update_id, (0, 0.0))
        if time.monotonic() < not_before:
            return
        try:
            brought = await self._fetched(file)
        except (TelegramError, TimeoutError) as error:
            logger.warning("not_fetched update=%s error=%s", update_id, type(error).__name__)
            if attempts < len(_WAITS):
                self._failed[update_id] = (attempts + 1, time.monotonic() + _WAITS[attempts])
                return
            brought = replace(file, trouble=Trouble.UNREACHABLE)
        self._failed.pop(update_id, None)
        await asyncio.to_thread(self._inbox.fetched, update_id, brought)
        self._ring()

    async def _fetched(self, file: SentFile) -> SentFile:
        """Raises TelegramError or TimeoutError for what may pass."""
        if file.size > self._most:
            return replace(file, trouble=Trouble.TOO_BIG)
        try:
            async with asyncio.timeout(_LONGEST_DOWNLOAD):
                there = await self._bot.get_file(file.reference)
                if (there.file_size or 0) > self._most:
                    return replace(file, trouble=Trouble.TOO_BIG)
                content = bytes(await there.download_as_bytearray())
        except (BadRequest, Forbidden, InvalidToken) as refusal:  # a bad request is also a network error
            logger.warning("file_refused error=%s", type(refusal).__name__)
            is_big = "too big" in refusal.message.lower()
            return replace(file, trouble=Trouble.TOO_BIG if is_big else Trouble.UNREACHABLE)
        if len(content) > self._most:
            return replace(file, trouble=Trouble.TOO_BIG)
        return replace(file, content=content, size=len(content))
