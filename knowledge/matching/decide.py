"""Answer, suggest, or say that it is not there: a pure function of the ranked candidates.

The probability that an entry answers is a logistic function of its features and of its margin over the best
rival.  A rival is another *thing*: not the section above or below, not last year's version, not a copy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
import yaml
from rapidfuzz import fuzz

from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Suggest, Unknown
from knowledge.matching.asked import content_weight
from knowledge.matching.face import Face
from knowledge.matching.query import Query
from knowledge.matching.rank import closer_features
from knowledge.text.normalize import squeeze

_SHOWN = 5
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
                values["rank"], values["confidence"], floors["answer"], floors["suggest"], floors["related"]
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


def decide(query: Query, hits: Sequence[Hit], ceiling: float, weights: Weights) -> Decision:
    """`hits` best first, at most some ten; `ceiling` caps the probability of an answer (vetoes)."""
    shown = _grouped(query, hits)[:_SHOWN]
    if not shown or not (shown[0].score >= weights.suggest_floor or is_related(query, shown[0], weights)):
        return Unknown(tuple(shown))
    if shown[0].score < ceiling <= _ANOTHER:
        return Unknown(tuple(shown))
    sure = min(shown[0].score, ceiling) >= weights.answer_floor
    if sure and not _is_word(query):
        return Answer((shown[0],), tuple(hit for hit in shown[1:4] if hit.score >= weights.suggest_floor))
    return Suggest(tuple(shown))


def _is_word(query: Query) -> bool:
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


def together(
    parts: Sequence[tuple[str, Decision]], whole: Callable[[], Decision], weights: Weights
) -> Decision:
    """The decision on a message with two questions, from those on each; `whole` asks the message undivided.

    Both answers; else the answer to one, and the other left as `rest`; else what fits either.  Where a part
    leads nowhere by itself the message may ask one thing after all: then the undivided question is heard.
    """
    sure = [decision.hits[0] for _, decision in parts if isinstance(decision, Answer)]
    if len(sure) == len(parts):
        return Answer(_each_once(sure))
    if len(sure) == 1:
        return _half(sure[0], *_open_part(parts), whole, weights)
    found = whole()
    rows = [decision.hits for _, decision in parts if isinstance(decision, Suggest)]
    if isinstance(found, Answer) or len(rows) < len(parts):
        return found
    mixed = _each_once([hit for pair in zip_longest(*rows) for hit in pair if hit is not None])
    return Suggest(mixed[:_SHOWN], leads=len(_each_once([hits[0] for hits in rows])))


def _half(
    sure: Hit, part: str, decision: Decision, whole: Callable[[], Decision], weights: Weights
) -> Decision:
    """One part is answered by `sure`; the other, `part`, is not."""
    if isinstance(decision, Suggest):
        lead = decision.hits[0]
        if lead.score < weights.suggest_floor or not same_thing(Face(sure.entry), Face(lead.entry)):
            return Answer((sure,), rest=(part,))
        return Answer(_each_once([sure, lead]) if sure.entry == lead.entry else (sure,))
    found = whole()
    alone = content_weight(squeeze(part)) >= _OWN_TOPIC and not isinstance(found, Answer)
    return Answer((sure,), rest=(part,)) if alone else found


_OWN_TOPIC = 0.6  # content of a question that is worth to be called "not found" by itself


def _open_part(parts: Sequence[tuple[str, Decision]]) -> tuple[str, Decision]:
    return next((part, decision) for part, decision in parts if not isinstance(decision, Answer))


def _each_once(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """In this order, without the same passage of the same entry twice."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        found.setdefault((hit.entry.entry_id, hit.passage.ordinal), hit)
    return tuple(found.values())


def _grouped(query: Query, hits: Sequence[Hit]) -> list[Hit]:
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
