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
from bot.dialogue.payload import Act
from bot.dialogue.refusals import refusal
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Outgoing, Part, Style, Turn

RECORD = "record"
_TEXT = "record.text"
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
    leads_to: Callable[[Visit, str, Draft], str] | None = None  # which day follows, said in the read-back


def begin(visit: Visit, form: Form, number: str = "", **given: str) -> Turn:
    """Start a form; `given` are answers that are known already."""
    if form.personal and not visit.is_private:
        return turn(visit.voice.message("identity_in_private"))
    if form.personal and not visit.may_name_people:
        return turn(visit.voice.message("identity_not_on_this_chat"))
    if not given and _is_begun(visit, form, number):
        visit.memory.paused = False
        return ask(visit, form, visit.voice.small("record_taken_up"))
    kept = {f"{_KEPT}{name}": value for name, value in given.items()}
    visit.memory.begin(_TEXT, form=form.name, id=secrets.token_hex(4), number=number, **kept)
    return ask(visit, form)


def _is_begun(visit: Visit, form: Form, number: str) -> bool:
    """Whether this very form lies half filled."""
    memory, draft = visit.memory, visit.memory.draft
    is_same = memory.step == _TEXT and draft.get("form") == form.name and draft.get("number") == number
    return is_same and bool(answers(visit))


def answers(visit: Visit) -> Draft:
    """What has been answered so far, by the name of the question."""
    draft = visit.memory.draft
    return {name.removeprefix(_KEPT): value for name, value in draft.items() if name.startswith(_KEPT)}


def _next(visit: Visit, form: Form, given: Draft) -> Question | None:
    """The first question that has to be asked and has no answer."""
    return next(
        (each for each in form.questions if each.name not in given and each.is_asked(visit, given)), None
    )


def asks_for_days(visit: Visit, form: Form) -> bool:
    """Whether the question that waits is answered by a day or by a number of days."""
    question = _next(visit, form, answers(visit))
    return question is not None and question.kind in (Kind.DAY, Kind.DAY_AHEAD, Kind.COUNT)


def quotes(visit: Visit, form: Form) -> bool:
    """Whether the question that waits is answered in somebody else's words."""
    question = _next(visit, form, answers(visit))
    return question is not None and question.quotes


def takes(visit: Visit, form: Form, typed: str) -> bool:
    """Whether it answers a question that not just any text answers: a choice, a day, a number of days, what
    somebody else said."""
    given = answers(visit)
    question = _next(visit, form, given)
    if question is None or (question.kind is Kind.TEXT and not question.quotes):
        return False
    try:
        question.read(visit, given, typed)
    except Unclear:
        return False
    return True


def ask(visit: Visit, form: Form, *before: Part) -> Turn:
    """The first question without an answer, or the read-back."""
    given = answers(visit)
    question = _next(visit, form, given)
    visit.memory.step = _TEXT
    if question is None:
        return turn(_read_back(visit, form, *before))
    voice, draft_id = visit.voice, visit.memory.draft["id"]
    rows = [
        [Button(label, voice.button("button_back", Act.RECORD_CHOOSE, value, draft_id).data)]
        for value, label in question.offered(visit, given)
    ]
    about = [Part(_about(visit, form), Style.SMALL)]
    words = question.worded(given) if question.worded else question.name
    return turn(
        voice.message(f"record_{words}", before=[*before, *about], buttons=[*rows, _ways_back(visit)])
    )


def _about(visit: Visit, form: Form) -> str:
    """The form and the request it is about, where there is one already."""
    step = visit.voice.word(f"step_{form.name}")
    return visit.voice.word("record_about", step=step, number=visit.memory.draft["number"]).strip()


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
        if question.name in given
    ]
    follows = form.leads_to(visit, visit.memory.draft["number"], given) if form.leads_to else ""
    return voice.message(
        "record_read_back" if form.final else "record_read_back_again",
        *([Part("\n".join(lines), Style.QUOTE)] if lines else []),
        *([Part(follows)] if follows else []),
        before=before,
        about=_about(visit, form),
        number=visit.memory.draft["number"],
        buttons=_read_back_rows(visit),
    )


def _read_back_rows(visit: Visit) -> list[list[Button]]:
    save = visit.voice.button("button_record_save", Act.RECORD_SAVE, visit.memory.draft["id"])
    return [[save], _ways_back(visit)]


def take(visit: Visit, form: Form, answer: str) -> Turn:
    """An answer, typed or chosen, to the question that waits."""
    given = answers(visit)
    question = _next(visit, form, given)
    if question is None:
        return ask(visit, form, visit.voice.small("please_choose"))
    if question.kind is Kind.TEXT and _is_label(visit, answer):
        return ask(visit, form, visit.voice.small("record_label_typed"))
    try:
        kept = question.read(visit, given, answer)
    except Unclear as unclear:
        return ask(visit, form, Part(visit.voice.word(unclear.event, **unclear.facts)))
    visit.memory.draft[f"{_KEPT}{question.name}"] = kept
    return ask(visit, form)


def _is_label(visit: Visit, answer: str) -> bool:
    """Whether the words of one of our buttons were typed where a text is asked: it would be put on record,
    and printed in a letter."""
    return answer.strip() in visit.voice.words.labels[visit.voice.language]


def fill(visit: Visit, form: Form, filled: Draft) -> dict[str, str]:
    """Take the answers of a page, which shows all questions at once; what is left out is not answered.

    Returns why those were not taken that cannot be, by the name of the question.
    """
    draft, unclear = visit.memory.draft, {}
    for name in ({question.name for question in form.questions} & filled.keys()) | {LATE}:
        draft.pop(f"{_KEPT}{name}", None)
    for question in form.questions:
        given, typed = answers(visit), filled.get(question.name, "").strip()
        if question.name in given or not question.is_asked(visit, given):
            continue
        if not typed:
            break  # what follows may depend on it, as in the conversation
        if question.kind is Kind.TEXT and _is_label(visit, typed):
            unclear[question.name] = visit.voice.word("record_label_typed")
            break
        try:
            draft[f"{_KEPT}{question.name}"] = question.read(visit, given, typed)
        except Unclear as error:
            unclear[question.name] = visit.voice.word(error.event, **error.facts)
            break
    return unclear


def take_all(visit: Visit, form: Form, filled: Draft) -> Turn:
    """A page was filled in: what is wrong or missing is asked, else it is read back."""
    return ask(visit, form, *map(Part, fill(visit, form, filled).values()))


def asked(visit: Visit, form: Form) -> list[Question]:
    """The questions of a form, as far as the answers tell which: to the first that has none, and what follows
    whatever it will be.
    """
    given, shown, is_open = answers(visit), [], True
    for question in form.questions:
        depends = question.when is not None or question.worded is not None or question.labelled is not None
        if (is_open or not depends) and question.is_asked(visit, given):
            shown.append(question)
            is_open = is_open and question.name in given
    return shown


def is_complete(visit: Visit, form: Form) -> bool:
    """Whether nothing is missing before the read-back."""
    return _next(visit, form, answers(visit)) is None


def worded(visit: Visit, question: Question) -> str:
    """The sentence that asks it."""
    return visit.voice.word(f"record_{question.worded(answers(visit)) if question.worded else question.name}")


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
    if _next(visit, form, given) is not None:
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
