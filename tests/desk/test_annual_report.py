"""Tables 3 and 4: any history balances, a known report balances, each cell names its requests."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    DONE,
    NEW,
    ROWS,
    TOTAL,
    Case,
    imbalances,
    table_3,
    table_4,
)
from bot.desk.model import Applicant, ApplicantKind, Outcome, ServiceMethod
from bot.desk.register import Register
from bot.desk.remedies import Remedy
from tests.desk.conftest import CLERK, RESIDENT, WANG, at, file_ten


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    """Requests of 2022-2026, some still open."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(list(ApplicantKind)),
                st.integers(0, 1800),
                st.one_of(st.none(), st.tuples(st.sampled_from(list(Outcome)), st.integers(0, 500))),
            ),
            max_size=30,
        )
    )
    first = date(2022, 1, 1)
    return [
        Case(
            number=str(n),
            kind=kind,
            since=first + timedelta(days=start),
            outcome=end[0] if end else None,
            ended_on=first + timedelta(days=start + end[1]) if end else None,
        )
        for n, (kind, start, end) in enumerate(drawn)
    ]


@given(cases())
@settings(max_examples=150, deadline=None)
def test_any_history_balances(history: list[Case]) -> None:
    """Every year balances in every column, and what one year carries out the next carries in."""
    carried_out: tuple[int, ...] = (0,) * len(COLUMNS)
    for year in range(2022, 2029):
        table = table_3(history, year)
        assert imbalances({row: table.row(row) for row in ROWS}) == ()
        assert table.row(CARRIED_IN) == carried_out
        carried_out = table.row(CARRIED_OUT)


@given(cases())
def test_each_request_is_done_at_most_once(history: list[Case]) -> None:
    """Over all years, each ended request stands in exactly one outcome row of one year."""
    done = [number for year in range(2022, 2030) for number in table_3(history, year).numbers[DONE][TOTAL]]
    assert sorted(done) == sorted(case.number for case in history if case.outcome)


NATIONAL: dict[str, tuple[int, ...]] = {
    NEW: (13612, 252, 0, 45, 128, 32, 14069),
    CARRIED_IN: (535, 6, 0, 1, 18, 0, 560),
    DONE: (13364, 252, 0, 44, 121, 29, 13810),
    CARRIED_OUT: (783, 6, 0, 2, 25, 3, 819),
}


def _with_rows(figures: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """All done requests in one outcome row: the table of a real report without its details."""
    rows = {outcome.code: (0,) * 7 for outcome in Outcome}
    return {**rows, "A": figures[DONE], **figures}


def test_known_report_balances() -> None:
    """The published figures of a large city add up in all seven columns."""
    assert imbalances(_with_rows(NATIONAL)) == ()


@pytest.mark.parametrize("row", [NEW, CARRIED_IN, CARRIED_OUT, DONE])
@pytest.mark.parametrize("place", range(7))
def test_one_wrong_figure_is_found(row: str, place: int) -> None:
    """Whichever figure of whichever column is off by one, something no longer adds up."""
    figures = list(NATIONAL[row])
    figures[place] += 1
    assert imbalances({**_with_rows(NATIONAL), row: tuple(figures)})


def test_remedies_are_counted_in_their_year() -> None:
    """Decided in the year by result, pending otherwise, gone the year after."""
    remedies = [
        Remedy("2024-0001", "reconsideration", date(2024, 5, 1), "upheld", date(2024, 7, 1)),
        Remedy("2024-0002", "direct_suit", date(2024, 11, 1), "corrected", date(2025, 2, 1)),
    ]
    by_year = {
        year: {
            (column, row): numbers
            for column, rows in table_4(remedies, year).items()
            for row, numbers in rows.items()
            if numbers and row != TOTAL
        }
        for year in (2024, 2025, 2026)
    }
    assert by_year == {
        2024: {("reconsideration", "upheld"): ("2024-0001",), ("direct_suit", "pending"): ("2024-0002",)},
        2025: {("direct_suit", "corrected"): ("2024-0002",)},
        2026: {},
    }


def test_report_of_a_register(register: Register, connection: Connection) -> None:
    """Played through the register: one carried over the year, one done, one withdrawn; cells name them."""
    company = Applicant(ApplicantKind.COMPANY, "某公司", "91350100M000100Y43", "0745-6822222")
    first, second, third = (
        register.session(connection, at("2025-12-15"), RESIDENT)
        .intake.submit(applicant=applicant, content=content)
        .number
        for applicant, content in ((WANG, "决算"), (company, "预算"), (WANG, "规划"))
    )
    for number in (first, second):
        register.session(connection, at("2025-12-15"), CLERK).intake.confirm_receipt(number)
    register.session(connection, at("2025-12-16"), RESIDENT).replies.withdraw(third)
    register.session(connection, at("2026-01-05"), CLERK).replies.draft(
        first, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    register.session(connection, at("2026-01-05"), CLERK).replies.serve(
        first, method=ServiceMethod.POST, proof="XA12345678936"
    )
    register.session(connection, at("2026-02-05"), CLERK).remedies.record(first, remedy="reconsideration")
    old, new = (register.session(connection).reporting.table_3(year) for year in (2025, 2026))
    assert old.numbers[NEW][TOTAL] == (first, second, third)
    assert old.numbers["F3"]["NP"] == (third,)
    assert old.numbers[CARRIED_OUT] == {**old.numbers[CARRIED_OUT], "NP": (first,), "CO": (second,)}
    assert new.row(CARRIED_IN) == old.row(CARRIED_OUT) == (1, 1, 0, 0, 0, 0, 2)
    assert (new.numbers["A"]["NP"], new.numbers[CARRIED_OUT]["CO"]) == ((first,), (second,))
    assert register.session(connection).reporting.table_4(2026)["reconsideration"]["pending"] == (first,)


def test_prose_counts_its_year(register: Register, connection: Connection) -> None:
    """A fee counts in the year it was paid in, by the notice before; so do inquiries and their answers."""
    file_ten(register, connection, "2025-12-01")
    number = (
        register.session(connection, at("2025-12-01"), RESIDENT)
        .intake.submit(applicant=WANG, content="决算")
        .number
    )
    register.session(connection, at("2025-12-01"), CLERK).intake.confirm_receipt(number)
    register.session(connection, at("2025-12-29"), CLERK).correspondence.notice_fee(number, amount_yuan=100)
    register.session(connection, at("2026-01-05"), CLERK).correspondence.receive_payment(
        number, proof="收据1号"
    )
    asked = register.session(connection, at("2025-12-31"), RESIDENT).inquiries.open(question="几点开门？")
    register.session(connection, at("2026-01-04"), CLERK).inquiries.answer(asked.number, answer="九点。")
    old, new = (
        register.session(connection)
        .reporting.year_report(year, table_2={}, today=at("2027-01-10").date())
        .activity
        for year in (2025, 2026)
    )
    assert (old.fees_yuan, old.inquiries, old.inquiries_answered) == (0, 1, 0)
    assert (new.fees_yuan, new.inquiries, new.inquiries_answered) == (100, 0, 1)
