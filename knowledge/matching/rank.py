"""How well each candidate fits a question: a few named numbers, and a score made of them.

Every feature is a share between 0 and 1 (or -1 and 1), self-normalised: it says which part of what was asked
is there, so that the same weights serve thirty entries and a million.  A piece of the question counts as
found when the entry holds it, or one of its alternatives (`terms.yaml`), or, a little less, the same sounds.

A further scorer (a dense one, for instance) would be one more feature in `features_of`; measured, it adds
less than one point to these, so there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from knowledge.entry import EntryKind
from knowledge.matching.asked import about_requests, counts, needs_more
from knowledge.matching.face import Comparable, Face, Piece
from knowledge.matching.pinyin import Grams
from knowledge.matching.query import Query, Word
from knowledge.text.normalize import sounding, squeeze, syllables_of

_K1, _B = 1.2, 0.9
_BY_SOUND = 0.3  # what a piece counts that only sounds alike
_MISTYPED = 0.95  # the same, where nothing in the base is written so: a typing error, very likely
_APART = 0.5  # what a pair counts whose characters stand one apart: a character was left out
_BY_TERM = 0.95  # what a piece counts that stands there in another word
_UNIT = re.compile(r"[a-z0-9]+|.", re.DOTALL)


@dataclass(frozen=True)
class Gram:
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
                any(query.heard[a:b]),
                next((i for i, (c, d) in enumerate(query.bare) if c <= a and b <= d), -1),
                next((i for i, alt in enumerate(query.alternatives) if a < alt.end and alt.start < b), -1),
                idfs[text] < unknown,
            )
    return list(found.values())


def _idfs_by_ear(query: Query, spans: Sequence[tuple[int, int]], base: Grams) -> dict[tuple[int, int], float]:
    """For pieces that the base does not have: how rare their sound is in it."""
    names = {}
    for a, b in spans:
        sounds = syllables_of(query.sound[a:b])
        if len(sounds) == b - a == 2:
            names[a, b] = " ".join(sounds)
    idfs = base.syllable_idfs(set(names.values())) if names else {}
    return {span: idfs[name] for span, name in names.items()}


def scored(
    query: Query, grams: Sequence[Gram], faces: Sequence[Face], weights: Mapping[str, float]
) -> list[tuple[float, dict[str, float]]]:
    """(score, features) of each face, in the order given."""
    average = sum(len(face.text) for face in faces) / max(1, len(faces))
    found = [features_of(query, grams, face, average) for face in faces]
    return [(sum(weights.get(name, 0.0) * value for name, value in row.items()), row) for row in found]


def features_of(query: Query, grams: Sequence[Gram], face: Face, average: float) -> dict[str, float]:
    """All features of one candidate; `average` is the usual length of a candidate's text."""
    terms = tuple(any(word in face.text for word in alt.words) for alt in query.alternatives)
    found = [_found(gram, face, terms) for gram in grams]
    norm = _K1 * (1 - _B + _B * len(face.text) / average)
    share = bare = total = bare_total = 0.0
    for gram, value in zip(grams, found, strict=True):
        often = max(face.text.count(gram.text), 1) if value else 0
        part = gram.weight * value * often / (often + norm)
        share += part
        total += gram.weight
        if gram.bare >= 0:
            bare += part
            bare_total += gram.weight
    return {
        "share": share / total if total else 0.0,
        "bare_share": bare / bare_total if bare_total else 0.0,
        "gap": _longest_gap(grams, found, bare_total),
        "words": _words_found(query, face, terms),
        "partial": max(
            _partial(query.core, face.text),
            _partial(query.core_sound, face.sound) if query.by_ear or _mistyped(grams) else 0.0,
        ),
        "measures": _measures(query, face),
        "lacks": float(needs_more(query.asked, face.folded)),
        "guide": _is_unmeant_guide(query, face),
    }


