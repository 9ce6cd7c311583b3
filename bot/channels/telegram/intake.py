"""The queue between PTB's updater and the bot: an update is on the disk before Telegram is told it arrived.

PTB confirms a batch of updates with its next call of getUpdates, once all of them are in its queue; a webhook
answers 200 then.  With an ordinary queue, whatever is in it when the process dies is lost.  Here nothing
stays in the queue:

- polling: `put` only gathers, and the polling client calls `store` before every request.  So no getUpdates
  leaves before the batch is on the disk, and a batch costs one commit.  While storing fails, no request
  leaves and the batch is kept; a process that dies then gets it again from Telegram.
- webhook: `put` itself stores, and what other calls have brought meanwhile with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from telegram import Bot, InlineQuery, Update
from telegram.error import NetworkError, TelegramError

from bot.mailbox.inbox import Arrival, Inbox
from bot.mailbox.payload import incoming_to_json

from .groups import StaffChat
from .incoming import CHANNEL, incoming_of, moved_in
from .inline import Offers, answer_inline, no_offers

logger = logging.getLogger(__name__)

_MOST_ANSWERS = 8  # answers to buttons and inline queries under way at once


class Intake(asyncio.Queue[object]):
    """PTB's `update_queue`.  `attach` says where updates go; before that nothing may be put."""

    def __init__(self, clock: Callable[[], datetime], offers: Offers = no_offers) -> None:
        super().__init__()
        self._clock = clock
        self._offers = offers
        self._unstored: list[Update] = []
        self._storing = asyncio.Lock()
        self._stores_at_once = False
        self._answering: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_MOST_ANSWERS)

    def attach(
        self,
        bot: Bot,
        inbox: Inbox,
        stored: Callable[[], None],
        staff_chat: StaffChat,
        *,
        stores_at_once: bool,
    ) -> None:
        """`stored` is called, in the event loop, after updates were stored.

        `stores_at_once`: nobody calls `store`, so that `put` must.
        """
        self._bot = bot
        self._stores_at_once = stores_at_once
        self._inbox = inbox
        self._stored = stored
        self._staff_chat = staff_chat

    async def put(self, item: object) -> None:
        """Take an Update; anything else is PTB's own sign to stop and goes into the queue."""
        if not isinstance(item, Update):
            await super().put(item)
        elif item.inline_query is not None:
            self._in_background(self._offer(item.inline_query))
        else:
            self._unstored.append(item)
            if self._stores_at_once:
                await self.store(item)

    async def store(self, wanted: Update | None = None) -> None:
        """Put on the disk what was taken.  Raises NetworkError when that fails; PTB tries again later.

        With `wanted`, whose caller Telegram will call again, a failure forgets that update.
        """
        async with self._storing:
            batch = list(self._unstored)
            if not batch or (wanted is not None and wanted not in batch):
                return  # somebody else's call has stored it
            try:
                await asyncio.to_thread(self._store, batch)
            except Exception as error:
                logger.error("storing_failed updates=%d error=%s", len(batch), type(error).__name__)
                if wanted is not None:
                    self._unstored.remove(wanted)
                raise NetworkError("updates could not be stored; they will be fetched again") from error
            del self._unstored[: len(batch)]
        self._stored()
        for update in batch:
            if update.callback_query is not None:
                self._in_background(self._answer(update.callback_query.id))

    async def finish(self) -> None:
        """Wait for the answers to pressed buttons that are under way."""
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _store(self, batch: Sequence[Update]) -> None:
        """In a thread."""
        arrivals = [arrival for update in batch if (arrival := self._arrival_of(update)) is not None]
        if arrivals:
            self._inbox.receive(CHANNEL, *arrivals)

    def _arrival_of(self, update: Update) -> Arrival | None:
        """What is left alone on purpose is not stored: it would have no effect."""
        if (move := moved_in(update)) is not None:
            self._staff_chat.move(*move)
            return None
        try:
            incoming = incoming_of(update, self._bot.bot, self._clock(), self._staff_chat.address)
        except Exception as error:
            # Read again it would fail again, and hold up everybody for ever.
            logger.error("unreadable update=%s error=%s", update.update_id, type(error).__name__)
            return None
        if incoming is None:
            return None
        key = f"{self._bot.id}:{update.update_id}"  # another bot counts its own updates
        return Arrival(key, str(incoming.address), incoming_to_json(incoming))

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
