"""补登: what happened in time and was entered later waits for a second person.

entered ─▶ proposed: everybody else of the staff gets the card ─┬─ 确认补登 ─▶ in effect, all are told
                                                                └─ 不确认, 撤回补登 ─▶ it never happened
"""

from __future__ import annotations

from collections.abc import Callable

from bot.desk.late_entry import LateEntry
from bot.desk.model import DisclosureRequest, EventKind
from bot.dialogue import cards, notifications
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.staff import demands, opinions, serving
from bot.dialogue.visit import Visit, turn
from bot.messages import Turn

# Who is told what once the event counts: the same as when it is entered on its day.
_TELLING: dict[EventKind, Callable[[Visit, DisclosureRequest], Turn]] = {
    EventKind.THIRD_PARTY_CONSULTED: opinions.consulted,
    EventKind.AGENCY_CONSULTED: opinions.agency_consulted,
    EventKind.CORRECTION_ASKED: demands.correction_asked,
    EventKind.FEE_NOTICED: demands.fee_noticed,
    EventKind.SERVED: serving.served,
}


@handles(Act.LATE_YES)
def press_yes(visit: Visit, payload: Payload) -> Turn:
    """确认补登: the second person has seen the document."""
    number, proposal = payload.arguments[0], int(payload.arguments[1])
    entry = _entry(visit, number, proposal)
    request = visit.desk.late_entries.confirm(number, proposal=proposal)
    told = _TELLING[entry.kind](visit, request) if entry else turn()
    enterer = entry.entered_by if entry else ""
    also = notifications.to_colleague(visit, "staff_late_entry_confirmed", request, enterer)
    return turn(*told.outgoing, *also)


@handles(Act.LATE_NO)
def press_no(visit: Visit, payload: Payload) -> Turn:
    """不确认, or taken back by who entered it."""
    number, proposal = payload.arguments[0], int(payload.arguments[1])
    entry = _entry(visit, number, proposal)
    request = visit.desk.late_entries.decline(number, proposal=proposal)
    event = "staff_late_entry_declined"
    shown = cards.request_card(visit, visit.voice, request, event)
    return turn(shown, *notifications.to_colleague(visit, event, request, entry.entered_by if entry else ""))


def _entry(visit: Visit, number: str, proposal: int) -> LateEntry | None:
    """What is about to be confirmed; None when it is gone, which the register says better."""
    waiting = visit.desk.late_entries.waiting(number)
    return next((each for each in waiting if each.ordinal == proposal), None)
