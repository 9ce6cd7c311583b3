"""Tables 3 and 4 of the annual report, counted from the register (notice 30 of 2021).  Pure.

Every cell is the list of request numbers it counts, so that it can be explained; its figure is their
number.  By construction nothing is counted twice; `imbalances` proves 一+二 = 三(七)+四 for every column.

A request is of the year in which it was received (art. 31); one that was filed and withdrawn before
anybody confirmed it counts from the day it was filed.  It is done in the year in which it ended, once: what
is decided anew after a review or suit stays where its first outcome put it; the remedy is in Table 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.desk.model import ApplicantKind, Event, EventKind, Outcome
from bot.desk.remedies import Remedy
from bot.desk.standing import Standing

NEW, CARRIED_IN, DONE, CARRIED_OUT = "一", "二", "三（七）", "四"
TOTAL = "总计"
COLUMNS = (*(kind.value for kind in ApplicantKind), TOTAL)
ROWS = (NEW, CARRIED_IN, *(outcome.code for outcome in Outcome), DONE, CARRIED_OUT)

REMEDY_COLUMNS = {
    "reconsideration": "行政复议",
    "direct_suit": "未经复议直接起诉",
    "suit_after_reconsideration": "复议后起诉",
}
REMEDY_ROWS = ("upheld", "corrected", "other", "pending")
REMEDY_LABELS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}


@dataclass(frozen=True)
class Case:
    """What Table 3 needs of one request.  `since` is when it became the office's, `ended_on` may be None."""

    number: str
    kind: ApplicantKind
    since: date
    outcome: Outcome | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class Table3:
    """`numbers[row][column]`: the requests that the cell counts."""

    year: int
    numbers: Mapping[str, Mapping[str, tuple[str, ...]]]

    def figure(self, row: str, column: str) -> int:
        return len(self.numbers[row][column])

    def row(self, row: str) -> tuple[int, ...]:
        """The seven figures of one row."""
        return tuple(self.figure(row, column) for column in COLUMNS)


def table_3(cases: Iterable[Case], year: int) -> Table3:
    """Count the requests of one year.

    一 received in it, 二 open at its beginning, the 21 rows those that ended in it, 四 open at its end.
    """
    cells: dict[str, dict[str, list[str]]] = {row: {column: [] for column in COLUMNS} for row in ROWS}
    for case in cases:
        for row in _rows_of(case, year):
            cells[row][case.kind.value].append(case.number)
            cells[row][TOTAL].append(case.number)
    return Table3(
        year,
        {row: {column: tuple(found) for column, found in columns.items()} for row, columns in cells.items()},
    )


def _rows_of(case: Case, year: int) -> Iterable[str]:
    """The rows one request counts in: where it came from and where it went, once each."""
    ended_before = case.ended_on is not None and case.ended_on.year < year
    if case.since.year > year or ended_before:
        return
    yield NEW if case.since.year == year else CARRIED_IN
    if case.outcome is not None and case.ended_on is not None and case.ended_on.year == year:
        yield case.outcome.code
        yield DONE
    else:
        yield CARRIED_OUT


def imbalances(figures: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """What does not add up in a Table 3, ours or somebody else's: `figures[row]` are its seven numbers.

    Empty when each column has 一+二 = （七）+四 and （七） = the sum of its 21 rows, and each row's 总计 is
    the sum of its six columns.
    """
    wrong = []
    for place, column in enumerate(COLUMNS):
        done = figures[DONE][place]
        if figures[NEW][place] + figures[CARRIED_IN][place] != done + figures[CARRIED_OUT][place]:
            wrong.append(f"{column}: 一+二≠（七）+四")
        if done != sum(figures[outcome.code][place] for outcome in Outcome):
            wrong.append(f"{column}: （七）≠21")
    wrong += [f"{row}: 总计" for row in ROWS if figures[row][-1] != sum(figures[row][:-1])]
    return tuple(wrong)


def table_4(remedies: Iterable[Remedy], year: int) -> dict[str, dict[str, tuple[str, ...]]]:
    """Table 4 as `table[column][row]`: the request numbers decided in the year, or pending at its end."""
    table: dict[str, dict[str, tuple[str, ...]]] = {
        column: dict.fromkeys((*REMEDY_ROWS, TOTAL), ()) for column in REMEDY_COLUMNS
    }
    for remedy in remedies:
        decided_before = remedy.decided_on is not None and remedy.decided_on.year < year
        if remedy.started_on.year > year or decided_before:
            continue
        decided_now = remedy.decided_on is not None and remedy.decided_on.year == year
        row = remedy.result if decided_now else "pending"
        for counted in (row, TOTAL):
            table[remedy.kind][counted] = (*table[remedy.kind][counted], remedy.number)
    return table


def fees_paid(events: Iterable[Event], year: int) -> int:
    """Yuan that an applicant paid in the year: the amount of the notice before each payment."""
    paid, noticed = 0, 0
    for event in events:
        if event.kind is EventKind.FEE_NOTICED:
            noticed = int(event.text("amount"))
        elif event.kind is EventKind.FEE_PAID and event.on.year == year:
            paid += noticed
    return paid


def case_of(events: Sequence[Event], standing: Standing) -> Case | None:
    """A request as Table 3 counts it, from its events alone; None while it is not the office's yet.

    `standing` is what the same events lead to.
    """
    if standing.received_on is None and standing.ended_on is None:
        return None
    filed = events[0]
    told = [event.text("applicant_kind") for event in events if event.text("applicant_kind")]
    return Case(
        number=filed.subject,
        kind=ApplicantKind(told[-1]),  # identity may be taken after filing
        since=standing.received_on or filed.on,
        outcome=standing.outcome,
        ended_on=standing.ended_on,
    )
