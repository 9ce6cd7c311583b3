"""Recall: which entries share enough with a question to be looked at closely."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """One entry that may answer, with its BM25 in both fields.

    `rowid` names the entry inside one index (`Index.by_rowids`).  The scores are sums over the question's
    pieces; the shares are the same divided by the idf sum of *all* pieces of the question, where a piece
    that occurs nowhere counts with the largest idf: "how much of what was asked is here" (0 to about 2).
    """

    rowid: int
    bigram_score: float
    syllable_score: float
    bigram_share: float
    syllable_share: float
