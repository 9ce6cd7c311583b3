"""Offline intake: a clerk enters what came to the counter, by post or orally (art. 29, 31).

The same clock and the same register: counter, oral and signed post are received on the day that is proved,
ordinary post and fax wait until the applicant has confirmed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TypedDict

from bot.desk.applicants import is_child
from bot.desk.identity import document_problem
from bot.desk.model import (
    Agent,
    Applicant,
    ApplicantKind,
    Authority,
    DeliveryForm,
    Intake,
    Person,
    Status,
)
from bot.desk.preconditions import says_nothing
from bot.dialogue import cards
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear, choice, past_day, proof, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.resulting import replied_by
from bot.dialogue.staff.telling import printed
from bot.dialogue.visit import Visit, turn
from bot.messages import Language, Part, Style, Turn

_WAYS = ("post", "pickup", "email", "visit")
_INTAKES = (Intake.COUNTER, Intake.ORAL, Intake.SIGNED_POST, Intake.ORDINARY_POST, Intake.FAX)


_SELF = "acting_self"
_NOT_SHOWN = re.compile(r"还?没|尚未|忘了?带|无(?=[委授证书])|未(?=[带见看出提])")  # 无为市 has offices
_NOBODY = ("nobody_else", "没有", "无", "没有别人")


def _shown_others(visit: Visit, kept: str) -> str:
    return visit.voice.word("choice_nobody_else") if kept in ("", "nobody_else") else kept


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


def agent_of(given: Draft) -> Agent | None:
    """Who acts for the applicant, with the proof that the clerk saw."""
    if "agent_name" not in given:
        return None
    chosen = given.get("acting", "acting_guardian")  # of a child nobody is asked
    return Agent(
        name=given["agent_name"],
        id_number=given["agent_identity"],
        authority=Authority(chosen.removeprefix("acting_")),
        proof=given["agent_proof"],
    )


def _others(given: Draft) -> tuple[Person, ...]:
    kept = given["others"]
    return () if kept in _NOBODY else tuple(map(Person.from_line, kept.splitlines()))


def _checked_others(visit: Visit, given: Draft, typed: str) -> str:
    """One a line: name, number, contact; 没有 when the applicant is alone."""
    if typed.strip() in _NOBODY:
        return ""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    for line in lines:
        person = Person.from_line(line)
        if not (person.name and person.id_number):
            raise Unclear("record_others_unclear", line=line)
        _checked_person(visit, person.id_number)
    return "\n".join(lines)


def _checked_person(visit: Visit, typed: str) -> str:
    number, problem = document_problem(typed, is_organisation=False, today=visit.today)
    if problem is not None:
        raise Unclear(f"id_wrong_{problem.value}", found=len(number))
    if not re.search(r"\d", number):  # every document has a number
        raise Unclear("document_unclear")
    return number


def _seen(visit: Visit, given: Draft, typed: str) -> str:
    """What was shown of the authority to act; 没有委托书 shows none."""
    if says_nothing(typed) or _NOT_SHOWN.match(typed):
        raise Unclear("record_agent_proof_missing")
    return typed


def _has_agent(visit: Visit, given: Draft) -> bool:
    return given.get("acting", _SELF) != _SELF or _is_child(visit, given)


def _is_child(visit: Visit, given: Draft) -> bool:
    """A guardian acts for it (个人信息保护法 31)."""
    return is_child(given.get("identity", ""), visit.today)


def _represent(visit: Visit, number: str, given: Draft) -> Turn:
    """Who acts for the applicant on what proof, and who applies together with them."""
    request = visit.desk.privacy.record_representation(number, agent=agent_of(given), others=_others(given))
    return turn(cards.request_card(visit, visit.voice, request, "staff_recorded"))


def _enter(visit: Visit, number: str, given: Draft) -> Turn:
    applicant = Applicant(
        kind=ApplicantKind(given["applicant_kind"]),
        name=given["applicant_name"],
        id_number=given["identity"],
        contact=given["contact"],
        agent=agent_of(given),
    )
    request = visit.desk.intake.enter(
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
    return turn(*letters, cards.request_card(visit, visit.voice, request, "staff_entered", remark))


def _due(visit: Visit, number: str) -> str:
    request, voice = visit.desk.requests.get(number), visit.voice
    if request.received_on is None or request.due_on is None:
        return ""
    return voice.word("intake_clock", received=voice.day(request.received_on), due=voice.due(request))


def _take_identity(visit: Visit, number: str, given: Draft) -> Turn:
    """Name and proof of who filed where the form asks for neither; the contact stays as it was given."""
    request = visit.desk.privacy.take_identity(number, **identity_in(visit, given))
    return turn(cards.request_card(visit, visit.voice, request, "staff_recorded"))


class Identity(TypedDict):
    """What an act that takes an identity is given."""

    applicant: Applicant
    document: str
    how: str


def identity_in(visit: Visit, given: Draft) -> Identity:
    """Who applies, by whom, and how that was checked, from the answers of `IDENTITY_LATER`."""
    say = visit.services.words.say
    applicant = Applicant(
        kind=ApplicantKind(given["applicant_kind"]),
        name=given["applicant_name"],
        id_number=given["identity"],
        contact="",
        agent=agent_of(given),
    )
    return Identity(
        applicant=applicant,
        document=say(f"choice_{given['proof_of_identity']}", Language.SIMPLIFIED),
        how=say(f"choice_{given['checked_how']}", Language.SIMPLIFIED),
    )


def _record_authority(visit: Visit, number: str, given: Draft) -> Turn:
    """The paper of who filed for somebody was shown."""
    request = visit.desk.privacy.record_authority(number, proof=given["agent_proof"])
    return turn(cards.request_card(visit, visit.voice, request, "staff_recorded"))


_KIND_AND_NAME = (
    Question("applicant_kind", Kind.CHOICE, tuple(kind.value for kind in ApplicantKind)),
    text("applicant_name", least=1, most=100),
    Question("identity", least=5, most=60, check=checked_identity),
)
PROOF_OF_IDENTITY = (
    choice("proof_of_identity", "id_card", "credit_certificate", "passport", "other_proof"),
    choice("checked_how", "original_seen", "copy_seen", "video_seen", "called_back"),
)
WHO = (  # who applies, of either kind of application
    *_KIND_AND_NAME,
    text("contact", least=5, most=200),
)
AGENT = (
    Question("agent_name", most=100, when=_has_agent),
    Question(
        "agent_identity",
        least=5,
        most=60,
        check=lambda visit, given, typed: _checked_person(visit, typed),
        when=_has_agent,
    ),
    Question("agent_proof", most=200, when=_has_agent, check=_seen),
)
_ACTING = Question("acting", Kind.CHOICE, (_SELF, "acting_power_of_attorney", "acting_guardian"))
IDENTITY_LATER = (  # of what was filed without it, of either kind
    *_KIND_AND_NAME,
    replace(_ACTING, when=lambda visit, given: not _is_child(visit, given)),
    *AGENT,
    *PROOF_OF_IDENTITY,
)
TAKE_IDENTITY = Form("take_identity", IDENTITY_LATER, _take_identity, personal=True)
AUTHORITY = Form("authority", (replace(text("agent_proof", most=200), check=_seen),), _record_authority)
REPRESENTATION = Form(
    "representation",
    (
        _ACTING,
        *AGENT,
        Question(
            "others", choices=("nobody_else",), least=1, most=2000, check=_checked_others, reads=_shown_others
        ),
    ),
    _represent,
    personal=True,
)
INTAKE = Form(
    "intake",
    (
        choice("intake", *(each.value for each in _INTAKES)),
        past_day("received_on"),
        proof("receipt_proof"),
        *WHO,
        *AGENT,
        text("content", least=4),
        choice("delivery", *(form.value for form in DeliveryForm)),
        choice("way", *(f"by_{way}" for way in _WAYS)),
    ),
    _enter,
    personal=True,
    leads_to=lambda visit, number, given: (
        visit.voice.word("intake_waits")
        if given["intake"] in (Intake.ORDINARY_POST, Intake.FAX)
        else replied_by(visit, given["received_on"])
    ),
)
