"""Opinions of others before a reply: a third party (art. 32), another agency (art. 33, 34).

Meanwhile the clock stands still.
"""

from __future__ import annotations

from datetime import date

from bot.desk.model import Status
from bot.dialogue.messages import Turn
from bot.dialogue.staff.questions import Draft, Kind, Question, choice, past_day, text
from bot.dialogue.staff.recording import Form
from bot.dialogue.staff.telling import day_or_nothing, recorded_and_told
from bot.dialogue.visit import Visit

_PARTY = text("party", most=100)


def _consult_third_party(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.consult_third_party(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        party=given["party"],
        sent_on=date.fromisoformat(given["sent_on"]),
    )
    return recorded_and_told(
        visit,
        request,
        "request_third_party",
        kind="consultation_notice",
        to_print=("third_party_consultation", "opinion_form"),
    )


def _consult_agency(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.consult_agency(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        party=given["party"],
        sent_on=date.fromisoformat(given["sent_on"]),
    )
    return recorded_and_told(visit, request, "request_agency", to_print=("agency_consultation",))


def _receive_opinion(visit: Visit, number: str, given: Draft) -> Turn:
    third_party = visit.register.get(visit.connection, number).status is Status.THIRD_PARTY
    request = visit.register.receive_opinion(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        opinion=given["opinion"],
        text="" if given["opinion_text"] == "nothing" else given["opinion_text"],
        received_on=date.fromisoformat(given["opinion_on"]),
    )
    event = "request_opinion_in" if third_party else "request_agency_answered"
    return recorded_and_told(visit, request, event, day=day_or_nothing(visit, request))


FORMS = (
    Form("third_party", (_PARTY, past_day("sent_on")), _consult_third_party),
    Form("agency", (_PARTY, past_day("sent_on")), _consult_agency),
    Form(
        "opinion",
        (
            choice("opinion", "agrees", "refuses", "silent"),
            past_day("opinion_on"),
            Question("opinion_text", Kind.TEXT, ("nothing",)),
        ),
        _receive_opinion,
    ),
)
