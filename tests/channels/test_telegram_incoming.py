"""What is heard of Telegram and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update, User

from bot.channels.telegram.incoming import incoming_of
from bot.mailbox.payload import incoming_from_json, incoming_to_json
from bot.messages import Address, Attachment, ChatKind, Incoming

from .dialogue_for_tests import START

ME = User(id=7, first_name="信息公开", is_bot=True, username="zhoushang_bot")
RESIDENT = {"id": 42, "is_bot": False, "first_name": "覃", "language_code": "zh-hant"}
PRIVATE = {"id": 42, "type": "private", "first_name": "覃"}
GROUP = {"id": -100123, "type": "supergroup", "title": "工作群"}


def heard(kind: str = "message", chat: dict[str, Any] = PRIVATE, **content: Any) -> Incoming | None:
    message = {"message_id": 5, "date": 1764000000, "chat": chat, "from": RESIDENT, **content}
    update = Update.de_json({"update_id": 1, kind: message}, None)
    assert update is not None
    return incoming_of(update, ME, START)


def command(text: str) -> dict[str, Any]:
    length = len(text.split(" ")[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


def test_text_in_private_chat() -> None:
    """Everything the dialogue needs is there, and no name."""
    incoming = heard(text=" 低保咋申请 ")
    assert incoming is not None
    assert incoming == Incoming(
        address=Address("telegram", "42"),
        person=Address("telegram", "42"),
        at=incoming.at,
        text="低保咋申请",
        language="zh-hant",
        message_id="5",
    )
    assert incoming.at.isoformat() == "2025-11-24T16:00:00+00:00"


def test_edited_text_is_marked() -> None:
    """An edit is heard as one, at the time at which it was made."""
    incoming = heard("edited_message", text="低保", edit_date=1764000100)
    assert incoming is not None
    assert incoming.edited
    assert incoming.at.timestamp() == 1764000100


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
            Attachment.PHOTO,
        ),
        ({"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}}, Attachment.VOICE),
        ({"location": {"longitude": 1.0, "latitude": 1.0}}, Attachment.LOCATION),
        ({"contact": {"phone_number": "1", "first_name": "x"}}, Attachment.CONTACT),
        ({"document": {"file_id": "a", "file_unique_id": "b"}}, Attachment.DOCUMENT),
        ({"dice": {"value": 3, "emoji": "🎲"}}, Attachment.OTHER),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_things_are_heard_by_kind(content: dict[str, Any], kind: Attachment) -> None:
    """A photo, a voice message ... arrives as its kind, a caption as text beside it."""
    incoming = heard(caption="这是什么", **content)
    assert incoming is not None
    assert (incoming.attachment, incoming.text) == (kind, "这是什么")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"new_chat_members": [RESIDENT]}, id="joined"),
        pytest.param({"group_chat_created": True}, id="created"),
        pytest.param({"migrate_to_chat_id": -100999}, id="migrated"),
        pytest.param(
            {"text": "x", "from": {"id": 8, "is_bot": True, "first_name": "other"}}, id="another-bot"
        ),
    ],
)
def test_service_messages_and_bots_are_left_alone(content: dict[str, Any]) -> None:
    """What nobody said to us is no message."""
    assert heard(**content) is None


def test_channel_posts_are_left_alone() -> None:
    """A channel has no resident."""
    channel = {"id": -100777, "type": "channel", "title": "x"}
    assert heard("channel_post", channel, text="公告") is None


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(command("/queue"), "/queue", id="command"),
        pytest.param(command("/queue@zhoushang_bot 2"), "/queue 2", id="command-with-name"),
        pytest.param(
            {
                "text": "@Zhoushang_Bot 低保名单",
                "entities": [{"type": "mention", "offset": 0, "length": 14}],
            },
            "低保名单",
            id="mention",
        ),
        pytest.param(
            {
                "text": "同意公开",
                "reply_to_message": {
                    "message_id": 4,
                    "date": 1,
                    "chat": GROUP,
                    "from": {"id": 7, "is_bot": True, "first_name": "x"},
                },
            },
            "同意公开",
            id="reply",
        ),
    ],
)
def test_group_is_heard_when_it_addresses_us(content: dict[str, Any], text: str) -> None:
    """A command, a mention or a reply to the bot, without the bot's name."""
    incoming = heard(chat=GROUP, **content)
    assert incoming is not None
    assert (incoming.text, incoming.chat_kind) == (text, ChatKind.GROUP)
    assert (incoming.address, incoming.person) == (
        Address("telegram", "-100123"),
        Address("telegram", "42"),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"text": "今天开会吗"}, id="talk"),
        pytest.param(command("/queue@another_bot"), id="another-bots-command"),
        pytest.param(
            {"text": "@somebody 来", "entities": [{"type": "mention", "offset": 0, "length": 9}]},
            id="another-mention",
        ),
        pytest.param(
            {"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1,
                         "height": 1, "is_animated": False, "is_video": False}},
            id="sticker",
        ),
    ],
)  # fmt: skip
def test_group_talk_is_left_alone(content: dict[str, Any]) -> None:
    """People talk to each other in groups."""
    assert heard(chat=GROUP, **content) is None


def test_button_of_a_message_too_old_to_be_shown() -> None:
    """Telegram then sends a message with date 0 and nothing in it; the chat is still known."""
    query = {
        "id": "1",
        "from": RESIDENT,
        "chat_instance": "1",
        "data": "e:0123456789:0",
        "message": {"chat": PRIVATE, "message_id": 9, "date": 0},
    }
    update = Update.de_json({"update_id": 1, "callback_query": query}, None)
    assert update is not None
    incoming = incoming_of(update, ME, START)
    assert incoming == Incoming(
        address=Address("telegram", "42"),
        person=Address("telegram", "42"),
        at=START,
        button="e:0123456789:0",
        language="zh-hant",
        message_id="9",
        reply_to="9",
    )


def test_button_of_inline_mode_is_left_alone() -> None:
    """Without a chat there is nowhere to answer."""
    query = {
        "id": "1",
        "from": RESIDENT,
        "chat_instance": "1",
        "data": "x",
        "inline_message_id": "3",
    }
    update = Update.de_json({"update_id": 1, "callback_query": query}, None)
    assert update is not None
    assert incoming_of(update, ME, START) is None


def test_another_bots_name_stays() -> None:
    """Only our own name is taken out, not a longer one that begins like it."""
    incoming = heard(text="问 @zhoushang_bot2 和 @zhoushang_bot，好吗")
    assert incoming is not None
    assert incoming.text == "问 @zhoushang_bot2 和 ，好吗"


def test_piece_of_our_message_that_is_quoted() -> None:
    """Only of what the bot said, and kept through the mailbox; a reply without a piece quotes nothing."""
    ours = {"message_id": 4, "date": 1, "chat": PRIVATE, "from": {"id": 7, "is_bot": True, "first_name": "x"}}
    theirs = {**ours, "from": RESIDENT}
    quote = {"text": "每月一百元", "position": 3}
    for original, expected in ((ours, "每月一百元"), (theirs, "")):
        incoming = heard(text="这个什么意思", reply_to_message=original, quote=quote)
        assert incoming is not None
        assert incoming.quote == expected
        assert incoming_from_json(incoming_to_json(incoming)) == incoming
    plain = heard(text="这个什么意思", reply_to_message=ours)
    assert plain is not None
    assert plain.quote == ""
