"""What every request passes before a page sees it, and every response before it leaves.

- A form is believed only from our own pages: `Sec-Fetch-Site`, else `Origin`, else (old browsers) a token
  that only our pages know.
- A body is at most MOST_BYTES, counted while it comes in, whatever its header says; MOST_BYTES_OF_FILES at
  the few addresses that take files.
- Pace by session and by address: one address may be a whole village behind one line.
- The headers that keep a page from loading, framing or telling anything foreign.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 1024  # a request of 2,000 characters, percent-encoded, and room
MOST_BYTES_OF_FILES = 40 * 1024 * 1024
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REMEMBERED = 20_000  # buckets; the least lately used goes


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_minute`."""

    per_minute: float
    burst: float


BY_SESSION = Rate(per_minute=40, burst=40)
BY_ADDRESS = Rate(per_minute=600, burst=600)


class Buckets:
    """Token buckets by key; thread-safe, bounded."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def takes(self, key: str) -> bool:
        """Whether one more is within the pace."""
        now = time.monotonic()
        with self._lock:
            left, at = self._filled.pop(key, (self._rate.burst, now))
            left = min(self._rate.burst, left + (now - at) * self._rate.per_minute / 60)
            allowed = left >= 1
            self._filled[key] = (left - 1 if allowed else left, now)
            if len(self._filled) > _REMEMBERED:
                self._filled.popitem(last=False)
        return allowed


def is_from_our_pages(method: str, headers: Headers, scheme: str) -> bool | None:
    """Whether a request that changes something comes from a page of ours; None = the browser does not say."""
    if method in _SAFE:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None:
        return None
    told = urlsplit(origin)
    return told.scheme == scheme and told.netloc == headers.get("host", "")


class TooLarge(Exception):
    """The body is larger than any form of ours."""


Refuse = Callable[[Request, int], Response]


class Guard:
    """The outermost layer of the application; `refuse` makes the page that says why."""

    def __init__(self, app: ASGIApp, refuse: Refuse, takes_files: Callable[[str], bool]) -> None:
        """`takes_files`: whether files are sent to an address; who may, the page asks before it reads."""
        self._app = app
        self._refuse = refuse
        self._takes_files = takes_files
        self._by_address = Buckets(BY_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        https = scope["scheme"] == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    out.setdefault(name, value)
                out.setdefault("Cache-Control", "no-store")
                if https:
                    out.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        address = (scope.get("client") or ("-",))[0]
        if not self._by_address.takes(address):
            refusal = self._refuse(Request(scope), 429)
            refusal.headers["Retry-After"] = "60"
            await refusal(scope, receive, send_with_headers)
            return
        if is_from_our_pages(scope["method"], headers, scope["scheme"]) is False:
            await self._refuse(Request(scope), 403)(scope, receive, send_with_headers)
            return
        try:
            most = MOST_BYTES_OF_FILES if self._takes_files(scope["path"]) else MOST_BYTES
            await self._app(scope, _bounded(receive, most), send_with_headers)
        except TooLarge:
            await self._refuse(Request(scope), 413)(scope, receive, send_with_headers)


def _bounded(receive: Receive, most: int) -> Receive:
    """Count the bytes of the body as they come."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return counted
