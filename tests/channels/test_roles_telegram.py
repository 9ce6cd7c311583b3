"""Roles over HTTP: a code from one phone to another, a reply in the staff group, the menu that follows."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.telegram import channel_of
from bot.mailbox.pace import UNPACED
from bot.program import Program
from bot.settings import Settings
from tests.fake_bot_api import TOKEN, FakeBotApi
from tests.ledgers import ledger_url

LEADER, NEW = 2, 77


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all; each test has a ledger of its own."""
    return tmp_path_factory.mktemp("home")


@asynccontextmanager
async def town(home: Path, ledger: Path, api: FakeBotApi, **more: Any) -> AsyncIterator[None]:
    settings = Settings(
        home=home,
        ledger_url=ledger_url(ledger),
        telegram_token=SecretStr(TOKEN),
        telegram_base_url=api.base_url,
        leaders=(f"telegram:{LEADER}",),
        **more,
    )
    with Program.open(settings) as opened:
        channel = channel_of(opened, UNPACED)
        try:
            await channel.start()
            yield
        finally:
            await channel.stop()


def menu(api: FakeBotApi, chat: int) -> list[str]:
    """The commands that a phone shows in its chat with the bot."""
    names: list[str] = []
    for call in api.called("setMyCommands"):
        scope = json.loads(call.get("scope") or "{}")
        if scope.get("chat_id") == chat:
            names = [command["command"] for command in json.loads(call["commands"])]
    return names


async def test_code_from_phone_to_phone(home: Path, tmp_path: Path) -> None:
    """The new colleague sees the staff's commands, also after a restart, and loses them when revoked."""
    async with FakeBotApi() as api:
        leader, colleague = api.phone(LEADER), api.phone(NEW)
        async with town(home, tmp_path, api):
            leader.types("/grant")
            await leader.reads("现在有权限的人")
            leader.press("经办人授权码")
            code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", (await leader.reads("授权码")).text)
            assert code is not None
            colleague.types(code[0])
            await colleague.reads("您现在是经办人了")
            assert "queue" in menu(api, NEW)
            assert "grant" not in menu(api, NEW)
            assert "grant" in menu(api, LEADER)
        async with town(home, tmp_path, api):
            colleague.types("/queue")
            await colleague.reads("没有")
            leader.types(f"/revoke {NEW}")
            await leader.reads("要收回")
            leader.press("确定收回")
            await colleague.reads("您不再是经办人了")
            assert "queue" not in menu(api, NEW)


async def test_reply_in_the_staff_group(home: Path, tmp_path: Path) -> None:
    """Whose message is replied to gets the role; a reply to the bot names nobody."""
    async with FakeBotApi() as api:
        group = api.world.group(-100, "工作群")
        leader, colleague = api.phone(LEADER), api.phone(NEW)
        async with town(home, tmp_path, api, staff_chat="telegram:-100"):
            said = colleague.types("我来上班了", group)
            leader.types("/grant 经办人", group, reply_to=said["message_id"])
            granted = await leader.reads("已授权 账号 77 做经办人", group)
            leader.types("/grant 管理员", group, reply_to=granted.message_id)
            await leader.reads("没看出是谁", group)
            colleague.types("/grant 管理员", group, reply_to=said["message_id"])
            await colleague.reads("只有负责人能办", group)
