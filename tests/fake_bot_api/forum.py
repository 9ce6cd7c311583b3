"""Forum topics and reactions: what a group with topics does, and the refusals of the real server."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from telegram import ForumTopic
from telegram.constants import ForumTopicLimit, ReactionEmoji

from . import refusals
from .limits import Limits
from .signatures import checked
from .wire import Request
from .world import Chat, Topic, World

MANAGE_TOPICS = "can_manage_topics"
_EMOJI = frozenset(str(emoji.value) for emoji in ReactionEmoji)


@dataclass
class Forum:
    """The methods about topics and reactions.  A topic's id is that of the message that created it."""

    world: World
    limits: Limits

    async def on_createForumTopic(self, request: Request) -> Any:
        chat = self._forum(request)
        name = request.fields.get("name", "").strip()
        if MANAGE_TOPICS not in chat.bot_rights:
            raise refusals.bad_request("not enough rights to create a topic")
        if not 1 <= len(name) <= ForumTopicLimit.MAX_NAME_LENGTH:
            raise refusals.bad_request("TOPIC_NAME_INVALID")
        if chat.refusal is not None:
            raise chat.refusal
        self.limits.admit(chat.id, time.monotonic())  # it puts a service message into the chat
        topic = self.world.new_topic(chat, self.world.bot, name)
        made = {"message_thread_id": topic.thread, "name": name, "icon_color": 0x6FB9F0}
        return checked(ForumTopic, made)

    async def on_editForumTopic(self, request: Request) -> Any:
        topic = self._managed(request)
        name = request.fields.get("name", topic.name)
        if name == topic.name:
            raise refusals.bad_request("TOPIC_NOT_MODIFIED")
        topic.name = name
        return True

    async def on_closeForumTopic(self, request: Request) -> Any:
        topic = self._managed(request)
        if topic.closed:
            raise refusals.bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = True
        return True

    async def on_reopenForumTopic(self, request: Request) -> Any:
        topic = self._managed(request)
        if not topic.closed:
            raise refusals.bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = False
        return True

    async def on_deleteForumTopic(self, request: Request) -> Any:
        self.world.delete_topic(self._forum(request), self._managed(request).thread)
        return True

    async def on_setMessageReaction(self, request: Request) -> Any:
        chat = self.world.chats.get(int(request.fields.get("chat_id") or "0"))
        if chat is None:
            raise refusals.chat_not_found()
        if chat.refusal is not None:
            raise chat.refusal
        message_id = int(request.fields.get("message_id", "0"))
        if message_id not in chat.messages:
            raise refusals.bad_request("message to react not found")
        reactions = [each.get("emoji", "") for each in json.loads(request.fields.get("reaction", "[]"))]
        allowed = _EMOJI if chat.reactions is None else chat.reactions
        if len(reactions) > 1 or not set(reactions) <= allowed:
            raise refusals.bad_request("REACTION_INVALID")
        chat.reacted[message_id] = reactions
        async with self.world.changed:
            self.world.changed.notify_all()
        return True

    def _forum(self, request: Request) -> Chat:
        chat = self.world.chats.get(int(request.fields.get("chat_id") or "0"))
        if chat is None:
            raise refusals.chat_not_found()
        if not chat.is_forum:
            raise chat.refusal or refusals.bad_request("the chat is not a forum")
        return chat

    def _managed(self, request: Request) -> Topic:
        """The topic, when the bot may change it: with the right to, or because it made it."""
        chat = self._forum(request)
        topic = chat.topics.get(int(request.fields.get("message_thread_id", "0")))
        if topic is None:
            raise refusals.bad_request("TOPIC_ID_INVALID")
        if MANAGE_TOPICS not in chat.bot_rights and topic.creator != self.world.bot["id"]:
            raise refusals.bad_request("not enough rights to manage topics")
        return topic

    def place_in(self, chat: Chat, request: Request) -> dict[str, Any]:
        """Where a message goes that the bot sends: fields of the message, or the server's refusal."""
        if "message_thread_id" not in request.fields:
            return {}
        topic = chat.topics.get(int(request.fields["message_thread_id"])) if chat.is_forum else None
        if topic is None:
            raise refusals.bad_request("message thread not found")
        if topic.closed and MANAGE_TOPICS not in chat.bot_rights:
            raise refusals.bad_request("TOPIC_CLOSED")
        return topic.place(chat)