def closer_features(query: Query, face: Face) -> dict[str, float]:
    """What only the confidence rests on: computed for the few that lead."""
    return {
        "threes": _threes(query, face),
        "places": _places(query, face),
        "numbers": _numbers(query, face),
    }


def _mistyped(grams: Sequence[Gram]) -> bool:
    """Whether something asked stands nowhere in the base as it is written."""
    return any(not gram.known and gram.bare >= 0 for gram in grams)


def _found(gram: Gram, face: Face, terms: Sequence[bool]) -> float:
    if gram.text in face.text:
        return 1.0
    if gram.term >= 0 and terms[gram.term]:
        return _BY_TERM
    if gram.sound in face.sound:
        return 1.0 if gram.heard else _MISTYPED if not gram.known else _BY_SOUND
    if len(gram.text) == 2 and gram.text in face.skips:
        return _APART
    return 0.0


def _longest_gap(grams: Sequence[Gram], found: Sequence[float], total: float) -> float:
    """The heaviest run of content that the entry does not hold, as a share of all content."""
    run = longest = 0.0
    stretch = -1
    for gram, value in zip(grams, found, strict=True):
        if gram.bare < 0:
            continue
        run = 0.0 if value or gram.bare != stretch else run
        stretch = gram.bare
        if not value:
            run += gram.weight
            longest = max(longest, run)
    return longest / total if total else 0.0


def words_in(query: Query, text: str) -> float:
    """The share of the content words asked that a piece of text holds, in whatever spelling."""
    plain = squeeze(text)
    piece = Piece(plain, sounding(plain))
    terms = tuple(any(word in plain for word in alt.words) for alt in query.alternatives)
    return _words_found(query, piece, terms)


def _words_found(query: Query, face: Comparable, terms: Sequence[bool]) -> float:
    """The share of the content words asked, rare ones counting more; of a long word a part counts."""
    found = total = 0.0
    for word in query.words:
        if query.focus[word.start] == 1.0:
            total += 0.3 + word.rarity
            found += (0.3 + word.rarity) * word_found(query, word, face, terms)
    return found / total if total else 0.0


def word_found(query: Query, word: Word, face: Comparable, terms: Sequence[bool]) -> float:
    """How much of a word is there: 1 whole, less by another word, by ear, or in part."""
    text = query.text[word.start : word.end]
    if text in face.text:
        return 1.0
    if any(
        t and a.start < word.end and word.start < a.end
        for t, a in zip(terms, query.alternatives, strict=True)
    ):
        return _BY_TERM
    if len(text) > 1 and query.sound[word.start : word.end] in face.sound:
        return 1.0 if any(query.heard[word.start : word.end]) else 0.8
    if len(text) > 2:
        return 0.7 * sum(text[i : i + 2] in face.text for i in range(len(text) - 1)) / (len(text) - 1)
    return 0.0


def _partial(core: str, text: str) -> float:
    return fuzz.partial_ratio(core, text) / 100 if core and text else 0.0


def _threes(query: Query, face: Face) -> float:
    """The share of the runs of three characters that the entry holds: order kept, not only words."""
    found = count = 0.0
    for start, end in query.bare:
        for i in range(start, end - 2):
            count += 1
            if query.text[i : i + 3] in face.text:
                found += 1
            elif query.sound[i : i + 3] in face.sound:
                found += 1.0 if query.heard[i] else 0.8
    return found / count if count else 0.0


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
    there = [re.search(rf"(?<!\d){re.escape(n)}(?!\d)", face.text) is not None for n in query.numbers]
    return 2 * sum(there) / len(there) - 1


def _measures(query: Query, face: Face) -> float:
    """1 when what is counted in the question (多少条) is counted there (70余条), -1 when not, 0 without."""
    if not query.measures:
        return 0.0
    return 1.0 if any(counts(face.text, measure) for measure in query.measures) else -1.0


def _is_unmeant_guide(query: Query, face: Face) -> float:
    """1 for a guide entry when the question says nothing of requests."""
    return float(face.entry.kind is EntryKind.GUIDE and not about_requests(query.text))
