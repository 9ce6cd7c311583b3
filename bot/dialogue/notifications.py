"""Who is told of what happens at the desk: the whole list, read from top to bottom.

    an act ─▶ its handler ─▶ what the actor sees (the handler's own words)
                 └─▶ notifications ─▶ everybody else whom it concerns, by the table below

A handler names what happened; who reads it, in whose language and on which card, stands here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from bot.desk.model import DisclosureRequest, Inquiry
from bot.desk.record_correction import RecordCorrection
from bot.dialogue import cards, record_card
from bot.dialogue.payload import Act
from bot.dialogue.visit import Visit
from bot.dialogue.voice import Voice
from bot.messages import Document, Outgoing, Part


class Reader(Enum):
    """Whom a notification is for."""

    APPLICANT = "who filed it, in their language; nobody when it came on paper"
    TAKERS = "the staff's group, else each who may take it"
    HANDLER = "the staff's group and who has taken it, else each who may take it"
    OWNER = "who has taken it, else the staff's group, else each who may take it"
    LEADERS = "each who may approve"
    REVIEWERS = "the staff's group or each of staff, without who drafted it"
    COLLEAGUE = "one of staff whom the act concerns, unless they did it themselves"


# By the sentence that is read (`words/`).  What is sent to others and is missing here fails at once.
READERS: Mapping[str, Reader] = {
    # ---- an applicant has done something
    "staff_new_request": Reader.TAKERS,
    "staff_new_inquiry": Reader.TAKERS,
    "staff_new_record_correction": Reader.TAKERS,
    "staff_correction_received": Reader.HANDLER,
    "staff_reasons_came": Reader.HANDLER,
    "staff_withdrawn": Reader.HANDLER,
    "staff_record_withdrawn": Reader.OWNER,
    # ---- the office has done something with a request
    "request_received": Reader.APPLICANT,  # art. 31
    "request_receipt_undone": Reader.APPLICANT,
    "request_assigned": Reader.APPLICANT,
    "request_split": Reader.APPLICANT,
    "correction_asked": Reader.APPLICANT,  # art. 30
    "correction_received": Reader.APPLICANT,
    "request_lapsed_uncorrected": Reader.APPLICANT,
    "request_third_party": Reader.APPLICANT,  # art. 32
    "request_agency": Reader.APPLICANT,  # art. 34
    "request_opinion_in": Reader.APPLICANT,
    "request_opinion_of_one": Reader.APPLICANT,
    "request_agency_answered": Reader.APPLICANT,
    "request_extended": Reader.APPLICANT,  # art. 33
    "request_deferred": Reader.APPLICANT,
    "request_reasons_asked": Reader.APPLICANT,  # art. 35
    "request_reasons_in": Reader.APPLICANT,
    "request_fee_noticed": Reader.APPLICANT,  # art. 42
    "request_fee_withdrawn": Reader.APPLICANT,
    "request_fee_paid": Reader.APPLICANT,
    "request_lapsed_unpaid": Reader.APPLICANT,
    "request_replied": Reader.APPLICANT,
    "request_withdrawn": Reader.APPLICANT,
    "request_reopened": Reader.APPLICANT,  # decided anew after a remedy
    "request_converted": Reader.APPLICANT,  # into a record correction, art. 41
    # ---- the office has answered something else
    "inquiry_answered": Reader.APPLICANT,
    "record_corrected_told": Reader.APPLICANT,  # art. 41
    "record_transferred_told": Reader.APPLICANT,
    "record_referred_told": Reader.APPLICANT,
    "record_declined_told": Reader.APPLICANT,
    # ---- one of staff has done something that concerns another
    "leader_extension": Reader.LEADERS,
    "staff_review": Reader.REVIEWERS,
    "staff_reviewed": Reader.COLLEAGUE,
    "staff_returned": Reader.COLLEAGUE,
    "staff_extension_agreed": Reader.COLLEAGUE,
    "staff_extension_declined": Reader.COLLEAGUE,
    "staff_late_entry_to_confirm": Reader.COLLEAGUE,
    "staff_late_entry_confirmed": Reader.COLLEAGUE,
    "staff_late_entry_declined": Reader.COLLEAGUE,
    "staff_assigned_to_you": Reader.COLLEAGUE,
}


# ---- the applicant ---------------------------------------------------------------------------------------
def to_applicant(
    visit: Visit,
    event: str,
    request: DisclosureRequest,
    *after: Part,
    document: Document | None = None,
    does: tuple[str, Act] | None = None,
    **values: Any,
) -> list[Outgoing]:
    """A message to who filed the request, in their language; nobody when it came on paper.

    `does` is a button that comes first: its word, and what it asks of them.
    """
    _must_be(event, Reader.APPLICANT)
    if not request.person:
        return []
    voice, number = visit.voice_of(request.person), request.number
    rows = [[voice.button("button_see_request", Act.MY_REQUEST, number)]]
    if does is not None:
        rows.insert(0, [voice.button(does[0], does[1], number)])
    return [voice.message(event, *after, number=number, buttons=rows, document=document, **values)]


def to_person(visit: Visit, event: str, person: str, say: Callable[[Voice], Outgoing]) -> list[Outgoing]:
    """What stands on no request: `say` puts it in their language; nobody when it came on paper."""
    _must_be(event, Reader.APPLICANT)
    return [say(visit.voice_of(person))] if person else []


# ---- staff -----------------------------------------------------------------------------------------------
def to_staff(visit: Visit, event: str, request: DisclosureRequest, *after: Part) -> list[Outgoing]:
    """The request's card to those of staff who read this."""
    _must_be(event, Reader.TAKERS, Reader.HANDLER)
    return [
        in_a_line(cards.request_card(visit, voice, request, event, *after))
        for voice in _voices(visit, event, request.assigned_to)
    ]


