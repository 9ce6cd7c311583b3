"""The processing fee (信息处理费, art. 42; notice 109 of 2020).  Pure; computed and only ever proposed.

One of two standards per request: by the number of requests of the same applicant in a calendar month, or
by pages.  Both are progressive.
"""

from __future__ import annotations

from bot.desk.errors import InvalidValue

FREE_REQUESTS = 10
_REQUESTS_AT_100 = 30  # the 11th to the 30th cost 100 yuan each
_FREE_PAGES = 30
_PAGE_STEPS = ((100, 10), (200, 20))  # up to this page, yuan each; beyond the last step 40
_PAGES_BEYOND = 40


def fee_for_request(nth_in_month: int) -> int:
    """Yuan for the n-th request (from 1) of one applicant in one calendar month.

    1-10 are free, 11-30 cost 100 each, 31-40 cost 200 each, every further ten 100 more.
    """
    if nth_in_month < 1:
        raise InvalidValue("count", field="nth_in_month")
    if nth_in_month <= FREE_REQUESTS:
        return 0
    if nth_in_month <= _REQUESTS_AT_100:
        return 100
    return 100 * (2 + (nth_in_month - _REQUESTS_AT_100 - 1) // 10)


def fee_for_pages(pages: int) -> int:
    """Yuan for one request by volume: 1-30 pages free, 31-100 10 each, 101-200 20 each, from 201 40 each."""
    if pages < 0:
        raise InvalidValue("count", field="pages")
    total, reached = 0, _FREE_PAGES
    for up_to, each in _PAGE_STEPS:
        total += max(0, min(pages, up_to) - reached) * each
        reached = up_to
    return total + max(0, pages - reached) * _PAGES_BEYOND
