"""A group that becomes a supergroup: everything that knew its number follows, also after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from telegram import BotCommandScopeChat

from bot.channels.telegram.commands import menus
from bot.dialogue.chats import follow_group
from bot.dialogue.tables import conversations
from bot.ledger.ledger import Ledger
from bot.mailbox import moves
from bot.mailbox.letters import OutboxState, moved
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.tables import moved_chats, outbox, topics
from bot.messages import Address, Outgoing
from tests.fake_bot_api import FakeBotApi

from .dialogue_for_tests import SteppingClock, open_ledger, saying
from .telegram_for_tests import settings_for
from .test_topics import ADMIN, ANSWER, CLERK, RESIDENT, home, inquires, office, rows

__all__ = ["home"]

OLD, NEW = -5, -1005
STAFF_CHAT = {"staff_chat": f"telegram:{OLD}"}


@pytest.mark.parametrize("announced", [True, False], ids=["service-message", "refusal"])
async def test_staff_group_moves_and_the_program_restarts(
    home: Path, tmp_path: Path, announced: bool
) -> None:
    """P15: cards, commands and answers go on in the new group, the admin is told once, and the old setting
    still works after a restart.
    """
    async with FakeBotApi() as api:
        old = api.group(OLD)
        resident, clerk, admin = api.phone(RESIDENT), api.phone(CLERK), api.phone(ADMIN)
        async with office(home, tmp_path, api, **STAFF_CHAT):
            first = await inquires(resident)
            await clerk.reads(first, chat=old)
            new = api.upgrade(old, NEW, announced=announced)
            second = await inquires(resident, "河道清淤请的哪家公司")
            await clerk.reads(second, chat=new)
            await admin.reads(f"telegram:{NEW}")
            clerk.types("/queue@zhoushang_bot", chat=new)
            await clerk.reads(first, chat=new)
        calls = len(api.calls_that_send())
        async with office(home, tmp_path, api, **STAFF_CHAT):
            third = await inquires(resident, "狮子岩水库的鱼是谁承包的")
            card = await clerk.reads(third, chat=new)
            clerk.types(ANSWER, chat=new, reply_to=card.message_id)
            await clerk.reads("请核对", chat=new)
            clerk.press("发送答复", chat=new)
            assert ANSWER in (await resident.reads("有答复了")).text
        assert {call["chat_id"] for call in api.calls_that_send()[calls:]} == {str(NEW), str(RESIDENT)}
        assert len([seen for seen in admin.chat.seen if f"telegram:{NEW}" in seen.text]) == 1
    assert [(row.old, row.new) for row in rows(tmp_path, moved_chats)] == [
        (f"telegram:{OLD}", f"telegram:{NEW}")
    ]


async def test_topics_after_the_move(home: Path, tmp_path: Path) -> None:
    """The usual way to topics: a plain group becomes a supergroup with topics; they are made from then on."""
    async with FakeBotApi() as api:
        old = api.group(OLD)
        resident, clerk = api.phone(RESIDENT), api.phone(CLERK)
        async with office(home, tmp_path, api, **STAFF_CHAT):
            number = await inquires(resident)
            await clerk.reads(number, chat=old)
            new = api.upgrade(old, NEW, announced=True)
            api.forum(NEW)
            clerk.types(f"/queue@zhoushang_bot {number}", chat=new)
            assert (await clerk.reads(number, chat=new)).thread is not None


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with open_ledger(tmp_path) as opened:
        yield opened


def members_follow(connection: sa.Connection, old: str, new: str) -> tuple[Outgoing, ...]:
    """What is remembered of members goes along, and nobody is told."""
    follow_group(connection, old, new)
    return ()


def test_everything_follows(ledger: Ledger) -> None:
    """What waits, what is remembered of members, and who asks by the old number; topics do not carry over."""
    clock = SteppingClock()
    old, new = Address("telegram", "-5"), Address("telegram", "-1005")
    box = Outbox(ledger, "telegram", clock, tell_moved=members_follow)
    with ledger.transaction() as connection:
        enqueue(connection, saying(old, "一"), clock())
        enqueue(connection, saying(old, "二"), clock())
        enqueue(connection, saying(old, "held for a digest"), clock())
        connection.execute(outbox.update().where(outbox.c.id == 3).values(status=OutboxState.HELD))
        for member in (
            "telegram:5/telegram:1",
            "telegram:-5/telegram:1",
            "telegram:-5/telegram:2",
            f"{new}/telegram:2",
        ):
            row = {"address": member, "person": "p", "language": "", "state": {}, "updated_at": clock()}
            connection.execute(conversations.insert().values(**row))
        connection.execute(
            topics.insert().values(chat=str(old), subject="2026-0001", thread="7", begun_at=clock())
        )
    (letter,) = box.claim(5).letters
    box.record(moved(letter, str(new), clock()))
    box.record(moved(letter, str(new), clock()))  # heard again
    with ledger.transaction() as connection:
        enqueue(connection, saying(old, "三"), clock())  # by the number in the settings
        assert connection.scalars(sa.select(outbox.c.chat)).all() == [str(new)] * 4
        assert connection.scalars(sa.select(topics.c.id)).all() == []
        known = connection.scalars(sa.select(conversations.c.address).order_by(conversations.c.address)).all()
        assert known == [
            "telegram:-1005/telegram:1",
            "telegram:-1005/telegram:2",
            "telegram:-5/telegram:2",
            "telegram:5/telegram:1",
        ]
        assert moves.present(connection, str(old)) == str(new)


def test_moves_in_a_row_and_in_a_circle(ledger: Ledger) -> None:
    """A second move is followed; a message out of order that says the contrary changes nothing."""
    clock = SteppingClock()
    with ledger.transaction() as connection:
        assert moves.move(connection, "telegram:-5", "telegram:-6", clock())
        assert moves.move(connection, "telegram:-6", "telegram:-7", clock())
        assert not moves.move(connection, "telegram:-7", "telegram:-5", clock())
        assert not moves.move(connection, "telegram:-5", "telegram:-5", clock())
        assert moves.present(connection, "telegram:-5") == "telegram:-7"
        assert moves.present(connection, "telegram:-7") == "telegram:-7"


async def test_menu_of_the_new_group(tmp_path: Path) -> None:
    """The staff's commands are shown where the group is now."""
    async with FakeBotApi() as api:
        settings = settings_for(tmp_path, api, staff_chat="telegram:-5")
    scopes = [
        scope.chat_id
        for scope, _ in menus(settings, "telegram:-1005")
        if isinstance(scope, BotCommandScopeChat)
    ]
    assert scopes == [-1005]
