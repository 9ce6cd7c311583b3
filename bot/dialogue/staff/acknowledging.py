"""知道了: a reminder has been seen; a leader need not be told."""

from __future__ import annotations

from bot.dialogue import reminders
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Visit, turn
from bot.messages import Turn


@handles(Act.ACKNOWLEDGE)
def press_acknowledge(visit: Visit, payload: Payload) -> Turn:
    """On record with who and when."""
    number = reminders.acknowledge(visit.connection, visit.now, int(payload.arguments[0]), visit.person)
    if number is None:
        return turn(visit.voice.message("button_expired"))
    card = [[visit.voice.button("button_card", Act.CARD, number)]] if number else []
    return turn(visit.voice.message("acknowledged", number=number, buttons=card))
