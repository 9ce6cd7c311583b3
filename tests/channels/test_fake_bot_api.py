"""The fake is a judge of the bot, so it is judged first: by PTB over HTTP, in the real server's words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
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


# ---- groups with topics ----------------------------------------------------------------------------------
async def test_topic_and_what_is_said_in_it() -> None:
    """A topic is made by name; what is sent there says so, and answers nothing but the topic's creation."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        group = api.forum(-1001)
        topic = await bot.create_forum_topic(-1001, "2026-0001 桥")
        sent = await bot.send_message(-1001, "一", message_thread_id=topic.message_thread_id)
        assert (sent.is_topic_message, sent.message_thread_id) == (True, topic.message_thread_id)
        api.phone(42).types("二", chat=group, topic=topic.message_thread_id)
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.is_topic_message
        assert update.message.reply_to_message is not None
        assert update.message.reply_to_message.forum_topic_created is not None
        await bot.edit_forum_topic(-1001, topic.message_thread_id, name="新名")
        assert group.topics[topic.message_thread_id].name == "新名"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda bot, t: bot.create_forum_topic(-5, "x"), "The chat is not a forum"),
        (lambda bot, t: bot.create_forum_topic(-1001, "x" * 129), "Topic_name_invalid"),
        (lambda bot, t: bot.create_forum_topic(-1002, "x"), "Not enough rights to create a topic"),
        (lambda bot, t: bot.send_message(-1001, "x", message_thread_id=77), "Message thread not found"),
        (lambda bot, t: bot.send_message(-5, "x", message_thread_id=t), "Message thread not found"),
        (lambda bot, t: bot.reopen_forum_topic(-1001, t), "Topic_not_modified"),
        (lambda bot, t: bot.close_forum_topic(-1001, 77), "Topic_id_invalid"),
        (lambda bot, t: bot.set_message_reaction(-1001, 77, "👍"), "Message to react not found"),
        (lambda bot, t: bot.set_message_reaction(-1001, t, "🚜"), "Reaction_invalid"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_refusals_about_topics(call: Callable[[Bot, int], Awaitable[object]], said: str) -> None:
    """In the words of the real server, as PTB gives them."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        api.group(-5)
        api.forum(-1001)
        api.forum(-1002).bot_rights = set()
        topic = await bot.create_forum_topic(-1001, "x")
        with pytest.raises(error.BadRequest, match=said):
            await call(bot, topic.message_thread_id)


async def test_closed_and_deleted_topics() -> None:
    """Who may not manage topics cannot write to a closed one, but may open again what he made himself."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        group = api.forum(-1001)
        topic = (await bot.create_forum_topic(-1001, "x")).message_thread_id
        await bot.close_forum_topic(-1001, topic)
        await bot.send_message(-1001, "an administrator may", message_thread_id=topic)
        group.bot_rights = {"can_delete_messages"}
        with pytest.raises(error.BadRequest, match="Topic_closed"):
            await bot.send_message(-1001, "x", message_thread_id=topic)
        await bot.reopen_forum_topic(-1001, topic)
        await bot.send_message(-1001, "x", message_thread_id=topic)
        await bot.delete_forum_topic(-1001, topic)
        with pytest.raises(error.BadRequest, match="Message thread not found"):
            await bot.send_message(-1001, "x", message_thread_id=topic)


async def test_group_that_moves() -> None:
    """The old number refuses and names the new one; both groups get a service message about it."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        old = api.group(-5)
        new = api.upgrade(old, -1005, announced=True)
        with pytest.raises(error.ChatMigrated) as refused:
            await bot.send_message(-5, "x")
        assert refused.value.new_chat_id == new.id
        left, came = [update.message for update in await bot.get_updates()]
        assert left is not None
        assert came is not None
        assert (left.chat.id, left.migrate_to_chat_id) == (-5, -1005)
        assert (came.chat.id, came.migrate_from_chat_id) == (-1005, -5)


async def test_privacy_mode() -> None:
    """A bot that is no administrator gets of a group what is meant for it; an administrator gets all."""
    async with FakeBotApi() as api, bot_at(api) as bot:
        group, person = api.group(-5), api.phone(42)
        for text in ("今天开会吗", "/status", "@zhoushang_bot 低保"):
            person.types(text, chat=group)
        assert len(await bot.get_updates()) == 2
        group.bot_rights = {"can_delete_messages"}
        person.types("今天开会吗", chat=group)
        assert len(await bot.get_updates()) == 3
