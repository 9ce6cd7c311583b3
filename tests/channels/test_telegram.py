"""The real PTB application against the fake server, over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import Connection
from telegram.error import NetworkError

from bot.channels.telegram import TelegramChannel, TokenRefused, run_telegram
from bot.channels.telegram.discretion import Discretion
from bot.mailbox import delivery, inbox, letters
from bot.mailbox.letters import Letter
from bot.mailbox.pace import Pace
from bot.mailbox.tables import outbox, updates
from bot.messages import Address, Button, Document, Incoming, Outgoing, Part, Style, Turn
from bot.settings import Settings
from tests.fake_bot_api import TOKEN, FakeBotApi, Fault, Kind, Limits

from .dialogue_for_tests import Repeater, open_ledger, saying
from .telegram_for_tests import telegram


class Scripted(Repeater):
    """Answers each message with what a function makes of it."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self._answer = answer

    def handle(self, connection: Connection, incoming: Incoming, now: Any) -> Turn:
        super().handle(connection, incoming, now)
        return Turn(tuple(self._answer(incoming)))


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are followed up in a tenth of the time."""
    monkeypatch.setattr(inbox, "REST_SECONDS", (0.02, 0.1))
    monkeypatch.setattr(letters, "FIRST_BACK_OFF", timedelta(seconds=0.1))


async def test_ask_and_answer(tmp_path: Path) -> None:
    """Typed on the phone, answered on the phone, confirmed to the server."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        phone = api.phone(42)
        phone.types("低保")
        assert (await phone.reads()).text == "heard 低保"
    assert api.world.queue.unconfirmed == []


async def test_every_word_is_escaped_and_styled(tmp_path: Path) -> None:
    """Headings, quotations and remarks carry their style; nobody's words become markup."""
    parts = (
        Part("A & B", Style.STRONG),
        Part("<b>1 < 2</b> &amp;", Style.QUOTE),
        Part("来源: <x>", Style.SMALL),
        Part("完"),
    )
    answer = Scripted(lambda incoming: [Outgoing(incoming.address, "x", parts)])
    async with FakeBotApi() as api, telegram(tmp_path, api, answer):
        phone = api.phone(42)
        phone.types("x")
        seen = await phone.reads()
        assert seen.text == "A & B\n\n<b>1 < 2</b> &amp;\n\n来源: <x>\n\n完"
        assert seen.styled("bold") == ["A & B"]
        assert seen.styled("blockquote") == ["<b>1 < 2</b> &amp;"]
        assert seen.styled("italic") == ["来源: <x>"]


async def test_markup_refused_is_sent_plain(tmp_path: Path) -> None:
    """Should Telegram not understand our markup, the words arrive all the same."""
    answer = Scripted(lambda incoming: [Outgoing(incoming.address, "x", (Part("标题", Style.STRONG),))])
    async with FakeBotApi() as api, telegram(tmp_path, api, answer):
        fault = Fault.status(400, "Bad Request: can't parse entities: Unsupported start tag")
        api.faults.plan("sendMessage", fault)
        phone = api.phone(42)
        phone.types("x")
        seen = await phone.reads()
        assert (seen.text, seen.entities) == ("标题", ())


async def test_buttons_edits_and_old_buttons(tmp_path: Path) -> None:
    """A pressed button is answered at once and reaches the dialogue; its message is changed in place; the
    same change again is no error; a message that is gone is said anew."""

    def answer(incoming: Incoming) -> list[Outgoing]:
        if incoming.button:
            edits = incoming.message_id if incoming.button != "gone" else "999"
            return [Outgoing(incoming.address, "x", (Part(f"pressed {incoming.button}"),), edits=edits)]
        rows = ((Button("是", "yes"), Button("否", "no")),)
        return [Outgoing(incoming.address, "x", (Part("对吗"),), rows)]

    async with FakeBotApi() as api, telegram(tmp_path, api, Scripted(answer)):
        phone = api.phone(42)
        phone.types("x")
        question = await phone.reads()
        assert question.labels == ("是", "否")
        query = phone.press("否")
        changed = await phone.reads()
        assert (changed.text, changed.message_id, changed.edited, changed.labels) == (
            "pressed no",
            question.message_id,
            True,
            (),
        )
        assert await phone.answered(query) == ""
        message = phone.chat.messages[question.message_id]
        phone.press_data("no", message)
        phone.press_data("gone", message)
        anew = await phone.reads()
        assert (anew.text, anew.edited) == ("pressed gone", False)


