"""A reload is an examination: past questions are asked of the new index and of the one that answers now.

    stored question ─┬─▶ running index ─▶ said ─┐
                     └─▶ new index     ─▶ said ─┴─▶ judged by what is known of the question ─▶ a difference

What is known: the entry that staff confirmed, else the one that residents picked or called useful (right);
the one they called useless (wrong); that staff want no answer to it (none).  Of most questions nothing is
known: then it is shown that the answer changes, and not whether for better or worse.  Pure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.entry import Answer, Decision, Entry, EntryKind, Suggest

LONGEST_SECONDS = 60.0  # of asking; what was not asked by then is said to be so


@dataclass(frozen=True)
class Stored:
    """A question that was asked, without who asked, and what is known of it (ids of entries)."""

    text: str
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    none: bool = False  # nothing in the base ought to answer it

    @property
    def is_judged(self) -> bool:
        return bool(self.right or self.wrong or self.none)


class Change(StrEnum):
    """How the new index differs on a question; in the order in which an admin wants to see them."""

    WRONG = "wrong"  # answers falsely, and did not before
    LOST = "lost"  # answered, and does not any more
    ANOTHER = "another"  # answers with another entry; nobody has said which is right
    MENDED = "mended"  # answered falsely, and does not any more
    ANSWERED = "answered"  # answers, and did not before


@dataclass(frozen=True)
class Difference:
    """One question on which the two differ; titles of what each answers, "" = no answer."""

    change: Change
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class Examination:
    """How it went.  `stored` questions were there, `asked` were asked, the newest first."""

    stored: int
    asked: int
    judged: int
    wrong_before: int
    wrong_after: int
    differences: tuple[Difference, ...]

    @property
    def is_passed(self) -> bool:
        """No more false answers than before."""
        return self.wrong_after <= self.wrong_before

    def count(self, change: Change) -> int:
        return sum(difference.change is change for difference in self.differences)

    def texts(self, change: Change) -> list[str]:
        return [difference.text for difference in self.differences if difference.change is change]


@dataclass(frozen=True)
class Source:
    """An index as it is examined: a `Base` or a `Candidate`."""

    ask: Callable[[str], Decision]
    entry: Callable[[str], Entry | None]


class _Verdict(StrEnum):
    """What a decision is worth."""

    FALSE = "false"  # an answer, and known to be the wrong one
    GIVEN = "given"  # an answer, right or not judged
    OPEN = "open"  # no answer: suggestions or nothing


def examine(
    stored: Sequence[Stored],
    before: Source,
    after: Source,
    *,
    most: int,
    seconds: float = LONGEST_SECONDS,
) -> Examination:
    """Ask both, at most `most` questions and for at most so many seconds."""
    until = time.monotonic() + seconds
    asked = judged = wrong_before = wrong_after = 0
    differences: list[Difference] = []
    for question in stored[:most]:
        if time.monotonic() > until:
            break
        asked += 1
        judged += question.is_judged
        old, new = before.ask(question.text), after.ask(question.text)
        verdicts = _verdict(question, old, before, before), _verdict(question, new, before, after)
        wrong_before += verdicts[0] is _Verdict.FALSE
        wrong_after += verdicts[1] is _Verdict.FALSE
        change = _change(*verdicts, _is_another(old, new))
        if change is not None:
            differences.append(Difference(change, question.text, _titles(old), _titles(new)))
    order = list(Change)
    differences.sort(key=lambda difference: order.index(difference.change))
    return Examination(len(stored), asked, judged, wrong_before, wrong_after, tuple(differences))


def _verdict(question: Stored, decision: Decision, known: Source, asked: Source) -> _Verdict:
    """`known` is the index by whose entries the question was judged, `asked` the one that decided."""
    if not isinstance(decision, Answer):
        return _Verdict.OPEN
    entries = [hit.entry for hit in decision.hits]
    if question.none:
        return _Verdict.FALSE
    if any(_is_one_of(entry, question.right, known) for entry in entries):
        return _Verdict.GIVEN
    if any(_is_one_of(entry, question.wrong, known) for entry in entries):
        return _Verdict.FALSE
    # What was right has been taken out of the knowledge: nobody can say what is right now.
    there = any(asked.entry(entry_id) is not None for entry_id in question.right)
    return _Verdict.FALSE if there else _Verdict.GIVEN


def _is_one_of(entry: Entry, ids: frozenset[str], known: Source) -> bool:
    """Whether it is one of these entries, under another id, or as the version of another year."""
    return entry.entry_id in ids or any(
        _is_same(entry, other) for other in map(known.entry, ids) if other is not None
    )


def _is_same(one: Entry, other: Entry) -> bool:
    """Also the catalogue's item and the section of the report that it quotes: one is shown for the other."""
    if _quotes(one, other) or _quotes(other, one):
        return True
    if one.version_of and one.version_of == other.version_of:
        return True
    return one.entry_id == other.entry_id or (one.title, one.text) == (other.title, other.text)


def _quotes(item: Entry, section: Entry) -> bool:
    return item.kind is EntryKind.ITEM and item.parent_id == section.entry_id


def _change(before: _Verdict, after: _Verdict, is_another: bool) -> Change | None:
    if after is _Verdict.FALSE:
        return None if before is _Verdict.FALSE else Change.WRONG
    if before is _Verdict.FALSE:
        return Change.MENDED
    if before is _Verdict.GIVEN and after is _Verdict.OPEN:
        return Change.LOST
    if before is _Verdict.OPEN and after is _Verdict.GIVEN:
        return Change.ANSWERED
    return Change.ANOTHER if is_another else None


def _is_another(old: Decision, new: Decision) -> bool:
    if not (isinstance(old, Answer) and isinstance(new, Answer)):
        return False
    pairs = zip(_entries(old), _entries(new), strict=False)
    return len(old.hits) != len(new.hits) or not all(_is_same(one, other) for one, other in pairs)


def _entries(decision: Decision) -> Iterator[Entry]:
    if isinstance(decision, Answer | Suggest):
        yield from (hit.entry for hit in decision.hits)


def _titles(decision: Decision) -> str:
    """What was answered; suggestions are no answer."""
    return "；".join(entry.title for entry in _entries(decision)) if isinstance(decision, Answer) else ""
