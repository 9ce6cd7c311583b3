"""A Telegram update as an `Incoming`, or None for what is left alone on purpose.

| what comes | what is done |
|---|---|
| text, caption, command in a private chat | heard |
| an edited text | heard, marked `edited` |
| a pressed button | heard; of a message that is too old to be shown, too |
| photo, voice, sticker, location, contact, file ... | heard by its kind |
| of a photo or a file | where it lies; fetched only when an open form takes it (`fetching.py`) |
| a group's message that addresses the bot: command, @mention, reply to it | heard, without the mention |
| a group's command that names no bot | heard, marked: it may be meant for another one |
| what staff say in a topic of their group | heard, marked `overheard` |
| any other message of a group | left alone: people talk to each other there |
| an anonymous administrator who addresses the bot | heard; he is nobody in particular |
| somebody who writes as a channel, posts of a linked channel, other bots | left alone |
| service messages (joined, pinned, renamed, topic closed) | left alone |
"""

from __future__ import annotations

from datetime import datetime

from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatID, ChatType

from bot.messages import Address, Attachment, ChatKind, Heard, Incoming, SentFile

CHANNEL = "telegram"
HEARD = ("message", "edited_message", "callback_query", "inline_query")  # all that Telegram is asked to send

_KINDS = {
    "photo": Attachment.PHOTO,
    "animation": Attachment.VIDEO,  # before document: Telegram fills in both
    "document": Attachment.DOCUMENT,
    "voice": Attachment.VOICE,
    "audio": Attachment.VOICE,
    "video": Attachment.VIDEO,
    "video_note": Attachment.VIDEO,
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


def incoming_of(update: Update, me: User, now: datetime, staff_chat: str = "") -> Incoming | None:
    """`me` is the bot; `now` stands for a pressed button, which carries no time of its own; `staff_chat` is
    the address of the group in whose topics everything is heard.
    """
    if update.callback_query is not None:
        return _of_button(update.callback_query, now)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or not _is_of_a_person(message, message.from_user):
        return None
    kind = _chat_kind(message.chat.type)
    address = Address(CHANNEL, str(message.chat.id))
    heard = _heard(message, me, in_staff_chat=str(address) == staff_chat) if kind is ChatKind.GROUP else None
    if kind is None or (kind is ChatKind.GROUP and heard is None):
        return None
    text = _without_name(message.text or message.caption or "", me)
    attachment = _attachment_of(message)
    if not text and attachment is None:
        return None
    return Incoming(
        address=address,
        person=Address(CHANNEL, str((message.sender_chat or message.from_user).id)),
        at=message.edit_date or message.date,
        text=text,
        attachment=attachment,
        chat_kind=kind,
        language=message.from_user.language_code or "",
        message_id=str(message.message_id),
        edited=update.edited_message is not None,
        replied_person=_replied_person(message),
        heard=heard or Heard.ADDRESSED,
        thread=_thread_of(message),
        reply_to=_replied_to(message, me),
        quote=message.quote.text if message.quote and _replied_to(message, me) else "",
        album=message.media_group_id or "",
        file=_file_of(message, attachment),
    )


def moved_in(update: Update) -> tuple[Address, Address] | None:
    """The old and the new address when this update says that a group became a supergroup."""
    message = update.message
    if message is None:
        return None
    here = Address(CHANNEL, str(message.chat.id))
    if message.migrate_to_chat_id is not None:
        return here, Address(CHANNEL, str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return Address(CHANNEL, str(message.migrate_from_chat_id)), here
    return None


def _is_of_a_person(message: Message, sender: User) -> bool:
    """Not a bot, not a channel.  An administrator who shows the group in place of himself is a person, but
    nobody knows who: he is heard as the group, which can have no role.
    """
    if message.sender_chat is not None:
        return sender.id == ChatID.ANONYMOUS_ADMIN and message.sender_chat.id == message.chat.id
    return not sender.is_bot and not message.is_automatic_forward


def _replied_person(message: Message) -> Address | None:
    """Who wrote what this replies to; no bot, and nobody who writes as a channel or a group.

    Everything in a topic "replies" to its creation: that is nobody's message.
    """
    original = message.reply_to_message
    if original is None or original.forum_topic_created is not None or original.sender_chat:
        return None
    if original.from_user is None or original.from_user.is_bot:
        return None
    return Address(CHANNEL, str(original.from_user.id))


def _of_button(query: CallbackQuery, now: datetime) -> Incoming | None:
    """A button of a message in a chat.  An inaccessible message still says which chat it was in."""
    if query.message is None or not query.data:
        return None
    kind = _chat_kind(query.message.chat.type)
    if kind is None:
        return None
    pressed = query.message if isinstance(query.message, Message) else None
    return Incoming(
        address=Address(CHANNEL, str(query.message.chat.id)),
        person=Address(CHANNEL, str(query.from_user.id)),
        at=now,
        button=query.data,
        chat_kind=kind,
        language=query.from_user.language_code or "",
        message_id=str(query.message.message_id),
        thread=_thread_of(pressed) if pressed else "",
        reply_to=str(query.message.message_id),  # a button is an answer to the message that it stands under
    )


def _chat_kind(chat_type: str) -> ChatKind | None:
    if chat_type == ChatType.PRIVATE:
        return ChatKind.PRIVATE
    return ChatKind.GROUP if chat_type in (ChatType.GROUP, ChatType.SUPERGROUP) else None


def _heard(message: Message, me: User, in_staff_chat: bool) -> Heard | None:
    """Whether a message of a group is for the bot, and how sure that is; None for other people's talk."""
    if _replied_to(message, me):
        return Heard.ADDRESSED
    entities = message.parse_entities() or message.parse_caption_entities()
    if any(_names(entity, text, me) for entity, text in entities.items()):
        return Heard.ADDRESSED
    commands = [text for entity, text in entities.items() if entity.type == MessageEntity.BOT_COMMAND]
    if commands and not any("@" in text for text in commands):
        return Heard.BARE_COMMAND
    return Heard.OVERHEARD if in_staff_chat and message.is_topic_message else None


def _replied_to(message: Message, me: User) -> str:
    """The message of the bot that is replied to, "" for none."""
    original = message.reply_to_message
    if original is None or original.from_user is None or original.from_user.id != me.id:
        return ""
    # Everything in a topic "replies" to its creation.
    return "" if original.forum_topic_created is not None else str(original.message_id)


def _thread_of(message: Message) -> str:
    """The topic; in a group without topics a thread is only a chain of replies."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def _names(entity: MessageEntity, text: str, me: User) -> bool:
    if entity.type == MessageEntity.BOT_COMMAND:
        return text.partition("@")[2].lower() == (me.username or "").lower()
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


def _file_of(message: Message, kind: Attachment | None) -> SentFile | None:
    """Where the file lies, for who may want it; a photo in its largest size."""
    if kind is Attachment.DOCUMENT and message.document is not None:
        sent = message.document
        return SentFile(sent.file_name or "", sent.file_size or 0, sent.file_id)
    if kind is Attachment.PHOTO and message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return SentFile("", largest.file_size or 0, largest.file_id)
    return None


def _attachment_of(message: Message) -> Attachment | None:
    for name, kind in _KINDS.items():
        if getattr(message, name, None):
            return kind
    return None
