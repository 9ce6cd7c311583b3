"""The figures of sets by weights that were fitted to the other groups, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.evaluation.meaning_fit import Fitted, Tried

Row = dict[str, str | float | int]
_LISTED = 4


def rows(fitted: Fitted) -> list[Row]:
    """One row for each set."""
    floor = fitted.weights.answer_floor
    names = dict.fromkeys(one.example.set for one in fitted.left_out)
    return [
        {"set": name, **_figures([one for one in fitted.left_out if one.example.set == name], floor)}
        for name in names
    ]


def _figures(tried: Sequence[Tried], floor: float) -> Row:
    """first: the right quotation leads; listed: it is among four; outright: said as the answer; wrong: of all
    questions those that were answered with something else."""
    asked = [one for one in tried if one.example.asked.is_answerable]
    guide = [one for one in tried if one.example.asked.expect == "guide"]
    said = [one for one in tried if one.sure >= floor]
    right = [one for one in said if one.ranked[0][1]]
    return {
        "questions": len(tried),
        "first": _share([one.outcome.rank == 0 for one in asked]),
        "listed": _share([one.outcome.rank is not None and one.outcome.rank < _LISTED for one in asked]),
        "outright": _share([one in right for one in asked]),
        "guide": _share([one.outcome.rank == 0 for one in guide]),
        "wrong": len(said) - len(right),
    }


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 0.0


def table(found: Sequence[Row]) -> str:
    """For people."""
    names = tuple(found[0]) if found else ()
    lines = [" ".join(f"{name:>12}" for name in names)]
    lines += [" ".join(f"{row[name]!s:>12}" for name in names) for row in found]
    return "\n".join(lines)
