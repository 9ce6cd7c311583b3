"""Others before a reply: opinions of a third party (art. 32) and another agency (art. 33, 34), help (协办).

While an opinion is awaited the clock stands still; while help is, it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from bot.desk.clock import opinion_clock
from bot.desk.model import DisclosureRequest, EventKind
from bot.dialogue.refusals import shown_facts
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear, choice, late_proof, past_day, text
from bot.dialogue.staff.recording import Form
from bot.dialogue.staff.resulting import ends
from bot.dialogue.staff.telling import (
    day_or_nothing,
    recorded,
    recorded_and_printed,
    recorded_and_told,
)
from bot.dialogue.staff.waiting_entries import proposed
from bot.dialogue.visit import Visit
from bot.messages import Turn


def _not_asked_yet(visit: Visit, draft: Draft, kept: str) -> str:
    """Nobody is asked twice about the same: said where the name is typed."""
    error = visit.desk.openness.why_not_consulted(visit.memory.draft["number"], kept)
    if error is not None:
        raise Unclear(f"refused_{error.text_id}", **shown_facts(visit.voice, error))
    return kept


_PARTY = replace(text("party", most=100), check=_not_asked_yet)
_SENT = (past_day("sent_on"), late_proof("sent_proof", "sent_on"))


def _consult(visit: Visit, number: str, given: Draft, *, agency: bool = False) -> Turn:
    """The letter has gone out; it is there to print, the applicant is told, the clock stands still."""
    consultations = visit.desk.consultations
    request = (consultations.consult_agency if agency else consultations.consult_third_party)(
        number,
        party=given["party"],
        sent_on=date.fromisoformat(given["sent_on"]),
        proof=given.get("sent_proof", ""),
    )
    if waits := proposed(visit, request):
        return waits
    return agency_consulted(visit, request) if agency else consulted(visit, request)


def consulted(visit: Visit, request: DisclosureRequest) -> Turn:
    """A third party is asked: its letter and form to print, the applicant is told."""
    letters = ("third_party_consultation", "opinion_form")
    if not _is_first_of_its_kind(visit, request):
        return recorded_and_printed(visit, request, *letters)
    told = "request_third_party"
    return recorded_and_told(visit, request, told, kind="consultation_notice", to_print=letters)


def agency_consulted(visit: Visit, request: DisclosureRequest) -> Turn:
    """Another agency is asked; the applicant has a notice of this kind too."""
    letters = ("agency_consultation",)
    if not _is_first_of_its_kind(visit, request):
        return recorded_and_printed(visit, request, *letters)
    return recorded_and_told(visit, request, "request_agency", kind="agency_notice", to_print=letters)


def _answered_by(visit: Visit, number: str, given: Draft) -> str:
    """Until when an opinion is awaited, if the letter arrives on the day it is sent."""
    return ends(visit, "preview_opinion_by", opinion_clock(date.fromisoformat(given["sent_on"])))


def _is_first_of_its_kind(visit: Visit, request: DisclosureRequest) -> bool:
    """The applicant is told of the first third party that is asked, and of the first agency."""
    newest = visit.desk.requests.history(request.number)[-1].kind
    awaited = visit.desk.consultations.pending(request.number)
    return sum(each.kind is newest for each in awaited) == 1


def _receive_opinion(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.consultations.receive_opinion(
        number,
        opinion=given["opinion"],
        text="" if given["opinion_text"] == "nothing" else given["opinion_text"],
        received_on=date.fromisoformat(given["opinion_on"]),
        party=given.get("opinion_of", ""),
    )
    if visit.desk.consultations.pending(number):
        return recorded_and_told(visit, request, "request_opinion_of_one")
    answered = visit.desk.requests.history(number)[-1].kind
    third_party = answered is EventKind.THIRD_PARTY_ANSWERED
    event = "request_opinion_in" if third_party else "request_agency_answered"
    return recorded_and_told(visit, request, event, day=day_or_nothing(visit, request))


def _awaited(visit: Visit, given: Draft) -> list[tuple[str, str]]:
    number = visit.memory.draft["number"]
    return _numbered([each.party for each in visit.desk.consultations.pending(number)])


def _several(visit: Visit, given: Draft) -> bool:
    return len(_awaited(visit, given)) > 1


def _inform(visit: Visit, number: str, given: Draft) -> Turn:
    """Art. 32: the third party is told what is disclosed against its word, and why."""
    request = visit.desk.replies.inform_third_party(
        number, party=given["informed"], informed_on=date.fromisoformat(given["informed_on"])
    )
    return recorded_and_printed(visit, request, "third_party_informed")


def _ask_cooperation(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.consultations.ask_cooperation(
        number,
        party=given["helper"],
        what=given["help_wanted"],
        answer_by=date.fromisoformat(given["help_by"]),
    )
    return recorded_and_printed(visit, request, "cooperation")


def _receive_cooperation(visit: Visit, number: str, given: Draft) -> Turn:
    return recorded(
        visit,
        visit.desk.consultations.receive_cooperation(
            number,
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
    return _numbered(visit.desk.replies.third_parties_to_inform(number))


def _helpers(visit: Visit, given: Draft) -> list[tuple[str, str]]:
    number = visit.memory.draft["number"]
    return _numbered(visit.desk.consultations.cooperation_pending(number))


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
        (
            Question("helped", Kind.CHOICE, labelled=_helpers),
            text("help_text", quotes=True),
            past_day("help_on"),
        ),
        _receive_cooperation,
    ),
    Form("third_party", (_PARTY, *_SENT), _consult, leads_to=_answered_by),
    Form("agency", (_PARTY, *_SENT), partial(_consult, agency=True), leads_to=_answered_by),
    Form(
        "opinion",
        (
            Question("opinion_of", Kind.CHOICE, labelled=_awaited, when=_several),
            choice("opinion", "agrees", "refuses", "silent"),
            past_day("opinion_on"),
            Question("opinion_text", Kind.TEXT, ("nothing",), quotes=True),
        ),
        _receive_opinion,
    ),
)
