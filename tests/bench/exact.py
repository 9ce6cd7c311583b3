"""The first hit of exact BM25 over the folded texts: every posting in 64 bits, nothing cut or left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.index.bm25 import K1, B
from knowledge.index.chunks import Texts, cut
from knowledge.text.grams import bigram_key, bigrams
from knowledge.text.normalize import fold
from tests.bench.corpus import read

_AT_ONCE = 16_384
_CLOSE = 1e-5  # relative; equal scores differ by rounding


class Exact:
    """Postings of the bigrams that some questions ask for, uncompressed."""

    def __init__(self, lines: Path, questions: Sequence[str]) -> None:
        keys = {bigram_key(piece) for question in questions for piece in bigrams(question)}
        wanted = np.array(sorted(keys), np.uint64)
        parts: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.float64]]] = []
        lengths = []
        for number, texts in enumerate(_chunks(lines)):
            chunk = cut(texts)
            rows = np.repeat(chunk.keys, chunk.counts)
            held = np.repeat(np.isin(chunk.keys, wanted), chunk.counts)
            entries = chunk.entries[held].astype(np.int64) + number * _AT_ONCE
            parts.append((rows[held], entries, chunk.weights[held].astype(np.float64)))
            lengths.append(chunk.lengths)
        rows, entries, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
        order = np.argsort(rows, kind="stable")
        self._rows, self._entries, self._weights = rows[order], entries[order], weights[order]
        self._lengths = np.concatenate(lengths).astype(np.float64)

    def is_first(self, question: str, entry: int) -> bool:
        """Whether no entry scores higher than this one."""
        scores = self._scores(question)
        best = float(scores.max())
        if entry < 0:
            return best == 0.0
        return bool(scores[entry] >= best * (1 - _CLOSE))

    def _scores(self, question: str) -> npt.NDArray[np.float64]:
        size = len(self._lengths)
        norms = K1 * (1 - B + B * self._lengths / self._lengths.mean())
        scores = np.zeros(size)
        for piece in dict.fromkeys(bigrams(question)):
            key = np.uint64(bigram_key(piece))
            first, last = np.searchsorted(self._rows, key), np.searchsorted(self._rows, key, "right")
            entries, weights = self._entries[first:last], self._weights[first:last]
            count = len(entries)
            idf = np.log(1 + (size - count + 0.5) / (count + 0.5))
            scores[entries] += idf * (K1 + 1) * weights / (weights + norms[entries])
        return scores


def _chunks(lines: Path) -> Iterator[list[Texts]]:
    source = read(lines)
    while chunk := [Texts((fold(title),), (fold(body),)) for title, body in islice(source, _AT_ONCE)]:
        yield chunk
