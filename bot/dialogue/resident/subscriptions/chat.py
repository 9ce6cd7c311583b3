"""订阅: 有新的告诉我 under a category, the list of one's subscriptions, and ending one."""

from __future__ import annotations

from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import shortened
from bot.dialogue.resident import catalogue
from bot.dialogue.resident.subscriptions import subscribing
from bot.dialogue.showing import LABEL
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Button, Turn
from knowledge.entry import token_of


def show_list(visit: Visit) -> Turn:
    """/subscribe: what one has subscribed to, each with a button to end it."""
    names = subscribing.categories_of(visit.connection, visit.person)
    rows = [[end_button(visit.voice, name)] for name in names]
    rows.append([visit.voice.button("button_catalogue", Act.CATALOGUE)])
    event = "subscriptions" if names else "subscriptions_none"
    return turn(visit.voice.message(event, buttons=rows, quiet=_quiet(visit)))


def end_button(voice: Voice, category: str) -> Button:
    """Ends the subscription to this category."""
    name = shortened(voice.quotation(category), LABEL - 8)
    return voice.button("button_unsubscribe", Act.UNSUBSCRIBE, token_of(category), name=name)


def _quiet(visit: Visit) -> str:
    """When nobody is disturbed, in words: part of what one subscribes to."""
    hours = visit.settings.quiet_hours
    return visit.voice.word("quiet_hours", hours=hours.replace("-", "–")) if hours else ""


@handles(Act.SUBSCRIPTIONS)
def press_list(visit: Visit, payload: Payload) -> Turn:
    return show_list(visit)


@handles(Act.SUBSCRIBE)
def press_subscribe(visit: Visit, payload: Payload) -> Turn:
    """有新的告诉我: from now on, not what is there already."""
    category = catalogue.category_named(visit, payload.arguments[0])
    if category is None:
        return turn(visit.voice.message("category_gone"), *catalogue.show_catalogue(visit).outgoing)
    subscribing.subscribe(
        visit.connection,
        visit.now,
        visit.base,
        person=visit.person,
        address=str(visit.incoming.address),
        category=category,
    )
    return turn(
        visit.voice.message(
            "subscribed",
            name=visit.voice.quotation(category),
            buttons=[
                [end_button(visit.voice, category)],
                [visit.voice.button("button_subscriptions", Act.SUBSCRIPTIONS)],
            ],
            quiet=_quiet(visit),
        )
    )


@handles(Act.UNSUBSCRIBE)
def press_unsubscribe(visit: Visit, payload: Payload) -> Turn:
    """End one; pressed again, or for one that never was, the sentence is the same."""
    names = subscribing.categories_of(visit.connection, visit.person)
    category = next((name for name in names if token_of(name) == payload.arguments[0]), None)
    if category is None:
        return turn(visit.voice.message("not_subscribed"))
    subscribing.cancel(visit.connection, visit.person, category)
    again = visit.voice.button("button_subscribe", Act.SUBSCRIBE, payload.arguments[0])
    name = visit.voice.quotation(category)
    return turn(visit.voice.message("unsubscribed", name=name, buttons=[[again]]))
