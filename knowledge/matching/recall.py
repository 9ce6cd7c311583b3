"""Which entries are looked at: the question's pieces and those of its alternatives, by sight and by ear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from knowledge.index.candidates import Candidate
from knowledge.matching.query import Query
from knowledge.text.grams import bigrams, syllable_bigrams
from knowledge.text.normalize import syllables_of

_ALWAYS = 10  # candidates that are looked at whatever their share
_SMALL = 100  # entries of a base in which twice as many are looked at, and none is left out
_WORTH = 0.4  # share of the first's share below which none of the benchmark's right entries lay
_FOR_STORY = 20  # pieces of the story around the question that still help to find


class Recall(Protocol):
    """What is asked of an index to find candidates."""

    @property
    def size(self) -> int: ...

    def candidates(
        self, query_bigrams: Sequence[str], query_syllables: Sequence[str] = (), limit: int = 30
    ) -> list[Candidate]: ...


def recalled(query: Query, index: Recall, limit: int) -> list[int]:
    """Rowids of the candidates, best first."""
    pieces = [piece for a, b in query.bare if query.focus[a] == 1.0 for piece in bigrams(query.text[a:b])]
    pieces += [piece for a, b in query.bare if query.focus[a] < 1.0 for piece in bigrams(query.text[a:b])][
        :_FOR_STORY
    ]
    for alternative in query.alternatives:
        pieces += [piece for word in alternative.words for piece in bigrams(word)]
    if not pieces or not query.bare:
        pieces = bigrams(query.text)
    sounds = [pair for a, b in query.bare for pair in syllable_bigrams(syllables_of(query.sound[a:b]))]
    if any(query.heard) and all(query.heard):
        pieces = []
    small = index.size <= _SMALL
    found = index.candidates(
        tuple(dict.fromkeys(pieces)), tuple(dict.fromkeys(sounds)), 2 * limit if small else limit
    )
    shares = [one.bigram_share + 0.5 * one.syllable_share for one in found]
    return [
        one.rowid
        for at, (one, share) in enumerate(zip(found, shares, strict=True))
        if small or at < _ALWAYS or share >= _WORTH * shares[0]
    ]
