"""Offline intake: a clerk enters what came to the counter, by post or orally (art. 29, 31).

The same clock and the same register: counter, oral and signed post are received on the day that is proved,
ordinary post and fax wait until the applicant has confirmed.
"""

from __future__ import annotations

from datetime import date

from bot.desk.identity import document_problem
from bot.desk.model import Applicant, ApplicantKind, DeliveryForm, Intake, Status
from bot.dialogue.messages import Language, Part, Style, Turn
from bot.dialogue.staff import card
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear, choice, past_day, proof, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.telling import printed
from bot.dialogue.visit import Visit, turn

_WAYS = ("post", "pickup", "email", "visit")
_INTAKES = (Intake.COUNTER, Intake.ORAL, Intake.SIGNED_POST, Intake.ORDINARY_POST, Intake.FAX)


def start(visit: Visit) -> Turn:
    """/intake, 登记."""
    return begin(visit, INTAKE)


def checked_identity(visit: Visit, given: Draft, typed: str) -> str:
    """A number of 18 places must be right; any other document is taken as it is written."""
    is_organisation = ApplicantKind(given["applicant_kind"]).is_organisation
    number, problem = document_problem(typed, is_organisation, visit.today)
    if problem is not None:
        which = "code" if is_organisation else "id"
        raise Unclear(f"{which}_wrong_{problem.value}", found=len(number))
    return number


def _enter(visit: Visit, number: str, given: Draft) -> Turn:
    applicant = Applicant(
        kind=ApplicantKind(given["applicant_kind"]),
        name=given["applicant_name"],
        id_number=given["identity"],
        contact=given["contact"],
    )
    request = visit.register.enter(
        visit.connection,
        visit.now,
        officer=visit.person,
        applicant=applicant,
        content=given["content"],
        intake=Intake(given["intake"]),
        received_on=date.fromisoformat(given["received_on"]),
        proof=given["receipt_proof"],
        form=DeliveryForm(given["delivery"]),
        way=visit.services.words.say(f"choice_{given['way']}", Language.SIMPLIFIED),
    )
    waits = request.status is Status.SUBMITTED
    remark = visit.voice.small("intake_waits") if waits else Part(_due(visit, request.number), Style.SMALL)
    letters = printed(visit, request.number, "registration", *([] if waits else ["receipt"]))
    return turn(*letters, card.request_card(visit, visit.voice, request, "staff_entered", remark))


def _due(visit: Visit, number: str) -> str:
    request, voice = visit.register.get(visit.connection, number), visit.voice
    if request.received_on is None or request.due_on is None:
        return ""
    return voice.word("intake_clock", received=voice.day(request.received_on), due=voice.day(request.due_on))


WHO = (  # who applies, of either kind of application
    Question("applicant_kind", Kind.CHOICE, tuple(kind.value for kind in ApplicantKind)),
    text("applicant_name", most=100),
    Question("identity", least=5, most=60, check=checked_identity),
    text("contact", least=5, most=200),
)
INTAKE = Form(
    "intake",
    (
        choice("intake", *(each.value for each in _INTAKES)),
        past_day("received_on"),
        proof("receipt_proof"),
        *WHO,
        text("content", least=4),
        choice("delivery", *(form.value for form in DeliveryForm)),
        choice("way", *(f"by_{way}" for way in _WAYS)),
    ),
    _enter,
    personal=True,
)
