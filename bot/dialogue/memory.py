"""What the bot remembers of one chat between two messages: one row of the ledger's `conversations`.

It survives restarts and can be taken up days later.  In a group each member has a row of his own, so that two
people never fill in each other's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.messages import ChatKind, Incoming, Language

KEPT_QUESTIONS = 5
_OWN_QUESTIONS = 100  # whose answers may be called useful or useless


@dataclass
class Memory:
    """The state of a conversation.

    `step` names what the next text answers ("" = it is a question), `draft` holds what was given so far.
    `paused`: a form lies half filled while the resident does something else.
    `buttons` are (label, data) of the last list, so that a typed number or label picks one; `buttons_about`
    is the request that they are about.
    `remark` is what a member of staff last said in a topic (number, text, id of the message), and
    `remark_offered` to which topics the offer to use it was made, at which second.
    """

    language: str = ""
    language_chosen: bool = False
    large: bool = False  # 大字
    step: str = ""
    draft: dict[str, str] = field(default_factory=dict)
    paused: bool = False
    last_entry: str = ""
    agency: str = ""  # chosen where several hold what was asked
    questions: list[tuple[int, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    cancel_asked: int = -1  # under which list it was asked whether a form is really to be dropped
    list_id: int = 0  # counts those lists: 还有别的 of an older one is gone
    buttons_about: str = ""
    open_number: str = ""  # the request or inquiry that was shown last, of a member of staff
    said: list[tuple[str, str]] = field(default_factory=list)  # style, text: the parts of the last message
    supplement: str = ""  # a text of which it was asked whether it corrects a request
    remark: tuple[str, str, str] = ("", "", "")
    remark_offered: dict[str, float] = field(default_factory=dict)
    submitted: dict[str, str] = field(default_factory=dict)  # id of a draft -> number it became
    shelved_step: str = ""  # a form that was left for another, and comes back when that is finished
    shelved_draft: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # ids of messages that were questions
    gathered: list[str] = field(default_factory=list)  # a question that may go on in the next message
    gathered_at: float = 0.0  # seconds since 1970, by the channel's clock, of its last message
    missed: int = 0  # questions in a row that found nothing
    hinted: bool = False  # it was said once that English is spoken here
    asked_at: list[float] = field(default_factory=list)  # when the questions of the last minute were sent
    unanswered: list[str] = field(default_factory=list)  # asked while the index could not be read
    album: str = ""  # the last one that was answered
    told_to_wait: bool = False
    own_questions: list[int] = field(default_factory=list)  # ids, when the words are forgotten already
    code_guesses: list[float] = field(
        default_factory=list
    )  # codes of the last day that were none, since 1970
    at: datetime | None = None  # of the message before this one; kept in the row, not in the JSON

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "at"}

    @classmethod
    def from_json(cls, values: dict[str, Any], at: datetime | None = None) -> Memory:
        """A row written by an older or newer program loses only the fields this one does not know."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values and name != "at"}
        for name in ("questions", "buttons", "said"):
            known[name] = [tuple(pair) for pair in known.get(name, [])]
        if "remark" in known:
            known["remark"] = tuple(known["remark"])
        return cls(**known, at=at)

    def begin(self, step: str, **draft: str) -> None:
        """Wait for the answer to `step`.  A half-filled form of another kind, or about another request, is
        put aside, not lost.
        """
        is_other = _about(self.draft) != _about(draft)
        if self.step and (_kind(self.step) != _kind(step) or is_other):
            self.shelved_step, self.shelved_draft = self.step, self.draft
        self.step, self.draft, self.paused = step, draft, False

    def finish(self) -> None:
        """This is over; what had been put aside for it waits again."""
        self.step, self.draft = self.shelved_step, self.shelved_draft
        self.paused = bool(self.step)
        self.shelved_step, self.shelved_draft = "", {}

    def remember_question(self, question_id: int, text: str) -> None:
        self.questions = [*self.questions, (question_id, text)][-KEPT_QUESTIONS:]
        self.own_questions = [*self.own_questions, question_id][-_OWN_QUESTIONS:]

    def asked_here(self, question_id: int) -> bool:
        """Whether this chat asked it: the ids are consecutive numbers, which anybody can guess."""
        return question_id in self.own_questions or question_id in dict(self.questions)

    def question(self, question_id: int) -> str:
        """The words of a question asked in this chat a short while ago, "" when not known (any more)."""
        return dict(self.questions).get(question_id, "")

    def remember_submitted(self, draft_id: str, number: str) -> None:
        """So that a second press on the same confirmation is recognised; the last few are enough."""
        kept = list(self.submitted.items())[-4:]
        self.submitted = {**dict(kept), draft_id: number}


def _kind(step: str) -> str:
    return step.partition(".")[0]


def _about(draft: Mapping[str, str]) -> tuple[str, str]:
    """Which request a draft is about, and which form of staff it is (those have an id)."""
    return draft.get("number", ""), draft.get("form", "") if "id" in draft else ""


def key_of(incoming: Incoming) -> str:
    """Whose memory it is: the chat's, or in a group the member's in that chat."""
    if incoming.chat_kind is ChatKind.GROUP:
        return f"{incoming.address}/{incoming.person}"
    return str(incoming.address)


def language_of(memory: Memory) -> Language:
    return Language(memory.language) if memory.language else Language.SIMPLIFIED
