"""Answer, suggest, or say that it is not there: a pure function of the ranked candidates.

The probability that an entry answers is a logistic function of its features and of its margin over the best
rival.  A rival is another *thing*: not the section above or below, not last year's version, not a copy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import yaml
from rapidfuzz import fuzz

from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Suggest, Unknown
from knowledge.matching.face import Face
from knowledge.matching.query import Query
from knowledge.matching.rank import closer_features

SHOWN = 5  # candidates to choose from, at most
_SHORT = 4  # squeezed characters; a question of so few is a word, and a word may mean anything
_DATE = re.compile(r"\d+[年月日号度]*")
_COPY = 90.0  # per cent of rapidfuzz.ratio
_POINT = re.compile(r"/[一二三四五六七八九十]+(?:是|要)$")


@dataclass(frozen=True)
class Weights:
    """What `disclosure evaluate --fit` found, and the two floors.  Read from `weights.yaml`."""

    rank: Mapping[str, float]
    confidence: Mapping[str, float]  # with `intercept`
    answer_floor: float
    suggest_floor: float
    related_floor: float = 0.35

    @classmethod
    def from_yaml(cls, text: str) -> Weights:
        """Raises ValueError when a part is missing."""
        values = yaml.safe_load(text)
        try:
            floors = values["floors"]
            return cls(
                values["rank"],
                values["confidence"],
                floors["answer"],
                floors["suggest"],
                floors.get("related", 0.35),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"weights.yaml lacks {error}") from error


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score (unbounded, higher is better), the features it was made of, and how much
    of each word of the question it holds."""

    face: Face
    score: float
    features: Mapping[str, float]
    words: tuple[float, ...] = ()

    @property
    def entry(self) -> Entry:
        return self.face.entry


def same_thing(one_face: Face, other_face: Face) -> bool:
    """Whether two entries are no rivals: parent and child, points of one section, versions, copies."""
    one, other = one_face.entry, other_face.entry
    if one.entry_id in (other.entry_id, other.parent_id) or other.entry_id == one.parent_id:
        return True
    if one.version_of and one.version_of == other.version_of:
        return True
    if one.parent_id and one.parent_id == other.parent_id and _is_part(one) and _is_part(other):
        return True
    near = abs(len(one.text) - len(other.text)) <= 0.2 * max(len(one.text), len(other.text))
    return near and bool(one.text) and _is_copy(one_face, other_face)


def _is_copy(one: Face, other: Face) -> bool:
    """Whether two texts are nearly the same; what they could share is counted first, which is faster."""
    shared = int(np.minimum(one.letters, other.letters).sum())
    if 200 * shared < _COPY * (len(one.entry.text) + len(other.entry.text)):
        return False
    return fuzz.ratio(one.entry.text, other.entry.text, score_cutoff=_COPY) > 0


def _is_part(entry: Entry) -> bool:
    return entry.kind is EntryKind.ITEM or _POINT.search(entry.path) is not None


def confidence_features(query: Query, ranked: Sequence[Ranked], at: int) -> dict[str, float]:
    """What the confidence in candidate `at` rests on."""
    own = ranked[at]
    rivals = _rivals(ranked, at)
    margin = own.score - rivals[0] if rivals else _NO_RIVAL
    field = own.score - sum(rivals[1:]) / len(rivals[1:]) if rivals[1:] else 2 * _NO_RIVAL
    closer = closer_features(query, own.face)
    return {
        **own.features,
        **closer,
        "margin": min(margin, _NO_RIVAL),
        "field": min(field, 2 * _NO_RIVAL),
        "place_missing": float(closer["places"] < 0),
    }


_NO_RIVAL = 2.0
_RIVALS = 5


def _rivals(ranked: Sequence[Ranked], at: int) -> list[float]:
    """Scores of the best rivals, highest first; `ranked` is in order, so few are compared."""
    own = ranked[at]
    found: list[float] = []
    for other in ranked:
        if other is not own and not same_thing(own.face, other.face):
            found.append(other.score)
            if len(found) == _RIVALS:
                break
    return found


