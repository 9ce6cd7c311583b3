"""Webhook mode: Telegram calls, and what is answered 200 is stored.  Over HTTP, with PTB's own server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.mailbox.inbox import Inbox
from tests.fake_bot_api import TOKEN, FakeBotApi
from tests.fake_bot_api.calling import calling, free_port

from .telegram_for_tests import telegram

URL = "https://bot.example.gov.cn/telegram"
SECRET = "our-secret_1"


def webhook(port: int) -> dict[str, Any]:
    return {"webhook_url": URL, "webhook_port": port, "webhook_secret": SecretStr(SECRET)}


async def test_ask_and_answer_by_webhook(tmp_path: Path) -> None:
    """The same mailbox, the same answer; nothing is polled, and the secret is made from the token."""
    port = free_port()
    async with FakeBotApi() as api, calling(api, port) as caller:
        async with telegram(tmp_path, api, webhook_url=URL, webhook_port=port) as channel:
            phone = api.phone(42)
            phone.types("低保")
            assert (await phone.reads()).text == "heard 低保"
            assert channel.poll_age() == 0.0
            await api.confirmation()
        assert caller.answers == [200]
        assert api.called("getUpdates") == []
        assert len(api.methods.webhook_secret) == 64
        assert TOKEN not in api.methods.webhook_secret


async def test_a_stranger_is_refused(tmp_path: Path) -> None:
    """Without the secret, with a wrong one, on another path: refused, with no effect."""
    port = free_port()
    secret = SecretStr("our-secret_1")
    update = {"update_id": 1, "message": {}}
    async with (
        FakeBotApi() as api,
        telegram(tmp_path, api, webhook_url=URL, webhook_port=port, webhook_secret=secret),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as stranger,
    ):
        wrong = {"X-Telegram-Bot-Api-Secret-Token": "guessed"}
        assert (await stranger.post("/telegram", json=update)).status_code == 403
        assert (await stranger.post("/telegram", json=update, headers=wrong)).status_code == 403
        assert (await stranger.post("/", json=update)).status_code == 404
        assert api.methods.webhook_secret == "our-secret_1"


async def test_a_stranger_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    """A body of a gigabyte that is announced and never sent: the secret is looked at first, then the size."""
    port = free_port()
    known = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
    async with FakeBotApi() as api, telegram(tmp_path, api, **webhook(port)):
        assert await answer_to_head(port, "Content-Length: 1000000000\r\n") == 403
        assert await answer_to_head(port, "Content-Length: 10\r\n") == 403
        assert await answer_to_head(port, f"{known}Content-Length: 10000000\r\n") in (400, 413)
        assert await answer_to_head(port, f"{known}Content-Length: {'9' * 5000}\r\n") in (400, 413)
        assert await answer_to_head(port, f"{known}Transfer-Encoding: chunked\r\n") == 411


async def answer_to_head(port: int, head: str) -> int:
    """The status that comes although no body is sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /telegram HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
    async with asyncio.timeout(5):
        line = await reader.readline()
    writer.close()
    return int(line.split()[1])


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[1]", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "cut", "null", "list", "text", "bool", "no UTF-8", "deep"],
)
async def test_what_is_no_update_is_no_fault_of_ours(tmp_path: Path, body: bytes) -> None:
    """400, with the right secret too."""
    port = free_port()
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with (
        FakeBotApi() as api,
        telegram(tmp_path, api, **webhook(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as caller,
    ):
        assert (await caller.post("/telegram", content=body, headers=secret)).status_code == 400


async def test_update_that_nobody_understands_is_taken(tmp_path: Path) -> None:
    """Refused, it would be called again for a day and hold up everybody else's."""
    port = free_port()
    async with FakeBotApi() as api, calling(api, port) as caller:
        async with telegram(tmp_path, api, webhook_url=URL, webhook_port=port):
            api.world.queue.add_raw({"update_id": 999, "message": {"message_id": "x"}})
            phone = api.phone(42)
            phone.types("低保")
            assert (await phone.reads()).text == "heard 低保"
            await api.confirmation()
        assert caller.answers == [200, 200]


async def test_what_could_not_be_stored_is_called_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger that fails twice answers 500, Telegram calls again, and the resident is answered once."""
    port, failures = free_port(), [1, 1]
    store = Inbox.receive

    def sometimes(self: Inbox, *update: object) -> int:
        if failures:
            failures.pop()
            raise OSError("disk full")
        return store(self, *update)  # type: ignore[arg-type]

    monkeypatch.setattr(Inbox, "receive", sometimes)
    async with (
        FakeBotApi() as api,
        calling(api, port) as caller,
        telegram(tmp_path, api, webhook_url=URL, webhook_port=port),
    ):
        phone = api.phone(42)
        phone.types("低保")
        assert (await phone.reads()).text == "heard 低保"
        await api.confirmation()
        assert caller.answers == [500, 500, 200]
    assert len(phone.chat.seen) == 1


async def test_back_to_polling(tmp_path: Path) -> None:
    """An office that gives up the webhook loses nothing: the start by polling takes it down."""
    port = free_port()
    async with FakeBotApi() as api:
        async with telegram(tmp_path, api, webhook_url=URL, webhook_port=port):
            assert api.methods.webhook_url == URL
        phone = api.phone(42)
        phone.types("低保")
        async with telegram(tmp_path, api):
            assert (await phone.reads()).text == "heard 低保"
        assert api.methods.webhook_url == ""
