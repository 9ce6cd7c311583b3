"""How good a ranking is, and how well its confidence tells right from wrong.

`measured` gives the figures that are published with the policy benchmark, under their names there:

* `hit@k`, `MRR@10`: over the answerable questions, any right entry counts.
* `answered@P95`: the best share of answerable questions answered rightly at a threshold with which at least
  95 % of all answers are right.  `FAR@80`: the share of unanswerable ones answered where 80 % of the
  answerable are.  `AURC`: area under the risk-coverage curve.  To answer an unanswerable question is wrong.
* `dec …`: what the decisions themselves led to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Curve = list[dict[str, float]]

Figures = dict[str, float | int | None]
_TARGET, _SHARE = 0.95, 0.8
_DECISIONS = ("answer", "suggest", "none")
_MAY_LOSE = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15)
_LISTED = 5  # candidates in a suggestion


@dataclass(frozen=True)
class Outcome:
    """One question: `rank` of the first right entry (from 0, None when not ranked), what was decided."""

    answerable: bool
    rank: int | None
    confidence: float
    decision: str
    milliseconds: float | None = None

    @property
    def right(self) -> bool:
        """Whether the first entry answers."""
        return self.answerable and self.rank == 0


@dataclass
class _Tie:
    """Questions of equal confidence, taken together."""

    confidence: float
    asked: int = 0
    right: int = 0
    answerable: int = 0


def measured(outcomes: Sequence[Outcome]) -> Figures:
    """All figures; shares are 0 to 1, times in milliseconds."""
    return {
        "questions": len(outcomes),
        "answerable": sum(one.answerable for one in outcomes),
        **_ranking(outcomes),
        **_selective(outcomes),
        **_decisions(outcomes),
        **_times(outcomes),
    }


def _ranking(outcomes: Sequence[Outcome]) -> Figures:
    ranks = [one.rank for one in outcomes if one.answerable]
    found = [rank for rank in ranks if rank is not None]
    figures: Figures = {f"hit@{k}": _share(sum(rank < k for rank in found), len(ranks)) for k in (1, 3, 5)}
    figures["MRR@10"] = sum(1 / (rank + 1) for rank in found if rank < 10) / max(1, len(ranks))
    return figures


def _ties(outcomes: Iterable[Outcome]) -> list[_Tie]:
    """From the highest confidence down."""
    ties: list[_Tie] = []
    for one in sorted(outcomes, key=lambda one: -one.confidence):
        if not ties or ties[-1].confidence != one.confidence:
            ties.append(_Tie(one.confidence))
        tie = ties[-1]
        tie.asked += 1
        tie.right += one.right
        tie.answerable += one.answerable
    return ties


def _selective(outcomes: Sequence[Outcome]) -> Figures:
    ties = _ties(outcomes)
    everything, answerable = len(outcomes), sum(one.answerable for one in outcomes)
    right_in_all = sum(tie.right for tie in ties)
    best, coverage, threshold = 0.0, 0.0, None
    area = order = 0.0
    asked = right = wrong_seen = 0
    for tie in ties:
        for i in range(1, tie.asked + 1):  # inside a tie errors come evenly
            area += (asked - right + (tie.asked - tie.right) * i / tie.asked) / (asked + i)
        wrong = tie.asked - tie.right
        order += tie.right * ((everything - right_in_all) - wrong_seen - wrong / 2)
        wrong_seen += wrong
        asked += tie.asked
        right += tie.right
        share = right / max(1, answerable)
        if tie.confidence > 0 and right / asked >= _TARGET and share > best:
            best, coverage, threshold = share, asked / everything, tie.confidence
    perfect = sum(max(0, k - right_in_all) / k for k in range(1, everything + 1)) / max(1, everything)
    area /= max(1, everything)
    return {
        "answered@P95": best,
        "coverage@P95": coverage,
        "threshold@P95": threshold,
        "AURC": area,
        "AURC excess": area - perfect,
        "AUROC": order / max(1, right_in_all * (everything - right_in_all)),
        "FAR@80": _false_answers(ties, answerable, everything - answerable),
    }


def _false_answers(ties: Sequence[_Tie], answerable: int, unanswerable: int) -> float | None:
    """Share of unanswerable questions answered where `_SHARE` of the answerable ones are."""
    if not unanswerable:
        return None
    need, yes, no = _SHARE * answerable, 0, 0
    for tie in ties:
        tie_no = tie.asked - tie.answerable
        if yes + tie.answerable >= need:
            part = (need - yes) / tie.answerable if tie.answerable else 0.0
            return (no + part * tie_no) / unanswerable
        yes += tie.answerable
        no += tie_no
    return 1.0


def _decisions(outcomes: Sequence[Outcome]) -> Figures:
    yes = [one for one in outcomes if one.answerable]
    no = [one for one in outcomes if not one.answerable]
    answered = [one for one in outcomes if one.decision == "answer"]
    good = sum(one.right for one in answered)
    suggested = [one for one in yes if one.decision == "suggest"]
    offered = sum(one.rank is not None and one.rank < _LISTED for one in suggested)
    wrong = sum(one.answerable and one.rank != 0 for one in answered)
    return {
        "dec answer precision": good / len(answered) if answered else None,
        "dec answered right": _share(good, len(yes)),
        "dec answered wrong": _share(wrong, len(yes)),
        "dec suggested with gold": _share(offered, len(yes)),
        "dec suggested without gold": _share(len(suggested) - offered, len(yes)),
        "dec served": _share(good + offered, len(yes)),
        "dec lost (none)": _share(sum(one.decision == "none" for one in yes), len(yes)),
        **{
            f"dec unanswerable {decision}": _share(sum(one.decision == decision for one in no), len(no))
            for decision in _DECISIONS
        },
    }


def suggest_floor(outcomes: Sequence[Outcome], may_lose: float) -> float:
    """The highest floor for suggestions below which at most this share of the answerable questions lies."""
    sure = sorted(one.confidence for one in outcomes if one.answerable)
    return sure[min(len(sure) - 1, int(len(sure) * may_lose))] if sure else 0.0


def suggest_curve(outcomes: Sequence[Outcome]) -> Curve:
    """What a floor for suggestions costs and saves, by the probability alone.

    `lost`: answerable questions below it.  `served`: those not below whose answer is among the candidates.
    `unanswerable shown`: unanswerable ones that get candidates (or an answer) all the same.
    """
    yes = [one for one in outcomes if one.answerable]
    no = [one for one in outcomes if not one.answerable]
    rows: Curve = []
    for floor in dict.fromkeys(suggest_floor(outcomes, share) for share in _MAY_LOSE):
        shown = [one for one in yes if one.confidence >= floor]
        offered = sum(one.rank is not None and one.rank < _LISTED for one in shown)
        row = {
            "floor": floor,
            "lost": _share(len(yes) - len(shown), len(yes)),
            "served": _share(offered, len(yes)),
            "unanswerable shown": _share(sum(one.confidence >= floor for one in no), len(no)),
        }
        rows.append({name: round(value, 4) for name, value in row.items()})
    return rows


def _times(outcomes: Sequence[Outcome]) -> Figures:
    times = sorted(one.milliseconds for one in outcomes if one.milliseconds is not None)
    if not times:
        return {}
    return {"ms p50": times[len(times) // 2], "ms p99": times[min(len(times) - 1, int(len(times) * 0.99))]}


def _share(part: int, whole: int) -> float:
    return part / max(1, whole)
