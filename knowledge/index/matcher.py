"""From the pieces of a question to candidates: recall in both fields, and the scores in both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.index import bm25
from knowledge.index.candidates import Budget, Candidate, Recall
from knowledge.index.lexicon import Lexicon
from knowledge.index.postings import Ids
from knowledge.index.readers import Reader, Readers
from knowledge.index.term import Scores, Term
from knowledge.text.grams import bigram_key, syllable_key

SOUND_WEIGHT = 0.5  # of the syllable share beside the bigram share when candidates are ordered
# Syllables are fewer than characters and their postings longer; sound is what is left when characters fail.
SOUND_BUDGET = Budget(find=5_000, keep=900, keep_at_least=250)
SMALL = 20_000  # entries up to which sound is always searched, too
SATISFIED = 0.6  # bigram share of the best candidate from which it is not, in a larger index
MOST_PIECES = 256  # distinct pieces of a question that are ranked by: the most telling ones


@dataclass(frozen=True)
class _Field:
    """The question in one field: its terms, and the idf sum of all its pieces."""

    terms: Sequence[Term]
    idf_sum: float


class Matcher:
    """Recall over the postings of one index."""

    def __init__(self, readers: Readers, budget: Budget | None) -> None:
        self._readers = readers
        self._budget = budget or Budget()
        self._sound_budget = budget or SOUND_BUDGET
        self._lexicon = Lexicon(readers.size)
        sounds = readers.facts["syllables"].decode().split()
        self._sounds = {sound: number for number, sound in enumerate(sounds, 1)}

    @property
    def largest_idf(self) -> float:
        """The idf of a piece that occurs nowhere."""
        return bm25.idf(self._readers.size, 0)

    def idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf by bigram."""
        return self._idfs({piece: bigram_key(piece) for piece in pieces})

    def syllable_idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf by syllable bigram."""
        return self._idfs({piece: syllable_key(piece, self._sounds) for piece in pieces})

    def _idfs(self, keys: dict[str, int | None]) -> dict[str, float]:
        with self._readers.lent() as reader:
            terms = self._lexicon.terms(reader.connection, {key for key in keys.values() if key is not None})
        return {piece: terms[key].idf if key in terms else self.largest_idf for piece, key in keys.items()}

    def candidates(
        self, query_bigrams: Sequence[str], query_syllables: Sequence[str], limit: int
    ) -> list[Candidate]:
        """See `Index.candidates`."""
        keys = [bigram_key(piece) for piece in dict.fromkeys(query_bigrams)]
        with self._readers.lent() as reader:
            seen = self._field(reader, keys)
            with Recall(seen.terms, self._readers.norms, reader.totals, self._budget) as by_sight:
                ids, scores = by_sight.best(limit)
                best = float(scores[0]) / seen.idf_sum if len(scores) else 0.0
                if not query_syllables or (self._readers.size > SMALL and best >= SATISFIED):
                    return _candidates(ids, scores, np.zeros_like(scores), seen, _Field((), 1.0))
                return self._with_sound(reader, by_sight, ids, seen, query_syllables, limit)

    def _with_sound(
        self,
        reader: Reader,
        by_sight: Recall,
        ids: Ids,
        seen: _Field,
        query_syllables: Sequence[str],
        limit: int,
    ) -> list[Candidate]:
        """The candidates of both fields, with their scores in both."""
        heard = self._field(
            reader, [syllable_key(piece, self._sounds) for piece in dict.fromkeys(query_syllables)]
        )
        norms, buffer = self._readers.norms, reader.sound_totals
        with Recall(heard.terms, norms, buffer, self._sound_budget) as by_sound:
            ids, sounds = by_sound.best(limit, ids)
            found = _candidates(ids, by_sight.scores(ids), sounds, seen, heard)
        found.sort(key=lambda each: (-each.bigram_share - SOUND_WEIGHT * each.syllable_share, each.rowid))
        return found[:limit]

    def _field(self, reader: Reader, keys: Sequence[int | None]) -> _Field:
        """Look up the pieces of one field."""
        known = self._lexicon.terms(reader.connection, [key for key in keys if key is not None])
        terms = list(known.values())
        absent = len(keys) - len(terms)
        idf_sum = sum(term.idf for term in terms) + absent * self.largest_idf
        if len(terms) > MOST_PIECES:
            terms = sorted(terms, key=lambda term: term.count)[:MOST_PIECES]
        return _Field(terms, idf_sum or 1.0)


def _candidates(ids: Ids, sight: Scores, sound: Scores, seen: _Field, heard: _Field) -> list[Candidate]:
    return [
        Candidate(rowid, seen_score, heard_score, seen_score / seen.idf_sum, heard_score / heard.idf_sum)
        for rowid, seen_score, heard_score in zip(ids.tolist(), sight.tolist(), sound.tolist(), strict=True)
    ]