async def test_long_text_is_split(tmp_path: Path) -> None:
    """10,000 characters arrive complete, in order, with the buttons under the last part."""
    paragraphs = tuple(Part(f"{number}" + "字" * 999 + "。") for number in range(10))
    rows = ((Button("有用", "ok"),),)
    answer = Scripted(lambda incoming: [Outgoing(incoming.address, "x", paragraphs, rows)])
    async with FakeBotApi() as api, telegram(tmp_path, api, answer):
        phone = api.phone(42)
        phone.types("x")
        seen = [await phone.reads() for _ in range(3)]
        assert "\n\n".join(one.text for one in seen) == "\n\n".join(part.text for part in paragraphs)
        assert [one.labels for one in seen] == [(), (), ("有用",)]


async def test_file_arrives(tmp_path: Path) -> None:
    """A receipt comes as a file with its words below it."""
    document = Document("回执.docx", b"PK\x03\x04")
    answer = Scripted(lambda incoming: [Outgoing(incoming.address, "x", (Part("回执"),), document=document)])
    async with FakeBotApi() as api, telegram(tmp_path, api, answer):
        phone = api.phone(42)
        phone.types("x")
        seen = await phone.reads()
        assert (seen.text, seen.document) == ("回执", ("回执.docx", b"PK\x03\x04"))


async def test_order_and_limits_hold_under_load(tmp_path: Path) -> None:
    """Six chats with five messages each, the server refusing what is too fast: all arrive, in order, and
    our own pace keeps within the limits."""
    limits = Limits(chat_interval=0.1)
    pace = Pace(chat_interval=timedelta(seconds=0.1))
    async with FakeBotApi(limits=limits) as api, telegram(tmp_path, api, pace=pace):
        phones = [api.phone(number) for number in range(1, 7)]
        for text in "abcde":
            for phone in phones:
                phone.types(text)
        for phone in phones:
            assert [(await phone.reads(deadline=15)).text for _ in "abcde"] == [f"heard {t}" for t in "abcde"]
        assert len(api.called("sendMessage")) == 30


async def test_faults_of_the_network(tmp_path: Path) -> None:
    """A cut connection, a 500, garbage and a 429 delay a message and lose none; an answer that was lost after
    the effect is the one case in which a message comes twice."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        phone = api.phone(42)
        api.faults.plan("sendMessage", Fault(Kind.CUT), [1])
        phone.types("cut")
        assert (await phone.reads()).text == "heard cut"
        api.faults.plan("sendMessage", Fault.flood(1), [1])
        phone.types("flood")
        assert (await phone.reads()).text == "heard flood"
        other = api.phone(43)
        api.faults.plan("sendMessage", Fault(Kind.LOST_ANSWER), [1])
        other.types("lost")
        assert [(await other.reads()).text for _ in range(2)] == ["heard lost"] * 2
        third = api.phone(44)
        api.faults.plan("sendMessage", Fault(Kind.GARBAGE), [1])
        third.types("garbage")
        assert (await third.reads()).text == "heard garbage"


async def test_polling_survives_faults(tmp_path: Path) -> None:
    """Polling goes on after a cut connection."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        api.faults.plan("getUpdates", Fault(Kind.CUT), [1])
        phone = api.phone(42)
        phone.types("还在吗")
        assert (await phone.reads(deadline=8)).text == "heard 还在吗"
        phone.types("又问")
        assert (await phone.reads(deadline=8)).text == "heard 又问"


async def test_blocked_resident_becomes_visible(tmp_path: Path) -> None:
    """403: the message is undeliverable, staff get a notice, nothing is tried again."""

    def notice(letter: Letter) -> tuple[Outgoing, ...]:
        return (saying(Address("telegram", "9"), f"未送达 {letter.outgoing.address}"),)

    async with FakeBotApi() as api, telegram(tmp_path, api, notices=notice):
        staff, phone = api.phone(9), api.phone(42)
        phone.blocks_bot()
        phone.types("x")
        assert (await staff.reads()).text == "未送达 telegram:42"
    assert stored(tmp_path, outbox.c.status) == ["undeliverable", "sent"]
    assert len([call for call in api.called("sendMessage") if call["chat_id"] == "42"]) == 1


async def test_group_that_became_a_supergroup_is_followed(tmp_path: Path) -> None:
    """The staff group gets a new number; its messages arrive there."""
    answer = Scripted(lambda incoming: [saying(Address("telegram", "-5"), text) for text in ("一", "二")])
    async with FakeBotApi() as api, telegram(tmp_path, api, answer):
        new = api.upgrade(api.group(-5), -1005)
        phone = api.phone(42)
        phone.types("x")
        assert [(await phone.reads(chat=new)).text for _ in range(2)] == ["一", "二"]