def to_staff_of_inquiry(visit: Visit, event: str, inquiry: Inquiry) -> list[Outgoing]:
    """The inquiry's card."""
    _must_be(event, Reader.TAKERS)
    return [in_a_line(cards.inquiry_card(visit, voice, inquiry, event)) for voice in _voices(visit, event)]


def to_staff_of_record(visit: Visit, event: str, found: RecordCorrection) -> list[Outgoing]:
    """The card of an application to correct a record (art. 41)."""
    _must_be(event, Reader.TAKERS, Reader.OWNER)
    return [
        in_a_line(record_card.card(visit, voice, found, event))
        for voice in _voices(visit, event, found.assigned_to)
    ]


def to_reviewers(
    visit: Visit, event: str, request: DisclosureRequest, shown: Callable[[Voice], list[Part]]
) -> list[Outgoing]:
    """The card with the drafted reply, to everybody who may look at it (art. 17); `shown` is that reply."""
    _must_be(event, Reader.REVIEWERS)
    return [
        cards.request_card(visit, voice, request, event, *shown(voice))
        for voice in visit.staff_voices()
        if str(voice.address) != visit.person
    ]


def to_colleague(visit: Visit, event: str, request: DisclosureRequest, officer: str) -> list[Outgoing]:
    """The card to one of staff; nobody when `officer` is "" or did it themselves."""
    _must_be(event, Reader.COLLEAGUE)
    if officer in ("", visit.person):
        return []
    return [cards.request_card(visit, visit.voice_of(officer), request, event)]


def to_leaders(visit: Visit, event: str, say: Callable[[Voice], Outgoing]) -> list[Outgoing]:
    """A question to each who may approve; `say` puts it in their language."""
    _must_be(event, Reader.LEADERS)
    return [say(visit.voice_of(leader)) for leader in visit.settings.leaders]


def in_a_line(notice: Outgoing) -> Outgoing:
    """A notice that may become a line of a digest: its heading, the number and nothing of anybody."""
    return replace(notice, brief=notice.parts[0].text)


# ---- the table, read -------------------------------------------------------------------------------------
def _must_be(event: str, *readers: Reader) -> None:
    if READERS[event] not in readers:
        raise ValueError(f"{event} is not for {' or '.join(reader.name for reader in readers)}")


def _voices(visit: Visit, event: str, assigned_to: str = "") -> list[Voice]:
    match READERS[event], assigned_to:
        case (Reader.HANDLER, str(officer)) if officer:
            group = visit.staff_voices() if visit.settings.staff_chat else []
            return [*group, visit.voice_of(officer)]
        case (Reader.OWNER, str(officer)) if officer:
            return [visit.voice_of(officer)]
        case _:
            return visit.staff_voices()
