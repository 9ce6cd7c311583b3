"""One act offered to one case, and what the law answers (`law_acts.may`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tests.desk.law_oracle import Case, Deed, Law, Standing, State, newest

DOCUMENT = re.compile(r"回证|登记簿|邮件号码|存根|原件|[A-Z]{2}\d{9}(?:CN|\d{2})")  # the post's number too


@dataclass(frozen=True)
class Verdict:
    """`late`: it takes effect only when a second person has confirmed it."""

    allowed: bool | None
    source: str
    late: bool = False


Broken = Iterator[tuple[bool | None, str]]  # True: forbidden; None: the law leaves it open


@dataclass(frozen=True)
class Question:
    """One act offered to one case, beside all others of the office."""

    law: Law
    case: Case
    deed: Deed
    all_cases: Sequence[Case]
    staff: Sequence[str]
    two_review: bool

    @property
    def now(self) -> Standing:
        return self.law.standing(self.case)

    def did(self, *acts: str) -> bool:
        return newest(self.case.facts, *acts) is not None


def in_hand(now: Standing, source: str) -> Broken:
    """Part 4: an edge of what is being handled; while opinions are awaited the law does not forbid it."""
    yield now.state not in (State.IN_HAND, State.CONSULTING), source
    yield None if now.state is State.CONSULTING else False, source


def between(first: date | None, on: date, last: date, source: str) -> Broken:
    yield on > last, f"{source}: in the future"
    yield first is not None and on < first, f"{source}: before it could be"