async def test_group_is_answered_only_when_addressed(tmp_path: Path) -> None:
    """Talk among people gets no answer; a mention does."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        group, member = api.group(-5), api.phone(42)
        member.types("今天开会吗", chat=group)
        member.types("@zhoushang_bot 低保", chat=group)
        assert (await member.reads(chat=group)).text == "heard 低保"
        assert len(group.seen) == 1


async def test_nothing_unstored_is_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the ledger cannot store, the server keeps the update; afterwards it is handled once."""
    failures = 0

    async with FakeBotApi() as api, telegram(tmp_path, api) as channel:
        receive = channel._inbox.receive

        def broken(*args: Any) -> int:
            nonlocal failures
            failures += 1
            if failures == 1:
                raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))
            assert api.world.queue.confirmed == set()
            return receive(*args)

        monkeypatch.setattr(channel._inbox, "receive", broken)
        phone = api.phone(42)
        phone.types("低保")
        assert (await phone.reads(deadline=10)).text == "heard 低保"
    assert failures == 2
    assert stored(tmp_path, updates.c.status) == ["handled"]


async def test_ledger_that_is_away_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handling and sending go on after the database could not be reached."""
    monkeypatch.setattr(delivery, "_AFTER_TROUBLE", 0.05)
    async with FakeBotApi() as api, telegram(tmp_path, api) as channel:
        for owner, name in ((channel._inbox, "handle_some"), (channel._postman._outbox, "claim")):
            monkeypatch.setattr(owner, name, away_once(getattr(owner, name)))
        phone = api.phone(42)
        phone.types("低保")
        assert (await phone.reads()).text == "heard 低保"


def away_once(function: Any) -> Any:
    """The function, failing the first time as a database does that cannot be reached."""
    calls: list[object] = []

    def away(*args: Any, **how: Any) -> Any:
        calls.append(args)
        if len(calls) == 1:
            raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        return function(*args, **how)

    return away


async def test_what_is_confirmed_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the moment when Telegram is told that updates arrived, every one of them is stored."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        confirm, checked = api.world.queue.confirm, 0

        def watched(offset: int) -> None:
            nonlocal checked
            confirm(offset)
            keys = set(stored(tmp_path, updates.c.update_key))
            assert {
                f"{TOKEN.partition(':')[0]}:{update_id}" for update_id in api.world.queue.confirmed
            } <= keys
            checked = len(api.world.queue.confirmed)

        monkeypatch.setattr(api.world.queue, "confirm", watched)
        phone = api.phone(42)
        for number in range(5):
            phone.types(str(number))
        for number in range(5):
            await phone.reads(f"heard {number}")
        await api.confirmation()
    assert checked == 5


async def test_repeated_update_is_answered_once(tmp_path: Path) -> None:
    """The server may send the same update twice, also after it was handled."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        phone = api.phone(42)
        phone.types("低保")
        await phone.reads()
        update_id = max(api.world.queue.confirmed | set(api.world.queue.unconfirmed))
        again = {"update_id": update_id, "message": phone.chat.messages[1]}
        api.world.queue.add_raw(again)
        phone.types("医保")
        assert (await phone.reads()).text == "heard 医保"


async def test_what_was_pending_is_handled_after_a_restart(tmp_path: Path) -> None:
    """A channel that stopped with messages in the ledger answers them when it starts again."""
    async with FakeBotApi() as api:
        phone = api.phone(42)
        async with telegram(tmp_path, api, Scripted(lambda incoming: [])) as channel:
            await channel._workers.stop()  # as if killed: stored and never handled
            phone.types("低保")
            await api.confirmation()
        assert stored(tmp_path, updates.c.status) == ["pending"]
        async with telegram(tmp_path, api):
            assert (await phone.reads()).text == "heard 低保"


async def test_unknown_token_is_said_clearly(tmp_path: Path) -> None:
    """A token that Telegram does not know does not start."""
    async with FakeBotApi(token="1:another") as api:
        with pytest.raises(TokenRefused):
            async with telegram(tmp_path, api):
                pass


