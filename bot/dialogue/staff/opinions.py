"""Others before a reply: opinions of a third party (art. 32) and another agency (art. 33, 34), help (协办).

While an opinion is awaited the clock stands still; while help is, it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from bot.desk.model import Status
from bot.dialogue.messages import Turn
from bot.dialogue.staff.questions import Draft, Kind, Question, choice, past_day, text
from bot.dialogue.staff.recording import Form
from bot.dialogue.staff.telling import (
    day_or_nothing,
    recorded,
    recorded_and_printed,
    recorded_and_told,
)
from bot.dialogue.visit import Visit

_PARTY = text("party", most=100)


def _consult(visit: Visit, number: str, given: Draft, *, agency: bool = False) -> Turn:
    """The letter has gone out; it is there to print, the applicant is told, the clock stands still."""
    register = visit.register
    request = (register.consult_agency if agency else register.consult_third_party)(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        party=given["party"],
        sent_on=date.fromisoformat(given["sent_on"]),
    )
    if agency:
        return recorded_and_told(visit, request, "request_agency", to_print=("agency_consultation",))
    letters = ("third_party_consultation", "opinion_form")
    told = "request_third_party"
    return recorded_and_told(visit, request, told, kind="consultation_notice", to_print=letters)


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


def _inform(visit: Visit, number: str, given: Draft) -> Turn:
    """Art. 32: the third party is told what is disclosed against its word, and why."""
    request = visit.register.inform_third_party(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        party=given["informed"],
        informed_on=date.fromisoformat(given["informed_on"]),
    )
    return recorded_and_printed(visit, request, "third_party_informed")


def _ask_cooperation(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.ask_cooperation(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        party=given["helper"],
        what=given["help_wanted"],
        answer_by=date.fromisoformat(given["help_by"]),
    )
    return recorded_and_printed(visit, request, "cooperation")


def _receive_cooperation(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(
        visit,
        visit.register.receive_cooperation(
            visit.connection,
            visit.now,
            number,
            officer=visit.person,
            party=given["helped"],
            text=given["help_text"],
            received_on=date.fromisoformat(given["help_on"]),
        ),
    )


def _numbered(names: Sequence[str]) -> list[tuple[str, str]]:
    """Names to choose from; the name is what is kept."""
    return [(str(place), name) for place, name in enumerate(names)]


def _to_inform(visit: Visit, given: Draft) -> list[tuple[str, str]]:
    number = visit.memory.draft["number"]
    return _numbered(visit.register.third_parties_to_inform(visit.connection, number))


def _helpers(visit: Visit, given: Draft) -> list[tuple[str, str]]:
    number = visit.memory.draft["number"]
    return _numbered(visit.register.cooperation_pending(visit.connection, number))


FORMS = (
    Form(
        "inform", (Question("informed", Kind.CHOICE, labelled=_to_inform), past_day("informed_on")), _inform
    ),
    Form(
        "cooperation",
        (text("helper", most=100), text("help_wanted", least=4), Question("help_by", Kind.DAY_AHEAD)),
        _ask_cooperation,
    ),
    Form(
        "cooperation_in",
        (Question("helped", Kind.CHOICE, labelled=_helpers), text("help_text"), past_day("help_on")),
        _receive_cooperation,
    ),
    Form("third_party", (_PARTY, past_day("sent_on")), _consult),
    Form("agency", (_PARTY, past_day("sent_on")), partial(_consult, agency=True)),
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
