"""一是 二是, 一要 二要: the points that a section makes, cut out of its lines or from within a paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.sources.section import POINT, Section, first_clause, value_of


@dataclass(frozen=True)
class _Mark:
    """One 一是 in the text."""

    label: str
    number: int
    kind: str  # 是 or 要
    line: int  # index of its line
    start: int

    def follows(self, other: _Mark) -> bool:
        return self.kind == other.kind and self.number == other.number + 1


def points_of(section: Section) -> Iterator[Section]:
    """The points of a section, in order, when there are at least two in sequence.

    A second row of points in the same section is told apart: `一是`, `一是·2`.
    """
    marks = _marks(section.lines)
    following = dict(pairwise(marks))
    seen: Counter[str] = Counter()
    for run in _runs(marks):
        for mark in run:
            seen[mark.label] += 1
            label = mark.label if seen[mark.label] == 1 else f"{mark.label}·{seen[mark.label]}"
            yield _point(section, label, mark, _text(section, mark, following.get(mark)))


def _marks(lines: Sequence[str]) -> list[_Mark]:
    return [
        _Mark(found[1] + found[2], value_of(found[1]), found[2], at, found.start(1))
        for at, line in enumerate(lines)
        for found in POINT.finditer(line)
    ]


def _runs(marks: Sequence[_Mark]) -> Iterator[list[_Mark]]:
    """Marks in sequence (一 二 三 …, all 是 or all 要), at least two; anything else is plain text."""
    run: list[_Mark] = []
    for mark in marks:
        if run and mark.follows(run[-1]):
            run.append(mark)
            continue
        if len(run) > 1:
            yield run
        run = [mark] if mark.number == 1 else []
    if len(run) > 1:
        yield run


def _text(section: Section, mark: _Mark, following: _Mark | None) -> str:
    """From the mark to the next one or the end of the paragraph.

    Where the next one begins a new row, the words that lead to it are not part of this point:
    `二是形式单一。改进措施：一是…` ends at the full stop.
    """
    line = section.lines[mark.line]
    if following is None or following.line != mark.line:
        text = line[mark.start :]
    else:
        text = line[mark.start : following.start]
        if not following.follows(mark) and "。" in text:
            text = text[: text.rindex("。") + 1]
    return text.strip().rstrip("；;，,")


def _point(section: Section, label: str, mark: _Mark, text: str) -> Section:
    return Section(
        path=(*section.path, label),
        heading=first_clause(text),
        lines=(text,),
        line=section.line + mark.line,
        trail=(*section.trail, section.heading) if section.heading else section.trail,
        is_point=True,
    )
