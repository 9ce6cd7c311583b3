"""Notice 109 of 2020: which request of its month, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tests.desk.law_oracle import Case, Law
from tests.desk.law_question import Question

FREE_REQUESTS, FREE_PAGES = 10, 30


def place_in_month(q: Question) -> set[int]:
    """Which request of its applicant in its calendar month: by filing, receipt and arrival, parts in and out.

    Notice 109 does not say which day decides on the month, nor how parts of one application count.
    """
    mine = [each for each in q.all_cases if each.applicant == q.case.applicant]
    return {
        place
        for parts in (True, False)
        for by in (_filing_month, _receipt_month, came_on)
        for place in _places(q, mine, by, parts)
    }


def _places(
    q: Question, mine: Sequence[Case], by: Callable[[Law, Case], date | None], parts: bool
) -> list[int]:
    root = q.case if parts else q.case.split_from or q.case
    day = by(q.law, root)
    if day is None:
        return []
    same = [
        each for each in mine if (parts or each.split_from is None) and _month(by(q.law, each)) == _month(day)
    ]
    return [1 + next(n for n, each in enumerate(same) if each is root)]


def _month(day: date | None) -> tuple[int, int]:
    return (day.year, day.month) if day else (0, 0)


def _filing_month(law: Law, case: Case) -> date | None:
    return case.filed_on


def _receipt_month(law: Law, case: Case) -> date | None:
    return law.standing(case).received_on


def came_on(law: Law, case: Case) -> date:
    """When it reached the office: what came on paper was there before it was entered."""
    return min(case.filed_on, law.standing(case).received_on or case.filed_on)


def fee_by_request(place: int) -> int:
    """109: 1-10 free, 11-30 a hundred, from the 31st a hundred more for each further ten."""
    if place <= FREE_REQUESTS:
        return 0
    return 100 + 100 * max(0, -(-(place - 30) // 10))


def fee_by_pages(pages: int) -> int:
    """109: 1-30 free, 31-100 ten a page, 101-200 twenty, from 201 forty."""
    return sum(
        0 if page <= 30 else 10 if page <= 100 else 20 if page <= 200 else 40 for page in range(1, pages + 1)
    )


def in_month(q: Question) -> int:
    """All of the applicant in the month of this one, later ones too."""
    mine = [each for each in q.all_cases if each.applicant == q.case.applicant]
    return sum(_month(came_on(q.law, each)) == _month(came_on(q.law, q.case)) for each in mine)
