"""What somebody owes is heard: a text of a resident who was asked to correct a request (补正, art. 30).

    asked to correct, no form open ─┬─ a greeting, a complaint ─────▶ as ever, with a reminder
                                    ├─ a question that is answered ─▶ the answer, with a reminder
                                    └─ anything else ─▶ 这是给 2026-0001 的补充吗？ ─┬─ 是 ──▶ read back
                                                                                └─ 不是 ▶ searched

Taken for a search, the missing words would be lost and the period would run out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.desk.model import DisclosureRequest
from bot.dialogue.payload import Act
from bot.dialogue.resident import my_requests
from bot.dialogue.understanding.intents import intent_of, is_urgent
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, OutcomeKind, Part, Style, Turn
from knowledge.entry import Answer
from knowledge.matching.asked import is_question

Search = Callable[[Visit, str], Turn]


def respond(visit: Visit, text: str, search: Search) -> Turn | None:
    """What is said to a text of somebody who owes a correction; None for everybody else."""
    if not visit.is_private or visit.is_staff or visit.incoming.edited:
        return None
    request = my_requests.owed(visit)
    if request is None:
        return None
    if is_urgent(text, visit.services.rulebook.rules):
        return None
    if intent_of(text, visit.services.rulebook.rules) is not None or _is_answered(visit, text):
        return _with_reminder(visit, search(visit, text), request)
    visit.memory.supplement = text
    rows = [
        [visit.voice.button("button_supplement_yes", Act.SUPPLEMENT, request.number)],
        [visit.voice.button("button_supplement_no", Act.NO_SUPPLEMENT, request.number)],
    ]
    quoted = Part(text, Style.QUOTE)
    asked = my_requests.what_was_asked(visit, request)
    return turn(
        visit.voice.message("is_supplement", quoted, *asked, number=request.number, buttons=rows),
        outcome=OutcomeKind.ROUTE,
    )


def _is_answered(visit: Visit, text: str) -> bool:
    return is_question(text) and isinstance(visit.base.ask(text, today=visit.today), Answer)


def _with_reminder(visit: Visit, done: Turn, request: DisclosureRequest) -> Turn:
    """The same, and under it what is still owed, until when."""
    own = [at for at, each in enumerate(done.outgoing) if each.address == visit.incoming.address]
    if not own:
        return done
    last, voice = done.outgoing[own[-1]], visit.voice
    day = voice.limit(request.correction_due_on) if request.correction_due_on else ""
    event = "still_owed" if day else "still_owed_no_day"
    row: tuple[Button, ...] = (voice.button("button_correct", Act.MY_CORRECT, request.number),)
    reminded = replace(
        last,
        parts=(*last.parts, voice.small(event, number=request.number, day=day)),
        buttons=(*last.buttons, row),
    )
    return replace(done, outgoing=(*done.outgoing[: own[-1]], reminded, *done.outgoing[own[-1] + 1 :]))
