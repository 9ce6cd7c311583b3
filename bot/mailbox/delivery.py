"""The async edge of the mailbox: handling and sending run beside each other, each with a bound.

`Workers` run the dialogue in threads.  `Postman` sends.  Both are woken by a bell and look by themselves now
and then, because another process (a clerk's terminal) may have put something in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.ledger.writers import LET_PASS
from bot.messages import Outgoing
from bot.threads import to_its_end

from .inbox import Handled, Inbox
from .letters import Letter, Outcome, dead, moved, put_back, sent, undeliverable
from .outbox import Outbox

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
AT_ONCE = 8  # more sends at once make the HTTP client slower, not faster
_IN_ONE_COMMIT = 4  # turns: few enough that what comes in and a clerk's terminal wait for some 30 ms
# Turns much faster than their answers can leave help nobody, and take the processor from what comes in: this
# many seconds between two commits are still more turns than Telegram takes messages.
_WHILE_BEHIND = 0.1
_LEFT_TO_OTHERS = 1.0  # of the time that turns of a flood take
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
        is_behind: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_behind`, asked in a thread: whether more answers wait than can leave soon."""
        self._inbox = inbox
        self._channel = channel
        self._on_handled = on_handled
        self._is_behind = is_behind
        self._at_once = at_once
        self._rings = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def ring(self) -> None:
        """Something came in."""
        self._rings += 1
        self._start(something_waits=True)

    def _start(self, *, something_waits: bool) -> None:
        if len(self._tasks) < self._at_once and not self._stopping:
            task = asyncio.create_task(self._drain(something_waits))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Look for what is pending until cancelled; a start after a crash begins here."""
        while True:
            if not self._tasks:
                self._start(something_waits=False)
            rest = self._inbox.seconds_until_rested()
            await asyncio.sleep(LOOK_EVERY if rest is None else min(rest + 0.01, LOOK_EVERY))

    async def stop(self) -> None:
        """Let the messages in hand be finished; what is pending stays in the ledger."""
        self._stopping = True
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drain(self, something_waits: bool) -> None:
        rings = -1
        while rings != self._rings and not self._stopping:
            rings = self._rings
            try:
                began = time.monotonic()
                while not self._stopping and (done := await self._next(something_waits)):
                    something_waits = False  # perhaps
                    for handled in done:
                        await self._on_handled(handled)
                    of_flood = any(handled.of_flood for handled in done)
                    await self._let_others_pass(time.monotonic() - began if of_flood else 0.0)
                    began = time.monotonic()
                something_waits = True  # should it have been rung meanwhile
            except Exception as error:
                logger.error("handling_stopped channel=%s error=%s", self._channel, type(error).__name__)
                await asyncio.sleep(_AFTER_TROUBLE)

    async def _let_others_pass(self, took: float) -> None:
        """`took`: the seconds that were spent on who floods.  As long again is left to everybody else, for
        intake and sending share the processor and the ledger with the turns.
        """
        is_behind = await asyncio.to_thread(self._is_behind)
        await asyncio.sleep(max(took * _LEFT_TO_OTHERS, _WHILE_BEHIND if is_behind else LET_PASS))

    async def _next(self, something_waits: bool) -> list[Handled]:
        return await asyncio.to_thread(
            self._inbox.handle_some, self._channel, _IN_ONE_COMMIT, something_waits=something_waits
        )


class Postman:
    """Send what waits in the outbox, in order per chat."""

    def __init__(
        self,
        outbox: Outbox,
        send: Send,
        clock: Callable[[], datetime],
        notices: Notices = no_notices,
        at_once: int = AT_ONCE,
    ) -> None:
        self._outbox = outbox
        self._send = send
        self._clock = clock
        self._notices = notices
        self._at_once = at_once
        self._bell = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: list[Outcome] = []

    def ring(self) -> None:
        """Something waits to be sent."""
        self._bell.set()

    async def run(self) -> None:
        """Send until cancelled; first free what a killed program of this home was sending."""
        await to_its_end(self._outbox.release_dead_senders)
        rung = False
        while True:
            self._bell.clear()
            wait = await self._record_and_claim(rung)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(wait, LOOK_EVERY)):
                    await self._bell.wait()
            rung = self._bell.is_set()

    async def stop(self, seconds: float = 10.0) -> None:
        """Wait for the sends in hand; one that takes longer is sent again by the next process."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        if self._ended:
            await asyncio.to_thread(self._outbox.record, *self._ended)

    async def _record_and_claim(self, rung: bool) -> float:
        """One transaction: what has ended, and what to send next; returns when to look again, in seconds."""
        free = self._at_once - len(self._tasks)
        ended = list(self._ended)
        if free <= 0 and not ended:
            return LOOK_EVERY  # the bell rings when a send ends
        try:
            claim = await to_its_end(self._outbox.claim, free, "", ended, something_waits=rung)
        except Exception as error:
            logger.error("claiming_failed error=%s", type(error).__name__)
            return _AFTER_TROUBLE
        del self._ended[: len(ended)]
        for letter in claim.letters:
            task = asyncio.create_task(self._deliver(letter))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return LOOK_EVERY if claim.wait is None else max(claim.wait, 0.005)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._bell.set()

    async def _deliver(self, letter: Letter) -> None:
        """Send once and note how it ended."""
        try:
            remote_id = await self._send(letter.outgoing)
        except Exception as error:
            self._ended.append(self._outcome_of(letter, error))
        else:
            self._ended.append(sent(letter, remote_id, self._clock()))

    def _outcome_of(self, letter: Letter, error: Exception) -> Outcome:
        """The log gets the kind of trouble; the words of the server may quote ours and go to the ledger."""
        now, event = self._clock(), letter.outgoing.event
        match error:
            case TooFast():
                logger.warning("too_fast letter=%s wait=%s", letter.id, error.wait.total_seconds())
                return put_back(letter, "too fast", now, error.wait)
            case Undeliverable():
                logger.warning("undeliverable letter=%s event=%s", letter.id, event)
                return undeliverable(letter, str(error), self._notices(letter))
            case Refused():
                logger.error("refused letter=%s event=%s", letter.id, event)
                return dead(letter, str(error))
            case ChatMoved():
                old = letter.outgoing.address
                logger.warning("chat_moved letter=%s old=%s new=%s", letter.id, old, error.address)
                return moved(letter, error.address, now)
        kind = type(error).__name__
        logger.warning("unreachable letter=%s attempt=%s error=%s", letter.id, letter.attempt, kind)
        return put_back(letter, kind, now)
