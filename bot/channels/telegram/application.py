"""PTB's `Application` as we need it: nothing is fetched or sent when it is built."""

from __future__ import annotations

import ipaddress
import os
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


def build_application(settings: Settings, intake: Intake) -> AnyApplication:
    """For polling, webhook and tests alike; `intake` is where its updates go."""
    # PTB warns whenever it gives a duration as a number; this asks for the coming form.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    base_url = settings.telegram_base_url
    return (
        ApplicationBuilder()
        .token(settings.telegram_token.get_secret_value())
        .base_url(f"{base_url}/bot")
        .base_file_url(f"{base_url}/file/bot")
        .request(_client(base_url, connections=32))
        # More than one connection: with one, a torn one can stop the polling for good.
        .get_updates_request(_client(base_url, connections=4))
        .update_queue(intake)
        .build()
    )


def _client(base_url: str, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_ANSWER_SECONDS,
        write_timeout=_ANSWER_SECONDS,
        pool_timeout=_POOL_SECONDS,
        # No proxy of the environment for a server on this machine.
        httpx_kwargs={"trust_env": not _is_loopback(base_url)},
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
