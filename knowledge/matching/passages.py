"""The smallest quotable part of an entry that answers: a sentence, or a few that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from knowledge.entry import Passage
from knowledge.matching.asked import Wanted, counts, gives
from knowledge.matching.face import Face, Sentence
from knowledge.matching.query import Query
from knowledge.matching.rank import Gram, Shares, terms_held
from knowledge.matching.slate import Held, Slate
from knowledge.sources.opening import only_announces
from knowledge.text.normalize import close_up

_WHOLE = 90  # an entry of so many characters is quoted whole
_LONGEST = 220  # a quotation of several sentences
_PHRASE = 0.2  # what a piece of a question phrase counts beside content
_BY_TERM = 0.95
_BY_SOUND = 0.8
_GAIN = 0.25  # share of the best sentence's value that a neighbour must add to be taken in


@dataclass(frozen=True)
class Quotation:
    """A passage of an entry, and the same without punctuation."""

    passage: Passage
    text: str


def quotations(query: Query, grams: Sequence[Gram], faces: Sequence[Face]) -> list[Quotation]:
    """For each entry the sentence that holds most of what was asked, with neighbours that hold the rest."""
    long = [face for face in faces if len(face.entry.text) > _WHOLE and len(face.sentences) > 1]
    found = {face.entry.entry_id: quote for face, quote in zip(long, _cut(query, grams, long), strict=True)}
    return [found.get(face.entry.entry_id) or _whole(face) for face in faces]


def _whole(face: Face) -> Quotation:
    return Quotation(Passage(face.entry.text, 0), close_up(face.folded))


def _cut(query: Query, grams: Sequence[Gram], faces: Sequence[Face]) -> list[Quotation]:
    """The quotations from entries of several sentences; all sentences are compared at one go."""
    parts = [part for face in faces for part in face.sentences]
    if not parts:
        return []
    slate = Slate([part.text for part in parts])
    held = _held(query, grams, slate)
    values = held.sum(axis=1)
    likely = values + _fitting(query, parts)
    likely[[number for number, part in enumerate(parts) if only_announces(part.verbatim)]] -= _LAST
    ends = list(accumulate((len(face.sentences) for face in faces), initial=0))
    return [
        _quoted(face, held[a:b], int(likely[a:b].argmax()))
        for face, (a, b) in zip(faces, pairwise(ends), strict=True)
    ]


def _held(query: Query, grams: Sequence[Gram], slate: Slate) -> Shares:
    """What each piece of the question weighs in each sentence (sentences × pieces); phrases hardly count."""
    exact: Held = slate.counts([gram.text for gram in grams]) > 0
    share: Shares = np.where(exact, 1.0, 0.0)
    terms = terms_held(query, slate.texts)
    mistyped = [number for number, gram in enumerate(grams) if not gram.known]
    for number, gram in enumerate(grams):
        if gram.known and gram.term >= 0:
            share[~exact[:, number] & terms[:, gram.term], number] = _BY_TERM
    if mistyped:
        heard = slate.by_ear.counts([grams[number].sound for number in mistyped]) > 0
        for column, number in enumerate(mistyped):
            by_term = terms[:, grams[number].term] * _BY_TERM if grams[number].term >= 0 else 0.0
            other = np.where(heard[:, column], _BY_SOUND, by_term)
            share[:, number] = np.where(exact[:, number], 1.0, other)
    weights = np.array([gram.weight if gram.bare >= 0 else _PHRASE * gram.weight for gram in grams])
    weighted: Shares = share * weights
    return weighted


def _fitting(query: Query, parts: Sequence[Sentence]) -> Shares:
    """A sentence that gives what is asked for (a number for 多少) is preferred among equals."""
    kinds = [kind for kind in query.wanted if kind in _TELLING]
    if not kinds and not query.measures:
        return np.zeros(len(parts))
    told = [sum(gives(part.folded, kind) for kind in kinds) for part in parts]
    counted = [any(counts(part.folded, measure) for measure in query.measures) for part in parts]
    return _TELLS * (np.array(told) + 2.0 * np.array(counted))


_LAST = 100.0  # of what only announces: it is quoted where there is nothing else
_TELLS = 3.0  # as much as a rare piece of the question
_TELLING = (Wanted.NUMBER, Wanted.DATE, Wanted.PHONE, Wanted.DOCUMENT)


def _quoted(face: Face, held: Shares, best: int) -> Quotation:
    first, last = _widened(face.sentences, held, best)
    chosen = face.sentences[first : last + 1]
    verbatim = _verbatim(face.entry.text, chosen[0].verbatim, chosen[-1].verbatim)
    return Quotation(Passage(verbatim, first), "".join(part.text for part in chosen))


def _widened(parts: Sequence[Sentence], held: Shares, best: int) -> tuple[int, int]:
    """Take in neighbours while they add something that was asked and the whole stays short."""
    first = last = best
    seen = held[best] > 0
    least = _GAIN * float(held[best].sum())
    size = len(parts[best].verbatim)
    while True:
        options = [
            (gain, at)
            for at in (first - 1, last + 1)
            if 0 <= at < len(parts)
            and size + len(parts[at].verbatim) <= _LONGEST
            and (gain := float(held[at][~seen].sum())) > least
        ]
        if not options:
            return first, last
        _, at = max(options)
        first, last = min(first, at), max(last, at)
        size += len(parts[at].verbatim)
        seen |= held[at] > 0


def _verbatim(text: str, first: str, last: str) -> str:
    start = text.find(first)
    end = text.find(last, start) + len(last)
    return text[start:end]
