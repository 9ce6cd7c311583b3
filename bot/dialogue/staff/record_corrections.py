"""Correcting a record about somebody (更正本人信息, art. 41): the card, who handles it, the four ends.

    new ─▶ 我来办 ─▶ 查看内容 (recorded) ─▶ 已更正, 转送, 告知找谁, 不予更正 ─▶ the applicant is told
     └─ filed where nobody is asked who they are: 登记申请人身份 at the office, before anything is corrected

What is wrong and the evidence are personal data: a card shows only which record, a group no more than that.
A disclosure request that turns out to be one is converted from its own card (更多).
"""

from __future__ import annotations

from bot.desk.model import Applicant, ApplicantKind, DisclosureRequest
from bot.desk.record_correction import SERIES, RecordCorrection
from bot.dialogue import notifications
from bot.dialogue.discretion import not_here
from bot.dialogue.documents import letter, record_letter
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.record_card import ENDS, TAKE_IDENTITY, card
from bot.dialogue.staff.intake import AGENT, IDENTITY_LATER, WHO, agent_of, identity_in
from bot.dialogue.staff.questions import Draft, Question, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.telling import to_print_here
from bot.dialogue.visit import Visit, turn
from bot.messages import Document, Language, Outgoing, Part, Style, Turn


def is_number(number: str) -> bool:
    """Whether a register number is one of these."""
    return number.startswith(SERIES)


# ---- handling --------------------------------------------------------------------------------------------
@handles(Act.RECORD_TAKE)
def press_take(visit: Visit, payload: Payload) -> Turn:
    """This officer handles it from now on."""
    found = visit.desk.record_corrections.take(payload.arguments[0])
    return turn(card(visit, visit.voice, found, "staff_record_taken"))


@handles(Act.RECORD_DETAILS)
def press_details(visit: Visit, payload: Payload) -> Turn:
    """Who asks, what is wrong, the evidence: only alone with who handles it, and recorded."""
    number = payload.arguments[0]
    if (refused := not_here(visit, number)) is not None:
        return turn(refused)
    details = visit.desk.record_corrections.details(number)
    voice, applicant = visit.voice, details.applicant
    agent = applicant.agent
    values = {
        "kind": applicant.kind.label,
        "name": applicant.name,
        "id_number": applicant.id_number,
        "representative": applicant.representative,
        "contact": applicant.contact,
        "agent_name": " ".join((agent.authority.label, agent.name, agent.id_number, agent.proof)).strip()
        if agent
        else "",
        "wrong": details.wrong,
        "evidence": details.evidence,
    }
    lines = [voice.word(f"line_{name}", value=value) for name, value in values.items() if value]
    return turn(voice.message("staff_record_details", Part("\n".join(lines), Style.QUOTE), number=number))


def _take_identity(visit: Visit, number: str, given: Draft) -> Turn:
    """Name and proof of who filed where the form asks for neither, like for a request."""
    found = visit.desk.record_corrections.take_identity(number, **identity_in(visit, given))
    return turn(card(visit, visit.voice, found))


def press_letters(visit: Visit, payload: Payload) -> Turn:
    """这件的文书 of one of these: for who handles it, the look recorded."""
    number = payload.arguments[0]
    if (refused := not_here(visit, number)) is not None:
        return turn(refused)
    visit.desk.record_corrections.details(number)
    kept = visit.desk.record_keeping.letters_of(number)
    newest = {each.kind: Document(each.filename, each.content) for each in kept}
    if not newest:
        return turn(visit.voice.message("no_letters", number=number))
    return turn(
        *(visit.voice.message("staff_letter", number=number, document=each) for each in newest.values())
    )


