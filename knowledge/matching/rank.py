"""How well each candidate fits a question: a few named numbers, and a score made of them.

Every feature is a share between 0 and 1 (or -1 and 1), self-normalised: it says which part of what was asked
is there, so that the same weights serve thirty entries and a million.  A piece of the question counts as
found when the entry holds it, or one of its alternatives (`terms.yaml`), or, a little less, the same sounds.

`meant.py` adds what the passages mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from knowledge.entry import EntryKind
from knowledge.matching.asked import about_requests, counts, papers_asked
from knowledge.matching.face import Face
from knowledge.matching.needs import lacks
from knowledge.matching.pinyin import Grams
from knowledge.matching.query import Query, Word
from knowledge.matching.slate import Held, Slate
from knowledge.text.normalize import sounding, syllables_of

_K1, _B = 1.2, 0.9
_BY_SOUND = 0.3  # what a piece counts that only sounds alike
_MISTYPED = 0.95  # the same, where nothing in the base is written so: a typing error, very likely
_WORD_BY_SOUND = 0.8  # the same for a whole word, which is less often found by chance
_IN_PART = 0.7  # what a word counts all of whose parts are there, but not in one place
_APART = 0.5  # what a pair counts whose characters stand one apart: a character was left out
_BY_TERM = 0.95  # what a piece counts that stands there in another word
Shares = npt.NDArray[np.float64]
_UNIT = re.compile(r"[a-z0-9]+|.", re.DOTALL)


class Gram(NamedTuple):
    """A bigram of the question.  `term` is the number of the alternative it belongs to, or -1."""

    text: str
    sound: str
    weight: float  # idf, less in the story around the question
    heard: bool
    bare: int  # the stretch of content it stands in, or -1
    term: int
    known: bool  # whether the base has it at all; what it does not have may be a typing error


def grams_of(query: Query, base: Grams) -> list[Gram]:
    """The bigrams of a question as `grams.bigrams` cuts them, each once, with their places kept."""
    units = [match.span() for match in _UNIT.finditer(query.text)]
    spans = [(a, b) for a, b in units if b - a > 1 or query.text[a:b].isascii()]
    spans += [(a, d) for (a, b), (_, d) in pairwise(units)]
    if not spans:
        spans = units
    spans.sort()
    idfs = base.idfs({query.text[a:b] for a, b in spans})
    unknown = base.largest_idf
    by_ear = _idfs_by_ear(query, [(a, b) for a, b in spans if idfs[query.text[a:b]] >= unknown], base)
    stretches = _covering([(a, b) for a, b in query.bare], len(query.text))
    terms = _covering([(alt.start, alt.end) for alt in query.alternatives], len(query.text))
    found: dict[str, Gram] = {}
    for a, b in spans:
        text = query.text[a:b]
        weight = min(idfs[text], by_ear.get((a, b), unknown)) * max(query.focus[a:b])
        weight *= sum(query.loudness[a:b]) / (b - a)
        before = found.get(text)
        if before is None or before.weight < weight:
            found[text] = Gram(
                text,
                query.sound[a:b],
                weight,
                True in query.heard[a:b],
                stretches[a] if stretches[a] == stretches[b - 1] else -1,
                min((term for term in terms[a:b] if term >= 0), default=-1),
                idfs[text] < unknown,
            )
    return list(found.values())


def _covering(spans: Sequence[tuple[int, int]], length: int) -> list[int]:
    """For each place the number of the first span that covers it, -1 for none."""
    covering = [-1] * length
    for number in range(len(spans) - 1, -1, -1):
        a, b = spans[number]
        covering[a:b] = [number] * (b - a)
    return covering


def _idfs_by_ear(query: Query, spans: Sequence[tuple[int, int]], base: Grams) -> dict[tuple[int, int], float]:
    """For pieces that the base does not have: how rare their sound is in it."""
    names = {}
    for a, b in spans:
        sounds = syllables_of(query.sound[a:b])
        if len(sounds) == b - a == 2:
            names[a, b] = " ".join(sounds)
    idfs = base.syllable_idfs(set(names.values())) if names else {}
    return {span: idfs[name] for span, name in names.items()}


@dataclass(frozen=True)
class Scored:
    """One candidate: its score (unbounded, higher is better), what it is made of, and how much of each word
    of the question it holds (0 to 1)."""

    score: float
    features: Mapping[str, float]
    words: tuple[float, ...]


def scored(
    query: Query, grams: Sequence[Gram], faces: Sequence[Face], weights: Mapping[str, float]
) -> list[Scored]:
    """Every candidate compared with the question, in the order given."""
    if not faces:
        return []
    slate = Slate([face.text for face in faces])
    terms = terms_held(query, slate.texts)
    words = words_held(query, slate, terms)
    for face, sound in zip(faces, slate.by_ear.texts, strict=True):
        face.heard_as(sound)
    rows = _features(query, grams, faces, slate, terms, words)
    return [
        Scored(sum(weights.get(name, 0.0) * value for name, value in row.items()), row, tuple(held))
        for row, held in zip(rows, words, strict=True)
    ]


def _features(
    query: Query,
    grams: Sequence[Gram],
    faces: Sequence[Face],
    slate: Slate,
    terms: Held,
    words: Sequence[Sequence[float]],
) -> list[dict[str, float]]:
    """The features of each candidate."""
    often, apart = slate.counts_and_apart([gram.text for gram in grams])
    found = _found(grams, slate, often > 0, apart, terms)
    weights = np.array([gram.weight for gram in grams])
    is_bare = np.array([gram.bare >= 0 for gram in grams], bool)
    norms = _K1 * (1 - _B + _B * slate.lengths / max(1.0, float(slate.lengths.mean())))
    often = np.maximum(often, 1)
    parts = weights * found * often / (often + norms[:, None])
    columns = {
        "share": shares_of(parts, weights),
        "bare_share": shares_of(parts[:, is_bare], weights[is_bare]),
        "gap": _longest_gaps(grams, found, float(weights[is_bare].sum())),
        "words": worded(query, words),
        "partial": _partials(query, slate, any(not gram.known and gram.bare >= 0 for gram in grams)),
        "measures": [_measures(query, face) for face in faces],
        "lacks": [float(bool(query.needs) and lacks(query.needs, face.folded)) for face in faces],
        "guide": [_is_unmeant_guide(query, face) for face in faces],
    }
    names = tuple(columns)
    return [dict(zip(names, map(float, row), strict=True)) for row in zip(*columns.values(), strict=True)]


def shares_of(parts: Shares, weights: Shares) -> Shares:
    """What each text holds of the whole weight (texts × pieces -> texts)."""
    total = float(weights.sum())
    share: Shares = parts.sum(axis=1) / total if total else np.zeros(len(parts))
    return share


def terms_held(query: Query, texts: Sequence[str]) -> Held:
    """Whether each text holds another word for each of the question's alternatives (texts × alternatives)."""
    held = [[any(word in text for word in alt.words) for alt in query.alternatives] for text in texts]
    return np.array(held, bool).reshape(len(texts), len(query.alternatives))


