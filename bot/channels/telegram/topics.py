"""The topics of the staff's group: found in the ledger, made when they are first needed.

    subject ─▶ known topic ─▶ send there ─┬─ closed ───▶ open it again, send there
                 ▲                        └─ deleted ──▶ forget it ─┐
                 └── made, on record ◀── createForumTopic ◀─────────┘
                                            └─ no forum, no right ─▶ the group as it is, for a while

A closed topic is opened again rather than made anew, so that a request keeps one history; where that is
refused it is made anew as well.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection
from telegram import Bot, error
from telegram.constants import ForumTopicLimit

from bot.ledger.ledger import Ledger
from bot.mailbox import moves, topics
from bot.mailbox.outbox import enqueue
from bot.messages import Address, Outgoing

logger = logging.getLogger(__name__)

TRY_AGAIN = 600.0  # seconds after which a group without topics is asked again whether it has some by now
_NO_FORUM = ("the chat is not a forum", "method is available only in supergroups")
_NO_RIGHT = ("not enough rights",)
GONE = ("message thread not found", "topic_deleted", "topic_id_invalid")
CLOSED = ("topic_closed",)
_OPEN_ALREADY = "topic_not_modified"


class Sentences(Protocol):
    """What the dialogue says about topics."""

    def title(self, connection: Connection, subject: str) -> str:
        """A name without personal data, "" for a number that does not exist."""

    def remade(self, connection: Connection, address: Address, subject: str) -> Outgoing:
        """The topic was deleted; this is the new one."""

    def doubtful(self, connection: Connection, address: Address, subject: str) -> Outgoing:
        """An empty topic of the same name may stand beside this one."""

    def need_right(self, connection: Connection, address: str) -> tuple[Outgoing, ...]:
        """To admins: the bot may not make topics in this group."""


class Topics:
    """Of one group, `group` (an address of the settings, which may have moved since)."""

    def __init__(
        self,
        bot: Bot,
        ledger: Ledger,
        group: str,
        sentences: Sentences,
        clock: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._ledger = ledger
        self._group = group
        self._sentences = sentences
        self._clock = clock
        self._plain_until: dict[str, float] = {}  # chats without topics, asked again after that
        self._told_admins = False

    async def place(self, outgoing: Outgoing) -> int | None:
        """The topic for a message, None for the group itself.  Raises what Telegram raises on the way."""
        chat, subject = str(outgoing.address), outgoing.subject
        if not (self._group and subject) or time.monotonic() < self._plain_until.get(chat, 0.0):
            return _own(outgoing)
        began = await asyncio.to_thread(self._begin, chat, subject)
        if began is None:
            return _own(outgoing)
        name, known = began
        if known.thread:
            return int(known.thread)
        thread = await self._make(outgoing.address, subject, name)
        if thread is None:
            return _own(outgoing)
        return int(await asyncio.to_thread(self._made, outgoing.address, subject, str(thread), known))

    async def forget(self, outgoing: Outgoing, thread: int) -> None:
        """This topic is gone; the queue shows that it was."""
        logger.warning("topic_lost subject=%s", outgoing.subject)
        await asyncio.to_thread(self._lose, str(outgoing.address), outgoing.subject, str(thread))

    async def reopen(self, outgoing: Outgoing, thread: int) -> bool:
        """Open a closed topic; False when that is refused."""
        try:
            await self._bot.reopen_forum_topic(int(outgoing.address.chat_id), thread)
        except error.BadRequest as refusal:
            return refusal.message.lower().startswith(_OPEN_ALREADY)
        logger.info("topic_reopened subject=%s", outgoing.subject)
        return True

    def thread_of(self, chat: str, subject: str) -> str:
        """For a link into the topic; "" when there is none."""
        with self._ledger.reading() as connection:
            return topics.thread_of(connection, chat, subject)

    async def _make(self, address: Address, subject: str, name: str) -> int | None:
        """None when the group has no topics.  After a network fault nobody knows whether it was made."""
        try:
            made = await self._bot.create_forum_topic(int(address.chat_id), name)
        except error.TelegramError as refusal:
            if isinstance(refusal, error.NetworkError) and not isinstance(refusal, error.BadRequest):
                raise
            reason = refusal.message.lower()
            may_not = reason.startswith(_NO_RIGHT)
            await asyncio.to_thread(self._give_up, str(address), subject, may_not)
            if not reason.startswith(_NO_FORUM + _NO_RIGHT):
                raise
            logger.warning("topic_not_made subject=%s", subject)
            self._plain_until[str(address)] = time.monotonic() + TRY_AGAIN
            return None
        logger.info("topic_made subject=%s thread=%s", subject, made.message_thread_id)
        return made.message_thread_id

    # ---- in a thread, for they write to the ledger
    def _begin(self, chat: str, subject: str) -> tuple[str, topics.Began] | None:
        with self._ledger.reading() as connection:
            if moves.present(connection, self._group) != chat:
                return None
            if thread := topics.thread_of(connection, chat, subject):
                return "", topics.Began(thread, 0, is_doubtful=False)  # the usual case: nothing to write
            name = self._sentences.title(connection, subject)[: ForumTopicLimit.MAX_NAME_LENGTH]
        if not name:
            return None
        with self._ledger.transaction() as connection:
            return name, topics.begin(connection, chat, subject, self._clock())

    def _made(self, address: Address, subject: str, thread: str, before: topics.Began) -> str:
        with self._ledger.transaction() as connection:
            counts = topics.made(connection, str(address), subject, thread)
            remarks = [self._sentences.remade(connection, address, subject)] if before.lost else []
            if before.is_doubtful or counts != thread:
                remarks.append(self._sentences.doubtful(connection, address, subject))
            for remark in remarks:
                enqueue(connection, remark, self._clock())
        return counts

    def _give_up(self, chat: str, subject: str, may_not: bool) -> None:
        with self._ledger.transaction() as connection:
            topics.give_up(connection, chat, subject)
            if may_not and not self._told_admins:
                for message in self._sentences.need_right(connection, chat):
                    enqueue(connection, message, self._clock())
        self._told_admins = self._told_admins or may_not

    def _lose(self, chat: str, subject: str, thread: str) -> None:
        with self._ledger.transaction() as connection:
            topics.lose(connection, chat, subject, thread)


def _own(outgoing: Outgoing) -> int | None:
    """The topic in which was asked, made by people; a group's own main place has none."""
    return int(outgoing.thread) if outgoing.thread else None
