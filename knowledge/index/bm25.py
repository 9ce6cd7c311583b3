"""The arithmetic of BM25, in one place for build and questions.

score = sum over the question's pieces of  idf · (K1 + 1) · w / (w + norm)
norm  = K1 · (1 - B + B · length / average length),   idf = ln(1 + (N - n + ½) / (n + ½))
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.7  # measured flat between 0.4 and 0.75


def idf(size: int, count: int) -> float:
    """How telling a piece is that `count` of `size` entries hold."""
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def length_norms(lengths: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.float64]:
    """What each entry's weights are held against: more for longer entries."""
    average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    return K1 * (1 - B) + K1 * B / average * lengths.astype(np.float64)


def saturation(weights: npt.NDArray[np.int64], norms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """w / (w + norm): 0 to 1, each further occurrence counts less."""
    share: npt.NDArray[np.float64] = weights / (weights + norms)
    return share