def pieces_held(grams: Sequence[Gram], slate: Slate, terms: Held) -> Shares:
    """How much of each piece each text of the slate holds: itself, another word, its sound, or with a gap."""
    often, apart = slate.counts_and_apart([gram.text for gram in grams])
    return _found(grams, slate, often > 0, apart, terms)


def _found(grams: Sequence[Gram], slate: Slate, exact: Held, apart: Held, terms: Held) -> Shares:
    """How much of each piece each candidate holds: itself, another word, its sound, or with a gap."""
    sounds = slate.by_ear.counts([gram.sound for gram in grams]) > 0
    by_ear = np.array([1.0 if gram.heard else _BY_SOUND if gram.known else _MISTYPED for gram in grams])
    found: Shares = np.where(sounds, by_ear, apart * _APART)
    for number, gram in enumerate(grams):
        if gram.term >= 0:
            found[terms[:, gram.term], number] = _BY_TERM
    found[exact] = 1.0
    return found


def _longest_gaps(grams: Sequence[Gram], found: Shares, total: float) -> Shares:
    """The heaviest run of content that a candidate does not hold, as a share of all content."""
    run, longest = np.zeros(len(found)), np.zeros(len(found))
    missing = found == 0
    stretch = -1
    for number, gram in enumerate(grams):
        if gram.bare < 0:
            continue
        if gram.bare != stretch:
            run[:] = 0
        stretch = gram.bare
        run += gram.weight
        run *= missing[:, number]
        np.maximum(longest, run, out=longest)
    return longest / total if total else longest


def words_held(query: Query, slate: Slate, terms: Held) -> list[list[float]]:
    """How much of each word of the question each text holds (texts × words).

    1 whole, less by another word, by ear, or in part.
    """
    columns = [_word_held(query, word, slate, terms) for word in query.words]
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in slate.texts]


