"""A person of the office has taken over: the resident's words go to staff, and the bot keeps quiet.

    staff: 先发这句，等他回话 ─▶ talk ── resident writes ─▶ shown to staff, marked as passed on
                                 ├── staff: the final answer, or 结束对话 ─▶ over
                                 ├── resident: 不说了，问机器人 ───────────▶ over
                                 └── half an hour without a word ─────────▶ over

Both are told when it begins and when it is over.  Commands, buttons and half-filled forms of the resident
work meanwhile; to an emergency the numbers are said all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.desk.errors import DeskError
from bot.desk.model import InquiryStatus
from bot.dialogue import cards, talks
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.resident import responding
from bot.dialogue.talks import Talk
from bot.dialogue.understanding.intents import is_urgent
from bot.dialogue.visit import Services, Visit, turn
from bot.messages import Address, Mark, Outgoing, Part, Style, Turn

SILENCE = timedelta(minutes=30)
MINUTES = int(SILENCE.total_seconds() // 60)


# ---- staff -----------------------------------------------------------------------------------------------
def say(visit: Visit, number: str, text: str, written: str) -> Turn:
    """Send this to the resident and wait for an answer; raises DeskError for a number that does not exist."""
    inquiry = visit.desk.inquiries.get(number)
    if inquiry.status is not InquiryStatus.OPEN or not inquiry.person:
        return turn(cards.inquiry_card(visit, visit.voice, inquiry, "staff_inquiry_answered"))
    place = str(visit.incoming.address)
    talks.begin(visit.connection, Talk(inquiry.person, number, visit.person, place, visit.now))
    voice = visit.voice_of(inquiry.person)
    end = [[voice.button("button_talk_end", Act.TALK_END, number)]]
    said = voice.message(
        "talk_said",
        Part(text, Style.QUOTE),
        voice.small("talk_how", minutes=MINUTES),
        number=number,
        buttons=end,
    )
    confirms = Mark(visit.incoming.address, written) if written else None
    over = [[visit.voice.button("button_talk_over", Act.TALK_OVER, number)]]
    told = visit.voice.message("talk_begun", number=number, minutes=MINUTES, buttons=over)
    return turn(told, replace(said, confirms=confirms))


@handles(Act.TALK_OVER)
def press_over(visit: Visit, payload: Payload) -> Turn:
    """结束对话, by staff."""
    number = payload.arguments[0]
    talk = talks.about(visit.connection, number)
    if talk is None:
        return turn(visit.voice.message("talk_is_over", number=number))
    talks.end(visit.connection, talk.person)
    told = visit.voice_of(talk.person).message("talk_over_for_resident", number=number)
    return turn(visit.voice.message("talk_is_over", number=number), told)


# ---- the resident ----------------------------------------------------------------------------------------
def present(visit: Visit) -> Talk | None:
    """The talk that what this person types belongs to."""
    talk = talks.of(visit.connection, visit.person) if visit.is_private else None
    if talk is None or visit.now - talk.last_at > SILENCE:
        return None  # the next round tells both that it is over
    try:
        inquiry = visit.desk.inquiries.get(talk.number)
    except DeskError:
        return None
    return talk if inquiry.status is InquiryStatus.OPEN else None


def relay(visit: Visit, talk: Talk, text: str) -> Turn:
    """Pass it on, and say nothing to it."""
    talks.touch(visit.connection, talk.person, visit.now)
    voice = visit.voice_of(talk.place)
    rows = [
        [
            voice.button("button_answer_inquiry", Act.ANSWER_INQUIRY, talk.number),
            voice.button("button_talk_over", Act.TALK_OVER, talk.number),
        ]
    ]
    shown = Part(cards.as_shown(visit, voice, text), Style.QUOTE)
    passed_on = voice.message("talk_from_resident", shown, number=talk.number, buttons=rows)
    if is_urgent(text, visit.services.rulebook.rules):
        done = responding.respond(visit, text)
        return replace(done, outgoing=(*done.outgoing, passed_on))
    return turn(_noted(visit), passed_on)


def _noted(visit: Visit) -> Outgoing:
    """A mark on what was written; where there are no marks, a word."""
    message_id = visit.incoming.message_id
    if message_id:
        return Outgoing(visit.incoming.address, "talk_passed_on", (), marks=message_id)
    return visit.voice.message("talk_passed_on")


@handles(Act.TALK_END)
def press_end(visit: Visit, payload: Payload) -> Turn:
    """不说了，问机器人, by the resident."""
    talk = talks.of(visit.connection, visit.person)
    if talk is None or talk.number != payload.arguments[0]:
        return turn(visit.voice.message("talk_ended"))
    talks.end(visit.connection, talk.person)
    told = visit.voice_of(talk.place).message("talk_ended_by_resident", number=talk.number)
    return turn(visit.voice.message("talk_ended"), told)


# ---- time-out --------------------------------------------------------------------------------------------
def due_ends(services: Services, connection: Connection, now: datetime) -> Iterator[Outgoing]:
    """Talks in which nobody has said anything for half an hour are over; both are told, once."""
    for talk in talks.silent_since(connection, now - SILENCE):
        talks.end(connection, talk.person)
        for address, event in ((talk.person, "talk_timed_out"), (talk.place, "talk_timed_out_for_staff")):
            voice = services.voice_of(connection, Address.parse(address))
            yield voice.message(event, number=talk.number, minutes=MINUTES)
