"""Inside the office: notes, who handles what, hand-over, withdrawal on paper, the end of a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.desk.errors import DeskError
from bot.dialogue.messages import Document, Language, Outgoing, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal
from bot.dialogue.staff import card
from bot.dialogue.staff.questions import Draft, Kind, Question, choice, past_day, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.telling import recorded, recorded_and_told
from bot.dialogue.visit import Press, Visit, turn

_ALL = 10_000  # open requests; a list for people stops earlier


def _note(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(
        visit,
        visit.register.note(visit.connection, visit.now, number, officer=visit.person, text=given["note"]),
    )


def _check_identity(visit: Visit, number: str, given: Draft) -> Turn:
    """Which proof was seen and how, in words: a picture of it is never asked for."""
    words = visit.services.words
    return recorded(
        visit,
        visit.register.record_identity_check(
            visit.connection,
            visit.now,
            number,
            officer=visit.person,
            document=words.say(f"choice_{given['proof_of_identity']}", Language.SIMPLIFIED),
            how=words.say(f"choice_{given['checked_how']}", Language.SIMPLIFIED),
        ),
    )


def press_letters(visit: Visit, payload: Payload) -> Turn:
    """文书: the newest of each kind once more, for who handles the request; they name the applicant."""
    number = payload.arguments[0]
    if not visit.is_private:
        return turn(visit.voice.message("identity_in_private"))
    try:
        # It refuses whom they are not for, and records the look.
        visit.register.applicant(visit.connection, visit.now, number, officer=visit.person)
        kept = visit.register.letters_of(visit.connection, number)
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    newest = {letter.kind: Document(letter.filename, letter.content) for letter in kept}
    if not newest:
        return turn(visit.voice.message("no_letters", number=number))
    return turn(
        *(visit.voice.message("staff_letter", number=number, document=each) for each in newest.values())
    )


# ---- who handles it --------------------------------------------------------------------------------------
def _colleagues(visit: Visit, given: Draft) -> Sequence[tuple[str, str]]:
    """Everybody who may handle a request, but not who gives them away."""
    return [
        (str(place), person)
        for place, person in enumerate(visit.settings.handlers)
        if person != given.get("holder")
    ]


def _assign(visit: Visit, number: str, given: Draft) -> Turn:
    assignee = given["assignee"]
    request = visit.register.assign(
        visit.connection, visit.now, number, officer=visit.person, assignee=assignee
    )
    done = recorded_and_told(visit, request, "request_assigned")
    return turn(*done.outgoing, *_assignee_told(visit, assignee, [number]))


def _assignee_told(visit: Visit, assignee: str, numbers: Sequence[str]) -> list[Outgoing]:
    if assignee == visit.person:
        return []
    voice = visit.voice_of(assignee)
    requests = [visit.register.get(visit.connection, number) for number in numbers]
    return [card.request_card(visit, voice, request, "staff_assigned_to_you") for request in requests]


def _holders(visit: Visit) -> list[str]:
    """Who has open requests, also who is no member of staff any more."""
    return sorted({request.assigned_to for request in visit.register.queue(visit.connection, _ALL)} - {""})


def hand_over(visit: Visit) -> Turn:
    """交接: all open requests of one person go to another."""
    if not _holders(visit):
        return turn(visit.voice.message("handover_nothing"))
    return begin(visit, HANDOVER)


def _hand_over(visit: Visit, number: str, given: Draft) -> Turn:
    numbers, told = give_all(visit, given["holder"], given["assignee"])
    return turn(visit.voice.message("handed_over", count=len(numbers), to=given["assignee"]), *told)


def give_all(visit: Visit, holder: str, assignee: str) -> tuple[list[str], list[Outgoing]]:
    """All open requests of one person go to another: their numbers, and the cards for the new owner."""
    numbers = [
        request.number
        for request in visit.register.queue(visit.connection, _ALL)
        if request.assigned_to == holder
    ]
    for each in numbers:
        visit.register.assign(visit.connection, visit.now, each, officer=visit.person, assignee=assignee)
    return numbers, _assignee_told(visit, assignee, numbers)


# ---- the end of a file -----------------------------------------------------------------------------------
def _withdraw(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.withdraw(
        visit.connection, visit.now, number, person=visit.person, reason=given["withdraw_reason"]
    )
    return recorded_and_told(visit, request, "request_withdrawn", kind="closed")


def _archive(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(visit, visit.register.archive(visit.connection, visit.now, number, officer=visit.person))


def _record_remedy(visit: Visit, number: str, given: Draft) -> Turn:
    """Reconsideration or suit against the reply (Table 4): begun, or with its result."""
    result = "" if given["remedy_result"] == "pending" else given["remedy_result"]
    return recorded(
        visit,
        visit.register.record_remedy(
            visit.connection,
            visit.now,
            number,
            officer=visit.person,
            remedy=given["remedy"],
            result=result,
            on=date.fromisoformat(given["remedy_on"]),
        ),
    )


def _decline_publication(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(
        visit,
        visit.register.decline_publication(
            visit.connection, visit.now, number, officer=visit.person, reason=given["decline_reason"]
        ),
    )


_ASSIGNEE = Question("assignee", Kind.CHOICE, labelled=_colleagues)
HANDOVER = Form(
    "handover",
    (
        Question(
            "holder",
            Kind.CHOICE,
            labelled=lambda visit, given: [
                (str(place), holder) for place, holder in enumerate(_holders(visit))
            ],
        ),
        _ASSIGNEE,
    ),
    _hand_over,
)
FORMS = (
    Form("note", (text("note"),), _note),
    Form(
        "identity_check",
        (
            choice("proof_of_identity", "id_card", "credit_certificate", "passport", "other_proof"),
            choice("checked_how", "original_seen", "copy_seen", "video_seen", "called_back"),
        ),
        _check_identity,
    ),
    Form("assign", (_ASSIGNEE,), _assign),
    Form("withdraw", (text("withdraw_reason"),), _withdraw),
    Form("archive", (), _archive),
    Form(
        "remedy",
        (
            choice("remedy", "reconsideration", "direct_suit", "suit_after_reconsideration"),
            choice("remedy_result", "pending", "upheld", "corrected", "other"),
            past_day("remedy_on"),
        ),
        _record_remedy,
    ),
    Form("decline", (text("decline_reason", least=4),), _decline_publication),
    HANDOVER,
)
PRESSES: dict[Act, Press] = {Act.LETTERS: press_letters}
