"""The server itself: a port on the loopback, a token, a world of chats, faults on demand.

It fails the test for whatever the real server would silently accept from a careless bot: a method that we do
not know, a parameter that PTB's method of that name does not have, an object that PTB reads differently.
"""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from . import refusals
from .faults import Faults, Kind, before_effect
from .forum import MANAGE_TOPICS
from .limits import Limits
from .methods import Methods
from .phone import Phone
from .refusals import Refusal
from .signatures import unknown_parameters
from .wire import Request, read_request, write_bytes, write_json
from .world import Chat, World

DOWNLOAD = "download"  # how a file that is fetched is called among the calls and faults
TOKEN = "7000000001:AAfake-token-for-tests-only_0123456789"


class FakeBotApi:
    """`async with FakeBotApi() as api:` serves at `api.base_url`; leaving fails when a call was strange."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        limits: Limits | None = None,
        bot_name: str = "zhoushang_bot",
        query_lifetime: float = 30.0,
        port: int = 0,
    ) -> None:
        self.token = token
        self.world = World(bot_name)
        self.methods = Methods(self.world, limits or Limits.none(), query_lifetime)
        self.faults = Faults()
        self.complaints: list[str] = []
        self.calls: list[tuple[str, dict[str, str]]] = []
        # Messages that were written or changed though the bot was never told: (chat, message).
        self.unanswered: set[tuple[int, int]] = set()
        self._port = port
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        assert self._server is not None, "not started"
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def phone(self, person: int, first_name: str = "居民", language: str = "zh-hans", **more: str) -> Phone:
        """The phone of a person; `more` may hold `last_name` and `username`."""
        about: dict[str, Any] = {"id": person, "is_bot": False, "first_name": first_name, **more}
        if language:
            about["language_code"] = language
        return Phone(self.world, about)

    def group(self, chat_id: int, title: str = "信息公开工作群") -> Chat:
        return self.world.group(chat_id, title)

    def forum(self, chat_id: int, title: str = "信息公开工作群") -> Chat:
        """A group with topics in which the bot may manage them."""
        chat = self.world.group(chat_id, title)
        chat.is_forum, chat.bot_rights = True, {MANAGE_TOPICS}
        return chat

    def upgrade(self, old: Chat, new_id: int, *, announced: bool = False) -> Chat:
        """Turn a group into a supergroup, as Telegram does when a setting changes.

        `announced`: the bot gets the two service messages about it (it may learn of it from a refusal only).
        """
        old.refusal = refusals.upgraded(new_id)
        new = self.world.group(new_id, old.about["title"])
        if announced:
            person = {"id": 1, "is_bot": False, "first_name": "群主"}
            left = self.world.new_message(old, person, migrate_to_chat_id=new_id)
            came = self.world.new_message(new, person, migrate_from_chat_id=old.id)
            for message in (left, came):
                self.world.queue.add("message", message)
        return new

    def called(self, method: str) -> list[dict[str, str]]:
        """The parameters of all calls of `method`, refused ones too."""
        return [fields for name, fields in self.calls if name == method]

    def calls_that_send(self) -> list[dict[str, str]]:
        """The parameters of all calls that write or change a message."""
        return [fields for name, fields in self.calls if name.startswith(("send", "edit"))]

    async def confirmation(self, deadline: float = 5.0) -> None:
        """Wait until the bot has confirmed every update that is waiting now."""
        async with asyncio.timeout(deadline), self.world.changed:
            while self.world.queue.unconfirmed:
                await self.world.changed.wait()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def __aenter__(self) -> FakeBotApi:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
        if error is None:
            assert not self.complaints, "; ".join(self.complaints)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while request := await read_request(reader):
                if not await self._serve(request, writer):
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass  # the bot hung up, or the test is over
        except Exception as error:
            # Raised here it would only be logged; the complaint fails the test.
            self.complaints.append(f"the fake itself failed: {error!r}")
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve_file(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """What getFile led to, as bytes."""
        fault = self.faults.next_for(DOWNLOAD)
        if fault is not None:
            return False
        self.calls.append((DOWNLOAD, {}))
        content = self.world.files[request.path.rpartition("/")[2]]
        await write_bytes(writer, 200, content, "application/octet-stream")
        return True

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False = cut the connection."""
        if unquote(request.path).startswith(f"/file/bot{self.token}/"):
            return await self._serve_file(request, writer)
        method = request.path.rpartition("/")[2]
        fault = self.faults.next_for(method)
        try:
            if request.path != f"/bot{self.token}/{method}":
                raise refusals.unauthorized()
            self.calls.append((method, dict(request.fields)))
            handler = self.methods.handler(method)
            if handler is None:
                self.complaints.append(f"unknown method {method}")
                raise refusals.not_found()
            if strange := unknown_parameters(method, {**request.fields, **request.files}):
                self.complaints.append(f"{method} with parameters PTB does not have: {sorted(strange)}")
                raise refusals.bad_request("unknown parameters")
            await before_effect(fault)
            if fault is not None and fault.kind is Kind.CUT:
                return False
            if fault is not None and fault.kind is Kind.GARBAGE:
                await write_bytes(writer, 200, b"<html>gateway</html>", "text/html")
                return True
            result = await handler(request)
        except Refusal as refusal:
            await write_json(writer, refusal.code, refusal.body())
            return True
        if fault is not None and fault.kind is Kind.LOST_ANSWER:
            if isinstance(result, dict) and "message_id" in result:
                self.unanswered.add((result["chat"]["id"], result["message_id"]))
            return False
        await write_json(writer, 200, {"ok": True, "result": result})
        return True