def probability(features: Mapping[str, float], weights: Weights) -> float:
    """The calibrated probability (0..1)."""
    logit = weights.confidence["intercept"] + sum(
        weight * features[name] for name, weight in weights.confidence.items() if name != "intercept"
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


class Reason(StrEnum):
    """Why a decision fell out as it did."""

    NOTHING = "nothing in the base shares a word with it"
    UNLIKELY = "below the suggestion floor, and no short entry holds much of what was asked"
    ELSEWHERE = "it speaks of another year or document than was asked for"
    SURE = "above the answer floor"
    WORD = "above the answer floor, but a single word or a date may mean anything"
    LACKS = "above the answer floor, but it lacks what was asked for (an amount, a year, an address)"
    UNSURE = "above the suggestion floor"
    CELL = "every name of this cell of a table was said"
    NO_SUCH_YEAR = "the cell is there, but not of the year that was named"
    FOREIGN = "above the answer floor, but it asks of something that this does not speak of"
    RELATED = "below the suggestion floor, but a short entry that holds much of what was asked"


def decide(query: Query, hits: Sequence[Hit], ceiling: float, weights: Weights) -> Decision:
    """`hits` best first, at most some ten; `ceiling` caps the probability of an answer (vetoes)."""
    shown = grouped(query, hits)[:SHOWN]
    reason = reason_of(query, shown, ceiling, weights)
    if reason in (Reason.NOTHING, Reason.UNLIKELY, Reason.ELSEWHERE):
        return Unknown(tuple(shown))
    if reason is Reason.SURE:
        return Answer((shown[0],), tuple(hit for hit in shown[1:4] if hit.score >= weights.suggest_floor))
    return Suggest(tuple(shown))


def reason_of(query: Query, shown: Sequence[Hit], ceiling: float, weights: Weights) -> Reason:
    """What the first of the candidates that would be shown allows to say."""
    if not shown:
        return Reason.NOTHING
    score = shown[0].score
    if score < weights.suggest_floor and not is_related(query, shown[0], weights):
        return Reason.UNLIKELY
    if score < ceiling <= _ANOTHER:
        return Reason.ELSEWHERE
    if score >= weights.answer_floor:
        if ceiling < weights.answer_floor:
            return Reason.LACKS
        return Reason.WORD if is_word(query) else Reason.SURE
    return Reason.UNSURE if score >= weights.suggest_floor else Reason.RELATED


def is_word(query: Query) -> bool:
    """A single word, or nothing but a date: every report of a year is full of both."""
    return len(query.text) <= _SHORT or len(_DATE.sub("", query.text)) <= 1


def is_related(query: Query, hit: Hit, weights: Weights) -> bool:
    """Whether so much of what was asked is there that the resident should see it, though it is not likely.

    Said of short entries only: some sentence of a long text shares words with almost any question.
    """
    features = dict(hit.features)
    if features.get("guide") or len(hit.entry.text) > _LONG:
        return False
    counted = _COUNTED * max(0.0, features.get("measures", 0.0))
    several = min(query.focus, default=1.0) < 1.0 and sum(len(word) > 1 for word in hit.matched) >= _SEVERAL
    return several or features.get("quoted", 0.0) + counted >= weights.related_floor


_LONG = 500  # characters; a section of a report or an item of the catalogue is shorter
_ANOTHER = 0.3  # a ceiling so low means another year or document: unless likely, not even suggested
_COUNTED = 0.2  # what it adds that the same things are counted (多少条, 70余条)
_SEVERAL = 4  # words: a story shares so many only with what it is about


def grouped(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """Of yearly versions of one thing only the newest, unless a year is asked for."""
    newest: dict[str, int] = {}
    for hit in hits:
        if hit.entry.version_of and not query.years:
            key = hit.entry.version_of
            newest[key] = max(newest.get(key, 0), hit.entry.year or 0)
    shown: list[Hit] = []
    done: dict[str, float] = {}
    for hit in hits:
        key = hit.entry.version_of
        if key in newest:
            if (hit.entry.year or 0) == newest[key] and key not in {h.entry.version_of for h in shown}:
                shown.append(replace(hit, score=max(hit.score, done.get(key, 0.0))))
            else:
                done[key] = max(done.get(key, 0.0), hit.score)
            continue
        shown.append(hit)
    return sorted(shown, key=lambda hit: -hit.score) if done else shown