def _end(visit: Visit, number: str, given: Draft) -> Turn:
    """The end that the form is named for; the applicant is told, with the letter."""
    form = visit.memory.draft["form"]
    answer = given[_ANSWERS[form]]
    found = visit.desk.record_corrections.end(number, status=ENDS[form], answer=answer)
    document = record_letter(visit, number, "record_correction_answer")
    if not found.person:
        shown = card(visit, visit.voice, found, "staff_record_ended_on_paper")
        return turn(shown, *to_print_here(visit, number, [document]))
    event = f"record_{found.status.value}_told"
    told = notifications.to_person(
        visit,
        event,
        found.person,
        lambda voice: voice.message(
            event,
            Part(answer, Style.QUOTE),
            number=number,
            buttons=[[voice.button("button_see_record_correction", Act.MY_REQUEST, number)]],
            document=document,
        ),
    )
    return turn(card(visit, visit.voice, found, "staff_record_ended"), *told)


# ---- at the counter ---------------------------------------------------------------------------------------
def start(visit: Visit) -> Turn:
    """登记更正: what came on paper or by word of mouth."""
    return begin(visit, COUNTER)


def _enter(visit: Visit, number: str, given: Draft) -> Turn:
    """Registered like one of the chat; the receipt is there to print."""
    found = visit.desk.record_corrections.enter(
        applicant=Applicant(
            kind=ApplicantKind(given["applicant_kind"]),
            name=given["applicant_name"],
            id_number=given["identity"],
            contact=given["contact"],
            agent=agent_of(given),
        ),
        record=given["which_record"],
        wrong=given["what_wrong"],
        evidence=_evidence(visit, given),
    )
    document = record_letter(visit, found.number, "record_correction_receipt")
    printed = visit.voice.message("staff_letter", number=found.number, document=document)
    shown = card(visit, visit.voice, found)
    return turn(*([printed] if document else []), shown)


# ---- a request that turns out to be one ------------------------------------------------------------------
def _convert(visit: Visit, number: str, given: Draft) -> Turn:
    """Both are on record; the applicant is told both numbers and may still ask for the documents."""
    found = visit.desk.record_corrections.convert(
        number,
        record=given["which_record"],
        wrong=given["what_wrong"],
        evidence=_evidence(visit, given),
        reason=given["convert_reason"],
    )
    request = visit.desk.requests.get(number)
    shown = card(visit, visit.voice, found, "staff_converted")
    return turn(shown, *_converted_told(visit, request, found))


def _evidence(visit: Visit, given: Draft) -> str:
    """What shows it, in the office's own language where there is none yet."""
    none_yet = given["what_evidence"] == "none_yet"
    return (
        visit.services.words.say("choice_none_yet", Language.SIMPLIFIED)
        if none_yet
        else given["what_evidence"]
    )


def _converted_told(visit: Visit, request: DisclosureRequest, found: RecordCorrection) -> list[Outgoing]:
    document = letter(visit, request.number, "closed")
    if not request.person:
        return to_print_here(visit, request.number, [document])
    return notifications.to_person(
        visit,
        "request_converted",
        request.person,
        lambda voice: voice.message(
            "request_converted",
            number=request.number,
            record_correction=found.number,
            buttons=[[voice.button("button_see_record_correction", Act.MY_REQUEST, found.number)]],
            document=document,
        ),
    )


_ANSWERS = {
    "gcorrected": "corrected_how",
    "gtransferred": "transferred_to",
    "greferred": "referred_to",
    "gdeclined": "declined_why",
}
_RECORD = (
    text("which_record", most=100),
    text("what_wrong", least=4),
    Question("what_evidence", choices=("none_yet",), most=500),
)
COUNTER = Form("record_intake", (*WHO, *AGENT, *_RECORD), _enter, personal=True)
FORMS = (
    COUNTER,
    Form(TAKE_IDENTITY, IDENTITY_LATER, _take_identity, personal=True),
    Form("convert", (*_RECORD, text("convert_reason", least=4)), _convert),
    *(Form(name, (text(answer, least=4),), _end) for name, answer in _ANSWERS.items()),
)
