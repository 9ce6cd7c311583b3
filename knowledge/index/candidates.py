"""Recall: which entries share enough with a question to be looked at closely.

Ranking all entries by BM25 means adding up millions of postings for a question of common words.  Here, from
the rarest piece to the commonest:

1. **Finding.** The postings of a piece are added up in full while an entry that holds only the pieces still
   to come could be among the best, and while the budget lasts.
2. **Probing.** The pieces that are left are only looked up for the entries found, which are sifted after
   each piece: out goes who could not catch up even with all that is left.

Each piece's largest contribution is stored with it, so "could" is arithmetic.  Where the budget does not end
it early, the best entry is the one that adding up everything would find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from knowledge.index.bm25 import K1, saturation
from knowledge.index.postings import Ids, Posting, Weights, decode_together, probe_list

Scores = npt.NDArray[np.float32]

_NONE: Ids = np.empty(0, np.int64)
_TOGETHER = 2_000  # postings from which a numpy call is worth its overhead
DECODED_IS_KEPT = 8_192  # entries up to which a term is kept decoded from question to question
_FEW = 200  # entries that are carried along rather than sifted


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

    sure: int = 1  # so many of the best are certain while nothing below ends the work early
    all_up_to: int = 20_000  # postings that are all added up without looking for an early end
    find: int = 12_000  # postings after which finding ends, whatever could still be found
    keep: int = 2_000  # entries that the first piece to be probed is looked up in; half of that in the next
    keep_at_least: int = 300

    @classmethod
    def unlimited(cls) -> Budget:
        """Everything is added up: what the others are measured against."""
        return cls(all_up_to=1 << 60)


@dataclass
class Term:
    """One piece as an index has it."""

    idf: float
    bound: float  # no entry gets more from this piece (idf, K1 + 1 and saturation)
    count: int
    posting: Posting | None = None
    _decoded: tuple[Ids, Weights] | None = field(default=None, repr=False)

    @classmethod
    def rare(cls, idf: float, ids: Ids, weights: Weights) -> Term:
        """A piece whose few postings are at hand."""
        return cls(idf, idf * (K1 + 1), len(ids), None, (ids, weights))

    def fresh(self) -> Term:
        """The same, without what was decoded."""
        return Term(self.idf, self.bound, self.count, self.posting)

    @property
    def scale(self) -> np.float32:
        """What the saturation is multiplied by."""
        return np.float32(self.idf * (K1 + 1))

    def decode(self) -> tuple[Ids, Weights]:
        """All entries that hold this piece, and the weights."""
        if self._decoded is None:
            decode_terms([self])
        assert self._decoded is not None
        return self._decoded

    def keep_decoded(self, ids: Ids, weights: Weights) -> None:
        """Take in what was decoded together with others; copied, lest it keep all of theirs in memory."""
        self._decoded = (ids.copy(), weights) if len(ids) <= DECODED_IS_KEPT else (ids, weights)

    @property
    def is_dense(self) -> bool:
        """Whether single entries can be looked up without decoding."""
        return self.posting is not None and self.posting.is_dense

    @property
    def is_decoded(self) -> bool:
        """Whether decoding costs nothing any more."""
        return self._decoded is not None

    def probe(self, ids: Ids) -> Weights:
        """The weights in these entries, 0 where it is absent."""
        if self.posting is not None and self._decoded is None and self.is_dense:
            return self.posting.probe(ids)
        return probe_list(*self.decode(), ids)


def decode_terms(terms: Sequence[Term]) -> None:
    """Decode those that are not yet, all together."""
    waiting = [(term, term.posting) for term in terms if term.posting is not None and not term.is_decoded]
    decoded = decode_together([posting for _, posting in waiting])
    for (term, _), (ids, weights) in zip(waiting, decoded, strict=True):
        term.keep_decoded(ids, weights)


class Recall:
    """Finds the best entries for some terms; a context manager, because it borrows a buffer.

    `totals` holds a zero for each entry, and does again when the `with` block ends.
    """

    def __init__(self, terms: Sequence[Term], norms: Scores, totals: Scores, budget: Budget) -> None:
        self._terms = sorted((term for term in terms if term.count), key=lambda term: term.count)
        self._ahead = _bounds_ahead(self._terms)
        self._norms = norms
        self._totals = totals
        self._budget = budget
        self._found: list[Ids] = []
        self._added = 0  # terms, from the rarest on, that are in the totals in full
        self._floor = 0.0  # a score that the `sure` best entries certainly reach

    def __enter__(self) -> Self:
        self._find()
        return self

    def __exit__(self, *_: object) -> None:
        for ids in self._found:
            self._totals[ids] = 0

    def best(self, limit: int, others: Ids = _NONE) -> tuple[Ids, Scores]:
        """The `limit` best entries and `others` with their scores; best first, then in index order."""
        ids = self._promising(limit)
        if len(others):
            ids = _distinct(np.concatenate((ids, others)))
        kept = np.zeros(len(ids), bool)
        kept[np.searchsorted(ids, others)] = True
        scores = self._totals[ids]
        decode_terms([term for term in self._terms[self._added :] if not term.is_dense])
        for number in range(self._added, len(self._terms)):
            if number > self._added:
                chosen = kept | (scores >= self._threshold(scores, number, limit))
                ids, scores, kept = ids[chosen], scores[chosen], kept[chosen]
            scores += self._contributions(self._terms[number], ids)
        order = np.lexsort((ids, -scores))
        kept[order[:limit]] = True
        order = order[kept[order]]
        return ids[order], scores[order]

    def scores(self, ids: Ids) -> Scores:
        """The scores of any entries."""
        scores = self._totals[ids]
        for term in self._terms[self._added :]:
            scores += self._contributions(term, ids)
        return scores

    def _contributions(self, term: Term, ids: Ids) -> Scores:
        return saturation(term.probe(ids), self._norms[ids]) * term.scale

    def _find(self) -> None:
        """Add up terms from the rarest on, several small ones in one go."""
        waiting: list[Term] = []
        spent = held = 0
        early = sum(term.count for term in self._terms) > self._budget.all_up_to
        for number, term in enumerate(self._terms):
            enough = spent + term.count > self._budget.find or self._ahead[number] < self._floor
            if number and early and enough:
                break
            waiting.append(term)
            spent += term.count
            held += term.count
            if held >= _TOGETHER:
                self._add(waiting, early)
                waiting, held = [], 0
        if waiting:
            self._add(waiting, early)

    def _add(self, terms: Sequence[Term], with_floor: bool) -> None:
        """Add what these terms give to the totals of all entries that hold them."""
        decode_terms(terms)
        decoded = [term.decode() for term in terms]
        ids = np.concatenate([each for each, _ in decoded])
        weights = np.concatenate([each for _, each in decoded])
        scales = np.repeat([term.scale for term in terms], [len(each) for each, _ in decoded])
        np.add.at(self._totals, ids, saturation(weights, self._norms[ids]) * scales)
        self._found.append(ids)
        self._added += len(terms)
        if with_floor:
            # An entry is listed at most once for each term, so that many places hold at least `sure` entries.
            floor = _best_but(self._totals[ids], self._budget.sure * len(terms) - 1)
            self._floor = max(self._floor, floor)

    def _promising(self, limit: int) -> Ids:
        """The distinct entries found that may yet be among the best."""
        if not self._found:
            return _NONE
        ids = np.concatenate(self._found)
        totals = self._totals[ids]
        chosen = _distinct(ids[totals >= self._threshold(totals, self._added, limit, self._added)])
        return self._first(chosen, max(self._budget.keep, limit))

    def _first(self, ids: Ids, most: int) -> Ids:
        """The best so many of these ascending entries; of equal ones the first."""
        if len(ids) <= most:
            return ids
        totals = self._totals[ids]
        last = _best_but(totals, most - 1)
        better = ids[totals > last]
        return np.sort(np.concatenate((better, ids[totals == last][: most - len(better)])))

    def _threshold(self, scores: Scores, number: int, limit: int, repeated: int = 1) -> float:
        """The score below which an entry is given up before the terms from `number` on are looked at.

        It cannot catch up, or too many are better; the best `limit` are never given up.  An entry may be
        listed up to `repeated` times in `scores`.
        """
        if len(scores) <= max(limit, _FEW):
            return 0.0
        best = _best_but(scores, self._budget.sure * repeated - 1)
        reachable = best - self._ahead[number] - 1e-4 * best  # sums are of 32 bits
        threshold = min(reachable, _best_but(scores, limit * repeated - 1))
        most = max(self._budget.keep >> (number - self._added), self._budget.keep_at_least, limit)
        return max(threshold, _best_but(scores, most * repeated - 1))


def _distinct(ids: Ids) -> Ids:
    """These entries in ascending order, each once; several times as fast here as numpy's own function."""
    ordered: Ids = np.sort(ids)
    distinct: Ids = ordered[np.append(True, ordered[1:] != ordered[:-1])]
    return distinct


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
