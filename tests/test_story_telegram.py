"""The whole story on Telegram, over HTTP: ask, suggest, file, confirm, reply, publish, ask again.

The real report, the real dialogue, PTB's real application; only the server at the other end is ours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.telegram import channel_of
from bot.channels.telegram.discretion import Discretion
from bot.dialogue.resident.welcome import link_to_category, link_to_request
from bot.mailbox.pace import Pace
from bot.program import Program
from bot.settings import Settings
from tests.fake_bot_api import TOKEN, Chat, FakeBotApi, Limits, Phone
from tests.fake_bot_api.calling import calling, free_port
from tests.fake_bot_api.world import Seen

RESIDENT, CLERK, REVIEWER, NEIGHBOUR = 42, 9, 8, 43
GROUP = -1001234
ITEM_CATEGORY = "重大建设项目"  # on the poster at the building site
WEBHOOK = "https://bot.example.gov.cn/telegram"
ID_NUMBER = "430821199003074512"  # invented; its check digit is right
REPLY = "2018年村道硬化工程共支出专项资金三十二万元，明细见乡政府公开栏。"


@pytest.fixture(autouse=True)
def _new_style_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@asynccontextmanager
async def town(home: Path, webhook: str, **more: Any) -> AsyncIterator[FakeBotApi]:
    """The bot, running, in a world where everything goes ten times as fast as on Telegram.

    With `webhook` (a public address) it is called, else it polls.
    """
    limits = Limits(chat_interval=0.1, tolerance=0.02, minute=6.0)
    port = free_port()
    async with FakeBotApi(limits=limits) as api, calling(api, port):
        values: dict[str, Any] = {
            "home": home,
            "telegram_token": SecretStr(TOKEN),
            "telegram_base_url": api.base_url,
            "agency_name": "洲上乡人民政府",
            "staff": (f"telegram:{CLERK}",),
            "admins": (f"telegram:{CLERK}",),
            "identity_on_chat": ("telegram", "terminal"),  # the whole loop on one chat
            "webhook_url": webhook,
            "webhook_port": port,
            **more,
        }
        with Program.open(Settings(**values)) as program:
            pace = Pace(chat_interval=timedelta(seconds=0.1), minute=timedelta(seconds=6))
            channel = channel_of(program, pace)
            try:
                await channel.start()
                yield api
            finally:
                await channel.stop()


async def asks_and_is_not_satisfied(resident: Phone) -> None:
    """A vague question gets a list; none of it fits, so filing is offered."""
    resident.types("低保咋申请")
    suggested = await resident.reads()
    assert len(suggested.labels) >= 4
    query = resident.press("都不是")
    offered = await resident.reads()
    await resident.answered(query)
    assert [label for label in offered.labels if "申请公开" in label]


async def files(resident: Phone) -> str:
    """A question that the report does not answer becomes a request; returns its number."""
    resident.types("2018年修路花了多少钱")
    missing = await resident.reads()
    assert "申请公开" in missing.labels
    resident.press("申请公开")
    await resident.reads("第 1 步")
    resident.press("个人")
    await resident.reads("姓名")
    resident.types("覃<小>满 & 😀")
    await resident.reads("身份证")
    resident.types(ID_NUMBER)
    await resident.reads("第 4 步")
    resident.types("13800138000")
    wanted = await resident.reads("第 5 步")
    assert wanted.styled("blockquote") == ["2018年修路花了多少钱"]
    resident.types("2018年村道硬化工程的支出明细")
    await resident.reads("第 6 步")
    resident.press("电子文件")
    await resident.reads("怎么拿到")
    resident.press("在这个聊天")
    read_back = await resident.reads("核对")
    assert "覃<小>满 & 😀" in read_back.text
    assert ID_NUMBER not in read_back.text
    resident.press("确认提交")
    receipt = await resident.reads("已经提交")
    return receipt.text.partition("编号是 ")[2].partition("。")[0]


async def answers(clerk: Phone, resident: Phone, number: str) -> None:
    """The clerk confirms receipt, replies and serves; the resident is told of each."""
    card = await clerk.reads(number)
    assert "小" not in card.text
    clerk.press("确认收到")
    await clerk.reads("期限开始计算")
    assert "最晚答复" in (await resident.reads(number)).text
    clerk.press("答复")
    await clerk.reads("什么情况")
    clerk.press("可以公开，全部给")
    await clerk.reads("正文")
    clerk.types(REPLY)
    await clerk.reads(REPLY)
    clerk.press("保存答复")
    await clerk.reads("还没有发出")
    clerk.press("发出，今天当面")
    await clerk.reads("已答复")
    assert REPLY in (await resident.reads(number)).text


async def finds(resident: Phone, question: str, number: str) -> Seen:
    """Asks until the index holds it: it is built beside the conversation."""
    for _ in range(50):
        resident.types(question)
        answer = await resident.reads()
        if number in answer.text:
            break
        await asyncio.sleep(0.2)
    return answer


@pytest.mark.parametrize("webhook", ["", WEBHOOK], ids=["polling", "webhook"])
async def test_story(tmp_path: Path, webhook: str, caplog: pytest.LogCaptureFixture) -> None:
    """From a question without an answer to the next resident who gets it; the log holds no word of it."""
    caplog.handler.addFilter(Discretion(TOKEN))  # as `disclosure run` puts it on each handler
    caplog.set_level(logging.DEBUG)
    async with town(tmp_path, webhook) as api:
        resident = api.phone(RESIDENT, "覃大娘")
        clerk = api.phone(CLERK, "向干部")
        neighbour = api.phone(NEIGHBOUR, "田<b>", "zh-hant")
        resident.types("/start")
        assert len((await resident.reads()).labels) >= 3
        await asks_and_is_not_satisfied(resident)
        number = await files(resident)
        await answers(clerk, resident, number)

        clerk.press("公开这条")
        await clerk.reads("谁都能查到")
        clerk.press("确认公开")
        await clerk.reads("已经公开")

        answer = await finds(neighbour, "2018年村道硬化工程花了多少钱", number)
        assert answer.styled("blockquote") == [REPLY]
        assert f"依申请公开答复（{number}）" in answer.text
        resident.types("进度")
        assert number in (await resident.reads()).text
        resident.types(f"/start {link_to_request(number)}")
        assert number in (await resident.reads()).text
        neighbour.types(f"/start {link_to_request(number)}")
        assert number not in (await neighbour.reads()).text
        assert bool(api.called("getUpdates")) is not bool(webhook)
        assert all("430821" not in seen.text for seen in clerk.chat.seen)
    lines = [caplog.handler.format(record) for record in caplog.records]
    assert any("turn event=published" in line for line in lines)
    for secret in (TOKEN, ID_NUMBER, "覃", "13800138000", "村道", "低保", REPLY, "田<b>", "向干部"):
        assert [line for line in lines if secret in line] == []


async def answers_in_the_topic(
    clerk: Phone, reviewer: Phone, resident: Phone, group: Chat, number: str
) -> int:
    """Receipt, the reply written as an answer to the card, review by a second person, service: all in the one
    topic of the request, which is returned.
    """
    card = await clerk.reads(number, chat=group)
    topic = card.thread
    assert topic is not None
    assert group.topics[topic].name == f"{number} 2018年村道硬化工程的支出明细"
    clerk.press("确认收到", chat=group)
    received = await clerk.reads("期限开始计算", chat=group)
    assert "最晚答复" in (await resident.reads(number)).text
    clerk.types("这条路是去年的事，我查查账", chat=group, topic=topic)
    await clerk.reads("内部备注", chat=group)
    written = clerk.types(REPLY, chat=group, topic=topic, reply_to=received.message_id)
    await clerk.reads("什么情况", chat=group)
    clerk.press("可以公开，全部给", chat=group)
    await clerk.reads("核对", chat=group)
    clerk.press("保存答复", chat=group)
    await reviewer.reads("请您审核", chat=group)
    clerk.press("审核同意", chat=group)
    await clerk.reads("不能自己审核", chat=group)
    reviewer.press("审核同意", chat=group)
    await clerk.reads("审核通过", chat=group)
    assert group.reacted == {}
    clerk.press("发出，今天当面", chat=group)
    assert REPLY in (await resident.reads("有答复了")).text
    assert await clerk.reacted_to(written, chat=group) == "👍"
    return topic


async def test_story_in_topics(tmp_path: Path) -> None:
    """On webhook: by a poster's link to a question without an answer, a request with a topic of its own, the
    reply from the topic, the progress by a link, publication, and the next resident who gets the answer.
    """
    staff = tuple(f"telegram:{person}" for person in (CLERK, REVIEWER))
    async with town(tmp_path, WEBHOOK, staff=staff, staff_chat=f"telegram:{GROUP}") as api:
        group = api.forum(GROUP)
        resident, clerk = api.phone(RESIDENT, "(#id43) 覃大娘"), api.phone(CLERK, "向干部")
        reviewer, neighbour = api.phone(REVIEWER, "彭主任"), api.phone(NEIGHBOUR)
        resident.types(f"/start {link_to_category(ITEM_CATEGORY)}")
        assert len((await resident.reads(ITEM_CATEGORY)).labels) > 1
        number = await files(resident)
        topic = await answers_in_the_topic(clerk, reviewer, resident, group, number)

        resident.types(f"/status@zhoushang_bot {number}", chat=group)
        handed = await resident.reads("私下", chat=group)
        assert handed.links == ("https://t.me/zhoushang_bot?start=do_status",)
        resident.types(f"/start {link_to_request(number)}")
        assert number in (await resident.reads("已经答复")).text
        neighbour.types(f"/start {link_to_request(number)}")
        assert number not in (await neighbour.reads()).text

        clerk.press("公开这条", chat=group)
        await clerk.reads("谁都能查到", chat=group)
        clerk.press("确认公开", chat=group)
        await clerk.reads("已经公开", chat=group)
        answer = await finds(neighbour, "2018年村道硬化工程花了多少钱", number)
        assert answer.styled("blockquote") == [REPLY]

        assert list(group.topics) == [topic]
        about = [seen for seen in group.seen if number in seen.text or REPLY in seen.text]
        assert {seen.thread for seen in about} == {topic}
        assert all("430821" not in seen.text and "小>满" not in seen.text for seen in group.seen)
        assert not api.called("getUpdates")
