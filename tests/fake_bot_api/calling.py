"""Telegram calling a bot's webhook: one update after the other, again and again until it answers 200."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx

from .methods import Methods
from .server import FakeBotApi

RETRY_SECONDS = 0.05


class Caller:
    """`proxy` is where the reverse proxy of the test passes calls on to, `http://127.0.0.1:port`."""

    def __init__(self, methods: Methods, proxy: str) -> None:
        self._methods = methods
        self._proxy = proxy
        self.answers: list[int] = []  # status codes, 0 = no connection

    async def run(self) -> None:
        """Until cancelled."""
        queue = self._methods.world.queue
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                url = self._methods.webhook_url
                waiting = await queue.get(1, 0.5, None) if url else []
                if not waiting:
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                code = await self._post(client, urlsplit(url).path, waiting[0])
                self.answers.append(code)
                if code == httpx.codes.OK:
                    queue.confirm(waiting[0]["update_id"] + 1)
                    async with self._methods.world.changed:
                        self._methods.world.changed.notify_all()
                else:
                    await asyncio.sleep(RETRY_SECONDS)

    async def _post(self, client: httpx.AsyncClient, path: str, update: dict[str, object]) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._methods.webhook_secret}
        try:
            done = await client.post(f"{self._proxy}{path}", json=update, headers=headers)
        except httpx.TransportError:
            return 0
        return done.status_code


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def calling(api: FakeBotApi, port: int) -> AsyncIterator[Caller]:
    """Telegram, and the reverse proxy before the bot."""
    caller = Caller(api.methods, f"http://127.0.0.1:{port}")
    task = asyncio.create_task(caller.run())
    try:
        yield caller
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
