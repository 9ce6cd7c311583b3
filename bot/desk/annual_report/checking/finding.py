"""One thing that is wrong with somebody's annual report: where, what, and what is expected.

A finding holds no sentence: `rule` names it in the words, `facts` fill it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.desk.annual_report.checking.rows import Place

RULES = (
    # the layout
    "no_report",
    "old_prose",
    "old_2019",
    "section_missing",
    "section_misnamed",
    "table_missing",
    "row_missing",
    "row_misnamed",
    "row_extra",
    "row_short",
    "row_long",
    "column_missing",
    "column_order",
    # single figures
    "not_filled",
    "not_a_number",
    "below_zero",
    "odd_number",
    "rules_above_zero",
    # sums
    "column_unbalanced",
    "results_unequal",
    "total_unequal",
    "remedies_unequal",
    "carried_unequal",
    # years
    "year_unknown",
    "year_other",
    "year_title",
    "year_period",
    "year_section",
    "year_table",
    "previous_year",
    "previous_unread",
    # the prose
    "prose_unequal",
    "fees_not_told",
    "unfinished",
)


@dataclass(frozen=True)
class Finding:
    """`place` is None where nothing stands; `table` is 0 outside the tables, `row` and `column` are words."""

    rule: str
    place: Place | None = None
    table: int = 0
    row: str = ""
    column: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
