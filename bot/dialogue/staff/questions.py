"""What a form for staff asks, and how an answer is read.

Words of a question `party`: `record_party` asks, `recorded_party` stands before the answer in the read-back,
`choice_today` is the label of a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from bot.desk.clock import Clock, working_days_after
from bot.desk.errors import DeskError
from bot.desk.late_entry import names_a_document
from bot.desk.preconditions import says_nothing
from bot.dialogue.choosing import choice_in
from bot.dialogue.staff.days import day_in, days_in
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
    since a place in a list may mean somebody else tomorrow.  `check` may raise Unclear.  `when` says whether
    the answers before make it necessary.
    """

    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    labelled: Callable[[Visit, Draft], Sequence[tuple[str, str]]] | None = None
    least: int = 2
    most: int = _LONGEST
    check: Callable[[Visit, Draft, str], str] | None = None
    fits: Callable[[Visit, str], bool] | None = None  # which of the fixed choices are open here
    worded: Callable[[Draft], str] | None = None  # which words ask, `record_{…}`, where they differ
    reads: Callable[[Visit, str], str] | None = None  # a kept answer in the read-back
    when: Callable[[Visit, Draft], bool] | None = None
    quotes: bool = False  # what somebody else said: 同意 is their word here, and no name of an action
    since: Callable[[Visit, Draft], date | None] | None = None  # of a COUNT: from when the days are counted

    def is_asked(self, visit: Visit, draft: Draft) -> bool:
        return self.when is None or self.when(visit, draft)

    def offered(self, visit: Visit, draft: Draft) -> list[tuple[str, str]]:
        """The choices as (kept value, label)."""
        if self.labelled is not None:
            return list(self.labelled(visit, draft))
        fitting = [value for value in self.choices if self.fits is None or self.fits(visit, value)]
        return [(value, visit.voice.word(f"choice_{value}")) for value in fitting]

    def read(self, visit: Visit, draft: Draft, text: str) -> str:
        """A typed or chosen answer as it is kept; raises Unclear."""
        for value, label in self.offered(visit, draft):
            if text in (value, label):
                if self._keeps_label:
                    return label
                chosen = self._read_choice(visit, value)
                return self.check(visit, draft, chosen) if self.check and self._is_day else chosen
        if self.kind is Kind.CHOICE and (value := choice_in(text, self._said(visit, draft))):
            return dict(self.offered(visit, draft))[value] if self._keeps_label else value
        kept = self._read_typed(visit, draft, text.strip())
        return self.check(visit, draft, kept) if self.check else kept

    def _said(self, visit: Visit, draft: Draft) -> list[tuple[str, str]]:
        """The choices by their labels and by what people say for them."""
        said = [
            (value, name)
            for value, _ in self.offered(visit, draft)
            if visit.voice.words.knows(f"said_choice_{value}")
            for name in visit.voice.word(f"said_choice_{value}").split("、")
        ]
        return [*self.offered(visit, draft), *said]

    @property
    def _is_day(self) -> bool:
        return self.kind in (Kind.DAY, Kind.DAY_AHEAD)

    @property
    def _keeps_label(self) -> bool:
        return self.kind is Kind.CHOICE and self.labelled is not None

    def _read_choice(self, visit: Visit, value: str) -> str:
        if self._is_day:
            found = day_in(value, visit.today)
            return found.isoformat() if found else value
        return value

    def _read_typed(self, visit: Visit, draft: Draft, text: str) -> str:
        if self.kind is Kind.CHOICE:
            raise Unclear("please_choose")
        if self.kind is Kind.COUNT:
            return self._read_count(visit, draft, text)
        if self._is_day:
            return self._read_day(visit, text)
        if not self.least <= len(text) <= self.most:
            raise Unclear("staff_text_length", least=self.least, most=self.most)
        return text

    def _read_count(self, visit: Visit, draft: Draft, text: str) -> str:
        """A number of working days, or the day on which they end."""
        since, number = self._counted_from(visit, draft), days_in(text)
        if number is None and (day := day_in(text, visit.today, ahead=True)) is not None:
            number = self._days_until(visit, since, day)
        if number is None or not self.least <= number <= self.most:
            raise Unclear("record_count_unclear", least=self.least, most=self.most)
        return str(number)

    def _days_until(self, visit: Visit, since: date | None, day: date) -> int | None:
        calendar = visit.register.calendar
        if since is None:
            return None
        if day <= since:
            shown = visit.voice.weekday
            raise Unclear("record_day_not_after", day=shown(day), since=shown(since))
        if not calendar.is_working_day(day):
            following = calendar.next_working_day(day)
            raise Unclear(
                "record_no_working_day", day=visit.voice.weekday(day), next=visit.voice.weekday(following)
            )
        return working_days_after(calendar, since, day)

    def _counted_from(self, visit: Visit, draft: Draft) -> date | None:
        return self.since(visit, draft) if self.since else None

    def _read_day(self, visit: Visit, text: str) -> str:
        ahead = self.kind is Kind.DAY_AHEAD
        found = day_in(text, visit.today, ahead=ahead, calendar=visit.register.calendar)
        if found is None:
            raise Unclear("record_day_unclear")
        if not ahead and found > visit.today:
            raise Unclear("record_day_ahead")
        return found.isoformat()

    def shown(self, visit: Visit, draft: Draft, kept: str) -> str:
        """A kept answer as it is read back."""
        if self.reads is not None:
            kept = self.reads(visit, kept)
        if self._is_day:
            return shown_day(visit, date.fromisoformat(kept))
        if self.kind is Kind.COUNT:
            return self._shown_count(visit, draft, int(kept))
        return dict(self.offered(visit, draft)).get(kept, kept)

    def _shown_count(self, visit: Visit, draft: Draft, days: int) -> str:
        """A number of working days with the day on which they end."""
        since = self._counted_from(visit, draft)
        if since is None:
            return str(days)
        due = Clock(since, days).due(visit.register.calendar)
        return visit.voice.word("days_until", days=days, day=visit.voice.weekday_limit(due.due_on))


