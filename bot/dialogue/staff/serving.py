"""A drafted reply on its way out: reviewed by a second person (art. 17), signed, served, told.

ready ─┬─ 签发 ─▶ signed ─┐
       └──────────────────┴─▶ today by hand or e-mail: one tap
                              by post, or on another day: a form (day, number or who signed for it)
                                    │ late? said before it is recorded
                                    ▼
                                 served
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.desk import service
from bot.desk.errors import DeskError, LateReply
from bot.desk.model import DisclosureRequest, ServiceMethod
from bot.desk.outcomes import ASKED_WHERE_THEY_FIT, REFUSED_PART
from bot.dialogue import attaching, cards, notifications
from bot.dialogue.documents import letter
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal, shown_facts
from bot.dialogue.staff import origins
from bot.dialogue.staff.questions import Draft, Unclear, choice, past_day, proof
from bot.dialogue.staff.recording import LATE, Form, begin
from bot.dialogue.staff.resulting import served_in_time
from bot.dialogue.staff.waiting_entries import proposed
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Outgoing, Part, Style, Turn

# Ways whose proof only the clerk knows; by hand today it is the 送达回证.
_ASKED_FOR_PROOF = ("entrusted", "post", "email", "fax")


def reply_parts(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[Part]:
    """The drafted reply as it is reviewed: its outcome, what it records, its text."""
    reply = request.reply
    if reply is None:
        return []
    labels = {field.name: field.label for field in (*reply.outcome.required, *ASKED_WHERE_THEY_FIT)}
    lines = [f"{reply.outcome.code} {reply.outcome.label}"]
    order = list(labels)  # as they are asked; the record sorts them by name
    for name, value in sorted(
        reply.fields.items(), key=lambda each: order.index(each[0]) if each[0] in order else len(order)
    ):
        shown = voice.word(f"reply_choice_{value}") if name == REFUSED_PART.name else value
        lines.append(voice.word("recorded_line", label=labels.get(name, name), value=shown))
    return [Part("\n".join(lines)), Part(reply.text, Style.QUOTE), *files_of(visit, voice, request)]


def files_of(visit: Visit, voice: Voice, request: DisclosureRequest) -> list[Part]:
    """The files of the reply by name; they are seen with 看附件."""
    files = attaching.of_reply(visit, request.reply.attachments) if request.reply else []
    return attaching.listed(voice, files)


def reply_card(visit: Visit, request: DisclosureRequest, event: str) -> Outgoing:
    """The card with the drafted reply on it, and the letter to print once nothing is missing.

    The letter holds the applicant's name, so it does not go into a group.
    """
    shown = cards.request_card(visit, visit.voice, request, event, *reply_parts(visit, visit.voice, request))
    if not visit.is_private or not cards.is_ready_to_serve(visit, request):
        return shown
    return replace(shown, document=letter(visit, request.number, "reply"))


# ---- review (art. 17) ------------------------------------------------------------------------------------
@handles(Act.REVIEW_OK)
def press_review_ok(visit: Visit, payload: Payload) -> Turn:
    """The second person agrees."""
    return _review(visit, payload.arguments[0], approved=True)


@handles(Act.REVIEW_RETURN)
def press_review_return(visit: Visit, payload: Payload) -> Turn:
    """The second person sends it back."""
    return _review(visit, payload.arguments[0], approved=False)


def _review(visit: Visit, number: str, *, approved: bool) -> Turn:
    before = visit.desk.requests.get(number)
    request = visit.desk.replies.review(number, approved=approved)
    event = "staff_reviewed" if approved else "staff_returned"
    drafter = before.reply.drafted_by if before.reply else ""
    told = notifications.to_colleague(visit, event, request, drafter)
    return turn(reply_card(visit, request, event), *told)


@handles(Act.SIGN)
def press_sign(visit: Visit, payload: Payload) -> Turn:
    """签发 now, served on another day."""
    request = visit.desk.replies.sign(payload.arguments[0])
    return turn(reply_card(visit, request, "staff_signed"))


# ---- service ---------------------------------------------------------------------------------------------
@handles(Act.SERVE)
def press_serve(visit: Visit, payload: Payload) -> Turn:
    """The reply goes out today by this method; what has a number or an address is asked for it."""
    number, method = payload.arguments
    if method in _ASKED_FOR_PROOF and service.is_open(visit.register.office, ServiceMethod(method)):
        return begin(visit, SERVICE, number, method=method, served_on=visit.today.isoformat())
    return _serve(visit, *payload.arguments, late_acknowledged=False)


@handles(Act.SERVE_LATE)
def press_serve_late(visit: Visit, payload: Payload) -> Turn:
    """The same, though it is late and that was said."""
    if payload.arguments[1] in _ASKED_FOR_PROOF:  # a button of an older version
        return press_serve(visit, payload)
    return _serve(visit, *payload.arguments, late_acknowledged=True)


def _serve(visit: Visit, number: str, method: str, *, late_acknowledged: bool) -> Turn:
    if method not in tuple(ServiceMethod):
        return turn(visit.voice.message("button_expired"))
    try:
        request = visit.desk.replies.serve(
            number, method=ServiceMethod(method), late_acknowledged=late_acknowledged
        )
    except LateReply as error:
        return turn(_late(visit, error, number, method))
    except DeskError as error:
        return turn(refusal(visit.voice, error))
    return served(visit, request)


def _serve_on_paper(visit: Visit, number: str, given: Draft) -> Turn:
    """Service as the clerk describes it; a late one is said first (recording.py)."""
    request = visit.desk.replies.serve(
        number,
        method=ServiceMethod(given["method"]),
        served_on=date.fromisoformat(given["served_on"]),
        proof=given["service_proof"],
        late_acknowledged=LATE in given,
    )
    return proposed(visit, request) or served(visit, request)


def served(visit: Visit, request: DisclosureRequest) -> Turn:
    """The reply is served: the card, and the applicant reads it."""
    told = _tell_reply(visit, request)
    event = "staff_served" if told else "staff_served_on_paper"
    return turn(cards.request_card(visit, visit.voice, request, event), *told)


def _late(visit: Visit, error: LateReply, number: str, method: str) -> Outgoing:
    message = refusal(visit.voice, error)
    rows = (
        (visit.voice.button("button_serve_late", Act.SERVE_LATE, number, method),),
        (visit.voice.button("button_not_now", Act.CARD, number),),
    )
    return Outgoing(message.address, message.event, message.parts, rows)


def _tell_reply(visit: Visit, request: DisclosureRequest) -> list[Outgoing]:
    """The applicant reads the reply at once; how it is served in law is said below it."""
    reply = request.reply
    if not request.person or reply is None:
        return []
    voice = visit.voice_of(request.person)
    files = attaching.of_reply(visit, reply.attachments)
    after = [Part(reply.text, Style.QUOTE), *attaching.listed(voice, files)]
    if reply.method is not None and reply.method is not ServiceMethod.CHAT:
        after.append(voice.small("reply_served_otherwise", method=voice.word(f"method_{reply.method.value}")))
    after.append(voice.small(f"reply_remedy_{reply.outcome.rule.review_first.value}"))
    if visit.settings.reconsideration_online:
        online = visit.settings.reconsideration_online
        after.append(voice.small("reply_remedy_online", address=online))
    told = notifications.to_applicant(
        visit,
        "request_replied",
        request,
        *after,
        outcome=reply.outcome.name_told,
        document=letter(visit, request.number, "reply"),
    )
    confirmed = [replace(message, confirms=origins.of(visit, request.number)) for message in told]
    return [*confirmed, *(attaching.sent_along(voice, files, request.number) if confirmed else [])]


def _is_open(visit: Visit, method: str) -> bool:
    return service.is_open(visit.register.office, ServiceMethod(method))


def _check_proof(visit: Visit, given: Draft, proof: str) -> str:
    """A number of China Post, an address that the applicant gave: said at once when it is none."""
    try:
        visit.desk.replies.must_be_served_so(
            visit.memory.draft["number"], method=ServiceMethod(given["method"]), proof=proof
        )
    except DeskError as error:
        raise Unclear(f"refused_{error.text_id}", **shown_facts(visit.voice, error)) from error
    return proof


SERVICE = Form(
    "serve",
    (
        replace(choice("method", "by_hand", "entrusted", "post", "email", "fax"), fits=_is_open),
        past_day("served_on"),
        replace(
            proof("service_proof"),
            least=1,  # what is too short is told what it lacks
            check=_check_proof,
            worded=lambda given: f"service_proof_{given['method']}",
        ),
    ),
    _serve_on_paper,
    leads_to=lambda visit, number, given: served_in_time(visit, number, given["served_on"]),
)
FORMS = (SERVICE,)
