"""All forms of staff by name, and which of them a request can take now."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, EventKind, Status
from bot.desk.transitions import steps_from
from bot.dialogue.messages import Part, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal
from bot.dialogue.staff import (
    demands,
    extending,
    filekeeping,
    intake,
    opinions,
    proposing,
    receiving,
    record_corrections,
    recording,
    reporting,
    serving,
)
from bot.dialogue.staff.recording import RECORD, Form
from bot.dialogue.visit import Press, Visit, turn

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        *receiving.FORMS,
        *opinions.FORMS,
        *extending.FORMS,
        *demands.FORMS,
        *filekeeping.FORMS,
        *serving.FORMS,
        *record_corrections.FORMS,
        *proposing.FORMS,
        intake.INTAKE,
        reporting.FIGURES,
    )
}
# In the order of the menu; what the table of transitions allows now is offered.
_BY_EVENT: dict[EventKind, str] = {
    EventKind.THIRD_PARTY_CONSULTED: "third_party",
    EventKind.THIRD_PARTY_ANSWERED: "opinion",
    EventKind.AGENCY_CONSULTED: "agency",
    EventKind.AGENCY_ANSWERED: "opinion",
    EventKind.COOPERATION_ASKED: "cooperation",
    EventKind.COOPERATION_RECEIVED: "cooperation_in",
    EventKind.THIRD_PARTY_INFORMED: "inform",
    EventKind.SERVED: "serve",
    EventKind.RECEIPT_UNDONE: "undo_receipt",
    EventKind.EXTENDED: "extend",
    EventKind.CORRECTION_RECEIVED: "correction_in",
    EventKind.LAPSED_UNCORRECTED: "uncorrected",
    EventKind.REASONS_ASKED: "reasons",
    EventKind.REASONS_RECEIVED: "reasons_in",
    EventKind.DEFERRED: "defer",
    EventKind.FEE_NOTICED: "fee",
    EventKind.FEE_PAID: "payment",
    EventKind.LAPSED_UNPAID: "unpaid",
    EventKind.ASSIGNED: "assign",
    EventKind.IDENTITY_CHECKED: "identity_check",
    EventKind.NOTED: "note",
    EventKind.CONVERTED: "convert",
    EventKind.WITHDRAWN: "withdraw",
    EventKind.REMEDY_STARTED: "remedy",
    EventKind.PUBLICATION_DECLINED: "decline",
    EventKind.ARCHIVED: "archive",
}


# Steps that need somebody or something there; the register decides in the end.
_ONLY_WHEN: dict[EventKind, Callable[[Visit, str], object]] = {
    EventKind.THIRD_PARTY_INFORMED: lambda visit, number: visit.register.third_parties_to_inform(
        visit.connection, number
    ),
    EventKind.COOPERATION_RECEIVED: lambda visit, number: visit.register.cooperation_pending(
        visit.connection, number
    ),
    EventKind.RECEIPT_UNDONE: lambda visit, number: visit.register.receipt_can_be_undone(
        visit.connection, visit.now, number, officer=visit.person
    ),
}


def _offered(visit: Visit, request: DisclosureRequest) -> list[str]:
    """Who works on a request that nobody has taken takes it thereby: the same steps as when it is taken."""
    possible = set(steps_from(request.status))
    if request.status is Status.RECEIVED:
        possible |= set(steps_from(Status.ASSIGNED))
    if request.extended:
        possible.discard(EventKind.EXTENDED)
    history = {event.kind for event in visit.register.history(visit.connection, request.number)}
    approves = visit.register.office.may_approve(visit.person)
    if EventKind.REASONS_RECEIVED not in history or not approves:
        possible.discard(EventKind.DEFERRED)
    for event, offers in _ONLY_WHEN.items():
        if event in possible and not offers(visit, request.number):
            possible.discard(event)
    return [name for event, name in _BY_EVENT.items() if event in possible]


def press_more(visit: Visit, payload: Payload) -> Turn:
    """What else can be done with a request now."""
    number = payload.arguments[0]
    try:
        request = visit.register.get(visit.connection, number)
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    voice = visit.voice
    rows = [[voice.button(f"step_{name}", Act.RECORD, number, name)] for name in _offered(visit, request)]
    rows.append(
        [voice.button("button_letters", Act.LETTERS, number), voice.button("button_card", Act.CARD, number)]
    )
    filed = visit.register.filed_within(visit.connection, number)
    remark = [voice.small("filed_within_year", count=filed)] if filed > 1 else []
    return turn(voice.message("staff_more", *remark, number=number, buttons=rows))


def press_record(visit: Visit, payload: Payload) -> Turn:
    """Begin a form about a request."""
    number, name = payload.arguments
    form = FORMS.get(name)
    of_record = record_corrections.is_number(number)
    if form is None or name not in (record_corrections.ENDS if of_record else _BY_EVENT.values()):
        return turn(visit.voice.message("button_expired"))
    try:
        if of_record:
            visit.register.record_correction(visit.connection, number)
        else:
            visit.register.get(visit.connection, number)
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    return recording.begin(visit, form, number)


def _current(visit: Visit, draft_id: str = "") -> Form | None:
    """The form that is being filled in, None when it is another or none."""
    memory = visit.memory
    if memory.step.partition(".")[0] != RECORD or draft_id not in ("", memory.draft.get("id")):
        return None
    return FORMS.get(memory.draft.get("form", ""))


def answer(visit: Visit, text: str) -> Turn:
    """A typed answer."""
    form = _current(visit)
    return recording.take(visit, form, text) if form else turn(visit.voice.message("form_gone"))


def again(visit: Visit, *before: Part) -> Turn:
    """Ask once more."""
    form = _current(visit)
    return recording.ask(visit, form, *before) if form else turn(visit.voice.message("form_gone"))


def press_choose(visit: Visit, payload: Payload) -> Turn:
    """A chosen answer."""
    form = _current(visit, payload.arguments[1])
    if form is None:
        return turn(visit.voice.message("form_gone"))
    return recording.take(visit, form, payload.arguments[0])


def press_back(visit: Visit, payload: Payload) -> Turn:
    """上一步."""
    form = _current(visit, payload.arguments[0])
    return recording.back(visit, form) if form else turn(visit.voice.message("form_gone"))


def press_save(visit: Visit, payload: Payload) -> Turn:
    """确认登记."""
    form = _current(visit, payload.arguments[0])
    return recording.save(visit, form) if form else turn(visit.voice.message("form_gone"))


PRESSES: dict[Act, Press] = {
    Act.MORE: press_more,
    Act.RECORD: press_record,
    Act.RECORD_CHOOSE: press_choose,
    Act.RECORD_BACK: press_back,
    Act.RECORD_SAVE: press_save,
}
OF_FORMS = frozenset(PRESSES) - {Act.MORE}
