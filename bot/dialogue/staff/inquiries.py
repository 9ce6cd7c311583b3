"""Answering an inquiry: the text, a last look, sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.desk import attached
from bot.desk.errors import DeskError
from bot.desk.model import Inquiry, InquiryStatus
from bot.dialogue import attaching, cards, notifications, talking, talks
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Mark, Outgoing, Part, Style, Turn

ANSWER = "answer_inquiry"
_LEAST, _MOST = 2, 3000


@handles(Act.ANSWER_INQUIRY)
def press_answer(visit: Visit, payload: Payload) -> Turn:
    """Begin the answer."""
    inquiry = visit.desk.inquiries.get(payload.arguments[0])
    if inquiry.status is not InquiryStatus.OPEN:
        return turn(cards.inquiry_card(visit, visit.voice, inquiry, "staff_inquiry_answered"))
    visit.memory.begin(ANSWER, number=inquiry.number)
    return again(visit)


def again(visit: Visit, *before: Part) -> Turn:
    """Ask for the answer, or show the read-back."""
    if "text" in visit.memory.draft:
        return turn(_read_back(visit, *before))
    number = visit.memory.draft["number"]
    inquiry = visit.desk.inquiries.get(number)
    return turn(
        visit.voice.message(
            "answer_text",
            Part(cards.as_shown(visit, visit.voice, inquiry.question), Style.QUOTE),
            *attaching.parts(visit),
            *attaching.how(visit),
            before=before,
            number=number,
            buttons=[attaching.remove_row(visit), [visit.voice.button("button_cancel", Act.CANCEL)]],
        )
    )


def answer(visit: Visit, text: str) -> Turn:
    """The answer, or a better wording of it."""
    text = text.strip()
    if not _LEAST <= len(text) <= _MOST:
        return again(visit, Part(visit.voice.word("staff_text_length", least=_LEAST, most=_MOST)))
    visit.memory.draft |= {"text": text, "written": visit.incoming.message_id}
    return again(visit)


def begin_with(visit: Visit, number: str, text: str, message_id: str) -> Turn:
    """Begin with an answer that is written already: only the last look is left."""
    visit.memory.begin(ANSWER, number=number, text=text[:_MOST], written=message_id)
    return again(visit)


def _read_back(visit: Visit, *before: Part) -> Outgoing:
    draft, voice = visit.memory.draft, visit.voice
    return voice.message(
        "answer_read_back",
        Part(draft["text"], Style.QUOTE),
        *attaching.parts(visit),
        *attaching.missing(visit, draft["text"]),
        before=before,
        number=draft["number"],
        buttons=[
            [voice.button("button_answer_send", Act.ANSWER_SEND, draft["number"])],
            # A word in a talk carries no files: it is no answer yet.
            attaching.remove_row(visit)
            or [voice.button("button_answer_wait", Act.ANSWER_WAIT, draft["number"])],
            [voice.button("button_cancel", Act.CANCEL)],
        ],
    )


def _is_written(visit: Visit, number: str) -> bool:
    memory = visit.memory
    return memory.step == ANSWER and memory.draft.get("number") == number and "text" in memory.draft


@handles(Act.ANSWER_WAIT)
def press_wait(visit: Visit, payload: Payload) -> Turn:
    """先发这句，等他回话: send it, and what the resident writes next comes to staff."""
    memory, number = visit.memory, payload.arguments[0]
    if not _is_written(visit, number):
        return turn(visit.voice.message("form_gone"))
    text, written = memory.draft["text"], memory.draft.get("written", "")
    memory.finish()
    return talking.say(visit, number, text, written)


@handles(Act.ANSWER_SEND)
def press_send(visit: Visit, payload: Payload) -> Turn:
    """Send it; who asked gets it at once, and a talk about it is over."""
    memory, number = visit.memory, payload.arguments[0]
    if not _is_written(visit, number):
        return turn(visit.voice.message("form_gone"))
    try:
        inquiry = visit.desk.inquiries.answer(
            number, answer=memory.draft["text"], attachments=attaching.tokens(visit)
        )
    except DeskError as error:
        memory.finish()
        return turn(refusal(visit.voice, error))
    written = memory.draft.get("written", "")
    memory.finish()
    told = []
    if (talk := talks.about(visit.connection, number)) is not None:
        talks.end(visit.connection, talk.person)
    for message in notifications.to_person(
        visit, "inquiry_answered", inquiry.person, partial(_answer, inquiry)
    ):
        confirms = Mark(visit.incoming.address, written) if written else None
        files = attached.of(visit.connection, number, attached.ANSWER)
        voice = visit.voice_of(inquiry.person)
        told = [replace(message, confirms=confirms), *attaching.sent_along(voice, files, number)]
    return turn(cards.inquiry_card(visit, visit.voice, inquiry, "staff_inquiry_answered"), *told)


def _answer(inquiry: Inquiry, voice: Voice) -> Outgoing:
    return voice.message(
        "inquiry_answered",
        Part(inquiry.question, Style.QUOTE),
        Part(inquiry.answer),
        number=inquiry.number,
        buttons=[[voice.button("button_file", Act.FILE_REQUEST, 0)]],
    )
