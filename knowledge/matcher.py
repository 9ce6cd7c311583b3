"""From the pieces of a question to candidates: looks the pieces up, recalls in both fields, scores both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge import bm25
from knowledge.candidates import Budget, Candidate, Recall, Scores, Term
from knowledge.grams import bigram_key, syllable_key
from knowledge.postings import Ids, Posting, Weights
from knowledge.readers import Reader, Readers
from knowledge.shared_rows import find_shared

SOUND_WEIGHT = 0.5  # of the syllable share beside the bigram share when candidates are ordered
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

    def __init__(self, readers: Readers, budget: Budget) -> None:
        self._readers = readers
        self._budget = budget
        sounds = readers.facts["syllables"].decode().split()
        self._sounds = {sound: number for number, sound in enumerate(sounds, 1)}

    def idf(self, count: int) -> float:
        """The idf of a piece in so many entries."""
        return bm25.idf(self._readers.size, count)

    def idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf by bigram."""
        return self._idfs({piece: bigram_key(piece) for piece in pieces})

    def syllable_idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf by syllable bigram."""
        return self._idfs({piece: syllable_key(piece, self._sounds) for piece in pieces})

    def _idfs(self, keys: dict[str, int | None]) -> dict[str, float]:
        with self._readers.lent() as reader:
            counts = self._counts(reader, [key for key in keys.values() if key is not None])
        return {piece: self.idf(counts.get(key, 0) if key is not None else 0) for piece, key in keys.items()}

    def _counts(self, reader: Reader, keys: Sequence[int]) -> dict[int, int]:
        marks = ",".join("?" * len(keys))
        counts = dict(
            reader.connection.execute(f"select key, count from postings where key in ({marks})", keys)  # noqa: S608
        )
        for key in keys:
            if key not in counts and (found := self._shared(reader, key)):
                counts[key] = len(found[0])
        return counts

    def candidates(
        self, query_bigrams: Sequence[str], query_syllables: Sequence[str], limit: int
    ) -> list[Candidate]:
        """See `Index.candidates`."""
        with self._readers.lent() as reader:
            recall = Recall(self._readers.norms, reader.totals, self._budget)
            seen = self._field(reader, [bigram_key(piece) for piece in dict.fromkeys(query_bigrams)])
            ids, scores = recall.best(seen.terms, limit)
            best = float(scores[0]) / seen.idf_sum if len(scores) else 0.0
            if not query_syllables or (self._readers.size > SMALL and best >= SATISFIED):
                return _seen_only(ids, scores, seen)
            sounds = [syllable_key(piece, self._sounds) for piece in dict.fromkeys(query_syllables)]
            heard = self._field(reader, sounds)
            ids = np.union1d(ids, recall.best(heard.terms, limit)[0])
            return _scored(recall, ids, seen, heard, limit)

    def _field(self, reader: Reader, keys: Sequence[int | None]) -> _Field:
        """Look up the pieces of one field."""
        known = [key for key in keys if key is not None]
        terms = self._terms(reader, known)
        absent = len(keys) - len(terms)
        idf_sum = sum(term.idf for term in terms) + absent * self.idf(0)
        if len(terms) > MOST_PIECES:
            terms = sorted(terms, key=lambda term: term.count)[:MOST_PIECES]
        return _Field(terms, idf_sum or 1.0)

    def _terms(self, reader: Reader, keys: Sequence[int]) -> list[Term]:
        marks = ",".join("?" * len(keys))
        rows = reader.connection.execute(
            f"select key, count, form, bound, body from postings where key in ({marks})",  # noqa: S608
            keys,
        ).fetchall()
        terms = [self._term(count, bound, Posting(count, form, body)) for _, count, form, bound, body in rows]
        for key in set(keys) - {row[0] for row in rows}:
            found = self._shared(reader, key)
            if found:
                terms.append(Term.rare(self.idf(len(found[0])), *found))
        return terms

    def _term(self, count: int, bound: int, posting: Posting) -> Term:
        idf = self.idf(count)
        return Term(idf, idf * (bm25.K1 + 1) * bound / 255, count, posting)

    def _shared(self, reader: Reader, key: int) -> tuple[Ids, Weights] | None:
        row = reader.connection.execute(
            "select first, body from shared_postings where first <= ? order by first desc limit 1", (key,)
        ).fetchone()
        return find_shared(row[0], row[1], key, self._readers.size) if row else None


def _seen_only(ids: Ids, scores: Scores, seen: _Field) -> list[Candidate]:
    return [
        Candidate(rowid, score, 0.0, score / seen.idf_sum, 0.0)
        for rowid, score in zip(ids.tolist(), scores.tolist(), strict=True)
    ]


def _scored(recall: Recall, ids: Ids, seen: _Field, heard: _Field, limit: int) -> list[Candidate]:
    """Both fields' scores for every entry found in either."""
    by_sight, by_sound = (_total(recall, each, ids) for each in (seen, heard))
    candidates = [
        Candidate(rowid, sight, sound, sight / seen.idf_sum, sound / heard.idf_sum)
        for rowid, sight, sound in zip(ids.tolist(), by_sight.tolist(), by_sound.tolist(), strict=True)
    ]
    candidates.sort(key=lambda each: (-each.bigram_share - SOUND_WEIGHT * each.syllable_share, each.rowid))
    return candidates[:limit]


def _total(recall: Recall, field: _Field, ids: Ids) -> npt.NDArray[np.float64]:
    """The exact sum over the terms of one field."""
    totals = np.zeros(len(ids))
    for term in field.terms:
        totals += recall.contributions(term, ids)
    return totals
