"""Webhook mode: Telegram calls, and what is answered 200 is stored.  Over HTTP, with PTB's own server."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.mailbox import Inbox
from tests.fake_bot_api import TOKEN, FakeBotApi
from tests.fake_bot_api.calling import calling, free_port

from .telegram_for_tests import telegram

URL = "https://bot.example.gov.cn/telegram"


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
