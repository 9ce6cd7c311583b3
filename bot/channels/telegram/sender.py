"""One `Outgoing` to Telegram, and Telegram's refusals as the mailbox understands them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Bot, BotCommandScopeChat, InputFile, LinkPreviewOptions, Message, error
from telegram.constants import ParseMode

from bot.channels.mailbox.delivery import ChatMoved, Refused, TooFast, Undeliverable, Unreachable
from bot.dialogue.messages import Outgoing

from .commands import set_menu
from .incoming import CHANNEL
from .markup import html_of, keyboard_of

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
    "topic_closed",
    "message thread not found",
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

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

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

    async def _send(self, outgoing: Outgoing) -> int:
        if outgoing.menu:
            await set_menu(self._bot, BotCommandScopeChat(int(outgoing.address.chat_id)), outgoing.menu)
        if outgoing.document is not None:
            return await self._formatted(outgoing, self._document)
        if outgoing.edits:
            try:
                return await self._formatted(outgoing, self._edit)
            except error.BadRequest as refusal:
                reason = refusal.message.lower()
                if reason.startswith(_UNCHANGED):
                    return int(outgoing.edits)
                if not reason.startswith(_CANNOT_EDIT):
                    raise  # otherwise it is said in a new message
        return await self._formatted(outgoing, self._text)

    async def _formatted(
        self, outgoing: Outgoing, call: Callable[[Outgoing, str, str | None], Awaitable[int]]
    ) -> int:
        """With markup; should Telegram not understand it, plain: the words matter, not the bold type."""
        try:
            return await call(outgoing, html_of(outgoing), ParseMode.HTML)
        except error.BadRequest as refusal:
            if not refusal.message.lower().startswith(_BAD_MARKUP):
                raise
        return await call(outgoing, outgoing.text, None)

    async def _text(self, outgoing: Outgoing, text: str, mode: str | None) -> int:
        sent = await self._bot.send_message(
            int(outgoing.address.chat_id),
            text,
            parse_mode=mode,
            reply_markup=keyboard_of(outgoing),
            link_preview_options=_NO_PREVIEW,
        )
        return sent.message_id

    async def _edit(self, outgoing: Outgoing, text: str, mode: str | None) -> int:
        edited = await self._bot.edit_message_text(
            text,
            chat_id=int(outgoing.address.chat_id),
            message_id=int(outgoing.edits),
            parse_mode=mode,
            reply_markup=keyboard_of(outgoing),
            link_preview_options=_NO_PREVIEW,
        )
        return edited.message_id if isinstance(edited, Message) else int(outgoing.edits)

    async def _document(self, outgoing: Outgoing, text: str, mode: str | None) -> int:
        assert outgoing.document is not None
        sent = await self._bot.send_document(
            int(outgoing.address.chat_id),
            InputFile(outgoing.document.content, filename=outgoing.document.filename),
            caption=text or None,
            parse_mode=mode,
            reply_markup=keyboard_of(outgoing),
        )
        return sent.message_id


def _seconds(refusal: error.RetryAfter) -> float:
    wait = refusal.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
