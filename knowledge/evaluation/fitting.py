"""Fit `weights.yaml` to a benchmark file, and say honestly how good it is: cross-validated beside fitted.

The ranking is learned from the questions as they are, with homophone typos, and with characters left out;
the confidence from the questions as they are.  In cross-validation the questions are parted by a hash of the
entry that answers them (or of themselves), so that no document's questions are on both sides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from knowledge.evaluation.benchmark import Question, read_benchmark, temporary_asker
from knowledge.evaluation.fit import fit_confidence, fit_ranking
from knowledge.evaluation.perturb import perturbed
from knowledge.evaluation.selective import (
    Curve,
    Figures,
    Outcome,
    measured,
    suggest_curve,
    suggest_floor,
)
from knowledge.matching.ask import CONSIDERED, Asker
from knowledge.matching.decide import Ranked, Weights, confidence_features, probability
from knowledge.matching.query import Query, query_of

RANK_FEATURES = ("share", "bare_share", "gap", "words", "partial")
# What a benchmark of long documents cannot teach, set by hand: what a guide entry loses that is not meant,
# what any entry loses that lacks the amount, the address … asked for, and gains that counts the same things.
SET_BY_HAND = {"guide": -3.0, "lacks": -2.0, "measures": 1.5}
CONFIDENCE_FEATURES = ("share", "threes", "place_missing", "numbers", "margin", "field")
_LEARNED_FROM = ("", "homophone", "drop")
_PARTS = 5
# Share of answerable questions, cross-validated, that may fall below the suggest floor.  From 3 to 5 %, each
# question lost spares three that nothing answers a list of what does not answer them.
MAY_LOSE = 0.05


@dataclass(frozen=True)
class Example:
    """A question with its candidates, in one of its forms ("" = as it is)."""

    question: Question
    form: str
    query: Query
    ranked: tuple[Ranked, ...]

    @property
    def right(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([one.entry.entry_id in self.question.gold for one in self.ranked], bool)


@dataclass(frozen=True)
class Fitted:
    """New weights, and the figures with which they are to be quoted."""

    weights: Weights
    cross_validated: Figures
    fitted: Figures
    curve: Curve  # what each floor for suggestions costs and saves, cross-validated

    def to_yaml(self) -> str:
        """What goes into weights.yaml (below its opening comment)."""
        return yaml.safe_dump(
            {
                "rank": {name: round(value, 4) for name, value in self.weights.rank.items()},
                "confidence": {name: round(value, 4) for name, value in self.weights.confidence.items()},
                "floors": {
                    "answer": round(self.weights.answer_floor, 3),
                    "suggest": round(self.weights.suggest_floor, 3),
                    "related": self.weights.related_floor,
                },
            },
            sort_keys=False,
        )


def fit(file: Path) -> Fitted:
    """Fit to a benchmark file.  Takes a minute or two for a thousand questions."""
    examples = _examples(file)
    held_out = _held_out(examples)
    weights = fit_once(examples)
    answer, suggest = floors(held_out)
    weights = replace(weights, answer_floor=answer, suggest_floor=suggest)
    seen = [(one, *applied(one, weights)) for one in examples if not one.form]
    held = [_outcome(one, ranked, sure, _decided(sure, weights)) for one, ranked, sure in held_out]
    known = [_outcome(one, ranked, sure, _decided(sure, weights)) for one, ranked, sure in seen]
    return Fitted(weights, measured(held), measured(known), suggest_curve(held))


def cross_validated(file: Path) -> list[Outcome]:
    """The outcome of each question of a benchmark file by weights fitted to its other parts."""
    return [_outcome(one, ranked, sure, "answer") for one, ranked, sure in _held_out(_examples(file))]


def _examples(file: Path) -> list[Example]:
    entries, questions = read_benchmark(file)
    with temporary_asker(entries) as asker:
        return [example(asker, question, form) for form in _LEARNED_FROM for question in questions]


def _held_out(examples: Sequence[Example]) -> list[tuple[Example, tuple[Ranked, ...], float]]:
    """Each question as it is, with the order and the confidence that the other parts' weights give it."""
    found: list[tuple[Example, tuple[Ranked, ...], float]] = []
    for part in range(_PARTS):
        weights = fit_once([one for one in examples if part_of(one.question) != part])
        tried = [one for one in examples if part_of(one.question) == part and not one.form]
        found += [(one, *applied(one, weights)) for one in tried]
    return found


def example(asker: Asker, question: Question, form: str) -> Example:
    """The candidates of one question with their features."""
    text = perturbed(question.text, form, question.qid) if form else question.text
    query = query_of(text, asker.terms, asker.index)
    ranked, _ = asker.ranked(query)
    return Example(question, form, query, tuple(ranked))


def part_of(question: Question) -> int:
    """Which of the parts a question belongs to; the same for all questions about one entry."""
    key = min(question.gold, default=question.qid)
    return int(hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(), 16) % _PARTS


def fit_once(examples: Sequence[Example]) -> Weights:
    """Both models, fitted to these examples."""
    groups = [(_table(one.ranked, RANK_FEATURES), one.right) for one in examples if one.ranked]
    rank = {**dict(zip(RANK_FEATURES, map(float, fit_ranking(groups)), strict=True)), **SET_BY_HAND}
    rows, right = [], []
    for one in examples:
        if one.form or not one.ranked:
            continue
        again = ranked_anew(one.ranked, rank)
        features = confidence_features(one.query, again, 0)
        rows.append([features[name] for name in CONFIDENCE_FEATURES])
        right.append(again[0].entry.entry_id in one.question.gold)
    intercept, values = fit_confidence(np.array(rows), np.array(right, bool))
    confidence = dict(zip(CONFIDENCE_FEATURES, map(float, values), strict=True))
    return Weights(rank, {"intercept": intercept, **confidence}, 0.5, 0.05)


def _table(
    ranked: Sequence[Ranked], names: Sequence[str]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[one.features[name] for name in names] for one in ranked], np.float64)


def ranked_anew(ranked: Sequence[Ranked], weights: Mapping[str, float]) -> tuple[Ranked, ...]:
    """The same candidates in the order of other weights."""
    scored = [
        replace(one, score=sum(weight * one.features[name] for name, weight in weights.items()))
        for one in ranked
    ]
    return tuple(sorted(scored, key=lambda one: -one.score))


def applied(one: Example, weights: Weights) -> tuple[tuple[Ranked, ...], float]:
    """The candidates in order, and the confidence in the first."""
    if not one.ranked:
        return (), 0.0
    again = ranked_anew(one.ranked, weights.rank)
    return again[:CONSIDERED], probability(confidence_features(one.query, again, 0), weights)


def floors(tried: Sequence[tuple[Example, tuple[Ranked, ...], float]]) -> tuple[float, float]:
    """The answer floor with which 95 % of the answers are right, and the suggest floor that loses 5 %."""
    outcomes = [_outcome(one, ranked, sure, "none") for one, ranked, sure in tried]
    threshold = measured(outcomes)["threshold@P95"]
    return float(threshold or 0.9), suggest_floor(outcomes, MAY_LOSE)


def _outcome(one: Example, ranked: Sequence[Ranked], sure: float, decision: str) -> Outcome:
    rank = next((at for at, r in enumerate(ranked) if r.entry.entry_id in one.question.gold), None)
    return Outcome(bool(one.question.gold), rank, sure, decision)


def _decided(sure: float, weights: Weights) -> str:
    if sure >= weights.answer_floor:
        return "answer"
    return "suggest" if sure >= weights.suggest_floor else "none"
