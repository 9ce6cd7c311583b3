"""The load test itself, in a short form."""

from __future__ import annotations

from tests.bench.load.__main__ import goals, table
from tests.bench.load.flood import Flooded, measure_flood
from tests.bench.load.measure import Measured, measure_saturation, measure_steady


async def test_everybody_is_answered_and_counted() -> None:
    """Ours, steadily and at saturation, beside the echo bot: no question is left without its answer."""
    rows = [
        await measure_steady("ours", rate=10, seconds=2),
        await measure_saturation("echo", seconds=1, chats=8),
        await measure_saturation("ours-unpaced", seconds=1, chats=8),
    ]
    assert [row.unanswered for row in rows] == [0, 0, 0]
    assert len(rows[0].waits) == 20
    assert all(row.processor > 0 and row.resident[0] > 20 for row in rows)
    assert "| ours-unpaced | saturation |" in table(rows)


def test_goals_are_told_from_what_was_measured() -> None:
    """Each goal is met by the one and missed by the other."""
    good = Measured("x", "30/s", 10.0, [0.1] * 300, 0, 2.0, 0.0, [200.0] * 10)
    bad = Measured("x", "30/s", 10.0, [0.2] * 100, 0, 3.0, 0.0, [200.0 + n for n in range(10)])
    quick, slow = Flooded(1, 60, 20, [0.3, 0.2, 5.0]), Flooded(100, 2000, 600, [0.3, 2.0, 5.0])
    assert "MISSED" not in goals([good] * 5, [quick])
    assert goals([good, bad, good, good, bad], [quick, slow]).count("MISSED") == 5


async def test_neighbours_of_a_flood_are_answered() -> None:
    """Each of the three, also while five chats write more than can be answered."""
    flooded = await measure_flood(flooders=5, each=20, seconds=2)
    assert flooded.sent >= 100
    assert flooded.answered > 0
    assert len(flooded.waits) >= 3
