"""Floods, hostile texts and impossible buttons against the whole program over HTTP: each gets an answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk.tables import requests
from bot.dialogue.admin.reloads import office_of
from bot.ledger.ledger import Ledger
from bot.mailbox.tables import outbox, updates
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.base import build_base
from tests.channels.telegram_for_tests import program
from tests.dialogue.stage import settings_of, wide
from tests.fake_bot_api import FakeBotApi
from tests.ledgers import ledger_url

OFFICER = 9
ID_NUMBER = "430821199003074512"  # invented; its check digit is right
ASKED, ANSWER = "公开了哪一年的部门决算信息", "2017年度部门财政决算信息"
HOSTILE = {
    "ten thousand characters": "低保" * 5000,
    "one word without end": "a" * 4096,
    "emoji only": "🙏👨‍👩‍👧‍👦🇨🇳🙏",
    "HTML": "<b>低保</b><script>alert(1)</script>&lt;&#0;",
    "half of HTML": "</b><a href='x",
    "Markdown": "*低保* _x_ [链接](tg://user?id=1) ```code",
    "FTS syntax": 'title:* AND (NEAR("低保" "五保") NOT ^x) OR "',
    "SQL": "'; DROP TABLE questions; --",
    "placeholders": "{agency} {0} %s %(x)s ${HOME} {number!r}",
    "zero width": "低\u200b保\u200c政\u200d策\ufeff\u2060",
    "right to left": "\u202e策政保低\u202c \u05d0\u05d1",
    "control characters": "低保\u0001\u0007\u001b[31m\u007f",
    "combining marks": "低" + "\u0301" * 300,
    "full width": wide("/queue2026-0001"),
    "slashes": "//////",
    "a command of nobody": "/drop_tables now",
    "a Chinese command": "/查询 2026-0001",
    "a number of somebody": "2026-0001",
    "only marks": "。。。？？？",
    "a lone surrogate's neighbour": "\ufffd\ufffe低保",
}
BUTTONS = ("x" * 64, "💥💥", ":::", "e", "e:ffffffffff:999999999", "mw:2020-0001", "fs:00000000", "cc:低保:0")
STAFF_ONLY = ("sv:2026-0001:chat", "ar", "sr:2026-0001", "si:2026-0001")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = settings_of(tmp_path_factory.mktemp("home"))
    build_base(EMBEDDED_KNOWLEDGE, settings.index_path, (), office_of(settings))
    return settings.home


def states(folder: Path, column: sa.Column[str]) -> Counter[str]:
    with Ledger.open(ledger_url(folder)) as ledger, ledger.reading() as connection:
        return Counter(connection.scalars(sa.select(column)))


async def all_handled(folder: Path, count: int) -> None:
    """Wait until `count` updates are handled. The last message that a phone reads may be the second one of
    an earlier update: ending the program then leaves an update for its next start.
    """
    async with asyncio.timeout(20):
        while states(folder, updates.c.status) != {"handled": count}:  # noqa: ASYNC110  # a row of a file tells no event
            await asyncio.sleep(0.05)


async def test_hostile_texts_are_answered(home: Path, tmp_path: Path) -> None:
    """Each gets one sensible answer, in which no markup of the sender came to life, and the next question of
    the same chat is answered as ever."""
    async with FakeBotApi() as api, program(home, tmp_path, api):
        for number, (what, text) in enumerate(HOSTILE.items()):
            phone = api.phone(100 + number, "<b>&amp;\u202e")
            phone.types(text)
            seen = await phone.reads(deadline=20)
            assert seen.text.strip(), what
            assert not seen.styled("text_link"), what
            phone.types(ASKED)
            await phone.reads(ANSWER, deadline=20)
        await all_handled(tmp_path, 2 * len(HOSTILE))
    assert set(states(tmp_path, outbox.c.status)) == {"sent"}


async def test_staff_search_takes_any_text(home: Path, tmp_path: Path) -> None:
    """What a clerk types after /queue is looked for as words, never run as a query."""
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=(f"telegram:{OFFICER}",)):
        clerk = api.phone(OFFICER)
        for what, text in HOSTILE.items():
            clerk.types(f"/queue {text}")
            assert (await clerk.reads(deadline=20)).text.strip(), what
        await all_handled(tmp_path, len(HOSTILE))


async def test_impossible_buttons_are_answered(home: Path, tmp_path: Path) -> None:
    """Malformed data, buttons of last year and buttons of staff in a resident's hand: a sentence, the spinner
    stops, and nothing is done."""
    async with FakeBotApi() as api, program(home, tmp_path, api, staff=(f"telegram:{OFFICER}",)):
        phone = api.phone(42)
        old = {"message_id": 1, "date": 0, "chat": phone.chat.as_object()}
        for data in (*BUTTONS, *STAFF_ONLY):
            await phone.answered(phone.press_data(data, old), deadline=20)
            assert (await phone.reads(deadline=20)).text.strip(), data
        await all_handled(tmp_path, len(BUTTONS) + len(STAFF_ONLY))
    assert states(tmp_path, requests.c.status) == {}


async def test_flood_stops_nobody_else_and_no_request(home: Path, tmp_path: Path) -> None:
    """Sixty questions at once: one kind notice, a formal request goes through in the middle of it, others do
    not notice, and what the same person asks a minute later is answered again."""
    async with FakeBotApi() as api, program(home, tmp_path, api, questions_per_minute=5):
        flooder, neighbour = api.phone(42), api.phone(43)
        for _ in range(60):
            flooder.types(ASKED)
        neighbour.types(ASKED)
        await neighbour.reads(ANSWER, deadline=30)
        for typed, expected in (
            ("/request", "第 1 步"),
            ("个人", "姓名"),
            ("覃小满", "身份证"),
            (ID_NUMBER, "第 4 步"),
            ("13800138000", "第 5 步"),
            ("村口桥的结算书", "第 6 步"),
            ("电子文件", "怎么拿到"),
            ("在这个聊天里发给我", "核对"),
            ("确认提交", "已经提交"),
        ):
            flooder.types(typed)
            await flooder.reads(expected, deadline=30)
        told = [seen for seen in flooder.chat.seen if "过一分钟再问" in seen.text]
        assert len(told) == 1
        assert sum(ANSWER in seen.text for seen in flooder.chat.seen) == 5
        flooder.types(ASKED, date=int(time.time()) + 120)
        await flooder.reads(ANSWER, deadline=30)
    assert states(tmp_path, requests.c.status) == {"submitted": 1}
    assert set(states(tmp_path, updates.c.status)) == {"handled"}
