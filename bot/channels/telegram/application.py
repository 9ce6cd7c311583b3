"""PTB's `Application` as we need it: nothing is fetched or sent when it is built."""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.settings import Settings

from .intake import Intake

# Longer than PTB's 5 s: a time-out after the server took the message means that it is sent twice.
_CONNECT_SECONDS, _ANSWER_SECONDS, _POOL_SECONDS = 10.0, 20.0, 5.0
POLL_SECONDS = 30

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Polling(HTTPXRequest):
    """The client of getUpdates; knows when Telegram answered last.

    Each request confirms the updates of the one before it, so those are stored `before` it leaves.
    """

    answered_at: float | None = None  # time.monotonic()

    def __init__(self, before: Callable[[], Awaitable[None]], **options: Any) -> None:
        super().__init__(**options)
        self._before = before

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        await self._before()
        code, body = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.OK:
            self.answered_at = time.monotonic()
        return code, body


def build_application(settings: Settings, intake: Intake, polling: Polling) -> AnyApplication:
    """For polling, webhook and tests alike; `intake` is where its updates go."""
    # PTB warns whenever it gives a duration as a number; this asks for the coming form.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    base_url = settings.telegram_base_url
    return (
        ApplicationBuilder()
        .token(settings.telegram_token.get_secret_value())
        .base_url(f"{base_url}/bot")
        .base_file_url(f"{base_url}/file/bot")
        .request(HTTPXRequest(**_options(base_url, connections=32)))
        .get_updates_request(polling)
        .update_queue(intake)
        .build()
    )


def polling_client(settings: Settings, intake: Intake) -> Polling:
    """More than one connection: with one, a torn one can stop the polling for good."""
    return Polling(intake.store, **_options(settings.telegram_base_url, connections=4))


def _options(base_url: str, connections: int) -> dict[str, Any]:
    return {
        "connection_pool_size": connections,
        "connect_timeout": _CONNECT_SECONDS,
        "read_timeout": _ANSWER_SECONDS,
        "write_timeout": _ANSWER_SECONDS,
        "pool_timeout": _POOL_SECONDS,
        # No proxy of the environment for a server on this machine.
        "httpx_kwargs": {"trust_env": not _is_loopback(base_url)},
    }


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
