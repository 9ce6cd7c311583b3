"""Two small models, fitted by Newton's method: which candidate is right, and how likely it is.

    rank = fit_ranking([(features (candidates × names), right (candidates,)), …])
    confidence = fit_confidence(features (questions × names), right (questions,))

Both are penalised a little (ridge), so that a feature which helps nothing gets nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

_RIDGE = 0.5
_STEPS = 60
_CLOSE = 1e-7


def fit_ranking(groups: Sequence[tuple[Numbers, Truths]], ridge: float = _RIDGE) -> Numbers:
    """Weights (names,) of a conditional logit: each group is one question with its candidates.

    Groups without a right candidate, or with nothing else, say nothing and are skipped.  Raises ValueError
    when none is left.
    """
    used = [(features, right) for features, right in groups if right.any() and not right.all()]
    if not used:
        raise ValueError("no question has a right and a wrong candidate: there is nothing to learn from")
    weights = np.zeros(used[0][0].shape[1])
    value = _ranking_loss(used, weights, ridge)
    for _ in range(_STEPS):
        slope, curve = _ranking_derivatives(used, weights, ridge)
        step = np.linalg.solve(curve, slope)
        scale = 1.0
        while scale > 1e-6 and _ranking_loss(used, weights - scale * step, ridge) > value:
            scale /= 2
        weights = weights - scale * step
        better = _ranking_loss(used, weights, ridge)
        if value - better < _CLOSE:
            break
        value = better
    return weights


def _ranking_loss(groups: Sequence[tuple[Numbers, Truths]], weights: Numbers, ridge: float) -> float:
    loss = 0.5 * ridge * float(weights @ weights)
    for features, right in groups:
        scores = features @ weights
        top = scores.max()
        shares = np.exp(scores - top)
        loss -= float(np.log(shares[right].sum() / shares.sum() + 1e-300))
    return loss


def _ranking_derivatives(
    groups: Sequence[tuple[Numbers, Truths]], weights: Numbers, ridge: float
) -> tuple[Numbers, Numbers]:
    """Gradient and a positive definite stand-in for the Hessian (that of the candidates)."""
    slope = ridge * weights
    curve = ridge * np.eye(len(weights))
    for features, right in groups:
        scores = features @ weights
        shares = np.exp(scores - scores.max())
        everything = shares / shares.sum()
        wanted = np.where(right, shares, 0.0)
        wanted /= wanted.sum() or 1.0
        mean = everything @ features
        slope = slope + mean - wanted @ features
        curve = curve + (features * everything[:, None]).T @ features - np.outer(mean, mean)
    return slope, curve


def fit_confidence(features: Numbers, right: Truths, ridge: float = _RIDGE) -> tuple[float, Numbers]:
    """Intercept and weights (names,) of a logistic regression; the penalty is on standardised features."""
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    scaled = np.hstack([np.ones((len(features), 1)), (features - centre) / spread])
    penalty = ridge * np.eye(scaled.shape[1])
    penalty[0, 0] = 0.0
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (sure - right) + penalty @ weights
        curve = (scaled * (sure * (1 - sure))[:, None]).T @ scaled + penalty + 1e-9 * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < _CLOSE:
            break
    plain = weights[1:] / spread
    return float(weights[0] - plain @ centre), plain
