"""The clock: the vectors of the law, the proof of each date, and an independent calendar as judge."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from itertools import islice

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import (
    Clock,
    Pause,
    correction_notice_clock,
    opinion_clock,
    payment_clock,
    reply_clock,
    third_party_pause,
    working_days_after,
)

CALENDAR = WorkingCalendar()
FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)


def day(text: str) -> date:
    return date.fromisoformat(text)


CONSULTED = third_party_pause(day("2025-05-07"), day("2025-05-20"))

VECTORS = [
    pytest.param(reply_clock(day("2022-09-30")), "2022-11-02", id="court-dated"),
    pytest.param(correction_notice_clock(day("2025-04-25")), "2025-05-08", id="7-over-labour-day"),
    pytest.param(reply_clock(day("2025-04-25")), "2025-05-27", id="20-over-labour-day"),
    pytest.param(reply_clock(day("2025-04-25"), pauses=[CONSULTED]), "2025-06-10", id="consulted"),
    pytest.param(
        reply_clock(day("2025-04-25"), pauses=[CONSULTED], extended_by=20), "2025-07-08", id="extended"
    ),
    pytest.param(correction_notice_clock(day("2024-02-01")), "2024-02-09", id="eve-was-a-working-day"),
    pytest.param(reply_clock(day("2024-02-01")), "2024-03-05", id="20-over-spring-festival"),
    pytest.param(reply_clock(day("2025-09-27")), "2025-10-30", id="received-on-saturday"),
    pytest.param(reply_clock(day("2025-09-28")), "2025-10-31", id="received-on-make-up-sunday"),
    pytest.param(
        reply_clock(day("2025-09-01"), corrected_on=day("2025-10-20")), "2025-11-17", id="corrected"
    ),
    pytest.param(
        reply_clock(day("2025-09-01"), paid_on=day("2025-09-10"), corrected_on=day("2025-10-20")),
        "2025-11-17",
        id="paid-then-corrected",
    ),
    pytest.param(reply_clock(day("2025-12-15")), "2026-01-13", id="crosses-the-year"),
    pytest.param(reply_clock(day("2025-12-15"), extended_by=20), "2026-02-10", id="crosses-extended"),
    pytest.param(opinion_clock(day("2026-02-09")), "2026-03-06", id="opinion-over-spring-festival"),
    pytest.param(payment_clock(day("2026-01-15")), "2026-02-12", id="payment"),
]


@pytest.mark.parametrize(("clock", "due_on"), VECTORS)
def test_vectors_of_the_law(clock: Clock, due_on: str) -> None:
    """Each dated example comes out to the day."""
    due = clock.due(CALENDAR)
    assert due.due_on == day(due_on)
    assert due.provisional is False


def test_proof_explains_each_day() -> None:
    """The proof of the court-dated case lists every day with its reason in Chinese."""
    due = reply_clock(day("2022-09-30")).due(CALENDAR)
    shown = {str(entry.on)[5:]: (entry.number, entry.reason) for entry in due.days}
    assert len(shown) == 34
    assert shown["09-30"] == (0, "收到申请当日不计")
    assert shown["10-01"] == (0, "国庆节")
    assert shown["10-08"] == (1, "周六调休上班")
    assert shown["10-15"] == (0, "周六")
    assert shown["11-02"] == (20, "工作日")


def test_pause_is_shown_with_its_article() -> None:
    """The consultation of the example paused nine working days on article 32."""
    due = reply_clock(day("2025-04-25"), pauses=[CONSULTED]).due(CALENDAR)
    (span,) = due.spans
    assert (span.article, span.working_days, span.reason) == ("32", 9, "征求第三方意见")
    assert [entry.reason for entry in due.days if str(entry.on) == "2025-05-08"] == ["征求第三方意见，不计"]


def test_overlapping_pauses_count_once() -> None:
    """Two consultations at the same time stop the clock once, not twice."""
    other = Pause(day("2025-05-12"), day("2025-05-16"), "33", "征求其他机关意见")
    due = reply_clock(day("2025-04-25"), pauses=[CONSULTED, other]).due(CALENDAR)
    assert due.due_on == day("2025-06-10")
    assert sum(span.working_days for span in due.spans) == 9


def test_date_in_an_unannounced_year_is_provisional() -> None:
    """A clock that runs into a year without a State Council notice says that it may move."""
    assert reply_clock(day("2026-12-10")).due(CALENDAR).provisional is True
    assert reply_clock(day("2026-11-20")).due(CALENDAR).provisional is False


@pytest.mark.parametrize("extended_by", [-1, 21])
def test_extension_beyond_twenty_is_refused(extended_by: int) -> None:
    """Article 33 allows at most twenty working days more."""
    with pytest.raises(ValueError, match="1-20 working days"):
        reply_clock(day("2025-04-25"), extended_by=extended_by)


def test_lateness_counts_working_days() -> None:
    """Late by days on which nobody works is still late."""
    assert working_days_after(CALENDAR, day("2025-09-30"), day("2025-09-30")) == 0
    assert working_days_after(CALENDAR, day("2025-09-30"), day("2025-10-02")) == 1
    assert working_days_after(CALENDAR, day("2025-09-30"), day("2025-10-11")) == 3


JUDGES_WORKING_DAYS = [
    on
    for on in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    if chinese_calendar.is_workday(on)
]


def _judge(started_on: date, working_days: int, skipped: frozenset[date] = frozenset()) -> date | None:
    """The same count on the other library's calendar; None when it ends before."""
    position = bisect_right(JUDGES_WORKING_DAYS, started_on)
    remaining = (on for on in JUDGES_WORKING_DAYS[position:] if on not in skipped)
    return next(islice(remaining, working_days - 1, None), None)


@pytest.mark.parametrize("working_days", [1, 7, 15, 20, 40])
def test_every_start_day_agrees_with_the_other_calendar(working_days: int) -> None:
    """From every day of 2019-2026 whose end the other calendar still covers, both count the same."""
    compared = 0
    for n in range((LAST - FIRST).days + 1):
        expected = _judge(FIRST + timedelta(days=n), working_days)
        if expected is not None:
            assert Clock(FIRST + timedelta(days=n), working_days).due(CALENDAR).due_on == expected
            compared += 1
    assert compared > 2850


@given(
    started_on=st.dates(FIRST, date(2026, 6, 30)),
    pauses=st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 30)), max_size=3),
    working_days=st.integers(1, 40),
)
@settings(deadline=None)
def test_pauses_agree_with_the_other_calendar(
    started_on: date, pauses: list[tuple[int, int]], working_days: int
) -> None:
    """With any pauses, the due date and the sum of counted and paused days agree with the slow count."""
    spans = [
        third_party_pause(started_on + timedelta(days=a), started_on + timedelta(days=a + length))
        for a, length in pauses
    ]
    skipped = frozenset(
        span.since + timedelta(days=n) for span in spans for n in range(1, (span.until - span.since).days + 1)
    )
    due = Clock(started_on, working_days, tuple(spans)).due(CALENDAR)
    assert due.due_on == _judge(started_on, working_days, skipped)
    assert [entry.number for entry in due.days if entry.counts] == list(range(1, working_days + 1))
    elapsed = sum(CALENDAR.is_working_day(entry.on) for entry in due.days[1:])
    assert elapsed == working_days + sum(span.working_days for span in due.spans)