def shown_day(visit: Visit, day: date) -> str:
    """A day with its weekday and how far it is."""
    voice, calendar, today = visit.voice, visit.register.calendar, visit.today
    if day == today:
        return voice.word("day_today", day=voice.weekday(day))
    if day > today:
        return voice.word(
            "day_to_come", day=voice.weekday(day), days=working_days_after(calendar, today, day)
        )
    return voice.word("day_gone", day=voice.weekday(day), days=(today - day).days)


def text(name: str, least: int = 2, most: int = _LONGEST, *, quotes: bool = False) -> Question:
    """Free text."""
    return Question(name, least=least, most=most, quotes=quotes)


def past_day(name: str) -> Question:
    """A day up to today; of a request that was received, not before that day."""
    return Question(name, Kind.DAY, ("today", "yesterday"), check=_not_before_receipt)


def _not_before_receipt(visit: Visit, draft: Draft, kept: str) -> str:
    """Said where it is typed, and not when everything else has been filled in."""
    number = visit.memory.draft.get("number", "")
    try:
        received_on = visit.desk.requests.get(number).received_on
    except DeskError:  # of no request: one that is being entered, a record correction
        return kept
    if received_on is not None and date.fromisoformat(kept) < received_on:
        raise Unclear("refused_day_before_receipt", received_on=visit.voice.day(received_on))
    return kept


def choice(name: str, *choices: str) -> Question:
    """One of these."""
    return Question(name, Kind.CHOICE, choices)


def late_proof(name: str, day: str) -> Question:
    """The document that shows `day`, asked when it is not today (LAW.md part 9)."""
    return Question(
        name,
        most=_LONGEST_PROOF,
        check=_a_document,
        when=lambda visit, draft: draft.get(day, visit.today.isoformat()) < visit.today.isoformat(),
    )


def _a_document(visit: Visit, draft: Draft, kept: str) -> str:
    if not names_a_document(kept):
        raise Unclear("refused_proof_is_no_document")
    return kept


def proof(name: str) -> Question:
    """What shows a day: who saw it, a postal number."""
    return Question(name, least=1, most=_LONGEST_PROOF, check=_a_proof)


def _a_proof(visit: Visit, draft: Draft, kept: str) -> str:
    """无 shows nothing: what would is said again."""
    if says_nothing(kept):
        raise Unclear("record_proof_is_nothing", typed=kept)
    return kept
