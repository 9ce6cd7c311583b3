"""Extension (art. 33): once, before expiry, 1-20 working days.  A leader extends; an officer asks one.

officer: days, reason ─▶ noted ─▶ each leader: 同意延期 ─▶ extended, officer and applicant are told
                                                不同意   ─▶ noted, the officer is told
"""

from __future__ import annotations

from datetime import date

from bot.desk.acts.correspondence import EXTENSION_DECLINED, EXTENSION_WANTED
from bot.desk.clock import EXTENSION_WORKING_DAYS
from bot.desk.errors import NotFound
from bot.desk.model import DisclosureRequest, Event, EventKind
from bot.dialogue import cards, notifications
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.staff.questions import Draft, Kind, Question, text
from bot.dialogue.staff.recording import Form
from bot.dialogue.staff.telling import day_or_nothing, recorded_and_told
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Language, Outgoing, Part, Style, Turn


def _due_on(visit: Visit, number: str) -> date | None:
    """The day from which an extension counts."""
    return visit.desk.requests.get(number).due_on


def _extend(visit: Visit, number: str, given: Draft) -> Turn:
    if not visit.register.office.may_approve(visit.person):
        return _ask_leaders(visit, number, int(given["working_days"]), given["extension_reason"])
    return _extended(visit, number, int(given["working_days"]), given["extension_reason"])


def _extended(visit: Visit, number: str, working_days: int, reason: str) -> Turn:
    request = visit.desk.correspondence.extend(number, working_days=working_days, reason=reason)
    return recorded_and_told(
        visit,
        request,
        "request_extended",
        Part(reason, Style.QUOTE),
        kind="extended",
        day=day_or_nothing(visit, request),
        days=working_days,
    )


# ---- asking a leader -------------------------------------------------------------------------------------
def _wanted_note(visit: Visit, working_days: int, reason: str) -> str:
    """What is on record of the question: always in the office's own language."""
    say = visit.services.words.say
    return say("note_extension_wanted", Language.SIMPLIFIED, days=working_days, reason=reason)


def _ask_leaders(visit: Visit, number: str, working_days: int, reason: str) -> Turn:
    request = visit.desk.correspondence.note(
        number,
        text=_wanted_note(visit, working_days, reason),
        asks=EXTENSION_WANTED,
        working_days=str(working_days),
        reason=reason,
    )
    ordinal = visit.desk.requests.history(number)[-1].ordinal
    asked = notifications.to_leaders(
        visit,
        "leader_extension",
        lambda voice: _question(visit, voice, request, working_days, reason, ordinal),
    )
    return turn(visit.voice.message("staff_leader_asked", number=number), *asked)


def _question(
    visit: Visit, voice: Voice, request: DisclosureRequest, working_days: int, reason: str, ordinal: int
) -> Outgoing:
    number = request.number
    return voice.message(
        "leader_extension",
        Part(reason, Style.QUOTE),
        number=number,
        days=working_days,
        day=voice.due(request),
        officer=visit.person,
        buttons=[
            [voice.button("button_extension_yes", Act.EXTENSION_YES, number, working_days, ordinal)],
            [voice.button("button_extension_no", Act.EXTENSION_NO, number, ordinal)],
            [voice.button("button_card", Act.CARD, number)],
        ],
    )


def _asked_in(visit: Visit, number: str, ordinal: int) -> Event:
    """The note in which the officer asked; raises NotFound."""
    for event in visit.desk.requests.history(number):
        if event.ordinal == ordinal and event.kind is EventKind.NOTED:
            return event
    raise NotFound("no_such_request", number=number)


@handles(Act.EXTENSION_YES)
def press_yes(visit: Visit, payload: Payload) -> Turn:
    """A leader agrees: the reason is the officer's, the approver is who pressed."""
    number, working_days, ordinal = payload.arguments[0], int(payload.arguments[1]), int(payload.arguments[2])
    asked = _asked_in(visit, number, ordinal)
    reason = asked.text("text").removeprefix(_wanted_note(visit, working_days, ""))
    done = _extended(visit, number, working_days, reason)
    return turn(*done.outgoing, *_officer_told(visit, asked.actor, number, "staff_extension_agreed"))


@handles(Act.EXTENSION_NO)
def press_no(visit: Visit, payload: Payload) -> Turn:
    """A leader does not: that is on record too."""
    number, ordinal = payload.arguments[0], int(payload.arguments[1])
    if not visit.register.office.may_approve(visit.person):
        return turn(visit.voice.message("refused_leaders_only"))
    asked = _asked_in(visit, number, ordinal)
    note = visit.services.words.say("note_extension_declined", Language.SIMPLIFIED)
    request = visit.desk.correspondence.note(number, text=note, asks=EXTENSION_DECLINED)
    shown = cards.request_card(visit, visit.voice, request, "staff_recorded")
    return turn(shown, *_officer_told(visit, asked.actor, number, "staff_extension_declined"))


def _officer_told(visit: Visit, officer: str, number: str, event: str) -> list[Outgoing]:
    request = visit.desk.requests.get(number)
    return notifications.to_colleague(visit, event, request, officer)


FORMS = (
    Form(
        "extend",
        (
            Question(
                "working_days",
                Kind.COUNT,
                labelled=lambda visit, given: [
                    (str(days), visit.voice.word("choice_working_days", days=days))
                    for days in (5, 10, 15, 20)
                ],
                least=1,
                most=EXTENSION_WORKING_DAYS,
                since=lambda visit, given: _due_on(visit, visit.memory.draft["number"]),
            ),
            text("extension_reason", least=4),
        ),
        _extend,
    ),
)
