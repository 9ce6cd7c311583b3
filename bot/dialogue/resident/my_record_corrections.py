"""One's own applications to have a record corrected (art. 41): where they are, the answer, withdrawing."""

from __future__ import annotations

from bot.desk.errors import DeskError
from bot.desk.record_correction import RecordCorrection
from bot.dialogue import notifications
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import record_correction_word
from bot.dialogue.visit import Visit, turn
from bot.messages import Outgoing, Part, Style, Turn


def own(visit: Visit, number: str) -> RecordCorrection | None:
    """This person's application of that number."""
    try:
        found = visit.desk.record_corrections.get(number)
    except DeskError:
        return None
    return found if found.person == visit.person else None


def page(visit: Visit, found: RecordCorrection) -> Outgoing:
    """What was wrong, where it is, what was answered; the goal is called the office's own."""
    voice, number = visit.voice, found.number
    details = visit.desk.record_corrections.own_details(number)
    after = [Part(details.wrong, Style.QUOTE), Part(record_correction_word(voice, found))]
    rows = []
    if found.status.is_open:
        goal = visit.desk.record_corrections.goal(found)
        after.append(voice.small("record_correction_goal", day=voice.limit(goal)))
        rows.append([voice.button("button_withdraw", Act.MY_RECORD_WITHDRAW, number)])
    if details.answer:
        after.append(Part(details.answer, Style.QUOTE))
    return voice.message("my_record_correction", *after, number=number, record=found.record, buttons=rows)


@handles(Act.MY_RECORD_WITHDRAW)
def press_withdraw(visit: Visit, payload: Payload) -> Turn:
    """Ask whether it is meant."""
    found = own(visit, payload.arguments[0])
    if found is None:
        return turn(visit.voice.message("no_such_number"))
    if not found.status.is_open:
        return turn(page(visit, found))
    rows = [
        [visit.voice.button("button_withdraw_sure", Act.MY_RECORD_WITHDRAW_SURE, found.number)],
        [visit.voice.button("button_not_now", Act.MY_REQUEST, found.number)],
    ]
    sure = "record_withdraw_sure"
    return turn(visit.voice.message(sure, number=found.number, about=found.record, buttons=rows))


@handles(Act.MY_RECORD_WITHDRAW_SURE)
def press_withdraw_sure(visit: Visit, payload: Payload) -> Turn:
    """Withdraw, and tell staff."""
    number = payload.arguments[0]
    found = visit.desk.record_corrections.withdraw(number)
    told = visit.voice.message("record_correction_withdrawn", number=number)
    return turn(told, *notifications.to_staff_of_record(visit, "staff_record_withdrawn", found))
