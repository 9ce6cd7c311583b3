"""The Telegram channel at work: starts everything in order, watches it, stops it in order.

Start: the bot's own name (retried while the network is away), menus, workers for what is still pending from
before, the postman, polling.  Stop: no more polling, the messages in hand are finished, connections close;
whatever waits for Telegram gets a few seconds and no more, for a service must end within 15 s even when
Telegram is away.  What was not handled or sent stays in the ledger for the next start.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

from bot.channels.group_words import GroupWords
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.scheduler import Rounds, Unasked, nothing_unasked
from bot.jobs.worker import Doer, Errands
from bot.ledger.ledger import Ledger
from bot.mailbox.delivery import AT_ONCE, Notices, Postman, Workers, no_notices
from bot.mailbox.inbox import Apology, Handled, Handler, Inbox, WantsFile
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.pace import TELEGRAM_PACE, Pace
from bot.settings import Settings
from bot.threads import to_its_end

from .application import POLL_SECONDS, build_application, polling_client
from .commands import set_menus
from .conflicts import Conflicts
from .fetching import MEGABYTE, Fetching
from .groups import StaffChat
from .incoming import CHANNEL, HEARD
from .inline import Offers, no_offers
from .intake import Intake
from .sender import Sender
from .topics import Topics
from .webhook import Webhook

logger = logging.getLogger(__name__)

_POLLING_TASK = "Updater:start_polling:polling_task"  # PTB's name for it
_LONGEST_WAIT = 30.0
# At the end, in seconds: the last getUpdates, answers to buttons, what threads do in the ledger, sends under
# way, closing.  14 in all.
_FOR_POLLING, _FOR_BUTTONS, _FOR_THREADS, _FOR_SENDS, _FOR_CLOSING = 3.0, 2.0, 2.0, 4.0, 1.0


class TokenRefused(Exception):
    """Telegram does not know the token."""


class TelegramChannel:
    """One bot on Telegram.  `await start()`, `await finished()`, `await stop()`."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        handler: Handler,
        apology: Apology,
        clock: Callable[[], datetime],
        *,
        group_words: GroupWords,
        notices: Notices = no_notices,
        unasked: Unasked = nothing_unasked,
        offers: Offers = no_offers,
        doer: Doer | None = None,
        wants_file: WantsFile | None = None,
        pace: Pace = TELEGRAM_PACE,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._settings = settings
        self._poll_seconds = poll_seconds
        self._ledger, self._clock, self._group_words = ledger, clock, group_words
        self._intake = Intake(clock, offers)
        self._polling = polling_client(settings, self._intake)
        self.application = build_application(settings, self._intake, self._polling)
        self._inbox = Inbox(ledger, handler, apology, clock, group_words.pointer, wants_file)
        outbox = Outbox(ledger, CHANNEL, clock, pace, tell_moved=group_words.moved, digest=group_words.digest)
        self._staff_chat = StaffChat(ledger, settings.staff_chat, outbox, clock)
        topics = Topics(self.application.bot, ledger, settings.staff_chat, group_words, clock)
        self._postman = Postman(outbox, Sender(self.application.bot, topics).send, clock, notices)
        # SQLite has one writer at a time; more threads would only wait for each other.
        at_once = 1 if ledger.engine.dialect.name == "sqlite" else AT_ONCE
        self._workers = Workers(self._inbox, CHANNEL, self._on_handled, at_once, outbox.is_behind)
        most = settings.attachment_megabytes * MEGABYTE
        self._fetching = Fetching(self.application.bot, self._inbox, most, self._workers.ring)
        heartbeat = Heartbeat(
            ledger, CHANNEL, clock, self.poll_age, settings.heartbeat_url.get_secret_value()
        )
        self._rounds = Rounds(ledger, unasked, clock, heartbeat.beat)
        self._errands = None if doer is None else Errands(ledger, doer, clock)
        self._webhook: Webhook | None = None
        self._conflicts = Conflicts()
        self._tasks: list[asyncio.Task[None]] = []
        self._telling: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._exit_code = 0

    def ask_to_stop(self, exit_code: int = 0) -> None:
        """Let `finished` return; safe to call more than once, the first code counts."""
        if not self._stop.is_set():
            self._exit_code = exit_code
            self._stop.set()

    async def start(self) -> None:
        """Raises TokenRefused; waits as long as Telegram cannot be reached, or until asked to stop."""
        starting, stopping = asyncio.create_task(self._start()), asyncio.create_task(self._stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if starting.done():
            starting.result()
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)

    async def _start(self) -> None:
        await self._introduce()
        bot = self.application.bot
        staff_chat = self._staff_chat.look_up()
        is_called = bool(self._settings.webhook_url)
        self._intake.attach(bot, self._inbox, self._workers.ring, self._staff_chat, stores_at_once=is_called)
        await set_menus(bot, self._settings, staff_chat)
        self._tasks = [
            asyncio.create_task(self._workers.run(), name="workers"),
            asyncio.create_task(self._postman.run(), name="postman"),
            asyncio.create_task(self._rounds.run(), name="rounds"),
            asyncio.create_task(self._fetching.run(), name="fetching"),
        ]
        if self._errands is not None:
            self._tasks.append(asyncio.create_task(self._errands.run(), name="errands"))
        await self.application.start()
        if self._settings.webhook_url:
            await self._listen()
        else:
            await self._poll()
        logger.info("telegram_started bot=%s webhook=%s", bot.username, bool(self._settings.webhook_url))

    async def _poll(self) -> None:
        assert self.application.updater is not None
        await self.application.updater.start_polling(
            timeout=int(self._poll_seconds),
            bootstrap_retries=-1,
            allowed_updates=list(HEARD),
            error_callback=self._on_polling_error,
        )
        self._tasks += [task for task in asyncio.all_tasks() if task.get_name() == _POLLING_TASK]

    async def _listen(self) -> None:
        """Telegram calls us, through the reverse proxy; a call is answered 200 once its update is stored."""
        settings, bot = self._settings, self.application.bot
        path, secret = urlsplit(settings.webhook_url).path, settings.resolved_webhook_secret
        self._webhook = Webhook(bot, path, secret, self._intake.put)
        self._webhook.open(settings.webhook_port, settings.webhook_listen)
        await self._while_unreachable(
            lambda: bot.set_webhook(settings.webhook_url, allowed_updates=list(HEARD), secret_token=secret)
        )

    def poll_age(self) -> float | None:
        """Seconds since Telegram last answered a poll, None before the first; 0 while a webhook is served."""
        if self._settings.webhook_url:
            return 0.0 if self._webhook is not None and self._webhook.is_open else None
        answered = self._polling.answered_at
        return None if answered is None else time.monotonic() - answered

    async def finished(self) -> int:
        """Wait until somebody asks to stop, or a part of it has died; the exit code."""
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({stopping, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        if not self._stop.is_set():
            died = [task.get_name() for task in self._tasks if task.done()]
            logger.critical("telegram_died parts=%s", ",".join(died))
            self.ask_to_stop(1)
        stopping.cancel()
        return self._exit_code

    async def stop(self) -> None:
        """Finish what is in hand; the rest stays in the ledger."""
        updater = self.application.updater
        if updater is not None and updater.running:
            await _within(_FOR_POLLING, updater.stop())
        if self._webhook is not None:
            await _within(_FOR_CLOSING, self._webhook.close())
        await self._workers.stop()
        await _within(_FOR_BUTTONS, self._intake.finish())
        for task in (*self._tasks, *self._telling):
            task.cancel()
        ending = asyncio.gather(*self._tasks, *self._telling, return_exceptions=True)
        await _within(_FOR_THREADS, ending)
        await self._postman.stop(_FOR_SENDS)
        if self.application.running:
            await _within(_FOR_CLOSING, self.application.stop())
        await _within(_FOR_CLOSING, self.application.shutdown())
        # When the start failed half-way, PTB leaves this open.
        await _within(_FOR_CLOSING, self.application.bot.shutdown())
        logger.info("telegram_stopped")

    async def _introduce(self) -> None:
        """getMe, again and again while there is no network."""
        try:
            await self._while_unreachable(self.application.initialize)
        except InvalidToken as error:
            raise TokenRefused from error

    async def _while_unreachable(self, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask Telegram again and again while there is no network."""
        wait = 1.0
        while True:
            try:
                await ask()
                return
            except NetworkError as error:
                if isinstance(error, BadRequest):  # PTB makes it a kind of the other
                    raise
                logger.warning("telegram_unreachable error=%s wait=%s", type(error).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _on_handled(self, handled: Handled) -> None:
        self._postman.ring()

    def _on_polling_error(self, error: TelegramError) -> None:
        """PTB goes on polling by itself, backing off to half a minute."""
        logger.warning("telegram_polling_failed error=%s", type(error).__name__)
        if isinstance(error, Conflict) and self._conflicts.met(time.monotonic()):
            logger.critical("telegram_conflict another program polls with this token")
            task = asyncio.create_task(to_its_end(self._tell_of_conflict))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    def _tell_of_conflict(self) -> None:
        """In a thread.  Sending is not concerned by the conflict."""
        try:
            with self._ledger.transaction() as connection:
                for message in self._group_words.conflict(connection):
                    enqueue(connection, message, self._clock())
        except Exception as error:
            logger.error("conflict_not_told error=%s", type(error).__name__)
        self._postman.ring()


async def _within(seconds: float, ending: Awaitable[object]) -> None:
    """At the end nothing may hold up the rest: neither Telegram's silence nor a part that failed before."""
    try:
        async with asyncio.timeout(seconds):
            await ending
    except TimeoutError:
        logger.warning("stopped_waiting seconds=%s", seconds)
    except TelegramError as error:  # raised again: what polling died of
        logger.warning("ended_badly error=%s", type(error).__name__)
