"""An act that turned out to be a late entry (补登): told to its author and to who may confirm it."""

from __future__ import annotations

from bot.desk.model import DisclosureRequest
from bot.dialogue import cards, notifications
from bot.dialogue.visit import Visit, turn
from bot.messages import Turn


def proposed(visit: Visit, request: DisclosureRequest) -> Turn | None:
    """What to say when the act just taken waits for a second person; None when it took effect."""
    newest = visit.desk.requests.history(request.number)[-1]
    waiting = visit.desk.late_entries.waiting(request.number)
    entry = next((each for each in waiting if each.ordinal == newest.ordinal), None)
    if entry is None:
        return None
    others = [each for each in visit.settings.handlers if visit.desk.late_entries.may_confirm(each, entry)]
    event = "staff_late_entry" if others else "staff_late_entry_nobody"
    own = cards.request_card(visit, visit.voice, request, event)
    asked = [
        message
        for each in others
        for message in notifications.to_colleague(visit, "staff_late_entry_to_confirm", request, each)
    ]
    return turn(own, *asked)
