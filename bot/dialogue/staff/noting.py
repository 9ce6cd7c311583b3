"""What members of staff write where a request is talked about: in its topic, or as a reply to a card of it.

    in the topic ─┬─ a form of theirs about this request waits ─▶ the form takes it (and shows it once more)
                  └─ else a remark: nobody but the group sees it; one offer ─ 作为答复草稿 ─┐
    as a reply to a message of the bot ─────────────────────────────────────────────────┴─▶ draft ─▶ read-back

A plain remark is never taken for an answer, because colleagues talk to each other in a topic (等一下，我问问
财政所), and what is sent to a resident cannot be taken back.  To reply to the bot's own message is a gesture
towards the bot, so it begins a draft; but that, too, goes out only after the read-back was confirmed.

Remarks are not put on record: the record holds what the office did, and the group keeps its talk by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.desk.errors import DeskError
from bot.desk.masking import mask
from bot.desk.model import DisclosureRequest, Inquiry, InquiryStatus
from bot.desk.record_correction import RecordCorrection
from bot.desk.session import Session
from bot.dialogue import cards, record_card
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import about
from bot.dialogue.staff import inquiries, replying
from bot.dialogue.staff.queue import Queued
from bot.dialogue.step import Step
from bot.dialogue.visit import Visit, turn
from bot.messages import Outgoing, Turn

OFFER_AGAIN = 3600.0  # seconds; the offer stands in the topic meanwhile
_KEPT_OFFERS = 20
_TITLE = 40  # characters of what is asked for


def title_of(desk: Session, number: str) -> str:
    """The name of a topic: the number and the beginning of what is asked, numbers of people masked.

    What somebody wants corrected in a record about himself (art. 41) is personal: there the number is all.
    """
    about_it = found(desk, number)
    if about_it is None or isinstance(about_it, RecordCorrection):
        return number if about_it else ""
    text = about_it.question if isinstance(about_it, Inquiry) else about_it.content
    return f"{number} {about(mask(text).text, _TITLE)}"


def is_awaited(visit: Visit, step: Step | None) -> bool:
    """Whether a form of staff about this very request waits for a text."""
    return step is not None and step.for_staff and visit.memory.draft.get("number") == visit.subject


def remark(visit: Visit, text: str) -> Turn:
    """Keep the last one of each person, in case it was meant as an answer; say so once an hour."""
    memory, number = visit.memory, visit.subject
    memory.remark = (number, text, visit.incoming.message_id)
    seconds = visit.now.timestamp()
    if seconds - memory.remark_offered.get(number, 0.0) < OFFER_AGAIN or not _can_be_answered(visit, number):
        return turn()
    offers = list(memory.remark_offered.items())[-_KEPT_OFFERS:]
    memory.remark_offered = {**dict(offers), number: seconds}
    use = visit.voice.button("button_use_remark", Act.USE_REMARK, number)
    return turn(visit.voice.message("remark_kept", number=number, buttons=[[use]]))


@handles(Act.USE_REMARK)
def press_use_remark(visit: Visit, payload: Payload) -> Turn:
    """作为答复草稿: the last remark of whoever presses it."""
    number, text, message_id = visit.memory.remark
    if number != payload.arguments[0] or not text:
        return turn(visit.voice.message("no_remark_of_yours", number=payload.arguments[0]))
    visit.memory.remark = ("", "", "")
    return draft(visit, number, text, message_id)


def draft(visit: Visit, number: str, text: str, message_id: str) -> Turn:
    """Begin the answer with this text, or say why nothing can be answered now."""
    asked = found(visit.desk, number)
    if asked is None:
        return turn(visit.voice.message("no_such_number"))
    if not _can_be_answered(visit, number):
        return turn(_not_now(visit, asked))
    text = text.strip()
    if isinstance(asked, Inquiry):
        return inquiries.begin_with(visit, number, text, message_id)
    return replying.begin_with(visit, number, text, message_id)


def _not_now(visit: Visit, asked: Queued) -> Outgoing:
    if isinstance(asked, Inquiry):
        shown = cards.inquiry_card(visit, visit.voice, asked, "staff_inquiry_answered")
    elif isinstance(asked, RecordCorrection):
        shown = record_card.card(visit, visit.voice, asked)
    else:
        shown = cards.request_card(visit, visit.voice, asked)
    return replace(shown, parts=(*shown.parts, visit.voice.small("draft_not_now")))


def _can_be_answered(visit: Visit, number: str) -> bool:
    asked = found(visit.desk, number)
    if isinstance(asked, Inquiry):
        return asked.status is InquiryStatus.OPEN
    return isinstance(asked, DisclosureRequest) and asked.status in cards.BEFORE_REPLY


def found(desk: Session, number: str) -> Queued | None:
    """The request, inquiry or record correction of this number, None when there is none."""
    ways: tuple[Callable[[str], Queued], ...] = (
        desk.requests.get,
        desk.inquiries.get,
        desk.record_corrections.get,
    )
    for way in ways:
        try:
            return way(number)
        except DeskError:
            continue
    return None
