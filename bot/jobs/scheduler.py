"""Once a minute: what the dialogue has to say by itself goes into the outbox.

Every program that runs makes rounds, the Telegram service as well as a terminal; the ledger lets each
reminder be made once, whoever comes first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.ledger.ledger import Ledger
from bot.mailbox.outbox import enqueue
from bot.messages import Outgoing
from bot.threads import to_its_end

logger = logging.getLogger(__name__)

EVERY = 60.0  # seconds
Unasked = Callable[[Connection, datetime], Sequence[Outgoing]]


def nothing_unasked(connection: Connection, now: datetime) -> Sequence[Outgoing]:
    """A dialogue that speaks only when spoken to."""
    return ()


async def no_sign_of_life() -> None:
    """Nobody watches."""


class Rounds:
    """`make` one round, or `run` for ever."""

    def __init__(
        self,
        ledger: Ledger,
        unasked: Unasked,
        clock: Callable[[], datetime],
        after: Callable[[], Awaitable[None]] = no_sign_of_life,
    ) -> None:
        """`unasked` gives the messages that are due, and records that it gave them.

        `after` is awaited after each round that succeeded.
        """
        self._after = after
        self._ledger = ledger
        self._unasked = unasked
        self._clock = clock
        self._next = 0.0

    def make(self) -> int:
        """One round, one transaction; how many messages it led to."""
        with self._ledger.transaction() as connection:
            now = self._clock()
            messages = self._unasked(connection, now)
            for message in messages:
                enqueue(connection, message, now)
        if not messages:  # idle: what was written does not stay longer in the log beside the ledger
            self._ledger.truncate_log()
        if messages:
            logger.info("round messages=%d", len(messages))
        return len(messages)

    def make_when_due(self) -> int:
        """A round when a minute has passed since the last; for a loop that looks more often."""
        if time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + EVERY
        return self.make()

    async def run(self) -> None:
        """Until cancelled.  A round that fails is made up for by the next."""
        while True:
            try:
                await to_its_end(self.make)
                await self._after()
            except Exception as error:
                logger.error("round_failed error=%s", type(error).__name__)
            await asyncio.sleep(EVERY)
