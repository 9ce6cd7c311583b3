"""Ten thousand random histories: every table balances, and every figure names exactly what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    DONE,
    NEW,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    ROWS,
    TOTAL,
    case_of,
    fees_paid,
    imbalances,
    table_3,
    table_4,
)
from bot.desk.calendar import WorkingCalendar
from bot.desk.errors import DeskError
from bot.desk.model import Applicant, ApplicantKind, Event, EventKind, Outcome
from bot.desk.register import Register
from bot.desk.remedies import remedies_of
from bot.desk.standing import replay
from bot.desk.tables import requests
from bot.desk.transitions import TRANSITIONS
from tests.desk.conftest import CLERK, RESIDENT, SECOND, at, attached, register_of
from tests.desk.random_histories import ENDINGS, family
from tests.desk.test_desk_machine import ACTS, fitting, meant, new_ledger

CALENDAR = WorkingCalendar()
AT_ONCE, EXAMPLES, LEAST = 34, 200, 10_000  # applications, registers, requests in all
Histories = Sequence[Sequence[Event]]


def test_ten_thousand_histories_balance() -> None:
    """200 registers of 34 applications, each of one to three requests, over some years."""
    played = 0

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.integers(0, 2**32), min_size=AT_ONCE, max_size=AT_ONCE))
    def play(seeds: list[int]) -> None:
        nonlocal played
        histories = [
            events for place, seed in enumerate(seeds) for events in family(Random(seed), 10 * place + 1)
        ]
        assert_everything_balances(histories)
        played += len(histories)

    play()
    assert played >= LEAST


def years_of(histories: Histories) -> range:
    """From the first to the year after the last that anything happened in."""
    days = [event.on for events in histories for event in events]
    return range(min(days).year, max(days).year + 2)


def assert_everything_balances(histories: Histories) -> None:
    """Tables 3 and 4 of all years, against a count that knows nothing of replaying."""
    cases = [case for events in histories if (case := case_of(events, replay(events, CALENDAR))) is not None]
    carried_out: tuple[int, ...] = (0,) * len(COLUMNS)
    done: list[str] = []
    for year in years_of(histories):
        table = table_3(cases, year)
        assert imbalances({row: table.row(row) for row in ROWS}) == ()
        assert table.row(CARRIED_IN) == carried_out
        carried_out = table.row(CARRIED_OUT)
        done += table.numbers[DONE][TOTAL]
        assert table.numbers == counted(histories, year)
        assert_table_4(histories, year)
    assert len(done) == len(set(done)) == sum(case.outcome is not None for case in cases)


def counted(histories: Histories, year: int) -> dict[str, dict[str, tuple[str, ...]]]:
    """Table 3 counted straight from the events, the slow way."""
    cells: dict[str, dict[str, tuple[str, ...]]] = {row: dict.fromkeys(COLUMNS, ()) for row in ROWS}

    def count(row: str, number: str, kind: str) -> None:
        for column in (kind, TOTAL):
            cells[row][column] = (*cells[row][column], number)

    for events in histories:
        since, ended, outcome = beginning(events), ending(events), outcome_of(events)
        if since is None or since.year > year or (ended is not None and ended.year < year):
            continue
        number, kind = events[0].subject, events[0].text("applicant_kind")
        count(NEW if since.year == year else CARRIED_IN, number, kind)
        if ended is not None and ended.year == year:
            count(outcome, number, kind)
            count(DONE, number, kind)
        else:
            count(CARRIED_OUT, number, kind)
    return cells


def beginning(events: Sequence[Event]) -> date | None:
    """The day of receipt; of what ended unreceived the day of filing; None for what nobody confirmed."""
    received = None
    for event in events:
        if event.kind is EventKind.RECEIVED:
            received = event.on
        elif event.kind is EventKind.RECEIPT_UNDONE:
            received = None
    return received or (events[0].on if ending(events) else None)


def ending(events: Sequence[Event]) -> date | None:
    return next((event.on for event in events if event.kind in ENDINGS), None)


def outcome_of(events: Sequence[Event]) -> str:
    """Of the last draft before the service, or of the way in which it ended otherwise."""
    drafted = ""
    for event in events:
        if event.kind is EventKind.DRAFTED:
            drafted = event.text("outcome")
        elif event.kind in ENDINGS:
            closed = ENDINGS[event.kind]
            return closed.code if closed else drafted
    return ""


def assert_table_4(histories: Histories, year: int) -> None:
    """Each cell holds the requests that a count without pairs of beginning and end finds."""
    table = table_4([remedy for events in histories for remedy in remedies_of(events)], year)
    wanted = counted_remedies(histories, year)
    for kind in REMEDY_COLUMNS:
        for row in REMEDY_ROWS:
            assert sorted(table[kind][row]) == sorted(wanted[kind, row])
        assert len(table[kind][TOTAL]) == sum(len(wanted[kind, row]) for row in REMEDY_ROWS)


def counted_remedies(histories: Histories, year: int) -> dict[tuple[str, str], list[str]]:
    """What was decided in the year, by result; pending is what had begun by its end, less what was decided.

    A decision whose beginning nobody recorded closes nothing.
    """
    cells: dict[tuple[str, str], list[str]] = {
        (kind, row): [] for kind in REMEDY_COLUMNS for row in REMEDY_ROWS
    }
    for events in histories:
        number = events[0].subject
        for kind in REMEDY_COLUMNS:
            waiting = 0
            for event in events:
                if event.on.year > year or event.text("remedy") != kind:
                    continue
                if event.kind is EventKind.REMEDY_STARTED:
                    waiting += 1
                elif event.kind is EventKind.REMEDY_DECIDED:
                    waiting -= waiting > 0
                    if event.on.year == year:
                        cells[kind, event.text("result")].append(number)
            cells[kind, "pending"] += [number] * waiting
    return cells


def test_histories_reach_everything() -> None:
    """The generator is no judge if it never gets anywhere: every outcome, remedies, fees, undone receipts."""
    histories = [events for seed in range(1500) for events in family(Random(seed), 1)]
    assert {outcome_of(events) for events in histories} >= {outcome.code for outcome in Outcome}
    kinds = {event.kind for events in histories for event in events}
    assert {edge.event for edge in TRANSITIONS.values()} - kinds == set()
    assert any(remedy.result for events in histories for remedy in remedies_of(events))
    assert any(fees_paid(events, year) for events in histories for year in years_of(histories))
    crossing = [events for events in histories if (end := ending(events)) and end.year > events[0].on.year]
    assert len(crossing) > 100
    again = [events for events in histories if len(services(events)) > 1]
    assert len([events for events in again if len({day.year for day in services(events)}) > 1]) > 20


def services(events: Sequence[Event]) -> list[date]:
    """The days on which a reply was served: more than one after an order to decide anew."""
    return [event.on for event in events if event.kind is EventKind.SERVED]


@given(st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_register_counts_what_its_events_say(data: st.DataObject) -> None:
    """The real register on a real ledger: its tables are those of its histories, and they balance."""
    register, now = register_of(), at("2025-11-20")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        path.write_bytes(new_ledger())
        with attached(path) as ledger, ledger.transaction() as connection:
            numbers = [_filed(data, register, connection, now, place) for place in range(3)]
            for _ in range(45):
                now += timedelta(days=data.draw(st.sampled_from((0, 0, 1, 2, 9))))
                _act(data, register, connection, now, data.draw(st.sampled_from(numbers)))
            every = connection.scalars(
                sa.select(requests.c.number)
            ).all()  # parts of what was split among them
            histories = [register.session(connection).requests.history(number) for number in every]
            remedies = [remedy for events in histories for remedy in remedies_of(events)]
            for year in (2025, 2026, 2027):
                assert register.session(connection).reporting.table_3(year).numbers == counted(
                    histories, year
                )
                assert register.session(connection).reporting.table_4(year) == table_4(remedies, year)
                paid = sum(fees_paid(events, year) for events in histories)
                assert register.session(connection).reporting.fees_paid(year) == paid
    assert_everything_balances(histories)


def _filed(data: st.DataObject, register: Register, connection: Connection, now: datetime, place: int) -> str:
    kind = data.draw(st.sampled_from(list(ApplicantKind)))
    applicant = Applicant(kind, f"申请人{place}", "11010519491231002X", "13812341234")
    return (
        register.session(connection, now, RESIDENT)
        .intake.submit(applicant=applicant, content=f"决算{place}")
        .number
    )


def _act(data: st.DataObject, register: Register, connection: Connection, now: datetime, number: str) -> None:
    """Something that fits, by somebody of staff; what the desk refuses changes nothing."""
    names = fitting(register.session(connection, now).requests.get(number).status)
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    arguments = {
        key: meant(register, connection, now, number, data.draw(values))
        for key, values in ACTS[name].arguments.items()
    }
    person = data.draw(st.sampled_from((CLERK, SECOND)))
    with suppress(DeskError):
        attrgetter(name)(register.session(connection, now, person))(number, **arguments)
