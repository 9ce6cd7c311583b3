"""An office with a ledger beside the cases of the oracle: each act is offered to both, and both compared.

`History.offer` does one step on both sides and says in what they differ, if they do; `law_maker.py` chooses
the steps, `law_walks.py` makes whole histories and shortens those in which desk and law differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from bot.desk.calendar import WorkingCalendar
from bot.desk.errors import DeskError
from bot.desk.model import EventKind, Outcome, Status
from bot.desk.register import Register
from bot.keyring import attach
from bot.ledger.ledger import Ledger
from tests.desk.conftest import CLERK, OFFICE, VAULT, at, register_of
from tests.desk.law_acts import may
from tests.desk.law_desk import APPLICANTS, STAFF, Step, do, file
from tests.desk.law_oracle import Case, Deed, Law, State
from tests.desk.law_question import Question, Verdict
from tests.desk.law_replies import CODES, outcome_open
from tests.desk.law_tables import table_3, table_4
from tests.desk.test_desk_machine import new_ledger

WORKS = WorkingCalendar().is_working_day
STATES = {
    Status.SUBMITTED: State.FILED,
    Status.RECEIVED: State.IN_HAND,
    Status.ASSIGNED: State.IN_HAND,
    Status.RE_DECIDING: State.IN_HAND,
    Status.CORRECTION_ASKED: State.CORRECTION,
    Status.REASONS_ASKED: State.REASONS,
    Status.THIRD_PARTY: State.CONSULTING,
    Status.OTHER_AGENCY: State.CONSULTING,
    Status.FEE_NOTICED: State.FEE,
    Status.DRAFTED: State.DRAFTED,
    Status.REVIEWED: State.REVIEWED,
    Status.SIGNED: State.SIGNED,
    Status.SERVED: State.SERVED,
    Status.ARCHIVED: State.ARCHIVED,
    Status.WITHDRAWN: State.WITHDRAWN,
    Status.LAPSED_UNCORRECTED: State.UNCORRECTED,
    Status.LAPSED_UNPAID: State.UNPAID,
    Status.CONVERTED: State.CONVERTED,
}


@dataclass(frozen=True)
class Difference:
    """`kind` is the same for all that differ in the same way."""

    kind: str
    detail: str


@dataclass
class History:
    """The desk and the cases of the oracle, side by side."""

    register: Register
    connection: Connection
    law: Law
    two_review: bool
    cases: list[Case] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    year: int = 0
    steps: int = 0

    def question(self, target: int, deed: Deed) -> Question:
        return Question(self.law, self.cases[target], deed, self.cases, STAFF, self.two_review)

    def verdict(self, step: Step) -> Verdict:
        deed = step.deed
        if step.target < 0:
            future = deed.act == "enter" and deed.on > deed.entered
            clerk = deed.act == "submit" or deed.by in STAFF
            return Verdict(clerk and not future, "31: the day of receipt")
        if deed.act in ("confirm_late_entry", "decline_late_entry"):
            return self._second_person(step)
        return may(self.question(step.target, deed))

    def _second_person(self, step: Step) -> Verdict:
        case = self.cases[step.target]
        if step.deed.by not in STAFF or step.nth_waiting >= len(case.waiting):
            return Verdict(False, "9: nothing waits")
        entry = case.waiting[step.nth_waiting]
        if step.deed.act == "decline_late_entry":
            idle = self.law.standing(case).due_on is None
            return Verdict(None if idle else True, "9: no clock runs that it could touch")
        if entry.by == step.deed.by:
            return Verdict(False, "9: a second person")
        alone = replace(case, waiting=[each for each in case.waiting if each is not entry])
        question = replace(
            self.question(step.target, entry),
            case=alone,
            all_cases=[alone if each is case else each for each in self.cases],
        )
        return may(question, again=True)

    def offer(self, step: Step) -> Difference | None:
        """Do it on both sides; the first thing in which they differ."""
        if step.target >= len(self.cases):
            return None  # its filing was left out
        turned = self._year_turns(step.deed.entered)
        if turned:
            return turned
        verdict = self.verdict(step)
        refusal = self._desk_does(step)
        self.counts["lawful" if verdict.allowed else "unlawful" if verdict.allowed is False else "open"] += 1
        if verdict.allowed is not None and verdict.allowed != (refusal is None):
            who = f"desk refuses ({refusal}), law allows" if refusal else "desk allows, law forbids"
            return Difference(f"{step.deed.act}: {who} ({verdict.source})", str(step))
        if refusal is not None:
            return None  # that a refusal leaves no trace is shown elsewhere, and by `verify` in the end
        self.counts["done"] += 1
        self.counts[f"done {step.deed.act}"] += 1
        self._oracle_does(step, late=verdict.late)
        return self.compare(step.target if step.target >= 0 else len(self.cases) - 1, step)

    def _desk_does(self, step: Step) -> str | None:
        self.steps += 1  # no two at the same instant
        now = at(step.deed.entered.isoformat()) + timedelta(seconds=self.steps)
        try:
            if step.target < 0:
                made = file(self.register, self.connection, now, step)
                self.numbers.append(made)
                return None
            number = self.numbers[step.target]
            if step.deed.act == "split":
                parts = self.register.session(self.connection, now, step.deed.by).splitting.split(
                    number, contents=step.deed.parts
                )
                self.numbers += [part.number for part in parts[1:]]
                return None
            do(self.register, self.connection, now, number, step, self.numbers)
        except DeskError as error:
            return f"{type(error).__name__} {error.text_id}"
        return None

    def _oracle_does(self, step: Step, *, late: bool) -> None:
        deed = step.deed
        if step.target < 0:
            first = replace(deed, method=step.intake)
            self.cases.append(Case(step.applicant, _column(step), step.asked, step.intake, [first]))
            return
        case = self.cases[step.target]
        if deed.act in ("confirm_late_entry", "decline_late_entry"):
            entry = case.waiting.pop(step.nth_waiting)
            if deed.act == "confirm_late_entry":
                case.facts.append(replace(entry, day=entry.on, entered=deed.entered))
        elif late:
            case.waiting.append(deed)
            case.proposed = True
            if deed.act == "serve" and self.law.standing(case).state is not State.SIGNED:
                case.facts.append(replace(deed, act="sign"))  # who serves an unsigned reply signs it
        else:
            if deed.act == "receive_opinion" and not deed.party:
                deed = replace(deed, party=self.law.standing(case).awaited[0].party)
            case.facts.append(deed)
        if not self.law.standing(case).is_open:
            case.waiting.clear()  # nothing hangs on it any more
        if deed.act == "split":
            case.asked = deed.parts[0]
            for part in deed.parts[1:]:
                root = case.split_from or case
                begun = [each for each in case.facts if each.act in ("submit", "enter", "confirm_receipt")]
                self.cases.append(
                    replace(case, asked=part, facts=begun, waiting=[], split_from=root, proposed=False)
                )

    # ---- comparing

    def compare(self, target: int, step: Step) -> Difference | None:
        request = self.register.session(self.connection).requests.get(self.numbers[target])
        case = self.cases[target]
        now = self.law.standing(case)
        desk: dict[str, object] = {
            "state": STATES[request.status],
            "received_on": request.received_on,
            "due_on": request.due_on if request.status.is_open else None,
            "outcome": request.outcome.code if request.outcome else "",
            "ended_on": request.ended_on,
            "waiting": len(self.register.session(self.connection).late_entries.waiting(request.number))
            if case.proposed and now.is_open
            else 0,
        }
        oracle: dict[str, object] = {
            "state": now.state,
            "received_on": now.received_on,
            "due_on": now.due_on,
            "outcome": now.outcome,
            "ended_on": now.ended_on,
            "waiting": len(case.waiting) if now.is_open else 0,
        }
        if now.state is State.CORRECTION:
            desk["correction_due_on"], oracle["correction_due_on"] = (
                request.correction_due_on,
                now.correction_due_on,
            )
        if now.state is State.FEE:
            events = self.register.session(self.connection).requests.history(request.number)
            notice = next(event for event in reversed(events) if event.kind is EventKind.FEE_NOTICED)
            desk["pay_by"], oracle["pay_by"] = notice.day("pay_by"), now.pay_by
        for name, value in oracle.items():
            if desk[name] != value:
                said = f"desk {desk[name]}, law {value}"
                return Difference(
                    f"{name} differs after {step.deed.act} ({_class(name, desk[name], value)})",
                    f"{said}: {step}",
                )
        self.counts["compared"] += 1
        return None

    def outcomes(self, target: int, today: date) -> Difference | None:
        """Which outcome codes are open, on both sides."""
        number, now = self.numbers[target], self.law.standing(self.cases[target])
        if now.state is not State.IN_HAND:
            return None
        for code in CODES:
            law = outcome_open(self.question(target, Deed("draft_reply", CLERK, today)), code)
            desk = True
            try:
                self.register.session(self.connection).replies.outcome_must_be_open(number, Outcome(code))
            except DeskError:
                desk = False
            self.counts["outcomes"] += 1
            if law is not None and desk != law:
                return Difference(f"outcome {code} open: desk {desk}, law {law}", f"#{target} on {today}")
        return None

    def _year_turns(self, today: date) -> Difference | None:
        """Tables of the year that is over; kept as of its last day, then of the years before once more."""
        if self.year and today.year > self.year:
            found = self.tables(range(self.year - 1, self.year + 1))
            if found:
                return found
        self.year = today.year
        return None

    def tables(self, years: Sequence[int]) -> Difference | None:
        for year in years:
            ours = self.register.session(self.connection).reporting.table_3(year).numbers
            cells = {
                (row, column): len(those)
                for row, columns in ours.items()
                for column, those in columns.items()
            }
            law = table_3(self.law, self.cases, year)
            contested = self.register.session(self.connection).reporting.table_4(year)
            cells4 = {
                (row, column): len(those)
                for row, columns in contested.items()
                for column, those in columns.items()
            }
            law4 = table_4(self.cases, year)
            for name, mine, theirs in (("Table 3", cells, law), ("Table 4", cells4, law4)):
                for cell in {*mine, *theirs}:
                    self.counts["cells"] += 1
                    if mine.get(cell, 0) != theirs[cell]:
                        said = f"{year} {cell}: desk {mine.get(cell)}, law {theirs[cell]}"
                        return Difference(
                            f"{name}, row {cell[0]} {cell[1] if name == 'Table 4' else ''}", said
                        )
        return None


def _class(name: str, desk: object, law: object) -> str:
    if isinstance(desk, date) and isinstance(law, date):
        return "desk later" if desk > law else "desk earlier"
    return (
        f"{desk if name == 'state' else type(desk).__name__}/{law if name == 'state' else type(law).__name__}"
    )


def _column(step: Step) -> str:
    return APPLICANTS[step.applicant].kind.value


@contextmanager
def office(*, two_review: bool, reasons_count: bool) -> Iterator[History]:
    """An empty ledger, whatever happens in it rolled back with its folder."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        path.write_bytes(new_ledger())
        with Ledger.open(f"sqlite:///{path}") as ledger:
            attach(ledger, VAULT)
            rules = replace(OFFICE, review_by_second=two_review, reasons_time_counts=reasons_count)
            with ledger.transaction() as connection:
                law = Law(WORKS, reasons_count=reasons_count)
                yield History(register_of(rules), connection, law, two_review)
