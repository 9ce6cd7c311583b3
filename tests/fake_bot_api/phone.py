"""A person with a phone: types, presses buttons by their label, waits for what the bot says."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from telegram import CallbackQuery, InlineQuery

from .refusals import blocked
from .signatures import checked
from .world import Chat, Seen, World, entities_of

T = TypeVar("T")

_query_numbers = itertools.count(1)


class Phone:
    """Everything happens in the private chat with the bot unless another `chat` is given."""

    def __init__(self, world: World, person: dict[str, Any]) -> None:
        self._world = world
        self.person = person
        self.chat = world.private_chat(person)
        self._read: dict[int, int] = {}  # chat id -> how many messages of it have been read

    def types(
        self,
        text: str,
        chat: Chat | None = None,
        reply_to: int | None = None,
        topic: int | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Send a text; returns the message as the bot gets it.  `more` are fields such as `sender_chat`."""
        content: dict[str, Any] = {"text": text}
        if entities := entities_of(text):
            content["entities"] = entities
        if topic is not None:
            assert chat is not None
            content |= chat.topics[topic].place(chat)
        return self._send(content | more, chat, reply_to)

    def sends(
        self, kind: str, content: Any, caption: str = "", chat: Chat | None = None, album: str = ""
    ) -> dict[str, Any]:
        """Send what is no text, such as `sends("location", {...})`; `album` sends it with others."""
        body = {kind: content}
        if album:
            body["media_group_id"] = album
        if caption:
            body["caption"] = caption
        return self._send(body, chat, None)

    def sends_photo(self, caption: str = "") -> dict[str, Any]:
        size = {"file_id": "photo1", "file_unique_id": "p1", "width": 90, "height": 60}
        return self.sends("photo", [size], caption)

    def sends_file(self, name: str, content: bytes, caption: str = "", **more: Any) -> dict[str, Any]:
        """A document that the bot can fetch."""
        file_id = f"sent{len(self._world.files)}"
        self._world.files[file_id] = content
        about = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
        if name:
            about["file_name"] = name
        return self.sends("document", about, caption, **more)

    def sends_picture(self, content: bytes, caption: str = "", **more: Any) -> dict[str, Any]:
        """A photo that the bot can fetch, in two sizes of which the larger is `content`."""
        file_id = f"sent{len(self._world.files)}"
        self._world.files[file_id] = content
        small = {"file_id": "thumb", "file_unique_id": "t", "width": 9, "height": 6, "file_size": 3}
        large = {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 90, "height": 60}
        return self.sends("photo", [{**large, "file_size": len(content)}, small], caption, **more)

    def sends_voice(self) -> dict[str, Any]:
        return self.sends("voice", {"file_id": "voice1", "file_unique_id": "v1", "duration": 3})

    def sends_sticker(self) -> dict[str, Any]:
        sticker = {
            "file_id": "sticker1",
            "file_unique_id": "s1",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return self.sends("sticker", sticker)

    def sends_location(self) -> dict[str, Any]:
        return self.sends("location", {"longitude": 110.37, "latitude": 29.42})

    def sends_contact(self) -> dict[str, Any]:
        return self.sends("contact", {"phone_number": "+8613800138000", "first_name": "居民"})

    def edits(self, message: dict[str, Any], text: str) -> None:
        """Change a text sent before."""
        changed = {**message, "text": text, "edit_date": int(time.time())}
        changed.pop("entities", None)
        if entities := entities_of(text):
            changed["entities"] = entities
        self._world.queue.add("edited_message", changed)

    def press(self, label: str, chat: Chat | None = None, message_id: int | None = None) -> str:
        """Press the newest button with this label (or containing it); returns the id of the query."""
        where = chat or self.chat
        messages = [m for m in where.messages.values() if message_id in (None, m["message_id"])]
        for exactly in (True, False):
            for message in reversed(messages):
                for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                    for button in row:
                        if "callback_data" not in button:
                            continue
                        if button["text"] == label or (not exactly and label in button["text"]):
                            return self.press_data(button["callback_data"], message)
        labels = [seen.labels for seen in where.seen if seen.labels]
        raise AssertionError(f"no button {label!r}; the last ones are {labels[-1:]}")

    def press_data(self, data: str, message: dict[str, Any]) -> str:
        """Press a button with this data, even one that is not there any more."""
        query = f"query{next(_query_numbers)}"
        self._world.queries[query] = time.monotonic()
        content = {
            "id": query,
            "from": self.person,
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        self._world.queue.add("callback_query", checked(CallbackQuery, content))
        return query

    async def looks_up(self, text: str, deadline: float = 5.0) -> list[dict[str, Any]]:
        """Type `@bot text` in some other chat; what is offered there."""
        query = f"query{next(_query_numbers)}"
        self._world.queries[query] = time.monotonic()
        content = {"id": query, "from": self.person, "query": text, "offset": ""}
        self._world.queue.add("inline_query", checked(InlineQuery, content))
        found = await self.waits_for(lambda: self._world.inline_answers.get(query), deadline)
        assert found is not None, f"the inline query {text!r} was not answered"
        return found

    def blocks_bot(self) -> None:
        self.chat.refusal = blocked()

    def unblocks_bot(self) -> None:
        self.chat.refusal = None

    async def reads(self, containing: str = "", chat: Chat | None = None, deadline: float = 5.0) -> Seen:
        """The next unread message of the bot; with `containing`, skip unread ones without that text."""
        where = chat or self.chat

        def next_one() -> Seen | None:
            while self._read.get(where.id, 0) < len(where.seen):
                seen = where.seen[self._read.get(where.id, 0)]
                self._read[where.id] = self._read.get(where.id, 0) + 1
                if containing in seen.text:
                    return seen
            return None

        unread = list(where.seen[self._read.get(where.id, 0) :])
        found = await self.waits_for(next_one, deadline)
        if found is None:
            texts = [seen.text for seen in unread or where.seen[-3:]]
            raise AssertionError(
                f"no message containing {containing!r} within {deadline} s; there is {texts}"
            )
        return found

    async def reacted_to(
        self, message: dict[str, Any], chat: Chat | None = None, deadline: float = 5.0
    ) -> str:
        """The bot's reaction on a message, waited for."""
        where = chat or self.chat
        found = await self.waits_for(lambda: where.reacted.get(message["message_id"]), deadline)
        assert found, f"no reaction on {message.get('text')!r}"
        return found[0]

    async def answered(self, query: str, deadline: float = 5.0) -> str:
        """The text of the answer to a pressed button (often empty: it only stops the spinner)."""
        found = await self.waits_for(lambda: self._world.answers.get(query), deadline)
        assert found is not None, f"the button press {query} was not answered"
        return found

    def skip(self, chat: Chat | None = None) -> None:
        """Mark everything as read."""
        where = chat or self.chat
        self._read[where.id] = len(where.seen)

    async def waits_for(self, look: Callable[[], T | None], deadline: float) -> T | None:
        """Whatever `look` gives once it is not None; None when the deadline passes."""
        try:
            async with asyncio.timeout(deadline), self._world.changed:
                while (found := look()) is None:
                    await self._world.changed.wait()
                return found
        except TimeoutError:
            return None

    def _send(self, content: dict[str, Any], chat: Chat | None, reply_to: int | None) -> dict[str, Any]:
        where = chat or self.chat
        if reply_to is not None:
            original = where.messages[reply_to]
            content["reply_to_message"] = {
                k: v for k, v in original.items() if k not in ("reply_to_message", "reply_markup")
            }
        message = self._world.new_message(where, self.person, **content)
        if where.type == "private" or where.bot_rights or self._is_for_bot(content):
            self._world.queue.add("message", message)
        return message

    def _is_for_bot(self, content: dict[str, Any]) -> bool:
        """What a bot in privacy mode gets of a group: commands, mentions of it, replies to it, service."""
        original = content.get("reply_to_message", {})
        if "forum_topic_created" not in original and original.get("from") == self._world.bot:
            return True
        if "text" not in content:
            return True
        kinds = {entity["type"] for entity in content.get("entities", ())}
        return "bot_command" in kinds or f"@{self._world.bot['username']}" in content["text"]
