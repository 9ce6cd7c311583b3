"""The bench of the pages itself, in a short form."""

from __future__ import annotations

from tests.bench.pages.__main__ import Measured, goal, measure, table


async def test_both_are_measured_and_nothing_fails() -> None:
    rows = [*await measure("bare", 1.0), *await measure("ours", 1.0)]
    assert [row.failed for row in rows] == [0] * 6
    assert all(row.waits and row.processor >= 0 for row in rows)
    assert len(rows[0].waits) == len(rows[3].waits) == 50
    assert "| ours | questions |" in table(rows)


def test_goal_is_told_from_what_was_measured() -> None:
    quick = Measured("ours", "50 pages/s", 1.0, 0.1, [0.01] * 100)
    slow = Measured("ours", "50 pages/s", 1.0, 0.1, [0.01] * 95 + [0.2] * 5)
    assert goal([quick]).startswith("met")
    assert goal([slow]).startswith("MISSED")
