"""What is new in the categories that people subscribed to: one message a person, at most one a day.

    the rounds, once a minute ─▶ news are noted at any hour
                               └▶ outside the quiet hours: who has untold news and no digest today gets one

Only what is disclosed is in it.  A digest is in the outbox in the same transaction that marks its entries as
told.  Who blocked the bot is not asked twice: `end_unreachable` ends the subscriptions of that chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.dialogue.payload import Act, data_of
from bot.dialogue.resident.subscriptions import subscribing
from bot.dialogue.resident.subscriptions.chat import end_button
from bot.dialogue.resident.subscriptions.subscribing import Subscription
from bot.dialogue.showing import label
from bot.dialogue.visit import Services
from bot.dialogue.voice import Voice
from bot.messages import Address, Button, Outgoing, Part, Style, Urgency
from knowledge.entry import Entry, token_of

EVENT = "news_digest"
_AT_ONCE = 200  # people in one round; the next round takes the next ones
_LISTED = 5  # entries of one category
_LARGE_BUTTONS = 2
_BUTTONS = 8  # entries that can be opened from the digest


def due_news(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """The digests that are due now; each is given once."""
    subscribing.look(connection, now, services.base)
    local = now.astimezone(services.settings.zone)
    if services.settings.is_quiet(local):
        return []
    told = []
    for person in subscribing.waiting(connection, local.date(), _AT_ONCE):
        taken = subscribing.take(connection, local.date(), person)
        found = {each: _entries(services, tokens) for each, tokens in taken.items()}
        digest = _digest(services, connection, {each: some for each, some in found.items() if some})
        told += [digest] if digest else []
    return told


def end_unreachable(connection: Connection, address: str) -> None:
    """A digest could not be delivered: this chat wants none any more."""
    subscribing.end_at(connection, address)


def _entries(services: Services, tokens: Sequence[str]) -> list[Entry]:
    """What has gone again meanwhile is not told."""
    return [entry for token in tokens if (entry := services.base.by_token(token)) is not None]


def _digest(
    services: Services, connection: Connection, found: dict[Subscription, list[Entry]]
) -> Outgoing | None:
    if not found:
        return None
    address = Address.parse(next(iter(found)).address)
    voice = services.voice_of(connection, address)
    parts: list[Part] = []
    for subscription, entries in found.items():
        parts += _of_category(voice, subscription.category, entries)
    said = voice.message(EVENT, *parts, voice.small("news_ends_here"), buttons=_rows(voice, found))
    return replace(said, urgency=Urgency.NEWS)


def _of_category(voice: Voice, category: str, entries: Sequence[Entry]) -> list[Part]:
    lines = [f"· {voice.quotation(entry.title)}" for entry in entries[:_LISTED]]
    if len(entries) > _LISTED:
        lines.append(voice.word("news_more", count=len(entries) - _LISTED))
    return [Part(voice.quotation(category), Style.STRONG), Part("\n".join(lines))]


def _rows(voice: Voice, found: dict[Subscription, list[Entry]]) -> list[list[Button]]:
    """Each entry to read, the category where there are more, and for each category the way out."""
    most = _LARGE_BUTTONS if voice.large else _BUTTONS
    listed = [entry for entries in found.values() for entry in entries[:_LISTED]][:most]
    rows = [[Button(label(voice, entry.title), data_of(Act.ENTRY, entry.token, 0))] for entry in listed]
    if voice.large and len(found) > 1:
        return [*rows, [voice.button("button_subscriptions", Act.SUBSCRIPTIONS)]]
    for subscription, entries in found.items():
        name = subscription.category
        row = [end_button(voice, name)]
        if len(entries) > _LISTED and not voice.large:
            row.insert(0, voice.button("button_whole_category", Act.CATEGORY_ANEW, token_of(name)))
        rows.append(row)
    return rows
