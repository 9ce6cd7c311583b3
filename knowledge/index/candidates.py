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
from dataclasses import dataclass
from typing import Self

import numpy as np

from knowledge.index.postings import Ids
from knowledge.index.term import Scores, Term, get_ready, work_out

_NONE: Ids = np.empty(0, np.int64)
_TOGETHER = 2_000  # postings from which a numpy call is worth its overhead
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
    all_up_to: int = 10_000  # postings that are all added up without looking for an early end
    find: int = 8_000  # postings after which finding ends, whatever could still be found
    keep: int = 1_200  # entries that the first piece to be probed is looked up in; half of that in the next
    keep_at_least: int = 300


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
        get_ready(self._terms[self._added :], self._norms)
        for number in range(self._added, len(self._terms)):
            if number > self._added:
                chosen = kept | (scores >= self._threshold(scores, number, limit))
                ids, scores, kept = ids[chosen], scores[chosen], kept[chosen]
            scores += self._terms[number].given_to(ids, self._norms)
        order = np.lexsort((ids, -scores))
        kept[order[:limit]] = True
        order = order[kept[order]]
        return ids[order], scores[order]

    def scores(self, ids: Ids) -> Scores:
        """The scores of any entries."""
        scores = self._totals[ids]
        for term in self._terms[self._added :]:
            scores += term.given_to(ids, self._norms)
        return scores

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
            if early and held >= _TOGETHER:
                self._add(waiting, early)
                waiting, held = [], 0
        if waiting:
            self._add(waiting, early)

    def _add(self, terms: Sequence[Term], with_floor: bool) -> None:
        """Add what these terms give to the totals of all entries that hold them."""
        work_out(terms, self._norms)
        given = [term.given for term in terms if term.given is not None]
        ids = np.concatenate([each for each, _ in given])
        np.add.at(self._totals, ids, np.concatenate([each for _, each in given]))
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
        if not self._ahead[number]:
            return _best_but(scores, limit * repeated - 1)
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
