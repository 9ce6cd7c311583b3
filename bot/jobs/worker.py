"""Does what the turns have left to do (`bot.dialogue.errands`), beside them.

The work runs outside of any transaction; what it leads to (a row, messages in the outbox, the errand closed)
is one transaction at its end.  A process killed in between leaves the errand to the next.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.dialogue import errands
from bot.dialogue.doing import Ending, Reading
from bot.dialogue.errands import MOST_ATTEMPTS, Errand
from bot.ledger.ledger import Ledger
from bot.mailbox.outbox import enqueue
from bot.threads import to_its_end

logger = logging.getLogger(__name__)

EVERY = 0.5  # seconds between two looks


class Doer(Protocol):
    """The dialogue, as it does errands."""

    def do(self, errand: Errand, reading: Reading, now: datetime) -> Ending:
        """The slow work; the ending is run in a transaction."""

    def give_up(self, errand: Errand) -> Ending:
        """What is said when it cannot be done."""


class Errands:
    """`do_all` there is, or `run` for ever.  Any number of programs may do errands of one ledger."""

    def __init__(self, ledger: Ledger, doer: Doer, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._doer = doer
        self._clock = clock
        self._at_work = threading.Lock()  # two builds at once in one process would only be slower
        with ledger.transaction() as connection:
            errands.free(connection, ledger.holder.is_gone)

    def do_all(self, *, waits: bool = True) -> int:
        """Do what there is; how many errands there were.

        Not `waits`: while another thread is at work, whose errands these will be, none.
        """
        count = 0
        while self._do_next(waits):
            count += 1
        return count

    def _do_next(self, waits: bool) -> bool:
        if not self._at_work.acquire(blocking=waits):
            return False
        try:
            errand = self._take()
            if errand is None:
                return False
            try:
                ending = self._doer.do(errand, self._ledger.reading, self._clock())
                self._end(errand, ending)
            except Exception as error:
                self._fail(errand, error)
            return True
        finally:
            self._at_work.release()

    def _take(self) -> Errand | None:
        with self._ledger.reading() as connection:  # most of the time nothing waits: no write lock then
            if not errands.waits(connection, self._clock()):
                return None
        with self._ledger.transaction() as connection:
            return errands.take(connection, self._clock(), self._ledger.holder.name)

    def _end(self, errand: Errand, ending: Ending, error: str = "") -> None:
        with self._ledger.transaction() as connection:
            now = self._clock()
            if not errands.close(connection, now, errand, error):
                return  # its lease ran out, and whoever has it now tells
            for message in ending(connection, now):
                enqueue(connection, message, now)
        logger.info("errand_done errand=%s kind=%s", errand.id, errand.kind.value)

    def _fail(self, errand: Errand, error: Exception) -> None:
        """The log gets the kind of trouble: its text may hold what somebody wrote."""
        reason = type(error).__name__
        logger.error("errand_failed errand=%s attempt=%s error=%s", errand.id, errand.attempts, reason)
        logger.debug("errand_failed errand=%s", errand.id, exc_info=error)
        if errand.attempts >= MOST_ATTEMPTS:
            self._end(errand, self._doer.give_up(errand), reason)
            return
        with self._ledger.transaction() as connection:
            errands.put_back(connection, errand, reason)

    async def run(self) -> None:
        """Until cancelled; looks again soon after trouble with the database."""
        while True:
            try:
                await to_its_end(self.do_all)
            except Exception as error:
                logger.error("errands_stopped error=%s", type(error).__name__)
            await asyncio.sleep(EVERY)
