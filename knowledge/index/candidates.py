"""Recall: which entries share enough with a question to be looked at closely.

Ranking all entries by BM25 means adding up millions of postings for a question of common words.  Here

1. the rarest pieces **find**: their postings are read from FTS5 and added up, while the budget lasts;
2. the best of what was found are **scored**: the common pieces are counted in their own texts.

Where the budget is enough for all pieces (it is in a base of some thousand entries), the first step has
added up everything, and the second is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from knowledge.index import bm25
from knowledge.index.file import IndexFile
from knowledge.index.pieces import needle, weights

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Read = Callable[[Sequence[str]], Sequence[str]]
_NONE: Ids = np.empty(0, np.int64)

_MANY = 100_000  # entries
MOST_PIECES = 256  # distinct pieces of a question that are ranked by: the most telling ones


@dataclass(frozen=True)
class Candidate:
    """One entry that may answer, with its BM25 in both fields.

    `rowid` names the entry inside one index (`Index.by_rowids`).  The scores are sums over the question's
    pieces; the shares are the same divided by the idf sum of *all* pieces of the question, where a piece
    that occurs nowhere counts with the largest idf: "how much of what was asked is here" (0 to about 2).
    The syllable values are 0 where sound was not looked at: in a large index when the characters do.
    """

    rowid: int
    bigram_score: float
    syllable_score: float
    bigram_share: float
    syllable_share: float


@dataclass(frozen=True)
class Budget:
    """How much work one recall may be."""

    find: int = 5_000  # postings after which finding ends; the rarest piece always finds
    keep: int = 300  # entries, the best of those found, that are scored by all pieces

    @classmethod
    def of(cls, size: int) -> Budget:
        """Enough for so many entries; among a million the usual one loses 12 first hits of 210, this none."""
        return cls() if size <= _MANY else cls(find=20_000, keep=600)


class Recall:
    """The entries that hold some pieces of a question, by sight or by ear, and what they score."""

    def __init__(self, file: IndexFile, pieces: Iterable[str | None], budget: Budget, read: Read) -> None:
        """`pieces` are distinct; None is one that can occur nowhere.  In what `read` makes of texts they are
        counted."""
        asked = list(pieces)
        counts = frequencies(file, (piece for piece in asked if piece))
        self._file = file
        self._budget = budget
        self._read = read
        self._idfs = {piece: bm25.idf(file.size, count) for piece, count in counts.items()}
        absent = len(asked) - len(counts)
        self.idf_sum = (sum(self._idfs.values()) + absent * bm25.idf(file.size, 0)) or 1.0
        rarest = sorted(counts, key=lambda piece: (counts[piece], piece))[:MOST_PIECES]
        spent = accumulate(counts[piece] for piece in rarest)
        finding = max(1, sum(postings <= budget.find for postings in spent))
        self._common = rarest[finding:]
        self._ids, self._found = self._find(rarest[:finding])

    def _find(self, pieces: Sequence[str]) -> tuple[Ids, Scores]:
        """All entries that hold any of these pieces, ascending, and what these alone score."""
        size = max(self._file.size, 1)
        # Entry + size · place of the piece, as often as it counts there.
        numbers = [at * size + self._occurrences(piece) for at, piece in enumerate(pieces)]
        held, counts = np.unique(np.concatenate((_NONE, *numbers)), return_counts=True)
        ids, places = np.unique(held % size, return_inverse=True)
        given = self._given(pieces, held // size, counts, held % size)
        return ids, np.bincount(places, given, len(ids)).astype(np.float64)

    def _occurrences(self, piece: str) -> Ids:
        sql = "select group_concat(doc) from occurrences where term = ?"
        return np.fromstring(self._file.query(sql, (piece,))[0][0], np.int64, sep=",")

    def _given(self, pieces: Sequence[str], which: Ids, weights: Ids, ids: Ids) -> Scores:
        """What the pieces of these places give to entries in which they have these weights."""
        scales = np.array([self._idfs[piece] * (bm25.K1 + 1) for piece in pieces])
        given: Scores = scales[which] * bm25.saturation(weights, self._file.norms[ids])
        return given

    def best(self, limit: int) -> Ids:
        """The entries that score most, ascending; of equal ones the first."""
        if not self._common:
            return _best(self._ids, self._found, limit)
        kept = _best(self._ids, self._found, max(limit, self._budget.keep))
        return _best(kept, self.scores(kept), limit)

    def scores(self, ids: Ids) -> Scores:
        """What these ascending entries score; 0 for one that holds nothing."""
        scores = np.zeros(len(ids))
        if len(self._ids):
            at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
            scores += self._found[at] * (self._ids[at] == ids)
        return scores + self._in_texts(ids) if self._common and len(ids) else scores

    def _in_texts(self, ids: Ids) -> Scores:
        """What the common pieces give to these entries, counted in their texts."""
        needles = [needle(piece) for piece in self._common]
        sql = "select entry, text from texts where entry in (select value from json_each(?))"
        texts = dict(self._file.query_among(sql, ids.tolist()))
        read = self._read([texts[number] for number in ids.tolist()])
        counts = np.array([weights(text, needles) for text in read])
        which, entries = np.meshgrid(np.arange(len(needles)), ids)
        given: Scores = self._given(self._common, which, counts, entries).sum(axis=1)
        return given


def frequencies(file: IndexFile, pieces: Iterable[str]) -> dict[str, int]:
    """In how many entries each piece is; those that are nowhere are left out."""
    sql = "select piece, entries from frequencies where piece in (select value from json_each(?))"
    return dict(file.query_among(sql, pieces))


def _best(ids: Ids, scores: Scores, limit: int) -> Ids:
    return np.sort(ids[np.argsort(-scores, kind="stable")[:limit]])
