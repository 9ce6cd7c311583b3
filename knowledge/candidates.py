"""Recall: which entries share enough with a question to be looked at closely.

Ranking all entries by BM25 means adding up millions of postings for a question of common words.  Here, from
the rarest piece to the commonest:

1. **Finding.** The postings of a piece are added up in full while an entry that holds only the pieces still
   to come could be among the best, and while the budget lasts.
2. **Probing.** The pieces that are left are only looked up for the entries found, which are sifted after
   each piece: out goes who could not catch up even with all that is left.

Each piece's largest contribution is stored with it, so "could" is arithmetic.  Where the budget does not end it
early, the result is that of adding up everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge.bm25 import K1, saturation
from knowledge.postings import Ids, Posting, Weights, probe_list

Scores = npt.NDArray[np.float32]


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
    """How much work one recall may be; the defaults keep it to some milliseconds at a million entries."""

    sure: int = 3  # so many of the best are certain while nothing below ends the work early
    find: int = 30_000  # postings after which finding ends, whatever could still be found
    keep: int = 8_000  # entries that the first piece to be probed is looked up in, half as many for each further
    keep_at_least: int = 1_000

    @classmethod
    def unlimited(cls) -> Budget:
        """Everything is added up: what the others are measured against."""
        return cls(find=1 << 60, sure=1 << 60)


@dataclass
class Term:
    """One piece of a question as the index has it."""

    idf: float
    bound: float  # no entry gets more from this piece (idf, K1 + 1 and saturation)
    count: int
    posting: Posting | None = None
    _decoded: tuple[Ids, Weights] | None = field(default=None, repr=False)

    @classmethod
    def rare(cls, idf: float, ids: Ids, weights: Weights) -> Term:
        """A piece whose few postings are at hand."""
        return cls(idf, idf * (K1 + 1), len(ids), None, (ids, weights))

    @property
    def scale(self) -> np.float32:
        """What the saturation is multiplied by."""
        return np.float32(self.idf * (K1 + 1))

    def decode(self) -> tuple[Ids, Weights]:
        """All entries that hold this piece, and the weights."""
        if self._decoded is None:
            assert self.posting is not None
            self._decoded = self.posting.decode()
        return self._decoded

    def probe(self, ids: Ids) -> Weights:
        """The weights in these entries, 0 where it is absent."""
        if self.posting is not None and self._decoded is None and self.posting.is_dense:
            return self.posting.probe(ids)
        return probe_list(*self.decode(), ids)


class Recall:
    """Finds the best entries for one list of terms; `totals` is a buffer of zeros, one for each entry."""

    def __init__(self, norms: Scores, totals: Scores, budget: Budget) -> None:
        self._norms = norms
        self._totals = totals
        self._budget = budget

    def best(self, terms: Sequence[Term], limit: int) -> tuple[Ids, Scores]:
        """The `limit` best entries and their scores, best first, then in index order."""
        ordered = sorted((term for term in terms if term.count), key=lambda term: term.count)
        if not ordered:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        ahead = _bounds_ahead(ordered)
        ids, scores, following = self._find(ordered, ahead)
        for number in range(following, len(ordered)):
            ids, scores = self._sift(ids, scores, ahead[number], limit, number - following)
            scores += self.contributions(ordered[number], ids)
        order = np.lexsort((ids, -scores))[:limit]
        return ids[order], scores[order]

    def contributions(self, term: Term, ids: Ids) -> Scores:
        """What one term adds to each of these entries."""
        return saturation(term.probe(ids), self._norms[ids]) * term.scale

    def _find(self, terms: Sequence[Term], ahead: Sequence[float]) -> tuple[Ids, Scores, int]:
        """Entries found, ascending, their scores so far, and how many terms are in these."""
        found: list[Ids] = []
        spent, floor = 0, 0.0
        number = 0
        for number, term in enumerate(terms):
            if number and (spent + term.count > self._budget.find or ahead[number] < floor):
                break
            ids, weights = term.decode()
            np.add.at(self._totals, ids, saturation(weights, self._norms[ids]) * term.scale)
            found.append(ids)
            spent += term.count
            floor = max(floor, _best_but(self._totals[ids], self._budget.sure - 1))
        else:
            number = len(terms)
        return *self._take(found), number

    def _take(self, found: Sequence[Ids]) -> tuple[Ids, Scores]:
        """The distinct entries found and their totals; leaves the buffer zero again."""
        ids, scores = [], []
        for each in found:
            totals = self._totals[each]
            self._totals[each] = 0
            fresh = totals > 0  # those in an earlier list are zero by now
            ids.append(each[fresh])
            scores.append(totals[fresh])
        return np.concatenate(ids), np.concatenate(scores)

    def _sift(self, ids: Ids, scores: Scores, ahead: float, limit: int, done: int) -> tuple[Ids, Scores]:
        """Without those who cannot catch up with what is ahead; of the rest the best, fewer in each round."""
        best = _best_but(scores, self._budget.sure - 1)
        threshold = min(best - ahead - 1e-4 * best, _best_but(scores, limit - 1))  # sums are of 32 bits
        most = max(self._budget.keep >> done, self._budget.keep_at_least, limit)
        if len(scores) > most:
            threshold = max(threshold, _best_but(scores, most - 1))
        kept = scores >= threshold
        return ids[kept], scores[kept]


def _best_but(scores: Scores, others: int) -> float:
    """The score that exactly so many others may exceed, 0 when there are not more."""
    if len(scores) <= others:
        return 0.0
    place = len(scores) - 1 - others
    return float(np.partition(scores, place)[place])


def _bounds_ahead(terms: Sequence[Term]) -> list[float]:
    """ahead[i]: the most that the terms from i on can add."""
    ahead = [0.0]
    for term in reversed(terms):
        ahead.append(ahead[-1] + term.bound)
    return ahead[::-1]
