"""From the pieces of a question to candidates: recall by sight and by ear, and the scores of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from knowledge.index import bm25
from knowledge.index.candidates import Budget, Candidate, Ids, Recall, frequencies
from knowledge.index.file import IndexFile
from knowledge.index.pieces import by_ear, heard_all

SOUND_WEIGHT = 0.5  # of the syllable share beside the bigram share when candidates are ordered
SMALL = 20_000  # entries up to which sound is always searched, too
SATISFIED = 0.6  # bigram share of the best candidate from which it is not, in a larger index


class Matcher:
    """Recall from one index."""

    def __init__(self, file: IndexFile, budget: Budget | None) -> None:
        self._file = file
        self._budget = budget or Budget.of(file.size)

    @property
    def largest_idf(self) -> float:
        """The idf of a piece that occurs nowhere."""
        return bm25.idf(self._file.size, 0)

    def idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf by bigram."""
        return self._idfs({piece: piece for piece in pieces})

    def syllable_idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf by syllable bigram."""
        return self._idfs({piece: by_ear(piece) for piece in pieces})

    def _idfs(self, pieces: Mapping[str, str | None]) -> dict[str, float]:
        counts = frequencies(self._file, filter(None, pieces.values()))
        return {
            asked: bm25.idf(self._file.size, counts.get(piece, 0) if piece else 0)
            for asked, piece in pieces.items()
        }

    def candidates(
        self, query_bigrams: Sequence[str], query_syllables: Sequence[str], limit: int
    ) -> list[Candidate]:
        """See `Index.candidates`."""
        seen = Recall(self._file, dict.fromkeys(query_bigrams), self._budget, list)
        ids = seen.best(limit)
        share = seen.scores(ids).max(initial=0.0) / seen.idf_sum
        if self._file.size > SMALL and share >= SATISFIED:
            query_syllables = ()
        sounds = dict.fromkeys(map(by_ear, dict.fromkeys(query_syllables)))
        heard = Recall(self._file, sounds, self._budget, heard_all)
        return _ordered(np.union1d(ids, heard.best(limit)), seen, heard)[:limit]


def _ordered(ids: Ids, seen: Recall, heard: Recall) -> list[Candidate]:
    rows = zip(ids.tolist(), seen.scores(ids).tolist(), heard.scores(ids).tolist(), strict=True)
    found = [
        Candidate(rowid, sight, sound, sight / seen.idf_sum, sound / heard.idf_sum)
        for rowid, sight, sound in rows
    ]
    found.sort(key=lambda each: (-each.bigram_share - SOUND_WEIGHT * each.syllable_share, each.rowid))
    return found
