"""What a form for staff asks, and how an answer is read.

Words of a question `party`: `record_party` asks, `recorded_party` stands before the answer in the read-back,
`choice_today` is the label of a choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from bot.dialogue.staff.days import day_in
from bot.dialogue.visit import Visit

Draft = Mapping[str, str]
_LONGEST = 1000
_LONGEST_PROOF = 200


class Kind(Enum):
    """How an answer is read."""

    TEXT = "text"
    DAY = "day"  # past or today
    DAY_AHEAD = "day_ahead"
    COUNT = "count"
    CHOICE = "choice"


class Unclear(Exception):
    """The answer cannot be taken; `event` is the sentence that says why, `facts` fill it."""

    def __init__(self, event: str, **facts: Any) -> None:
        self.event = event
        self.facts = facts
        super().__init__(event)


@dataclass(frozen=True)
class Question:
    """One question.  `choices` are kept values, their labels the words `choice_{value}`.

    `labelled` gives choices that only the visit knows, as (value, label); of a CHOICE the label is kept,
    since a place in a list may mean somebody else tomorrow.  `check` may raise Unclear.
    """

    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    labelled: Callable[[Visit, Draft], Sequence[tuple[str, str]]] | None = None
    least: int = 2
    most: int = _LONGEST
    check: Callable[[Visit, Draft, str], str] | None = None
    counted: Callable[[str], str] | None = None  # of a COUNT: what a typed answer amounts to

    def offered(self, visit: Visit, draft: Draft) -> list[tuple[str, str]]:
        """The choices as (kept value, label)."""
        if self.labelled is not None:
            return list(self.labelled(visit, draft))
        return [(value, visit.voice.word(f"choice_{value}")) for value in self.choices]

    def read(self, visit: Visit, draft: Draft, text: str) -> str:
        """A typed or chosen answer as it is kept; raises Unclear."""
        for value, label in self.offered(visit, draft):
            if text in (value, label):
                return label if self._keeps_label else self._read_choice(visit, value)
        kept = self._read_typed(visit, text.strip())
        return self.check(visit, draft, kept) if self.check else kept

    @property
    def _keeps_label(self) -> bool:
        return self.kind is Kind.CHOICE and self.labelled is not None

    def _read_choice(self, visit: Visit, value: str) -> str:
        if self.kind in (Kind.DAY, Kind.DAY_AHEAD):
            found = day_in(value, visit.today)
            return found.isoformat() if found else value
        return value

    def _read_typed(self, visit: Visit, text: str) -> str:
        if self.kind is Kind.CHOICE:
            raise Unclear("please_choose")
        if self.kind is Kind.COUNT:
            text = self.counted(text) if self.counted else text
            number = re.search(r"\d{1,6}", unicodedata.normalize("NFKC", text))
            if number is None or not self.least <= int(number[0]) <= self.most:
                raise Unclear("record_count_unclear", least=self.least, most=self.most)
            return str(int(number[0]))
        if self.kind in (Kind.DAY, Kind.DAY_AHEAD):
            return self._read_day(visit, text)
        if not self.least <= len(text) <= self.most:
            raise Unclear("staff_text_length", least=self.least, most=self.most)
        return text

    def _read_day(self, visit: Visit, text: str) -> str:
        ahead = self.kind is Kind.DAY_AHEAD
        found = day_in(text, visit.today, ahead=ahead)
        if found is None:
            raise Unclear("record_day_unclear")
        if not ahead and found > visit.today:
            raise Unclear("record_day_ahead")
        return found.isoformat()

    def shown(self, visit: Visit, draft: Draft, kept: str) -> str:
        """A kept answer as it is read back."""
        if self.kind in (Kind.DAY, Kind.DAY_AHEAD):
            return visit.voice.day(date.fromisoformat(kept))
        return dict(self.offered(visit, draft)).get(kept, kept)


def text(name: str, least: int = 2, most: int = _LONGEST) -> Question:
    """Free text."""
    return Question(name, least=least, most=most)


def past_day(name: str) -> Question:
    """A day up to today."""
    return Question(name, Kind.DAY, ("today", "yesterday"))


def choice(name: str, *choices: str) -> Question:
    """One of these."""
    return Question(name, Kind.CHOICE, choices)


def proof(name: str) -> Question:
    """What shows a day: who saw it, a postal number."""
    return Question(name, most=_LONGEST_PROOF)
