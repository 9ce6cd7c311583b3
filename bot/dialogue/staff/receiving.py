"""From the moment a request is in: confirm receipt (or undo a wrong tap), take it, see who asks."""

from __future__ import annotations

from bot.desk.model import Applicant
from bot.dialogue import cards, due_date, notifications
from bot.dialogue.discretion import not_here
from bot.dialogue.documents import letter
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import timeline
from bot.dialogue.staff.questions import Draft, text
from bot.dialogue.staff.recording import Form
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Part, Style, Turn


@handles(Act.CONFIRM_RECEIPT)
def press_confirm_receipt(visit: Visit, payload: Payload) -> Turn:
    """The tap that starts the clock (art. 31(3)); the applicant is told the day and what follows."""
    number = payload.arguments[0]
    request = visit.desk.intake.confirm_receipt(number)
    told = []
    if request.person and request.received_on and request.due_on:
        voice = visit.voice_of(request.person)
        told = notifications.to_applicant(
            visit,
            "request_received",
            request,
            received=voice.day(request.received_on),
            due=voice.due(request),
            document=letter(visit, request.number, "receipt"),
        )
    return turn(cards.request_card(visit, visit.voice, request, "staff_receipt_confirmed"), *told)


def _undo_receipt(visit: Visit, number: str, given: Draft) -> Turn:
    """A wrong tap: the applicant is told that the day does not hold, and that nothing is lost."""
    request = visit.desk.intake.undo_receipt(number, reason=given["undo_reason"])
    shown = cards.request_card(visit, visit.voice, request, "staff_receipt_undone")
    return turn(shown, *notifications.to_applicant(visit, "request_receipt_undone", request))


@handles(Act.TAKE)
def press_take(visit: Visit, payload: Payload) -> Turn:
    """This officer handles it from now on."""
    request = visit.desk.intake.take(payload.arguments[0])
    told = notifications.to_applicant(visit, "request_assigned", request)
    return turn(cards.request_card(visit, visit.voice, request, "staff_taken"), *told)


def _others_in_clear(voice: Voice, applicant: Applicant) -> list[str]:
    """Who applies together with them, and who acts for them on what proof."""
    lines = [
        voice.word(
            "line_other_applicant", value=" ".join((other.name, other.id_number, other.contact)).strip()
        )
        for other in applicant.others
    ]
    if (agent := applicant.agent) is not None:
        who = " ".join((agent.name, agent.id_number, agent.contact)).strip()
        lines.append(voice.word("line_agent", role=agent.authority.label, value=who, proof=agent.proof))
    return lines


@handles(Act.IDENTITY)
def press_identity(visit: Visit, payload: Payload) -> Turn:
    """Who asks, in the clear: only alone with the officer who took it, and recorded."""
    number = payload.arguments[0]
    if (refused := not_here(visit, number)) is not None:
        return turn(refused)
    applicant = visit.desk.requests.applicant(number)
    voice = visit.voice
    lines = [
        voice.word("line_kind", value=applicant.kind.label),
        voice.word("line_name", value=applicant.name),
        voice.word("line_id_number", value=applicant.id_number),
        *(
            [voice.word("line_representative", value=applicant.representative)]
            if applicant.representative
            else []
        ),
        voice.word("line_contact", value=applicant.contact),
        *_others_in_clear(voice, applicant),
    ]
    return turn(
        voice.message(
            "staff_identity",
            Part("\n".join(lines), Style.QUOTE),
            number=number,
            document=letter(visit, number, "registration"),
        )
    )


@handles(Act.TIMELINE)
def press_timeline(visit: Visit, payload: Payload) -> Turn:
    """Everything that is on record, by its name."""
    number = payload.arguments[0]
    events = visit.desk.requests.history(number)
    lines = timeline(visit.voice, events, for_staff=True)
    return turn(visit.voice.message("my_timeline", Part(lines), number=number))


@handles(Act.DUE_DATE)
def press_due_date(visit: Visit, payload: Payload) -> Turn:
    """The proof of the due date: each counted day and each skipped one."""
    request = visit.desk.requests.get(payload.arguments[0])
    return turn(due_date.proof(visit, request))


FORMS = (Form("undo_receipt", (text("undo_reason"),), _undo_receipt),)
