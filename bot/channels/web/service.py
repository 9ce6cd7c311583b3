"""The web pages at work: one server of ours that leaves signals alone, and what is put on pages meanwhile."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import uvicorn

from bot.jobs.scheduler import Rounds
from bot.jobs.worker import Errands
from bot.threads import to_its_end

from . import visitors
from .application import application

if TYPE_CHECKING:
    from bot.program import Program

logger = logging.getLogger(__name__)

_LOOK_EVERY = 0.5  # seconds
_FORGET_EVERY = 3600.0
_FOR_CLOSING = 5


class _Server(uvicorn.Server):
    """uvicorn takes over SIGTERM and SIGINT; here whoever runs the program handles them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebChannel:
    """`await start()`, `await stop()`; a part of a program that may serve other channels too."""

    def __init__(
        self,
        program: Program,
        port: int | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`port` 0 asks for a free one; None takes the setting's."""
        settings = program.settings
        self._program = program
        self._clock = clock
        self.app = application(program, clock)
        config = uvicorn.Config(
            self.app,
            host=settings.web_listen,
            port=settings.web_port if port is None else port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.web_proxies),
            forwarded_allow_ips=list(settings.web_proxies),
            timeout_graceful_shutdown=_FOR_CLOSING,
            h11_max_incomplete_event_size=64 * 1024,
            lifespan="off",
        )
        self._server = _Server(config)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> int:
        """Serve; returns the port.  Raises OSError when it cannot listen there."""
        config = self._server.config  # uvicorn would leave the program when it cannot listen
        family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
        listening = socket.create_server((config.host, config.port), family=family)
        serving = asyncio.create_task(self._server.serve([listening]), name="web")
        while not self._server.started:
            if serving.done():
                serving.result()
                raise OSError("the web server ended at its start")
            await asyncio.sleep(0.02)
        self._tasks = [serving, asyncio.create_task(self._deliver()), asyncio.create_task(self._forget())]
        port: int = listening.getsockname()[1]
        logger.info("web_started port=%d", port)
        return port

    async def finished(self) -> None:
        """Returns when the server has ended."""
        await asyncio.wait(self._tasks[:1])

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=_FOR_CLOSING + 1)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        logger.info("web_stopped")

    async def _deliver(self) -> None:
        """What others cause, and what a killed process left: handled and put on its page."""
        exchange = self.app.state.exchange
        while True:
            try:
                handled = await to_its_end(exchange.inbox.handle_some, visitors.CHANNEL, 8)
                await to_its_end(exchange.deliver)
                if handled:
                    continue
            except Exception as error:
                logger.error("web_delivery_failed error=%s", type(error).__name__)
            await asyncio.sleep(_LOOK_EVERY)

    async def _forget(self) -> None:
        kept = timedelta(days=self._program.settings.web_pages_kept_days)
        while True:
            try:
                await to_its_end(self._forget_once, kept)
            except Exception as error:
                logger.error("web_not_forgotten error=%s", type(error).__name__)
            await asyncio.sleep(_FORGET_EVERY)

    def _forget_once(self, kept: timedelta) -> None:
        with self._program.ledger.transaction() as connection:
            visitors.forget_old(connection, self._clock(), kept)


def _now() -> datetime:
    return datetime.now(UTC)


async def serve_web(program: Program, port: int) -> int:
    """The web pages alone, with the rounds and errands of the program, until SIGTERM or SIGINT.

    The exit code: 0 stopped, 1 the server died.  Raises OSError when it cannot listen on `port`.
    """
    channel = WebChannel(program, port)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    rounds = Rounds(program.ledger, program.jobs, _now)
    errands = Errands(program.ledger, program.conversation, _now)
    await channel.start()
    besides = [asyncio.create_task(rounds.run()), asyncio.create_task(errands.run())]
    try:
        ended = asyncio.create_task(channel.finished())
        await asyncio.wait({ended, asyncio.create_task(stopping.wait())}, return_when=asyncio.FIRST_COMPLETED)
        return 0 if stopping.is_set() else 1
    finally:
        for task in besides:
            task.cancel()
        await asyncio.gather(*besides, return_exceptions=True)
        await channel.stop()
