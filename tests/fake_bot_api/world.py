"""Who there is: people, chats, messages, and the queue of updates that waits for the bot."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from telegram import Message, Update

from .markup import utf16
from .refusals import Refusal, conflict_other_poller
from .signatures import checked

# What the server leaves out unless the bot asks for it.
_ONLY_WHEN_LISTED = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Topic:
    """A topic of a group.  `thread` is the id of the service message that created it."""

    thread: int
    name: str
    creator: int
    closed: bool = False

    def place(self, chat: Chat) -> dict[str, Any]:
        """Fields of a message in this topic: one that answers nothing "replies" to the topic's creation."""
        return {
            "message_thread_id": self.thread,
            "is_topic_message": True,
            "reply_to_message": chat.messages[self.thread],
        }


@dataclass
class Chat:
    """A private chat or a group, with all its messages by id."""

    id: int
    type: str
    about: dict[str, Any]
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    refusal: Refusal | None = None  # what a bot gets that writes here: blocked, kicked, upgraded
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    bot_rights: set[str] = field(default_factory=set)  # of the bot as an administrator; none = a member
    reactions: frozenset[str] | None = None  # what may be reacted with here; None = every usual emoji
    reacted: dict[int, list[str]] = field(default_factory=dict)  # message id -> the bot's reaction

    def as_object(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": self.type,
            **self.about,
            **({"is_forum": True} if self.is_forum else {}),
        }


