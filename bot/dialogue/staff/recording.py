"""Forms of staff: a few questions, a read-back, and then one act of the register.

    card ─ 更多 ─▶ what can be done now ─▶ question ─▶ … ─▶ read-back ─ 确认登记 ─▶ card, the applicant told
                                            ▲   │            │
                                            └───┴─ 上一步 ───┘         取消

The forms themselves stand in `forms.py`.  Nothing is on record before the read-back is confirmed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.desk.errors import DeskError, LateReply
from bot.dialogue.messages import Button, Outgoing, Part, Style, Turn
from bot.dialogue.payload import Act
from bot.dialogue.refusals import refusal
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear
from bot.dialogue.visit import Visit, turn

RECORD = "record"
_TEXT, NUMBER = "record.text", "record.number"  # in the second, a typed number is the answer
_KEPT = "value_"
LATE = "late"  # among the answers, once it was said that a reply is late


@dataclass(frozen=True)
class Form:
    """`name` is in the words as `step_{name}`; `save` gets the request's number and the answers by name."""

    name: str
    questions: tuple[Question, ...]
    save: Callable[[Visit, str, Draft], Turn]
    personal: bool = False  # it holds identity: never in a group
    final: bool = True  # what is saved stays as it is; else the form may be filled in again


def begin(visit: Visit, form: Form, number: str = "", **given: str) -> Turn:
    """Start a form; `given` are answers that are known already."""
    if form.personal and not visit.is_private:
        return turn(visit.voice.message("identity_in_private"))
    kept = {f"{_KEPT}{name}": value for name, value in given.items()}
    visit.memory.begin(_TEXT, form=form.name, id=secrets.token_hex(4), number=number, **kept)
    return ask(visit, form)


def answers(visit: Visit) -> Draft:
    """What has been answered so far, by the name of the question."""
    draft = visit.memory.draft
    return {name.removeprefix(_KEPT): value for name, value in draft.items() if name.startswith(_KEPT)}


def ask(visit: Visit, form: Form, *before: Part) -> Turn:
    """The first question without an answer, or the read-back."""
    given = answers(visit)
    question = next((each for each in form.questions if each.name not in given), None)
    if question is None:
        visit.memory.step = _TEXT
        return turn(_read_back(visit, form, *before))
    visit.memory.step = NUMBER if question.kind is Kind.COUNT else _TEXT
    voice, draft_id = visit.voice, visit.memory.draft["id"]
    rows = [
        [Button(label, voice.button("button_back", Act.RECORD_CHOOSE, value, draft_id).data)]
        for value, label in question.offered(visit, given)
    ]
    number = visit.memory.draft["number"]
    about = [voice.small("record_about", step=voice.word(f"step_{form.name}"), number=number)]
    return turn(
        voice.message(f"record_{question.name}", before=[*before, *about], buttons=[*rows, _ways_back(visit)])
    )


def _ways_back(visit: Visit) -> list[Button]:
    voice, draft_id = visit.voice, visit.memory.draft["id"]
    back = [voice.button("button_back", Act.RECORD_BACK, draft_id)] if answers(visit) else []
    return [*back, voice.button("button_cancel", Act.CANCEL)]


def _read_back(visit: Visit, form: Form, *before: Part) -> Outgoing:
    voice, given = visit.voice, answers(visit)
    lines = [
        voice.word(
            "recorded_line",
            label=voice.word(f"recorded_{question.name}"),
            value=question.shown(visit, given, given[question.name]),
        )
        for question in form.questions
    ]
    return voice.message(
        "record_read_back" if form.final else "record_read_back_again",
        *([Part("\n".join(lines), Style.QUOTE)] if lines else []),
        before=before,
        step=voice.word(f"step_{form.name}"),
        number=visit.memory.draft["number"],
        buttons=_read_back_rows(visit),
    )


def _read_back_rows(visit: Visit) -> list[list[Button]]:
    save = visit.voice.button("button_record_save", Act.RECORD_SAVE, visit.memory.draft["id"])
    return [[save], _ways_back(visit)]


def take(visit: Visit, form: Form, answer: str) -> Turn:
    """An answer, typed or chosen, to the question that waits."""
    given = answers(visit)
    question = next((each for each in form.questions if each.name not in given), None)
    if question is None:
        return ask(visit, form, visit.voice.small("please_choose"))
    try:
        kept = question.read(visit, given, answer)
    except Unclear as unclear:
        return ask(visit, form, Part(visit.voice.word(unclear.event, **unclear.facts)))
    visit.memory.draft[f"{_KEPT}{question.name}"] = kept
    return ask(visit, form)


def back(visit: Visit, form: Form) -> Turn:
    """Answer the last question anew."""
    answered = [question for question in form.questions if question.name in answers(visit)]
    visit.memory.draft.pop(f"{_KEPT}{LATE}", None)
    if answered:
        del visit.memory.draft[f"{_KEPT}{answered[-1].name}"]
    return ask(visit, form)


def save(visit: Visit, form: Form) -> Turn:
    """Put it on record.  What the desk refuses leaves the form, to be corrected or dropped."""
    given = answers(visit)
    if any(question.name not in given for question in form.questions):
        return ask(visit, form)
    try:
        done = form.save(visit, visit.memory.draft["number"], given)
    except LateReply as error:
        return turn(_said_first(visit, error))
    except DeskError as error:
        rows = tuple(tuple(row) for row in _read_back_rows(visit)[1:])
        return turn(replace(refusal(visit.voice, error), buttons=rows))
    visit.memory.finish()
    return done


def _said_first(visit: Visit, error: LateReply) -> Outgoing:
    """Late: nothing is on record yet; the same button, named for what it does, goes on."""
    visit.memory.draft[f"{_KEPT}{LATE}"] = "known"
    go_on = visit.voice.button("button_serve_late", Act.RECORD_SAVE, visit.memory.draft["id"])
    return replace(refusal(visit.voice, error), buttons=((go_on,), tuple(_ways_back(visit))))
