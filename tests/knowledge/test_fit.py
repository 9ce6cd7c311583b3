"""The two small models find what made the data."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.evaluation.fit import fit_confidence, fit_ranking
from knowledge.matching.decide import Weights


def test_ranking_weights_point_the_way_of_the_data() -> None:
    """The first feature decides, the second is noise, the third speaks against."""
    random = np.random.default_rng(1)
    groups = []
    for _ in range(200):
        features = random.normal(size=(6, 3))
        score = 2 * features[:, 0] - features[:, 2] + random.gumbel(size=6)
        groups.append((features, np.arange(6) == score.argmax()))
    weights = fit_ranking(groups)
    assert weights[0] > 1.5
    assert abs(weights[1]) < 0.4
    assert weights[2] < -0.6


def test_confidence_is_calibrated() -> None:
    """The mean probability is the share of right answers."""
    random = np.random.default_rng(2)
    features = random.normal(size=(500, 2))
    right = random.random(500) < 1 / (1 + np.exp(-(1.5 * features[:, 0] - 0.5)))
    intercept, weights = fit_confidence(features, right)
    sure = 1 / (1 + np.exp(-(intercept + features @ weights)))
    assert abs(float(sure.mean()) - float(right.mean())) < 0.01
    assert weights[0] > 1.0 > abs(weights[1])


def test_a_right_answer_that_stands_alone_teaches_nothing() -> None:
    """Groups in which all or none are right are skipped."""
    features = np.ones((2, 1))
    other = (np.array([[1.0], [0.0]]), np.array([True, False]))
    assert fit_ranking([(features, np.array([True, True])), other])[0] > 0
    with pytest.raises(ValueError, match="nothing to learn"):
        fit_ranking([(features, np.array([True, True]))])


def test_weights_that_lack_a_part_are_refused() -> None:
    """A half file is no file."""
    with pytest.raises(ValueError, match="floors"):
        Weights.from_yaml("rank: {}")
