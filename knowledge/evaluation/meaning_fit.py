"""Fit the weights of words and meaning (`knowledge/matching/meaning.yaml`) to questions of several offices.

For each office the weights are fitted to the others and measured there; the floors come from these left-out
figures too.  What goes into the file is fitted to all of them.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from knowledge.base import build_index
from knowledge.evaluation.fit import Truths, fit_confidence, fit_ranking
from knowledge.evaluation.selective import Outcome, suggest_floor
from knowledge.evaluation.sets import Asked, QuestionSet
from knowledge.index.index import Index
from knowledge.index.meanings import Meaning
from knowledge.matching.agreement import Named
from knowledge.matching.ask import Asker
from knowledge.matching.decide import Weights, probability
from knowledge.matching.features import CONFIDENCE, RANK
from knowledge.matching.meant import Compared, never, sureness
from knowledge.matching.query import Query

MAY_LOSE = 0.01  # share of answerable questions, left out, that may fall below the suggest floor
MAY_ERR = 0.02  # share of the questions of any one set, left out, that may be answered wrongly
_RIDGE = 3.0

Table = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question with all passages that were compared."""

    set: str
    group: str
    asked: Asked
    query: Query
    named: Named
    compared: tuple[Compared, ...]
    right: Truths


@dataclass(frozen=True)
class Tried:
    """An example with the order and the confidence that some weights give it."""

    example: Example
    ranked: tuple[tuple[Compared, bool], ...]  # each entry's best passage, and whether it is right
    sure: float

    @property
    def outcome(self) -> Outcome:
        """What the figures need to know."""
        rank = next((at for at, (_, right) in enumerate(self.ranked) if right), None)
        return Outcome(self.example.asked.is_answerable, rank, self.sure, "answer")


@dataclass(frozen=True)
class Fitted:
    """New weights, and what the left-out questions came to."""

    weights: Weights
    left_out: tuple[Tried, ...]
    apart: Mapping[str, Weights]  # for each group those fitted to all others, with the same floors

    def to_yaml(self) -> str:
        """What goes into meaning.yaml (below its opening comment)."""
        return as_yaml(self.weights)


def as_yaml(weights: Weights) -> str:
    """Weights as `Weights.from_yaml` reads them."""
    floors = {"answer": weights.answer_floor, "suggest": weights.suggest_floor}
    parts: dict[str, Mapping[str, float]] = {
        "rank": weights.rank,
        "confidence": weights.confidence,
        "floors": floors,
    }
    plain = {part: {name: round(value, 4) for name, value in parts[part].items()} for part in parts}
    return yaml.safe_dump(plain, sort_keys=False)


def fit_meaning(sets: Sequence[QuestionSet], meaning: Meaning, kept: Path | None = None) -> Fitted:
    """Fit to these sets.  `kept` is a folder in which indexes stay, so that the next fit embeds nothing anew.

    Raises ValueError where there is nothing to learn from.
    """
    examples: list[Example] = []
    for one in sets:
        with asker_of(one, meaning, kept) as asker:
            examples += [_example(one, asker, asked) for asked in one.questions]
    held: list[Tried] = []
    apart: dict[str, Weights] = {}
    for group in dict.fromkeys(one.group for one in examples):
        apart[group] = fit_once([one for one in examples if one.group != group])
        held += [tried(one, apart[group]) for one in examples if one.group == group]
    answer, suggest = floors(held)

    def with_floors(weights: Weights) -> Weights:
        return replace(weights, answer_floor=answer, suggest_floor=suggest)

    named = {group: with_floors(weights) for group, weights in apart.items()}
    return Fitted(with_floors(fit_once(examples)), tuple(held), named)


@contextmanager
def asker_of(one: QuestionSet, meaning: Meaning, kept: Path | None = None) -> Iterator[Asker]:
    """An index of the set's documents; gone afterwards unless it is `kept`."""
    with tempfile.TemporaryDirectory(prefix="disclosure-") as folder:
        path = (kept or Path(folder)) / f"{one.documents}.{len(one.entries)}.db"
        build_index(one.entries, one.terms, path, meaning=meaning)
        with Index.open(path) as index:
            yield Asker(index, meaning.embedder)


def _example(one: QuestionSet, asker: Asker, asked: Asked) -> Example:
    query, compared = asker.compared_to(asked.text)
    right = np.array([asked.right(row.entry, row.quoted) for row in compared], bool)
    named = Named.of(query, asker.scope, datetime.now(UTC).date())
    return Example(one.name, one.group, asked, query, named, tuple(compared), right)


def fit_once(some: Sequence[Example]) -> Weights:
    """Both models, fitted to these examples.  Raises ValueError where there is nothing to learn from."""
    groups = [(_table(one.compared), one.right) for one in some if one.compared]
    rank = dict(zip(RANK, map(float, fit_ranking(groups, _RIDGE)), strict=True))
    weights = Weights(rank, {"intercept": 0.0}, 0.5, 0.05)
    rows, right = [], []
    for one in some:
        ranked = ranked_by(one, rank)
        if not ranked:
            continue
        features = sureness([row for row, _ in ranked], 0)
        if never(one.query, one.named, ranked[0][0], features) is None:
            rows.append([features[name] for name in CONFIDENCE])
            right.append(ranked[0][1])
    intercept, values = fit_confidence(np.array(rows), np.array(right, bool), _RIDGE)
    sure = {"intercept": intercept, **dict(zip(CONFIDENCE, map(float, values), strict=True))}
    return replace(weights, confidence=sure)


def _table(compared: Sequence[Compared]) -> Table:
    return np.array([[row.features[name] for name in RANK] for row in compared], np.float64)


def ranked_by(one: Example, rank: Mapping[str, float]) -> tuple[tuple[Compared, bool], ...]:
    """Each entry's best passage by these weights, best first, and whether it is right."""
    best: dict[str, tuple[Compared, bool]] = {}
    for row, right in zip(one.compared, one.right.tolist(), strict=True):
        score = sum(weight * row.features[name] for name, weight in rank.items())
        before = best.get(row.entry.entry_id)
        if before is None or score > before[0].score:
            best[row.entry.entry_id] = (replace(row, score=score), right)
    return tuple(sorted(best.values(), key=lambda pair: -pair[0].score))


def tried(one: Example, weights: Weights) -> Tried:
    """An example as these weights see it; nothing is sure that lacks what was asked."""
    ranked = ranked_by(one, weights.rank)
    if not ranked:
        return Tried(one, (), 0.0)
    features = sureness([row for row, _ in ranked], 0)
    if never(one.query, one.named, ranked[0][0], features) is not None:
        return Tried(one, ranked, 0.0)
    return Tried(one, ranked, probability(features, weights))


def floors(held: Sequence[Tried]) -> tuple[float, float]:
    """The lowest answer floor that answers at most MAY_ERR of any one set's questions wrongly, left out, and
    the suggest floor that loses MAY_LOSE of the answerable.

    Of each set, for a floor that holds on the average lets one office be answered wrongly for the others.
    One error in a set of few questions is bad luck, and lifts no floor.
    """
    may_err = {
        name: max(1.0, MAY_ERR * count) for name, count in Counter(one.example.set for one in held).items()
    }
    wrong: Counter[str] = Counter()
    floor = 1.0
    for one in sorted(held, key=lambda one: -one.sure):
        name = one.example.set
        wrong[name] += one.sure > 0 and not one.ranked[0][1]
        if wrong[name] > may_err[name]:
            break
        floor = one.sure
    return floor, suggest_floor([one.outcome for one in held if one.sure > 0], MAY_LOSE)
