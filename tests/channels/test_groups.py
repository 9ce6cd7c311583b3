"""The bot among people: it speaks when spoken to, says what is nearly certain, and nothing about anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram.constants import ChatID

from bot.dialogue.resident import asking
from knowledge.base import Base
from knowledge.entry import Answer
from tests.fake_bot_api import FakeBotApi

from .telegram_for_tests import program
from .test_topics import CLERK, GROUP, RESIDENT, files, home, inquires, office

__all__ = ["home"]

VILLAGE = -100777  # a group of residents, with the bot in it
ASKED = "预算公开了没有"
ANSWERED = "深入推进预决算公开"
ANONYMOUS: dict[str, Any] = {
    "id": int(ChatID.ANONYMOUS_ADMIN),
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
BOT = {"id": 99, "is_bot": True, "first_name": "别的机器人", "username": "another_bot"}


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("/status@zhoushang_bot", "do_status"),
        ("@zhoushang_bot 我的申请到哪了", "do_status"),
        ("/request@zhoushang_bot 村口的桥", "do_request"),
        ("@zhoushang_bot 我的数据", "do_mydata"),
        ("/status@zhoushang_bot 2026-0001", "do_status"),
        ("@zhoushang_bot 2026-0001", "r_2026-0001"),
        ("@zhoushang_bot 村口桥加固花了多少钱", "hello"),
    ],
)
async def test_what_is_personal_goes_on_alone(home: Path, tmp_path: Path, said: str, link: str) -> None:
    """A command about oneself, a number, a question without a sure answer: a link to the private chat, and no
    word about any request.
    """
    async with FakeBotApi() as api, program(home, tmp_path, api):
        group, person = api.group(VILLAGE, "村民群"), api.phone(RESIDENT)
        number = await files(person)
        person.types(said, chat=group)
        seen = await person.reads(chat=group)
        assert seen.links == (f"https://t.me/zhoushang_bot?start={link}",)
        assert number not in seen.text
        person.types(f"/start {link}")
        there = await person.reads()
        assert (number in there.text) is (link in ("do_status", "r_2026-0001"))


async def test_staff_commands_do_not_exist_among_residents(home: Path, tmp_path: Path) -> None:
    """By name they are answered like any command that there never was, even to staff; without our name they
    may be for another bot, and nothing is said.
    """
    async with FakeBotApi() as api, office(home, tmp_path, api):
        group, clerk, person = api.group(VILLAGE, "村民群"), api.phone(CLERK), api.phone(RESIDENT)
        answers = []
        for who in (clerk, person):
            for command in ("/queue", "/grant", "/reload", "/nosuchthing"):
                who.types(command, chat=group)
                who.types(f"{command}@zhoushang_bot", chat=group)
                answers.append((await person.reads(chat=group)).text)
        assert len(answers) == 8
        assert set(answers) == {answers[-1]}
        assert len(group.seen) == 8


async def test_commands_of_residents_work_without_our_name(home: Path, tmp_path: Path) -> None:
    """A command that is ours is answered; public browsing stays in the group."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        group, person = api.group(VILLAGE, "村民群"), api.phone(RESIDENT)
        person.types("/catalogue", chat=group)
        assert len((await person.reads(chat=group)).labels) > 2


async def test_anonymous_administrator_is_nobody(home: Path, tmp_path: Path) -> None:
    """Who shows the group in place of himself gets public answers, and no function of staff in their chat."""
    async with FakeBotApi() as api, office(home, tmp_path, api):
        group, staff = api.group(VILLAGE, "村民群"), api.group(GROUP)
        clerk, hidden = api.phone(CLERK), api.phone(ANONYMOUS["id"])
        hidden.person = ANONYMOUS
        number = await inquires(api.phone(RESIDENT))
        card = await clerk.reads(number, chat=staff)
        hidden.types(f"@zhoushang_bot {ASKED}", chat=group, sender_chat=group.as_object())
        assert ANSWERED in (await clerk.reads(chat=group)).text
        hidden.types("/queue@zhoushang_bot", chat=staff, sender_chat=staff.as_object())
        assert "没有这个命令" in (await clerk.reads(chat=staff)).text
        hidden.types("没有发过。", chat=staff, reply_to=card.message_id, sender_chat=staff.as_object())
        assert "请核对" not in (await clerk.reads(chat=staff)).text


@pytest.mark.parametrize(
    "unheard",
    [
        pytest.param({"from": BOT}, id="another-bot"),
        pytest.param(
            {
                "from": {"id": int(ChatID.SERVICE_CHAT), "is_bot": False, "first_name": "Telegram"},
                "sender_chat": {"id": -100888, "type": "channel", "title": "乡公告"},
                "is_automatic_forward": True,
            },
            id="post-of-the-linked-channel",
        ),
        pytest.param(
            {
                "from": {"id": int(ChatID.FAKE_CHANNEL), "is_bot": True, "first_name": "Channel"},
                "sender_chat": {"id": -100888, "type": "channel", "title": "乡公告"},
            },
            id="somebody-as-a-channel",
        ),
    ],
)
async def test_who_is_no_person_is_left_alone(home: Path, tmp_path: Path, unheard: dict[str, Any]) -> None:
    """Two bots would talk to each other for ever; a channel has no resident."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        group, person = api.group(VILLAGE, "村民群"), api.phone(RESIDENT)
        person.types(f"@zhoushang_bot {ASKED}", chat=group, **unheard)
        person.types("@zhoushang_bot 你好", chat=group)
        assert ANSWERED not in (await person.reads(chat=group)).text
        assert len(group.seen) == 1


async def test_deleted_and_blocking_accounts(home: Path, tmp_path: Path) -> None:
    """An account without a name is answered like any other; who blocked the bot alone can still ask here."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        group = api.group(VILLAGE, "村民群")
        for phone in (api.phone(44, "", language=""), api.phone(RESIDENT)):
            phone.blocks_bot()
            phone.types(f"@zhoushang_bot {ASKED}", chat=group)
            assert ANSWERED in (await phone.reads(chat=group)).text


async def test_answer_stays_in_the_topic_in_which_was_asked(home: Path, tmp_path: Path) -> None:
    """A residents' group may have topics of its own."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        group, person = api.forum(VILLAGE, "村民群"), api.phone(RESIDENT)
        topic = api.world.new_topic(group, person.person, "低保").thread
        person.types("大家好", chat=group, topic=topic)
        person.types(f"@zhoushang_bot {ASKED}", chat=group, topic=topic)
        seen = await person.reads(chat=group)
        assert (seen.thread, ANSWERED in seen.text) == (topic, True)
        assert api.called("createForumTopic") == []


def test_before_a_group_more_certainty_is_asked_for(home: Path) -> None:
    """What is answered alone but is not nearly certain is not said in a group."""
    with Base.open(home / "knowledge.db") as base:
        found = base.ask("2018年公开了多少条政府信息")
    assert isinstance(found, Answer)
    assert found.hits[0].score < asking._SURE_IN_GROUP
