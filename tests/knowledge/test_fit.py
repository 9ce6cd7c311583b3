"""The two small models find what made the data."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from knowledge.evaluation.fit import fit_confidence, fit_ranking
from knowledge.evaluation.meaning_fit import MAY_ERR, Example, Tried, floors
from knowledge.evaluation.sets import Asked
from knowledge.matching.agreement import Named
from knowledge.matching.decide import Weights
from knowledge.matching.face import Face
from knowledge.matching.meant import Compared
from knowledge.matching.query import query_of
from knowledge.matching.scope import Scope
from knowledge.matching.terms import Terms
from tests.knowledge.bases import entry
from tests.knowledge.test_query import NothingKnown


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


def tried(office: str, sure: float, right: bool) -> Tried:
    """A question asked of an office; how sure some weights are of the first candidate, and whether it is."""
    asked = Asked("q", "低保多少钱", "answer", lambda one, quoted: right)
    query = query_of(asked.text, Terms(), NothingKnown())
    named = Named.of(query, Scope.of((), 0), date(2026, 1, 1))
    example = Example(office, office, asked, query, named, (), np.array([], bool))
    return Tried(example, ((Compared(Face(entry("a", "甲", "甲的内容")), 1.0, {}), right),), sure)


def test_the_answer_floor_holds_for_every_office_and_not_on_the_average() -> None:
    """Two hundred easy questions of one office pay for no third wrong answer in another's hundred."""
    easy = [tried("easy", 0.5 + at / 1000, True) for at in range(200)]
    hard = [tried("hard", 0.9 - at / 1000, at % 10 > 0) for at in range(100)]
    answer, _ = floors([*easy, *hard])
    said_wrongly = [one for one in hard if one.sure >= answer and not one.ranked[0][1]]
    assert len(said_wrongly) == MAY_ERR * len(hard)
    assert answer > 0.87


def test_one_error_in_a_small_office_lifts_no_floor() -> None:
    """Of ten questions two per cent is none at all; one is bad luck, two are not."""
    small = [tried("small", 0.9, False), *(tried("small", 0.8 - at / 100, True) for at in range(9))]
    assert floors(small)[0] == pytest.approx(0.72)
    assert floors([*small, tried("small", 0.755, False)])[0] == pytest.approx(0.76)
