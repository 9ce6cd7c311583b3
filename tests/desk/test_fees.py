"""The fee table of notice 109 of 2020, at every border."""

from __future__ import annotations

import pytest

from bot.desk.errors import InvalidValue
from bot.desk.fees import fee_for_pages, fee_for_request


@pytest.mark.parametrize(
    ("nth", "yuan"),
    [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (50, 300), (51, 400)],
)
def test_by_request(nth: int, yuan: int) -> None:
    """Ten a month are free; from the 31st each further ten cost 100 more apiece."""
    assert fee_for_request(nth) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"), [(0, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740)]
)
def test_by_pages(pages: int, yuan: int) -> None:
    """Thirty pages are free; each step only charges its own pages."""
    assert fee_for_pages(pages) == yuan


def test_impossible_counts() -> None:
    """There is no 0th request and no negative page."""
    with pytest.raises(InvalidValue):
        fee_for_request(0)
    with pytest.raises(InvalidValue):
        fee_for_pages(-1)
