"""Subscriptions over HTTP: the digest on the phone, the button that ends it, a phone that blocked the bot."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.channels.telegram import channel_of
from bot.dialogue.admin.reloads import office_of
from bot.dialogue.resident.subscriptions import subscribing as rows
from bot.dialogue.tables import subscriptions
from bot.jobs import scheduler as rounds
from bot.jobs.scheduler import Rounds
from bot.mailbox.pace import UNPACED
from bot.mailbox.tables import outbox
from bot.program import Program
from bot.settings import Settings
from knowledge.entry import token_of
from tests.dialogue.test_subscriptions import CATEGORY, disclosed
from tests.fake_bot_api import TOKEN, FakeBotApi

CLERK = 9


@asynccontextmanager
async def town(home: Path, api: FakeBotApi) -> AsyncIterator[Program]:
    settings = Settings(
        home=home,
        telegram_token=SecretStr(TOKEN),
        telegram_base_url=api.base_url,
        staff=(f"telegram:{CLERK}",),
        quiet_hours="",
    )
    with Program.open(settings) as opened:
        publish(opened, 1)
        channel = channel_of(opened, UNPACED)
        try:
            await channel.start()
            yield opened
        finally:
            await channel.stop()


def publish(program: Program, *numbers: int) -> None:
    """A reload, as another program would make it."""
    entries = [disclosed(number) for number in numbers]
    program.base.reload(program.settings.knowledge, entries, office_of(program.settings))


async def test_subscribe_read_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the catalogue to the digest and out again; another chat hears nothing."""
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    async with FakeBotApi() as api, town(tmp_path, api) as program:
        phone = api.phone(42)
        phone.types("/catalogue")
        await phone.reads("公开的信息")
        phone.press(f"{CATEGORY}（1）")
        await phone.reads("共 1 条")
        phone.press("有新的告诉我")
        await phone.reads("有新公开的，我告诉您")
        publish(program, 1, 2)
        digest = await phone.reads("第2座桥的造价")
        phone.press("第2座桥的造价", message_id=digest.message_id)
        await phone.reads("第2座桥造价2万元")
        phone.press(f"不要了：{CATEGORY}", message_id=digest.message_id)
        await phone.reads("不再告诉您")
        assert 43 not in api.world.chats


async def test_blocked_phone_ends_its_subscription(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest that cannot be delivered is the last one, and staff are not bothered with it."""
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    async with FakeBotApi() as api, town(tmp_path, api) as program:
        phone, clerk = api.phone(42), api.phone(CLERK)
        phone.types(f"/start c_{_token()}")
        await phone.reads("共 1 条")
        phone.press("有新的告诉我")
        await phone.reads("有新公开的，我告诉您")
        phone.blocks_bot()
        publish(program, 1, 2)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if _count(program) == 0:
                break
        assert _count(program) == 0
        assert [seen.text for seen in clerk.chat.seen if "送不到" in seen.text] == []


async def test_two_workers_race(tmp_path: Path) -> None:
    """Two rounds at the same moment, again and again: each entry is told once."""
    async with FakeBotApi() as api:
        settings = Settings(
            home=tmp_path, telegram_token=SecretStr(TOKEN), telegram_base_url=api.base_url, quiet_hours=""
        )
        with Program.open(settings) as program:
            publish(program, 1)
            with program.ledger.transaction() as connection:
                now = datetime.now(UTC)
                for person in range(20):
                    rows.subscribe(
                        connection, now, program.base, person=f"telegram:{person}",
                        address=f"telegram:{person}", category=CATEGORY,
                    )  # fmt: skip
            publish(program, 1, 2)
            made = [Rounds(program.ledger, program.jobs, lambda: datetime.now(UTC)) for _ in range(4)]
            threads = [threading.Thread(target=each.make) for each in made]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            with program.ledger.reading() as connection:
                told = connection.execute(
                    sa.select(outbox.c.chat, sa.func.count())
                    .where(outbox.c.event == "news_digest")
                    .group_by(outbox.c.chat)
                ).all()
    assert len(told) == 20
    assert {count for _, count in told} == {1}


def _token() -> str:
    return token_of(CATEGORY)


def _count(program: Program) -> int:
    with program.ledger.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(subscriptions)).scalar_one())