def _word_held(query: Query, word: Word, slate: Slate, terms: Held) -> list[float]:
    text = query.text[word.start : word.end]
    held = [1.0 if text in other else 0.0 for other in slate.texts]
    if 0.0 not in held:
        return held
    others = [i for i, alt in enumerate(query.alternatives) if alt.start < word.end and word.start < alt.end]
    by_term = [True in row for row in terms[:, others].tolist()]
    sound = query.sound[word.start : word.end]
    by_ear = 1.0 if any(query.heard[word.start : word.end]) else _WORD_BY_SOUND
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    heard = slate.by_ear.texts
    for number, value in enumerate(held):
        if value:
            continue
        if by_term[number]:
            held[number] = _BY_TERM
        elif pairs and sound in heard[number]:
            held[number] = by_ear
        elif len(pairs) > 1:
            there = slate.texts[number]
            held[number] = _IN_PART * len([pair for pair in pairs if pair in there]) / len(pairs)
    return held


def words_shares(query: Query, texts: Sequence[str]) -> list[float]:
    """For each squeezed text the share of the content words asked that it holds, in whatever spelling."""
    return worded(query, words_held(query, Slate(texts), terms_held(query, texts)))


def worded(query: Query, words: Sequence[Sequence[float]]) -> list[float]:
    """The share of the content words asked, rare ones counting more."""
    weights = [0.3 + word.rarity if query.focus[word.start] == 1.0 else 0.0 for word in query.words]
    total = sum(weights)
    return [sum(map(float.__mul__, weights, held)) / total if total else 0.0 for held in words]


def _partials(query: Query, slate: Slate, mistyped: bool) -> list[float]:
    """How well the asked part fits in one place; by ear too where it was typed so, or mistyped."""
    by_eye = [_partial(query.core, text) for text in slate.texts]
    if not (query.by_ear or mistyped):
        return by_eye
    return [
        max(eye, _partial(query.core_sound, text))
        for eye, text in zip(by_eye, slate.by_ear.texts, strict=True)
    ]


def _partial(core: str, text: str) -> float:
    return fuzz.partial_ratio(core, text) / 100 if core and text else 0.0


def closer_features(query: Query, face: Face) -> dict[str, float]:
    """What only the confidence rests on: computed for the few that lead."""
    return {
        "threes": _threes(query, face),
        "places": _places(query, face),
        "numbers": _numbers(query, face),
    }


def _threes(query: Query, face: Face) -> float:
    """The share of the runs of three characters that the entry holds: order kept, not only words."""
    found = 0.0
    for text, sound, by_ear in query.threes:
        if text in face.text:
            found += 1
        elif sound in face.sound:
            found += by_ear
    return found / len(query.threes) if query.threes else 0.0


def _places(query: Query, face: Face) -> float:
    """1 when the last place named is there, -1 when it is not, 0 when none is named."""
    if not query.places:
        return 0.0
    place = query.places[-1]
    there = (
        place in face.text or (len(place) > 2 and place[:-1] in face.text) or sounding(place) in face.sound
    )
    return 1.0 if there else -1.0


def _numbers(query: Query, face: Face) -> float:
    """The share of numbers that are there as such (8 is not in 18), from -1 to 1; 0 without numbers."""
    if not query.numbers:
        return 0.0
    there = sum(_stands_alone(number, face.text) for number in query.numbers)
    return 2 * there / len(query.numbers) - 1


def _stands_alone(number: str, text: str) -> bool:
    """Whether a number is there with no digit on either side."""
    at = text.find(number)
    while at >= 0:
        end = at + len(number)
        if not text[end : end + 1].isdigit() and not text[max(0, at - 1) : at].isdigit():
            return True
        at = text.find(number, at + 1)
    return False


def _measures(query: Query, face: Face) -> float:
    """1 when what is counted in the question (多少条) is counted there (70余条), -1 when not, 0 without."""
    if not query.measures:
        return 0.0
    return 1.0 if any(counts(face.text, measure) for measure in query.measures) else -1.0


def _is_unmeant_guide(query: Query, face: Face) -> float:
    """1 for a guide entry when the question says nothing of requests, or wants a certificate."""
    is_meant = about_requests(query.text) and papers_asked(query.text) is None
    return float(face.entry.kind is EntryKind.GUIDE and not is_meant)
