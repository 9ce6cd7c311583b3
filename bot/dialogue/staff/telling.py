"""After an act of staff: the card, what the applicant is told, and the letters to print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.desk.model import DisclosureRequest
from bot.desk.record_correction import SERIES
from bot.dialogue import cards, notifications
from bot.dialogue.discretion import not_here
from bot.dialogue.documents import letter
from bot.dialogue.visit import Visit, turn
from bot.messages import Document, Outgoing, Part, Turn


def recorded(visit: Visit, request: DisclosureRequest) -> Turn:
    """The card alone: nothing that concerns the applicant."""
    return turn(cards.request_card(visit, visit.voice, request, "staff_recorded"))


def recorded_and_told(
    visit: Visit,
    request: DisclosureRequest,
    event: str,
    *after: Part,
    kind: str = "",
    to_print: Sequence[str] = (),
    **values: Any,
) -> Turn:
    """The card, and the applicant is told `event`, with the letter `kind`.

    `to_print` are letters to others.  They go to the officer, as does the applicant's own letter when the
    request came on paper; into a group none goes, since they may name the applicant.
    """
    own = letter(visit, request.number, kind) if kind else None
    told = notifications.to_applicant(visit, event, request, *after, document=own, **values)
    documents = [letter(visit, request.number, each) for each in to_print]
    if own is not None and not told:
        documents.append(own)
    remark = [visit.voice.small("staff_told" if told else "staff_tell_on_paper")]
    shown = cards.request_card(visit, visit.voice, request, "staff_recorded", *remark)
    return turn(shown, *to_print_here(visit, request.number, documents), *told)


def recorded_and_printed(visit: Visit, request: DisclosureRequest, *kinds: str) -> Turn:
    """The card, and letters to somebody else than the applicant."""
    return turn(*recorded(visit, request).outgoing, *printed(visit, request.number, *kinds))


def printed(visit: Visit, number: str, *kinds: str) -> list[Outgoing]:
    """Letters for the officer to print; none where they would name somebody to others."""
    return to_print_here(visit, number, [letter(visit, number, kind) for kind in kinds])


def to_print_here(visit: Visit, number: str, documents: Sequence[Document | None]) -> list[Outgoing]:
    """Letters that were written, for the officer to print; what keeps them back is said instead."""
    written = [document for document in documents if document is not None]
    event = "record_letters_not_on_this_chat" if number.startswith(SERIES) else "letters_not_on_this_chat"
    if (refused := not_here(visit, number, event)) is not None:
        return [refused] if written and visit.is_private else []
    return [visit.voice.message("staff_letter", number=number, document=document) for document in written]


def day_or_nothing(visit: Visit, request: DisclosureRequest) -> str:
    """The due day as the applicant reads it."""
    voice = visit.voice_of(request.person) if request.person else visit.voice
    return voice.due(request)
