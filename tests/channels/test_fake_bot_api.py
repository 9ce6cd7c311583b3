"""The fake is a judge of the bot, so it is judged first: by PTB over HTTP, in the real server's words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, error
from telegram.request import HTTPXRequest

from tests.fake_bot_api import TOKEN, FakeBotApi, Fault, Kind, Limits
from tests.fake_bot_api.markup import parse_html
from tests.fake_bot_api.refusals import Refusal


@asynccontextmanager
async def bot_at(api: FakeBotApi, token: str = TOKEN) -> AsyncIterator[Bot]:
    """PTB's own bot, talking to the fake over HTTP."""
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    polls = HTTPXRequest(connection_pool_size=4, httpx_kwargs={"trust_env": False})
    async with Bot(token, base_url=f"{api.base_url}/bot", request=request, get_updates_request=polls) as bot:
        yield bot


async def test_update_stays_until_confirmed() -> None:
    """An update is delivered again and again until a higher offset confirms it."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        api.phone(42).types("/start now")
        first = await bot.get_updates()
        again = await bot.get_updates()
        assert again == first
        assert first[0].message is not None
        assert [entity.type for entity in first[0].message.entities] == ["bot_command"]
        assert await bot.get_updates(offset=first[0].update_id + 1) == ()
        assert api.world.queue.confirmed == {first[0].update_id}


async def test_long_poll_wakes_up() -> None:
    """A waiting getUpdates returns as soon as somebody types."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.wait({poll}, timeout=0.05)
        assert not poll.done()
        started = time.monotonic()
        api.phone(42).types("你好")
        updates = await poll
        assert len(updates) == 1
        assert time.monotonic() - started < 2


async def test_second_poller_is_a_conflict() -> None:
    """Two programs with one token: the older poll is terminated, as Telegram does."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        older = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.wait({older}, timeout=0.05)
        newer = asyncio.create_task(bot.get_updates(timeout=1))
        with pytest.raises(error.Conflict):
            await older
        assert await newer == ()


async def test_text_is_seen_as_parsed() -> None:
    """Residents see the text without tags; entities count UTF-16 units."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        phone = api.phone(42, '<b>&"坏人', "en")
        await bot.send_message(42, "😀 <b>标题</b>\n<blockquote>1 &lt; 2</blockquote>", parse_mode="HTML")
        seen = await phone.reads()
        assert seen.text == "😀 标题\n1 < 2"
        assert seen.styled("bold") == ["标题"]
        assert seen.styled("blockquote") == ["1 < 2"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("1 < 2", "Unsupported start tag at byte offset 2", id="bare"),
        pytest.param("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0', id="unknown"),
        pytest.param(
            "<b>x", 'Can\'t find end tag corresponding to start tag "b" at byte offset 4', id="open"
        ),
        pytest.param(
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
            id="crossed",
        ),
        pytest.param("x</b>", "Unexpected end tag at byte offset 1", id="closing"),
    ],
)
def test_bad_html_is_refused(source: str, reason: str) -> None:
    """The checker refuses what the server refuses, with its words."""
    with pytest.raises(Refusal) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


async def test_refusals_reach_ptb_as_its_errors() -> None:
    """Blocked, unknown chat, too long, upgraded, wrong button data: each as the error PTB has for it."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        phone = api.phone(42)
        with pytest.raises(error.BadRequest, match="Message is too long"):
            await bot.send_message(42, "长" * 4097)
        with pytest.raises(error.BadRequest, match="Message text is empty"):
            await bot.send_message(42, "  ")
        with pytest.raises(error.BadRequest, match="Chat not found"):
            await bot.send_message(99, "x")
        wide = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="字" * 22)]])
        with pytest.raises(error.BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(42, "x", reply_markup=wide)
        phone.blocks_bot()
        with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
            await bot.send_message(42, "x")
        group = api.group(-5)
        api.upgrade(group, -1005)
        with pytest.raises(error.ChatMigrated) as moved:
            await bot.send_message(-5, "x")
        assert moved.value.new_chat_id == -1005


async def test_button_and_edit() -> None:
    """A pressed button comes as a callback query; its message can be edited once, not to the same text."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        phone = api.phone(42)
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("是", callback_data="yes:1")]])
        sent = await bot.send_message(42, "对吗", reply_markup=keyboard)
        query_id = phone.press("是")
        (update,) = await bot.get_updates()
        assert update.callback_query is not None
        assert update.callback_query.data == "yes:1"
        await bot.answer_callback_query(query_id)
        await phone.answered(query_id)
        with pytest.raises(error.BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query_id)
        await bot.edit_message_text("好", chat_id=42, message_id=sent.message_id)
        assert (await phone.reads("好")).edited
        with pytest.raises(error.BadRequest, match="Message is not modified"):
            await bot.edit_message_text("好", chat_id=42, message_id=sent.message_id)
        with pytest.raises(error.BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("好", chat_id=42, message_id=999)


async def test_document_arrives_whole() -> None:
    """A file is uploaded by multipart and kept byte by byte."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        phone = api.phone(42)
        content = bytes(range(256)) + b"\r\n--x"
        await bot.send_document(42, content, filename="回执.docx", caption="<b>回执</b>", parse_mode="HTML")
        seen = await phone.reads("回执")
        assert seen.document == ("回执.docx", content)


async def test_limits_answer_with_retry_after() -> None:
    """A second message within the second, and the 21st of a minute to a group, are too many."""
    limits = Limits(chat_interval=0.0)
    async with FakeBotApi(limits=limits) as api, bot_at(api) as bot:
        api.group(-5)
        for number in range(20):
            await bot.send_message(-5, str(number))
        with pytest.raises(error.RetryAfter):
            await bot.send_message(-5, "21")
        limits.chat_interval = 1.0
        api.phone(42)
        await bot.send_message(42, "1")
        with pytest.raises(error.RetryAfter) as caught:
            await bot.send_message(42, "2")
        assert caught.value.retry_after == timedelta(seconds=1)


async def test_faults_come_when_planned() -> None:
    """The chosen call fails in the chosen way; a lost answer leaves the message in the chat."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        phone = api.phone(42)
        api.faults.plan("sendMessage", Fault(Kind.CUT), [1])
        api.faults.plan("sendMessage", Fault(Kind.LOST_ANSWER), [2])
        api.faults.plan("sendMessage", Fault.status(500), [3])
        for text in ("cut", "lost"):
            with pytest.raises(error.NetworkError):
                await bot.send_message(42, text)
        with pytest.raises(error.NetworkError, match="Internal Server Error"):
            await bot.send_message(42, "500")
        await bot.send_message(42, "fine")
        assert [seen.text for seen in phone.chat.seen] == ["lost", "fine"]


async def test_wrong_token_is_refused() -> None:
    """A bot with another token gets nowhere."""
    async with FakeBotApi() as api:
        with pytest.raises(error.InvalidToken):
            async with bot_at(api, "1:wrong"):
                pass


async def test_strange_calls_fail_the_test() -> None:
    """A method we do not fake, or a parameter that PTB's method lacks, is reported when the server stops."""
    api = FakeBotApi()
    await api.start()
    async with bot_at(api) as bot:
        api.phone(42)
        with pytest.raises(error.InvalidToken):
            await bot.send_dice(42)
        with pytest.raises(error.BadRequest):
            await bot.send_message(42, "x", api_kwargs={"colour": "red"})
    with pytest.raises(AssertionError, match="unknown method sendDice"):
        await api.__aexit__(None, None, None)
    assert api.complaints[1:] == ["sendMessage with parameters PTB does not have: ['colour']"]