def test_without_a_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The operator is told which setting is missing and what to try instead; exit code 2."""
    values: dict[str, Any] = {"home": tmp_path, "telegram_token": SecretStr("")}
    program: Any = SimpleNamespace(settings=Settings(**values))  # refused before anything else is needed
    assert run_telegram(program) == 2
    assert "DISCLOSURE_TELEGRAM_TOKEN" in capsys.readouterr().err


async def test_start_waits_for_the_network(tmp_path: Path) -> None:
    """A server that answers 502 at first is asked again."""
    async with FakeBotApi() as api:
        api.faults.plan("getMe", Fault.status(502, "Bad Gateway"))
        async with telegram(tmp_path, api):
            phone = api.phone(42)
            phone.types("在吗")
            assert (await phone.reads()).text == "heard 在吗"


async def test_menus_by_scope_and_language(tmp_path: Path) -> None:
    """Residents, staff and admins have their own menus; somebody who never wrote to the bot stops nothing."""
    async with FakeBotApi() as api:
        api.phone(9)
        async with telegram(tmp_path, api, staff=("telegram:9", "telegram:404"), admins=()):
            menus = api.methods.commands
    private = json.dumps({"type": "all_private_chats"})
    own = json.dumps({"chat_id": 9, "type": "chat"}, sort_keys=True)
    names = {key: [command["command"] for command in menu] for key, menu in menus.items()}
    assert "queue" not in names[private, ""]
    assert names[own, "zh"] == [
        *names[private, "zh"],
        "queue",
        "intake",
        "record_intake",
        "handover",
        "annual",
    ]
    everywhere = names[json.dumps({"type": "all_group_chats"}), "zh"]
    assert {"help", "catalogue", "guide"} <= set(everywhere) < set(names[private, "zh"])
    assert not {"status", "request", "mydata", "cancel"} & set(everywhere)
    assert {language for _, language in names} == {"", "zh", "en"}
    assert (json.dumps({"chat_id": 404, "type": "chat"}, sort_keys=True), "") not in names


async def test_only_what_is_handled_is_asked_for(tmp_path: Path) -> None:
    """Telegram is asked for exactly four kinds of update, and waiting questions are never thrown away."""
    async with FakeBotApi() as api, telegram(tmp_path, api):
        phone = api.phone(42)
        phone.types("x")
        await phone.reads()
    (first, *_) = api.called("getUpdates")
    wanted = ["message", "edited_message", "callback_query", "inline_query"]
    assert json.loads(first["allowed_updates"]) == wanted
    assert all(call.get("drop_pending_updates", "false") == "false" for call in api.called("deleteWebhook"))


async def test_log_holds_no_token_and_no_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At the most talkative level, through answers, faults and failures."""
    caplog.handler.addFilter(Discretion(TOKEN))
    with caplog.at_level(logging.DEBUG):
        async with FakeBotApi() as api, telegram(tmp_path, api, Repeater(lambda text: "秘密" in text)):
            phone = api.phone(42, "覃小名")
            api.faults.plan("sendMessage", Fault(Kind.GARBAGE), [1])
            phone.types("我的身份证")
            await phone.reads()
            phone.types("秘密")
            await phone.reads("sorry", deadline=10)
            try:
                raise NetworkError(f"https://api.telegram.org/bot{TOKEN}/sendMessage")
            except NetworkError:
                logging.getLogger("bot.anything").exception("trouble at bot%s", TOKEN)
    assert "update_failed" in caplog.text
    formatted = [caplog.handler.format(record) for record in caplog.records]
    for line in formatted:
        assert not [word for word in (TOKEN, "身份证", "秘密", "覃小名") if word in line]


async def test_three_failures_on_telegram(tmp_path: Path) -> None:
    """The resident is told with a reference number and the chat goes on."""
    async with FakeBotApi() as api, telegram(tmp_path, api, Repeater(lambda text: text == "坏")):
        phone = api.phone(42)
        phone.types("坏")
        phone.types("好")
        assert [(await phone.reads(deadline=8)).text for _ in range(2)] == ["sorry 1", "heard 好"]


async def test_dead_parts_are_noticed(tmp_path: Path) -> None:
    """When the token is revoked while running, polling dies and the program ends instead of looking alive."""
    async with FakeBotApi() as api, telegram(tmp_path, api) as channel:
        api.faults.plan("getUpdates", Fault.status(401, "Unauthorized"), range(1, 5))
        api.phone(42).types("x")
        assert await asyncio.wait_for(channel.finished(), 10) == 1


def stored(home: Path, column: Any) -> list[Any]:
    """A column of the ledger, in order of its rows."""
    with open_ledger(home) as ledger, ledger.reading() as connection:
        return list(connection.scalars(sa.select(column).order_by(column.table.c.id)))


def test_channel_is_what_the_command_uses() -> None:
    """The tests drive the class that `disclosure run` starts."""
    assert TelegramChannel.__module__ == "bot.channels.telegram.channel"
