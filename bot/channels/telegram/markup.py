"""An `Outgoing` in Telegram's HTML.  Every string goes through `html.escape`: nobody's words are markup."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages import Button, Opens, Outgoing, Part, Style

_TAGS = {Style.STRONG: "b", Style.QUOTE: "blockquote", Style.SMALL: "i"}
_MOST_IN_ROW = 8
_MOST_BUTTONS = 100
_SUPERGROUP = "-100"  # how the numbers of supergroups begin, and what a link to one leaves out

ThreadOf = Callable[[str, str], str]  # chat and subject to the topic, "" for none


def html_of(outgoing: Outgoing) -> str:
    """The text with markup; as a person reads it, it equals `outgoing.text`."""
    return "\n\n".join(_part(part) for part in outgoing.parts if part.text)


def _part(part: Part) -> str:
    text = escape(part.text, quote=False)
    tag = _TAGS.get(part.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def keyboard_of(outgoing: Outgoing, bot_name: str, thread_of: ThreadOf) -> InlineKeyboardMarkup | None:
    """Rows as given, within what Telegram takes; None without buttons."""
    rows = [
        [
            shown
            for button in row[start : start + 8]
            if (shown := _button(outgoing, button, bot_name, thread_of))
        ]
        for row in outgoing.buttons
        for start in range(0, len(row), _MOST_IN_ROW)
    ]
    rows = [row for row in rows if row][:_MOST_BUTTONS]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(
    outgoing: Outgoing, button: Button, bot_name: str, thread_of: ThreadOf
) -> InlineKeyboardButton | None:
    """None for a way into a topic that does not exist."""
    if button.opens is Opens.PRIVATE:
        return InlineKeyboardButton(button.label, url=f"https://t.me/{bot_name}?start={button.data}")
    if button.opens is Opens.TOPIC:
        group = outgoing.address.chat_id
        thread = thread_of(str(outgoing.address), button.data)
        if not (thread and group.startswith(_SUPERGROUP)):
            return None
        return InlineKeyboardButton(
            button.label, url=f"https://t.me/c/{group.removeprefix(_SUPERGROUP)}/{thread}"
        )
    return InlineKeyboardButton(button.label, callback_data=button.data)
