"""A Telegram update as an `Incoming`, or None for what is left alone on purpose.

| what comes | what is done |
|---|---|
| text, caption, command in a private chat | heard |
| an edited text | heard, marked `edited` |
| a pressed button | heard; of a message that is too old to be shown, too |
| photo, voice, sticker, location, contact, file ... | heard by its kind, never fetched |
| a group's message that addresses the bot: command, @mention, reply to it | heard, without the mention |
| any other message of a group | left alone: people talk to each other there |
| channel posts, other bots, service messages (joined, pinned, renamed) | left alone |
"""

from __future__ import annotations

from datetime import datetime

from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.dialogue.messages import Address, Attachment, ChatKind, Incoming

CHANNEL = "telegram"
HEARD = ("message", "edited_message", "callback_query", "inline_query")  # all that Telegram is asked to send

_KINDS = {
    "photo": Attachment.PHOTO,
    "animation": Attachment.OTHER,  # before document: Telegram fills in both
    "document": Attachment.DOCUMENT,
    "voice": Attachment.VOICE,
    "audio": Attachment.OTHER,
    "video": Attachment.OTHER,
    "video_note": Attachment.OTHER,
    "sticker": Attachment.STICKER,
    "venue": Attachment.LOCATION,
    "location": Attachment.LOCATION,
    "contact": Attachment.CONTACT,
    "poll": Attachment.OTHER,
    "dice": Attachment.OTHER,
    "game": Attachment.OTHER,
    "story": Attachment.OTHER,
    "paid_media": Attachment.OTHER,
    "checklist": Attachment.OTHER,
}


def incoming_of(update: Update, me: User, now: datetime) -> Incoming | None:
    """`me` is the bot; `now` stands for a pressed button, which carries no time of its own."""
    if update.callback_query is not None:
        return _of_button(update.callback_query, now)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    kind = _chat_kind(message.chat.type)
    if kind is None or (kind is ChatKind.GROUP and not _addresses(message, me)):
        return None
    text = _without_name(message.text or message.caption or "", me)
    attachment = _attachment_of(message)
    if not text and attachment is None:
        return None
    return Incoming(
        address=Address(CHANNEL, str(message.chat.id)),
        person=Address(CHANNEL, str(message.from_user.id)),
        at=message.date,
        text=text,
        attachment=attachment,
        chat_kind=kind,
        language=message.from_user.language_code or "",
        message_id=str(message.message_id),
        edited=update.edited_message is not None,
        replied_person=_replied_person(message),
    )


def _replied_person(message: Message) -> Address | None:
    """Who wrote what this replies to; no bot, and nobody who writes as a channel or a group."""
    original = message.reply_to_message
    if original is None or original.from_user is None or original.from_user.is_bot or original.sender_chat:
        return None
    return Address(CHANNEL, str(original.from_user.id))


def _of_button(query: CallbackQuery, now: datetime) -> Incoming | None:
    """A button of a message in a chat.  An inaccessible message still says which chat it was in."""
    if query.message is None or not query.data:
        return None
    kind = _chat_kind(query.message.chat.type)
    if kind is None:
        return None
    return Incoming(
        address=Address(CHANNEL, str(query.message.chat.id)),
        person=Address(CHANNEL, str(query.from_user.id)),
        at=now,
        button=query.data,
        chat_kind=kind,
        language=query.from_user.language_code or "",
        message_id=str(query.message.message_id),
    )


def _chat_kind(chat_type: str) -> ChatKind | None:
    if chat_type == ChatType.PRIVATE:
        return ChatKind.PRIVATE
    return ChatKind.GROUP if chat_type in (ChatType.GROUP, ChatType.SUPERGROUP) else None


def _addresses(message: Message, me: User) -> bool:
    """Whether somebody in a group speaks to the bot."""
    original = message.reply_to_message
    if original is not None and original.from_user is not None and original.from_user.id == me.id:
        return original.forum_topic_created is None  # everything in a topic "replies" to its creation
    entities = message.parse_entities() or message.parse_caption_entities()
    return any(_names(entity, text, me) for entity, text in entities.items())


def _names(entity: MessageEntity, text: str, me: User) -> bool:
    if entity.type == MessageEntity.BOT_COMMAND:
        _, at, name = text.partition("@")
        return not at or name.lower() == (me.username or "").lower()
    if entity.type == MessageEntity.MENTION:
        return text[1:].lower() == (me.username or "").lower()
    return entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id


def _without_name(text: str, me: User) -> str:
    """`/status@our_bot` is `/status`, `@our_bot 低保` is `低保`; another bot's name stays."""
    name = f"@{me.username}"
    words = text.strip()
    position = words.lower().find(name.lower())
    while position >= 0:
        end = position + len(name)
        if end == len(words) or not (words[end].isascii() and (words[end].isalnum() or words[end] == "_")):
            words = words[:position] + words[end:]
        else:
            position = end
        position = words.lower().find(name.lower(), position)
    return words.strip()


def _attachment_of(message: Message) -> Attachment | None:
    for name, kind in _KINDS.items():
        if getattr(message, name, None):
            return kind
    return None
