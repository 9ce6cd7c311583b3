"""The first hit of exact BM25 over the folded texts: every posting in 64 bits, nothing cut or left out."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.index.bm25 import K1, B
from knowledge.index.pieces import pieces, spelt
from knowledge.text.grams import bigrams
from knowledge.text.normalize import fold
from tests.bench.corpus import read

_CLOSE = 1e-5  # relative; equal scores differ by rounding


class Exact:
    """Postings of the bigrams that some questions ask for, uncompressed."""

    def __init__(self, lines: Path, questions: Sequence[str]) -> None:
        asked = {piece for question in questions for piece in bigrams(question)}
        self._held = {piece: array("q") for piece in asked}  # entries, as often as the piece counts
        lengths = array("q")
        for number, (title, body) in enumerate(read(lines)):
            held = pieces(spelt([fold(title)], [fold(body)]))
            lengths.append(len(held))
            for piece in held:
                if piece in asked:
                    self._held[piece].append(number)
        self._lengths = np.array(lengths, float)

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
            entries, weights = np.unique(np.array(self._held[piece], np.int64), return_counts=True)
            count = len(entries)
            idf = np.log(1 + (size - count + 0.5) / (count + 0.5))
            scores[entries] += idf * (K1 + 1) * weights / (weights + norms[entries])
        return scores
