"""Which forms a request can take now, and why not those that the law has closed.

the table of transitions ─▶ possible ─┬─ somebody or something is missing ─▶ not shown
                                      ├─ the law has closed it ────────────▶ shown with the reason
                                      └─ else ─────────────────────────────▶ a button
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.desk.errors import DeskError, GuardFailed, NotAllowed, WrongStep
from bot.desk.model import DisclosureRequest, EventKind, Status
from bot.desk.transitions import steps_from
from bot.dialogue import cards
from bot.dialogue.payload import Act
from bot.dialogue.refusals import refusal, shown_facts
from bot.dialogue.staff import intake
from bot.dialogue.staff.questions import Unclear
from bot.dialogue.unreached import correction_notice_lost
from bot.dialogue.visit import Visit
from bot.messages import Outgoing, Part

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
    EventKind.CORRECTION_NOTICE_RECEIVED: "notice_in",
    EventKind.CORRECTION_RECEIVED: "correction_in",
    EventKind.LAPSED_UNCORRECTED: "uncorrected",
    EventKind.REASONS_ASKED: "reasons",
    EventKind.REASONS_RECEIVED: "reasons_in",
    EventKind.REASONS_NOT_GIVEN: "reasons_none",
    EventKind.DEFERRED: "defer",
    EventKind.FEE_NOTICED: "fee",
    EventKind.FEE_PAID: "payment",
    EventKind.FEE_WITHDRAWN: "fee_withdraw",
    EventKind.LAPSED_UNPAID: "unpaid",
    EventKind.SPLIT: "split",
    EventKind.ASSIGNED: "assign",
    EventKind.IDENTITY_TAKEN: "take_identity",
    EventKind.IDENTITY_CHECKED: "identity_check",
    EventKind.REPRESENTATION_RECORDED: "representation",
    EventKind.NOTED: "note",
    EventKind.CONVERTED: "convert",
    EventKind.WITHDRAWN: "withdraw",
    EventKind.REMEDY_STARTED: "remedy",
    EventKind.REMEDY_DECIDED: "remedy_decided",
    EventKind.REDECISION_ORDERED: "redecide",
    EventKind.PUBLICATION_DECLINED: "decline",
    EventKind.ARCHIVED: "archive",
}


OF_REQUESTS = (*_BY_EVENT.values(), intake.AUTHORITY.name)

# Steps that need somebody or something there; the register decides in the end.
_ONLY_WHEN: dict[EventKind, Callable[[Visit, str], object]] = {
    EventKind.THIRD_PARTY_INFORMED: lambda visit, number: visit.desk.replies.third_parties_to_inform(number),
    EventKind.COOPERATION_RECEIVED: lambda visit, number: visit.desk.consultations.cooperation_pending(
        number
    ),
    EventKind.CORRECTION_NOTICE_RECEIVED: lambda visit, number: (
        visit.desk.requests.get(number).correction_due_on is None or notice_not_received(visit, number)
    ),
    EventKind.IDENTITY_TAKEN: lambda visit, number: visit.desk.requests.get(number).needs_identity,
    EventKind.REMEDY_STARTED: lambda visit, number: visit.desk.remedies.can_begin(number),
    EventKind.REMEDY_DECIDED: lambda visit, number: any(
        not remedy.result for remedy in visit.desk.remedies.of(number)
    ),
    EventKind.REDECISION_ORDERED: lambda visit, number: visit.desk.remedies.redecision_can_be_ordered(number),
}


# Whose time runs out: shown as closed, since somebody may look for them.  The others are just not there.
_SHOWN_CLOSED = (
    EventKind.SERVED,
    EventKind.EXTENDED,
    EventKind.CORRECTION_ASKED,
    EventKind.LAPSED_UNCORRECTED,
    EventKind.REASONS_NOT_GIVEN,
    EventKind.DEFERRED,
    EventKind.FEE_NOTICED,
    EventKind.LAPSED_UNPAID,
)
_FORM_OF = {**_BY_EVENT, EventKind.CORRECTION_ASKED: "ask_correction"}


def _events(visit: Visit, request: DisclosureRequest) -> set[EventKind]:
    """Who works on a request that nobody has taken takes it thereby: the same steps as when it is taken."""
    possible = set(steps_from(request.status))
    if request.status is Status.RECEIVED:
        possible |= set(steps_from(Status.ASSIGNED))
    history = {event.kind for event in visit.desk.requests.history(request.number)}
    if EventKind.REASONS_RECEIVED not in history:
        possible.discard(EventKind.DEFERRED)
    return possible


def offered(visit: Visit, request: DisclosureRequest) -> list[str]:
    """The forms that can be begun, each once, in the order of the menu."""
    possible = _events(visit, request)
    names = (
        name for event, name in _BY_EVENT.items() if event in possible and _is_open(visit, request, event)
    )
    return list(dict.fromkeys(names))


def _is_open(visit: Visit, request: DisclosureRequest, event: EventKind) -> bool:
    needed = _ONLY_WHEN.get(event)
    return (needed is None or bool(needed(visit, request.number))) and _closed_by(
        visit, request, event
    ) is None


def _closed_by(visit: Visit, request: DisclosureRequest, event: EventKind) -> DeskError | None:
    """Of what may be entered late (补登) only what no earlier day would mend."""
    if event is EventKind.EXTENDED and (asked := _asked_already(visit, request)) is not None:
        return asked
    if event is EventKind.LAPSED_UNCORRECTED and notice_not_received(visit, request.number):
        return GuardFailed("notice_receipt_unknown", article="30")
    if event is EventKind.DEFERRED and not visit.register.office.may_approve(visit.person):
        return NotAllowed("leaders_only")
    is_late_entry = event is EventKind.FEE_NOTICED or (
        event is EventKind.CORRECTION_ASKED and not request.person
    )
    on = request.received_on if is_late_entry else None
    return visit.desk.openness.why_closed(request.number, event, on=on)


def notice_not_received(visit: Visit, number: str) -> bool:
    """The correction notice did not arrive in chat, and nothing shows that it was received on paper since."""
    if not correction_notice_lost(visit.connection, number):
        return False
    history = visit.desk.requests.history(number)
    return all(event.kind is not EventKind.CORRECTION_NOTICE_RECEIVED for event in history)


def _asked_already(visit: Visit, request: DisclosureRequest) -> DeskError | None:
    """Who may not extend has asked a leader; once is enough."""
    wanted = cards.extension_wanted(visit, request)
    if wanted is None or visit.register.office.may_approve(visit.person):
        return None
    return GuardFailed("extension_wanted_already", working_days=wanted.text("working_days"))


def day_in_time(visit: Visit, event: EventKind, kept: str) -> str:
    """A day that an act may have happened on; raises Unclear with the law's reason for any other."""
    number, day = visit.memory.draft["number"], date.fromisoformat(kept)
    received_on = visit.desk.requests.get(number).received_on
    if received_on is not None and day < received_on:
        raise Unclear("refused_day_before_receipt", received_on=visit.voice.day(received_on))
    error = visit.desk.openness.why_closed(number, event, on=day)
    if error is not None:
        raise Unclear(f"refused_{error.text_id}", **shown_facts(visit.voice, error))
    return kept