@dataclass(frozen=True)
class Seen:
    """What stands on the screen after the bot wrote or changed a message."""

    message_id: int
    text: str
    entities: tuple[dict[str, Any], ...]
    labels: tuple[str, ...]
    document: tuple[str, bytes] | None = None
    edited: bool = False
    thread: int | None = None
    links: tuple[str, ...] = ()  # where buttons lead that open an address

    def styled(self, kind: str) -> list[str]:
        """The pieces of text that carry an entity of this kind, such as `blockquote`."""
        encoded = self.text.encode("utf-16-le")
        return [
            encoded[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.entities
            if e["type"] == kind
        ]


class UpdateQueue:
    """getUpdates as the server does it: kept until confirmed by an offset, one poller at a time."""

    def __init__(self, first_id: int = 1000) -> None:
        self._next_id = first_id
        self._waiting: list[dict[str, Any]] = []
        self._changed = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None
        self._allowed: set[str] | None = None
        self.confirmed: set[int] = set()

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """The updates themselves, in the order in which they are given out."""
        return list(self._waiting)

    @property
    def unconfirmed(self) -> list[int]:
        return [update["update_id"] for update in self._waiting]

    def add(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update; None when the bot does not want this kind."""
        wanted = self._allowed is None or kind in self._allowed
        if not wanted or (self._allowed is None and kind in _ONLY_WHEN_LISTED):
            return None
        update_id = self._next_id
        self._next_id += 1
        self.add_raw(checked(Update, {"update_id": update_id, kind: content}))
        return update_id

    def add_raw(self, update: dict[str, Any], ahead_of: int = 0) -> None:
        """Queue an update as it is, before the last so many: a test sends duplicates and disorder with it."""
        self._waiting.insert(len(self._waiting) - ahead_of, update)
        self._changed.set()

    def allow(self, kinds: list[str]) -> None:
        """The bot wants these kinds from now on; an empty list = the usual ones."""
        self._allowed = set(kinds) or None

    async def get(
        self, limit: int, timeout_seconds: float, allowed: list[str] | None
    ) -> list[dict[str, Any]]:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict_other_poller())
        if allowed is not None:
            self.allow(allowed)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = mine
        deadline = time.monotonic() + timeout_seconds
        while not self._waiting and (left := deadline - time.monotonic()) > 0:
            self._changed.clear()
            change: asyncio.Future[Any] = asyncio.ensure_future(self._changed.wait())
            waits: set[asyncio.Future[Any]] = {change, mine}
            try:
                await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                change.cancel()
            if mine.done():
                mine.result()
        if not mine.done():
            mine.set_result(None)
        return self._waiting[:limit]

    def confirm(self, offset: int) -> None:
        """Forget what is below `offset`; a negative one keeps that many of the newest."""
        if offset < 0:
            offset = self._waiting[offset:][0]["update_id"] if self._waiting else 0
        self.confirmed |= {u["update_id"] for u in self._waiting if u["update_id"] < offset}
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]


class World:
    """All chats, and a condition that wakes whoever waits for something to happen in them."""

    def __init__(self, bot_name: str) -> None:
        self.chats: dict[int, Chat] = {}
        self.bot = {
            "id": 7_000_000_001,
            "is_bot": True,
            "first_name": "信息公开",
            "username": bot_name,
        }
        self.queue = UpdateQueue()
        self.changed = asyncio.Condition()
        self.queries: dict[str, float] = {}  # callback queries not yet answered, and when they came
        self.answers: dict[str, str] = {}  # query id -> the text of its answer
        self.inline_answers: dict[str, list[dict[str, Any]]] = {}
        self.files: dict[str, bytes] = {}  # file id -> what a person sent
        self._last_message = 0

    def private_chat(self, person: dict[str, Any]) -> Chat:
        if person["id"] not in self.chats:
            shown = {"first_name", "last_name", "username"}
            about = {name: value for name, value in person.items() if name in shown}
            self.chats[person["id"]] = Chat(person["id"], "private", about)
        return self.chats[person["id"]]

    def group(self, chat_id: int, title: str) -> Chat:
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        return self.chats.setdefault(chat_id, Chat(chat_id, kind, {"title": title}))

    def new_topic(self, chat: Chat, creator: dict[str, Any], name: str) -> Topic:
        """A topic with the service message that announces it."""
        message = self.new_message(
            chat, creator, forum_topic_created={"name": name, "icon_color": 0x6FB9F0}, is_topic_message=True
        )
        message["message_thread_id"] = message["message_id"]
        topic = Topic(message["message_id"], name, creator["id"])
        chat.topics[topic.thread] = topic
        return topic

    def delete_topic(self, chat: Chat, thread: int) -> None:
        """The topic with all its messages is gone; nobody tells the bot."""
        del chat.topics[thread]
        chat.messages = {
            number: message
            for number, message in chat.messages.items()
            if message.get("message_thread_id") != thread
        }

    def new_message(self, chat: Chat, sender: dict[str, Any] | None, **content: Any) -> dict[str, Any]:
        """Put a message into a chat and return it as the server would send it."""
        self._last_message += 1
        message: dict[str, Any] = {
            "message_id": self._last_message,
            "date": int(time.time()),
            "chat": chat.as_object(),
        }
        if sender is not None:
            message["from"] = sender
        message.update(content)
        chat.messages[message["message_id"]] = message
        return checked(Message, message)

    async def show(self, chat: Chat, message: dict[str, Any], file: tuple[str, bytes] | None = None) -> None:
        """Let the people of `chat` see what the bot wrote."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        chat.seen.append(
            Seen(
                message["message_id"],
                message.get("text", message.get("caption", "")),
                tuple(message.get("entities", message.get("caption_entities", ()))),
                tuple(button["text"] for row in rows for button in row),
                file,
                "edit_date" in message,
                message.get("message_thread_id"),
                tuple(button["url"] for row in rows for button in row if "url" in button),
            )
        )
        async with self.changed:
            self.changed.notify_all()


def entities_of(text: str) -> list[dict[str, Any]]:
    """Commands and mentions in what a person types, as the server marks them."""
    found, offset = [], 0
    for word in text.split(" "):
        first_line = word.split("\n")[0]
        if first_line.startswith("/") and first_line[1:].replace("_", "").replace("@", "").isalnum():
            if first_line.isascii() and len(first_line) > 1:
                found.append({"type": "bot_command", "offset": offset, "length": len(first_line)})
        elif first_line.startswith("@") and len(first_line) > 1:
            found.append({"type": "mention", "offset": offset, "length": utf16(first_line)})
        offset += utf16(word) + 1
    return found
