"""An `Outgoing` in Telegram's HTML.  Every string goes through `html.escape`: nobody's words are markup."""

from __future__ import annotations

from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.dialogue.messages import Outgoing, Part, Style

_TAGS = {Style.STRONG: "b", Style.QUOTE: "blockquote", Style.SMALL: "i"}
_MOST_IN_ROW = 8
_MOST_BUTTONS = 100


def html_of(outgoing: Outgoing) -> str:
    """The text with markup; as a person reads it, it equals `outgoing.text`."""
    return "\n\n".join(_part(part) for part in outgoing.parts if part.text)


def _part(part: Part) -> str:
    text = escape(part.text, quote=False)
    tag = _TAGS.get(part.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def keyboard_of(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """Rows as given, within what Telegram takes; None without buttons."""
    rows = [
        [InlineKeyboardButton(button.label, callback_data=button.data) for button in row[start : start + 8]]
        for row in outgoing.buttons
        for start in range(0, len(row), _MOST_IN_ROW)
    ]
    return InlineKeyboardMarkup(rows[:_MOST_BUTTONS]) if rows else None
