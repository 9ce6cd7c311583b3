"""The smallest quotable part of an entry that answers: a sentence, or a few that belong together."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entry import Passage
from knowledge.matching.asked import Wanted, counts, gives
from knowledge.matching.face import Face, Sentence
from knowledge.matching.query import Query
from knowledge.matching.rank import Gram

_WHOLE = 90  # an entry of so many characters is quoted whole
_LONGEST = 220  # a quotation of several sentences


def best_passage(query: Query, grams: Sequence[Gram], face: Face) -> Passage:
    """The sentence that holds most of what was asked, with neighbours that hold the rest of it."""
    entry = face.entry
    if len(entry.text) <= _WHOLE or len(face.sentences) <= 1:
        return Passage(entry.text, 0)
    parts = face.sentences
    holds = [_held(query, grams, part) for part in parts]
    best = max(range(len(parts)), key=lambda i: (_value(holds[i]) + _fits(query, parts[i]), -i))
    first, last = _widened(parts, holds, best)
    return Passage(_verbatim(entry.text, parts[first].verbatim, parts[last].verbatim), first)


def _held(query: Query, grams: Sequence[Gram], part: Sentence) -> dict[str, float]:
    """The pieces of the question in a sentence, with their weights; content counts, phrases hardly."""
    held = {}
    for gram in grams:
        weight = gram.weight if gram.bare >= 0 else 0.2 * gram.weight
        if gram.text in part.text:
            held[gram.text] = weight
        elif not gram.known and gram.sound in part.sound:
            held[gram.text] = 0.8 * weight
        elif gram.term >= 0 and any(word in part.text for word in query.alternatives[gram.term].words):
            held[gram.text] = 0.95 * weight
    return held


def _value(held: dict[str, float]) -> float:
    return sum(held.values())


def _fits(query: Query, part: Sentence) -> float:
    """A sentence that gives what is asked for (a number for 多少) is preferred among equals."""
    counted = any(counts(part.folded, measure) for measure in query.measures)
    told = sum(gives(part.folded, kind) for kind in query.wanted if kind in _TELLING)
    return _TELLS * (told + 2 * counted)


_TELLS = 3.0  # as much as a rare piece of the question
_TELLING = (Wanted.NUMBER, Wanted.DATE, Wanted.PHONE, Wanted.DOCUMENT)


def _widened(parts: Sequence[Sentence], holds: Sequence[dict[str, float]], best: int) -> tuple[int, int]:
    """Take in neighbours while they add something that was asked and the whole stays short."""
    first = last = best
    seen = set(holds[best])
    while True:
        options = []
        for at in (first - 1, last + 1):
            if 0 <= at < len(parts):
                gain = sum(weight for gram, weight in holds[at].items() if gram not in seen)
                size = sum(len(part.verbatim) for part in parts[min(first, at) : max(last, at) + 1])
                if gain > 0.25 * _value(holds[best]) and size <= _LONGEST:
                    options.append((gain, at))
        if not options:
            return first, last
        _, at = max(options)
        first, last = min(first, at), max(last, at)
        seen |= set(holds[at])


def _verbatim(text: str, first: str, last: str) -> str:
    start = text.find(first)
    end = text.find(last, start) + len(last)
    return text[start:end]
