"""One `Outgoing` to Telegram, and Telegram's refusals as the mailbox understands them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReactionTypeEmoji,
    error,
)
from telegram.constants import ParseMode, ReactionEmoji

from bot.mailbox.delivery import ChatMoved, Refused, TooFast, Undeliverable, Unreachable
from bot.messages import Outgoing

from .commands import set_menu
from .incoming import CHANNEL
from .markup import html_of, keyboard_of
from .topics import CLOSED, GONE, Topics

logger = logging.getLogger(__name__)

_MARK = ReactionEmoji.THUMBS_UP  # on what a clerk wrote: it has reached the resident
_MARKS = {"talk_passed_on": ReactionEmoji.EYES}  # on what a resident wrote: staff have it
_Call = Callable[[Outgoing, str, str | None, int | None], Awaitable[int]]
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Beginnings of refusals, in lower case, as PTB gives them.
_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    *GONE,
    *CLOSED,
)
_CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_UNCHANGED = "message is not modified"
_BAD_MARKUP = "can't parse entities"


class Sender:
    """Sends with PTB's bot.  `send` is what the postman calls."""

    def __init__(self, bot: Bot, topics: Topics) -> None:
        self._bot = bot
        self._topics = topics

    async def send(self, outgoing: Outgoing) -> str:
        """Telegram's id of the message.  Raises only a DeliveryError."""
        try:
            return str(await self._send(outgoing))
        except error.RetryAfter as refusal:
            raise TooFast(_seconds(refusal)) from refusal
        except error.ChatMigrated as refusal:
            raise ChatMoved(f"{CHANNEL}:{refusal.new_chat_id}") from refusal
        except error.Forbidden as refusal:
            raise Undeliverable(refusal.message) from refusal
        except error.BadRequest as refusal:  # before NetworkError, of which PTB makes it a kind
            if refusal.message.lower().startswith(_GONE):
                raise Undeliverable(refusal.message) from refusal
            raise Refused(refusal.message) from refusal
        except error.TelegramError as fault:
            raise Unreachable(type(fault).__name__) from fault

    async def _send(self, outgoing: Outgoing) -> int | str:
        if outgoing.marks:
            return await self._mark(outgoing)
        if outgoing.menu:
            await set_menu(self._bot, BotCommandScopeChat(int(outgoing.address.chat_id)), outgoing.menu)
        if outgoing.edits and outgoing.document is None:
            try:
                return await self._formatted(outgoing, self._edit, None)
            except error.BadRequest as refusal:
                reason = refusal.message.lower()
                if reason.startswith(_UNCHANGED):
                    return int(outgoing.edits)
                if not reason.startswith(_CANNOT_EDIT):
                    raise  # otherwise it is said in a new message
        return await self._into_topic(outgoing)

    async def _into_topic(self, outgoing: Outgoing) -> int:
        """Into the topic of its subject, made or opened again if need be; else into the group itself."""
        thread = await self._topics.place(outgoing)
        for _ in range(2):
            try:
                return await self._new(outgoing, thread)
            except error.BadRequest as refusal:
                reason = refusal.message.lower()
                if thread is None or not reason.startswith(GONE + CLOSED):
                    raise
                if reason.startswith(CLOSED) and await self._topics.reopen(outgoing, thread):
                    continue
                await self._topics.forget(outgoing, thread)
                asked_in = outgoing.thread
                outgoing = replace(outgoing, thread="" if asked_in == str(thread) else asked_in)
                thread = await self._topics.place(outgoing)
        return await self._new(outgoing, thread)

    async def _new(self, outgoing: Outgoing, thread: int | None) -> int:
        call = self._text if outgoing.document is None else self._document
        return await self._formatted(outgoing, call, thread)

    async def _mark(self, outgoing: Outgoing) -> str:
        """A reaction.  Where a group allows none, or the message is gone, it is left out: nothing is lost."""
        try:
            await self._bot.set_message_reaction(
                int(outgoing.address.chat_id),
                int(outgoing.marks),
                ReactionTypeEmoji(_MARKS.get(outgoing.event, _MARK)),
            )
        except (error.Forbidden, error.BadRequest) as refusal:
            if isinstance(refusal, error.ChatMigrated):
                return ""  # the message has another number there
            logger.info("not_marked reason=%s", type(refusal).__name__)
        return ""

    async def _formatted(self, outgoing: Outgoing, call: _Call, thread: int | None) -> int:
        """With markup; should Telegram not understand it, plain: the words matter, not the bold type."""
        try:
            return await call(outgoing, html_of(outgoing), ParseMode.HTML, thread)
        except error.BadRequest as refusal:
            if not refusal.message.lower().startswith(_BAD_MARKUP):
                raise
        return await call(outgoing, outgoing.text, None, thread)

    async def _text(self, outgoing: Outgoing, text: str, mode: str | None, thread: int | None) -> int:
        sent = await self._bot.send_message(
            int(outgoing.address.chat_id),
            text,
            parse_mode=mode,
            reply_markup=self._keyboard(outgoing),
            link_preview_options=_NO_PREVIEW,
            message_thread_id=thread,
        )
        return sent.message_id

    async def _edit(self, outgoing: Outgoing, text: str, mode: str | None, thread: int | None) -> int:
        edited = await self._bot.edit_message_text(
            text,
            chat_id=int(outgoing.address.chat_id),
            message_id=int(outgoing.edits),
            parse_mode=mode,
            reply_markup=self._keyboard(outgoing),
            link_preview_options=_NO_PREVIEW,
        )
        return edited.message_id if isinstance(edited, Message) else int(outgoing.edits)

    async def _document(self, outgoing: Outgoing, text: str, mode: str | None, thread: int | None) -> int:
        assert outgoing.document is not None
        sent = await self._bot.send_document(
            int(outgoing.address.chat_id),
            InputFile(outgoing.document.content, filename=outgoing.document.filename),
            caption=text or None,
            parse_mode=mode,
            reply_markup=self._keyboard(outgoing),
            message_thread_id=thread,
        )
        return sent.message_id

    def _keyboard(self, outgoing: Outgoing) -> InlineKeyboardMarkup | None:
        return keyboard_of(outgoing, self._bot.username, self._topics.thread_of)


def _seconds(refusal: error.RetryAfter) -> float:
    wait = refusal.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