def why_not(visit: Visit, request: DisclosureRequest, name: str) -> DeskError | None:
    """Why a form cannot be begun now; None when it can."""
    if name not in _FORM_OF.values():
        return None
    events = [event for event, form in _FORM_OF.items() if form == name]
    possible = [event for event in events if event in _events(visit, request)]
    if name == "serve" and cards.is_ready_to_serve(visit, request):
        possible = events  # without a second person, service signs it too
    if not possible:
        return WrongStep("wrong_step", number=request.number)
    return _closed_by(visit, request, possible[0])


def closed_step(visit: Visit, number: str, error: DeskError) -> Outgoing:
    """Said instead of the form: why, and the ways to what can be done."""
    voice = visit.voice
    row = (voice.button("button_card", Act.CARD, number), voice.button("button_more", Act.MORE, number))
    return replace(refusal(voice, error), buttons=(row,), subject=number)


def closed(visit: Visit, request: DisclosureRequest) -> list[Part]:
    """Each step that the law has closed, with the reason."""
    possible, voice = _events(visit, request), visit.voice
    reasons = [
        (name, error)
        for event, name in _FORM_OF.items()
        if event in _SHOWN_CLOSED
        and event in possible
        and (error := _closed_by(visit, request, event)) is not None
    ]
    return [
        voice.small("step_closed", step=voice.word(f"step_{name}"), why=refusal(voice, error).parts[0].text)
        for name, error in reasons
    ]
