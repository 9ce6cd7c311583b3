"""The door at which Telegram calls: who may come in is decided before anything is read.

| call | answer | read |
|---|---|---|
| another path | 404 | nothing |
| no secret, or a wrong one | 403 | nothing |
| larger than any update, or no length said | 413 or 411 | nothing |
| no JSON, no object with a number | 400 | the body, at most `MOST_BYTES` |
| an update that cannot be understood | 200, and a line in the log: called again it would fail again | |
| an update | 200 once it is stored, 500 while it cannot be: Telegram calls again | |

PTB's own server reads up to 100 MB before it looks at the secret, and answers 500 to what is no JSON.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000  # as in deploy/Caddyfile; an update has some thousand
_TOLD_IN = "X-Telegram-Bot-Api-Secret-Token"  # the secret
_READ_WITHIN = 20.0  # seconds, for the body

Take = Callable[[Update], Awaitable[None]]


class Webhook:
    """Listens and gives each update to `take`, which returns once it is stored or raises TelegramError."""

    def __init__(self, bot: Bot, path: str, secret: str, take: Take) -> None:
        about = {"bot": bot, "secret": secret, "take": take}
        application = Application(
            [(f"{path.rstrip('/')}/?", _Door, about)], log_function=lambda handler: None
        )
        self._server = HTTPServer(application, max_body_size=MOST_BYTES, body_timeout=_READ_WITHIN)
        self.is_open = False

    def open(self, port: int, address: str) -> None:
        """Raises OSError when nobody can listen there."""
        self._server.listen(port, address=address)
        self.is_open = True

    async def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._server.stop()
            await self._server.close_all_connections()


@stream_request_body
class _Door(RequestHandler):
    """One call.  Tornado runs `prepare` before it reads a body of a handler that takes it in pieces."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, bot: Bot, secret: str, take: Take) -> None:
        self._bot, self._secret, self._take = bot, secret, take
        self._body = bytearray()

    def prepare(self) -> None:
        given = self.request.headers.get(_TOLD_IN, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        length = self.request.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise HTTPError(HTTPStatus.LENGTH_REQUIRED)
        if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk

    async def post(self) -> None:
        update = self._update(self._content())
        if update is None:
            return
        try:
            await self._take(update)
        except TelegramError as error:  # logged where it happened
            raise HTTPError(HTTPStatus.INTERNAL_SERVER_ERROR) from error

    def _content(self) -> dict[str, Any]:
        try:
            content = json.loads(self._body)
        except (ValueError, RecursionError) as error:  # ValueError: no JSON, no UTF-8
            raise HTTPError(HTTPStatus.BAD_REQUEST) from error
        if not isinstance(content, dict) or type(content.get("update_id")) is not int:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        return content

    def _update(self, content: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(content, self._bot)
        except Exception as error:
            logger.error("unreadable update=%s error=%s", content["update_id"], type(error).__name__)
            return None

    def write_error(self, status_code: int, **about: Any) -> None:
        """No page: whoever calls is a program."""
        self.finish()

    def log_exception(self, *about: Any) -> None:
        """What was sent must not be in a log; what matters was logged above."""
