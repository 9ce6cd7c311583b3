"""Tables 3 and 4 of a year (notice 30 of 2021) out of the cases of `law_oracle.py`: the oracle's count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.desk.law_oracle import Case, Law

Cells = Counter[tuple[str, str]]  # (row, column) of Table 3; (remedy, result) of Table 4


def table_3(law: Law, cases: Sequence[Case], year: int) -> Cells:
    """一 new, 二 carried in, the outcome of each that ended, 四 carried out; with 总计 both ways."""
    cells: Cells = Counter()
    for case in cases:
        for row in _rows(law, case, year):
            cells[row, case.kind] += 1
            cells[row, "总计"] += 1
    return cells


def _rows(law: Law, case: Case, year: int) -> list[str]:
    now = law.standing(case)
    since = now.received_on
    if since is None and now.outcome == "F3":
        since = case.filed_on  # taken back before anybody confirmed it: it never had another day
    if since is None or since.year > year:
        return []
    ended = now.ended_on.year if now.ended_on else None
    if ended is not None and ended < year:
        return []
    rows = ["一" if since.year == year else "二"]
    return [*rows, now.outcome, "三（七）"] if ended == year else [*rows, "四"]


def table_4(cases: Sequence[Case], year: int) -> Cells:
    """Of each review or suit: its result in the year of its decision, 尚未审结 at the end of others."""
    cells: Cells = Counter()
    for case in cases:
        for remedy in ("reconsideration", "direct_suit", "suit_after_reconsideration"):
            steps = [each for each in case.facts if each.act == "record_remedy" and each.remedy == remedy]
            begun = [each for each in steps if not each.result]
            ends = [each for each in steps if each.result]
            for n, each in enumerate(begun):
                end = ends[n] if n < len(ends) else None
                if end is not None and end.on.year == year:
                    result = end.result
                elif each.on.year <= year and (end is None or end.on.year > year):
                    result = "pending"
                else:
                    continue
                cells[remedy, result] += 1
                cells[remedy, "总计"] += 1
    return cells
