"""The forms of staff as whole pages: each question a field, with the words of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue.staff import recording, replying
from bot.dialogue.staff.questions import Kind, Question
from bot.dialogue.staff.recording import Form
from bot.dialogue.visit import Visit


@dataclass(frozen=True)
class Field:
    """`kind`: text, line, day, count, choice, or either (a line, and choices beside it)."""

    name: str
    label: str
    hint: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()  # value, label
    latest: str = ""  # of a day: not after this one

    def with_value(self, typed: Mapping[str, str]) -> Field:
        """What was typed stays on the page, also where it could not be taken."""
        return replace(self, value=typed.get(self.name, self.value))


_ONE_LINE = 200  # characters; what may be longer gets a box
_KINDS = {
    Kind.TEXT: "text",
    Kind.DAY: "day",
    Kind.DAY_AHEAD: "day",
    Kind.COUNT: "count",
    Kind.CHOICE: "choice",
}


def record_fields(visit: Visit, form: Form) -> list[Field]:
    """The questions that are asked, as far as the answers tell which."""
    given = recording.answers(visit)
    return [
        _field(visit, question, given.get(question.name, "")) for question in recording.asked(visit, form)
    ]


def _field(visit: Visit, question: Question, value: str) -> Field:
    kind, choices = _KINDS[question.kind], tuple(question.offered(visit, recording.answers(visit)))
    if kind == "choice" and question.labelled is not None:  # its label is what is kept
        choices = tuple((label, label) for _, label in choices)
    if kind == "text" and choices:
        kind = "either"
    elif kind == "text" and question.most <= _ONE_LINE:
        kind = "line"
    return Field(
        question.name,
        visit.voice.word(f"recorded_{question.name}"),
        recording.worded(visit, question),
        kind,
        value,
        choices if kind in ("choice", "either") else (),
        visit.today.isoformat() if question.kind is Kind.DAY else "",
    )


def reply_fields(visit: Visit, text_label: str) -> list[Field]:
    """What the chosen outcome must record, and the text of the reply."""
    fields = [
        Field(
            entry.name,
            entry.label,
            entry.hint,
            ("either" if entry.typed else "choice") if entry.choices else "text",
            entry.value,
            entry.choices,
        )
        for entry in replying.entries(visit)
    ]
    text = Field("text", text_label, "", "text", visit.memory.draft.get("text", ""))
    return [*fields, text]
