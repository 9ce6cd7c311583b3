"""The async edge of the mailbox: handling and sending run beside each other, each with a bound.

`Workers` run the dialogue in threads.  `Postman` sends.  Both are woken by a bell and look by themselves now
and then, because another process (a clerk's terminal) may have put something in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.dialogue.messages import Outgoing

from .inbox import Handled, Inbox
from .outbox import Letter, Outbox

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
AT_ONCE = 8  # more sends at once make the HTTP client slower, not faster
_AFTER_TROUBLE = 1.0  # seconds until the database is asked again


class DeliveryError(Exception):
    """Base of what a channel's `send` may raise; anything else is taken for a network fault.

    DeliveryError
    ├── TooFast          the server says how long to wait
    ├── Unreachable      network or server fault: try again, backing off
    ├── Undeliverable    the person blocked us, the chat is gone
    ├── Refused          the server will never take this message
    └── ChatMoved        the chat has a new address
    """


class TooFast(DeliveryError):
    """The server asks to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.wait = timedelta(seconds=seconds)


class Unreachable(DeliveryError):
    """Nobody knows whether it arrived: it is sent again."""


class Undeliverable(DeliveryError):
    """This person cannot be reached here any more."""


class Refused(DeliveryError):
    """It would be refused again in the same way."""


class ChatMoved(DeliveryError):
    """`address` is where messages for this chat go from now on."""

    def __init__(self, address: str) -> None:
        super().__init__("chat moved")
        self.address = address


Send = Callable[[Outgoing], Awaitable[str]]
Notices = Callable[[Letter], tuple[Outgoing, ...]]


def no_notices(letter: Letter) -> tuple[Outgoing, ...]:
    """Tell nobody."""
    return ()


class Workers:
    """Let the dialogue handle what is pending, at most `at_once` chats at a time."""

    def __init__(
        self,
        inbox: Inbox,
        channel: str,
        on_handled: Callable[[Handled], Awaitable[None]],
        at_once: int = AT_ONCE,
    ) -> None:
        self._inbox = inbox
        self._channel = channel
        self._on_handled = on_handled
        self._at_once = at_once
        self._rings = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def ring(self) -> None:
        """Something came in."""
        self._rings += 1
        if len(self._tasks) < self._at_once and not self._stopping:
            task = asyncio.create_task(self._drain())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Look for what is pending until cancelled; a start after a crash begins here."""
        while True:
            if not self._tasks:
                self.ring()
            rest = self._inbox.seconds_until_rested()
            await asyncio.sleep(LOOK_EVERY if rest is None else min(rest + 0.01, LOOK_EVERY))

    async def stop(self) -> None:
        """Let the messages in hand be finished; what is pending stays in the ledger."""
        self._stopping = True
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drain(self) -> None:
        rings = -1
        while rings != self._rings and not self._stopping:
            rings = self._rings
            try:
                while not self._stopping and (handled := await self._next()) is not None:
                    await self._on_handled(handled)
            except Exception as error:
                logger.error("handling_stopped channel=%s error=%s", self._channel, type(error).__name__)
                await asyncio.sleep(_AFTER_TROUBLE)

    async def _next(self) -> Handled | None:
        return await asyncio.to_thread(self._inbox.handle_next, self._channel)


class Postman:
    """Send what waits in the outbox, in order per chat."""

    def __init__(
        self, outbox: Outbox, send: Send, notices: Notices = no_notices, at_once: int = AT_ONCE
    ) -> None:
        self._outbox = outbox
        self._send = send
        self._notices = notices
        self._at_once = at_once
        self._bell = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def ring(self) -> None:
        """Something waits to be sent."""
        self._bell.set()

    async def run(self) -> None:
        """Send until cancelled; first free what a killed process of this machine was sending."""
        await asyncio.to_thread(self._outbox.release_dead_senders)
        while True:
            self._bell.clear()
            wait = await self._send_what_is_due()
            try:
                async with asyncio.timeout(min(wait, LOOK_EVERY)):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def stop(self, seconds: float = 10.0) -> None:
        """Wait for the sends in hand; one that takes longer is sent again by the next process."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def _send_what_is_due(self) -> float:
        """Start sends for what is due; returns after how many seconds to look again."""
        free = self._at_once - len(self._tasks)
        if free <= 0:
            return LOOK_EVERY  # the bell rings when a send ends
        try:
            claim = await asyncio.to_thread(self._outbox.claim, free)
        except Exception as error:
            logger.error("claiming_failed error=%s", type(error).__name__)
            return _AFTER_TROUBLE
        for letter in claim.letters:
            task = asyncio.create_task(self._deliver(letter))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return LOOK_EVERY if claim.wait is None else max(claim.wait, 0.005)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._bell.set()

    async def _deliver(self, letter: Letter) -> None:
        try:
            record = await self._attempt(letter)
            await asyncio.to_thread(record)
        except Exception as error:  # the ledger is away: the lease ends and it is sent again
            logger.error("outcome_not_stored letter=%s error=%s", letter.id, type(error).__name__)

    async def _attempt(self, letter: Letter) -> Callable[[], object]:
        """Send once; what is to be written down about it."""
        outbox = self._outbox
        try:
            remote_id = await self._send(letter.outgoing)
        except TooFast as error:
            wait = error.wait
            logger.warning("too_fast letter=%s wait=%s", letter.id, wait.total_seconds())
            return lambda: outbox.put_back(letter, "too fast", wait)
        except Undeliverable as error:
            reason = str(error)
            logger.warning("undeliverable letter=%s event=%s", letter.id, letter.outgoing.event)
            return lambda: outbox.undeliverable(letter, reason, self._notices(letter))
        except Refused as error:
            reason = str(error)
            # The server's words may quote ours, so they go into the ledger and not into the log.
            logger.error("refused letter=%s event=%s", letter.id, letter.outgoing.event)
            return lambda: outbox.dead(letter, reason)
        except ChatMoved as error:
            new = error.address
            logger.warning("chat_moved letter=%s old=%s new=%s", letter.id, letter.outgoing.address, new)
            return lambda: outbox.moved(letter, new)
        except Exception as error:
            reason = type(error).__name__
            logger.warning("unreachable letter=%s attempt=%s error=%s", letter.id, letter.attempt, reason)
            return lambda: outbox.put_back(letter, reason)
        return lambda: outbox.sent(letter, remote_id)
