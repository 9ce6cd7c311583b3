"""A piece of the question as an index has it: which entries hold it, and what it gives to each of them.

What a term gives is BM25's summand: idf · (K1 + 1) · w / (w + norm of the entry).  It depends on nothing but
the index, so that it is worked out once, for all terms of a question together, and kept with the short ones.
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

GIVEN_IS_KEPT = 8_192  # entries up to which what a term gives is kept from question to question


@dataclass(slots=True)
class Term:
    """One piece; `posting` is how it is stored, `held` its entries and weights where they are at hand."""

    idf: float
    bound: float  # no entry gets more from this piece
    count: int
    posting: Posting | None = None
    held: tuple[Ids, Weights] | None = field(default=None, repr=False)
    given: tuple[Ids, Scores] | None = field(default=None, repr=False)  # None: not worked out yet

    @classmethod
    def of_few(cls, idf: float, ids: Ids, weights: Weights) -> Self:
        """A piece whose few entries are at hand."""
        return cls(idf, idf * (K1 + 1), len(ids), None, (ids, weights))

    def for_one_question(self) -> Term:
        """The same, to forget what it gives with the question: it would fill the memory."""
        return Term(self.idf, self.bound, self.count, self.posting, self.held)

    @property
    def scale(self) -> float:
        """What the saturation is multiplied by."""
        return self.idf * (K1 + 1)

    @property
    def is_dense(self) -> bool:
        """Whether single entries can be looked up without working out all of them."""
        return self.given is None and self.posting is not None and self.posting.is_dense

    def given_to(self, wanted: Ids, norms: Scores) -> Scores:
        """What it gives to each of these entries, 0 where it is absent."""
        if self.given is None and self.posting is not None and self.count > GIVEN_IS_KEPT:
            held = self.held
            weights = probe_list(*held, wanted) if held else self.posting.probe(wanted)
            return saturation(weights, norms[wanted]) * np.float32(self.scale)
        if self.given is None:
            work_out([self], norms)
        assert self.given is not None
        return probe_list(*self.given, wanted)


def get_ready(terms: Sequence[Term], norms: Scores) -> None:
    """Prepare to look up single entries: of a long list what it holds, not what it gives to each."""
    work_out([term for term in terms if term.count <= GIVEN_IS_KEPT], norms)
    long = [term for term in terms if term.count > GIVEN_IS_KEPT and term.held is None and not term.is_dense]
    decoded = decode_together([term.posting for term in long if term.posting is not None])
    for term, held in zip(long, decoded, strict=True):
        term.held = held


def work_out(terms: Sequence[Term], norms: Scores) -> None:
    """What these terms give to all entries that hold them, where it is not known yet."""
    waiting = [term for term in terms if term.given is None]
    if not waiting:
        return
    stored = [term.posting for term in waiting if term.posting is not None and term.held is None]
    decoded = iter(decode_together(stored))
    held = [term.held or next(decoded) for term in waiting]
    ids = np.concatenate([each for each, _ in held])
    weights = np.concatenate([each for _, each in held])
    scales = np.array([term.scale for term in waiting], np.float32)
    scores = saturation(weights, norms[ids]) * scales.repeat([len(each) for each, _ in held])
    end = 0
    for term, (own, _) in zip(waiting, held, strict=True):
        start, end = end, end + len(own)
        if term.count > GIVEN_IS_KEPT:
            term.given = ids[start:end], scores[start:end]
        else:  # copied, lest it keep what all others give in memory
            term.given = own if term.held else ids[start:end].copy(), scores[start:end].copy()
