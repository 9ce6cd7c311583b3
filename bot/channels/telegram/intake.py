"""The queue between PTB's updater and the bot: an update is on the disk before `put` returns.

PTB confirms a batch of updates to Telegram once all of them are in its queue, and a webhook answers 200 then.
With an ordinary queue, whatever is in it when the process dies is lost.  Here nothing stays in the queue:
`put` stores the update in the mailbox, and an error while storing is given to PTB as a network error, upon
which it fetches the same updates again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from telegram import Bot, InlineQuery, Update
from telegram.error import NetworkError, TelegramError

from bot.channels.mailbox import Inbox
from bot.channels.payload import incoming_to_json

from .incoming import CHANNEL, incoming_of
from .inline import Offers, answer_inline, no_offers

logger = logging.getLogger(__name__)

_MOST_ANSWERS = 8  # answers to buttons and inline queries under way at once


class Intake(asyncio.Queue[object]):
    """PTB's `update_queue`.  `attach` says where updates go; before that nothing may be put."""

    def __init__(self, clock: Callable[[], datetime], offers: Offers = no_offers) -> None:
        super().__init__()
        self._clock = clock
        self._offers = offers
        self._answering: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_MOST_ANSWERS)
        self.last_update_at: datetime | None = None

    def attach(self, bot: Bot, inbox: Inbox, stored: Callable[[], None]) -> None:
        """`stored` is called, in the event loop, after an update was stored."""
        self._bot = bot
        self._inbox = inbox
        self._stored = stored

    async def put(self, item: object) -> None:
        """Store an Update; anything else is PTB's own sign to stop and goes into the queue."""
        if not isinstance(item, Update):
            await super().put(item)
            return
        if item.inline_query is not None:
            self._in_background(self._offer(item.inline_query))
            return
        try:
            await asyncio.to_thread(self._store, item)
        except Exception as error:
            logger.error("storing_failed update=%s error=%s", item.update_id, type(error).__name__)
            raise NetworkError("an update could not be stored; it will be fetched again") from error
        self.last_update_at = self._clock()
        self._stored()
        if item.callback_query is not None:
            self._in_background(self._answer(item.callback_query.id))

    async def finish(self) -> None:
        """Wait for the answers to pressed buttons that are under way."""
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _store(self, update: Update) -> None:
        """In a thread.  What is left alone on purpose is not stored: it would have no effect."""
        try:
            incoming = incoming_of(update, self._bot.bot, self._clock())
        except Exception as error:
            # Read again it would fail again, and hold up everybody for ever.
            logger.error("unreadable update=%s error=%s", update.update_id, type(error).__name__)
            return
        if incoming is not None:
            key = f"{self._bot.id}:{update.update_id}"  # another bot counts its own updates
            self._inbox.receive(CHANNEL, key, str(incoming.address), incoming_to_json(incoming))

    async def _answer(self, query_id: str) -> None:
        """Stop the spinner on the button.  Too late is no matter: then it has stopped by itself."""
        try:
            async with self._slots:
                await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            logger.info("button_not_answered error=%s", type(error).__name__)

    async def _offer(self, query: InlineQuery) -> None:
        async with self._slots:
            await answer_inline(self._bot, query, self._offers)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
