"""What the law says of a request, from what has happened to it: state, clock, periods.  An oracle.

Written from the Regulations (Decree 711), notice 109 of 2020 and the rules of the issue alone, by somebody
who had not read `bot/desk/clock.py`, `transitions.py` or any guard; it shares with the desk only the list of
working days.  `law_acts.py` says what may be done now (its rules stand in `law_notices.py`,
`law_opinions.py`, `law_replies.py` and `law_remedies.py`), `law_tables.py` counts the year,
`law_histories.py` offers the same acts to the desk and to this.

1. A case is the list of deeds that took effect, each with the day that counts in law and that of its entry.
2. Where it stands is replayed in the order of entry; the clock is counted in the order of the days in law.
3. A clock starts on receipt (art. 31), anew on a corrected request (30) and on full payment (109); day 0 is
   not counted, nor is a working day after a letter to a third party or agency up to its answer, or up to the
   15th working day after they received it (32-34).  Spans are joined before they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

ONE_DAY = timedelta(days=1)
REPLY, CORRECTION_NOTICE, OPINION, PAYMENT, EXTENSION, DEFERRAL = 20, 7, 15, 20, 20, 20  # working days
CONFIRMED_LATER = ("online", "fax", "ordinary_post")  # art. 31: the day is that of the confirmation


class State(StrEnum):
    FILED = "filed"
    IN_HAND = "in hand"
    CORRECTION = "correction asked"
    REASONS = "reasons asked"
    CONSULTING = "consulting"
    FEE = "fee noticed"
    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SERVED = "served"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    UNCORRECTED = "lapsed uncorrected"
    UNPAID = "lapsed unpaid"
    CONVERTED = "converted"


ENDED = (
    State.SERVED,
    State.ARCHIVED,
    State.WITHDRAWN,
    State.UNCORRECTED,
    State.UNPAID,
    State.CONVERTED,
)
WRITTEN = (State.DRAFTED, State.REVIEWED, State.SIGNED)


@dataclass(frozen=True)
class Deed:
    """One act, offered or done: who entered it when, and the day on which it says that it happened."""

    act: str
    by: str
    entered: date
    day: date | None = None  # None: the day of its entry
    party: str = ""
    opinion: str = ""
    days: int = 0
    until: date | None = None
    letter_on: date | None = None  # when a consulted party received the letter
    proof: str = ""
    text: str = ""
    yes: bool = True  # reasonable, approved, acknowledged
    outcome: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    amount: int = 0
    pages: int = 0
    method: str = ""
    remedy: str = ""
    result: str = ""
    told: bool = False
    parts: tuple[str, ...] = ()

    @property
    def on(self) -> date:
        return self.day or self.entered


@dataclass
class Case:
    """A request; `facts` took effect, `waiting` was entered late and waits for a second person."""

    applicant: str
    kind: str
    asked: str
    intake: str
    facts: list[Deed]
    waiting: list[Deed] = field(default_factory=list)
    split_from: Case | None = None
    proposed: bool = False  # something was ever entered late
    known: dict[int, Standing] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def in_chat(self) -> str:
        """The applicant, where they filed by themselves and not on paper or at the counter."""
        return self.applicant if self.intake == "online" else ""

    @property
    def filed_on(self) -> date:
        return self.facts[0].entered


@dataclass(frozen=True)
class Standing:
    """Where a case stands; `due_on` is None while no clock runs."""

    state: State
    received_on: date | None = None
    due_on: date | None = None
    correction_due_on: date | None = None
    pay_by: date | None = None
    reasons_by: date | None = None
    outcome: str = ""  # the first one: Table 3
    ended_on: date | None = None
    decided: bool = False  # there is something to contest: a reply, a lapse, a request turned away
    replied: bool = False  # its newest end is a reply
    given_up: bool = False  # its newest end is a withdrawal
    term: Deed | None = None  # the order that opened it again
    reopened: bool = False
    draft: Deed | None = None
    ready_on: date | None = None  # drafted, reviewed or signed: a reply is not served before
    awaited: tuple[Deed, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    def overdue(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and today > self.due_on


class Days:
    """Counting of working days; `works` says of any day whether it is one."""

    def __init__(self, works: Callable[[date], bool]) -> None:
        self.works = cache(works)

    def after(self, start: date, number: int, out: Sequence[tuple[date, date]] = ()) -> date:
        """The `number`th working day after `start`; a day in (from, to] of a span in `out` is not counted."""
        day, left = start, number
        while left:
            day += ONE_DAY
            if self.works(day) and not any(begin < day <= end for begin, end in out):
                left -= 1
        return day


class Law:
    """The law of one office: its working days; whether the time for reasons counts (art. 35 is silent)."""

    def __init__(self, works: Callable[[date], bool], *, reasons_count: bool = True) -> None:
        self.days = Days(works)
        self.reasons_count = reasons_count

    def standing(self, case: Case) -> Standing:
        """Where it stands after all its facts; kept, for a history asks often."""
        key = len(case.facts)
        if key not in case.known:
            case.known.clear()
            case.known[key] = self._replayed(case)
        return case.known[key]

    def _replayed(self, case: Case) -> Standing:
        now = Standing(State.FILED)
        for deed in case.facts:
            now = self._after(case, now, deed)
        return replace(now, due_on=self._due(now, case.facts))

    # ---- where it stands

    def _after(self, case: Case, now: Standing, deed: Deed) -> Standing:
        act = deed.act
        if act in _ENDS:
            return self._end(now, deed)
        if act == "submit" or (act == "enter" and case.intake in CONFIRMED_LATER):
            return now
        if act in ("enter", "confirm_receipt"):
            return replace(now, state=State.IN_HAND, received_on=deed.on)
        if act == "undo_receipt":
            return Standing(State.FILED)
        if act == "ask_correction":
            told = (
                case.intake == "online"
            )  # has it at once; on paper the receipt of the notice is to be shown
            by = self.days.after(deed.on, deed.days) if told else None
            return replace(now, state=State.CORRECTION, correction_due_on=by)
        if act == "receive_correction_notice":
            asked = newest(case.facts, "ask_correction")
            assert asked is not None
            return replace(now, correction_due_on=self.days.after(deed.on, asked.days))
        if act == "notice_fee":
            return replace(now, state=State.FEE, pay_by=self.days.after(deed.on, PAYMENT))
        if act == "ask_reasons":
            return replace(now, state=State.REASONS, reasons_by=self.days.after(deed.on, deed.days))
        if act in _BACK:
            return self._in_hand(replace(now, correction_due_on=None, pay_by=None, reasons_by=None))
        if act in ("consult_third_party", "consult_agency"):
            return self._in_hand(replace(now, awaited=(*now.awaited, deed)))
        if act == "receive_opinion":
            whose = deed.party or now.awaited[0].party
            return self._in_hand(
                replace(now, awaited=tuple(each for each in now.awaited if each.party != whose))
            )
        if act == "order_redecision" and not now.is_open:
            blank = replace(now, draft=None, ready_on=None, awaited=())
            return replace(blank, state=State.IN_HAND, reopened=True, term=deed)
        return self._written(now, deed)

    def _in_hand(self, now: Standing) -> Standing:
        return replace(now, state=State.CONSULTING if now.awaited else State.IN_HAND)

    def _written(self, now: Standing, deed: Deed) -> Standing:
        if deed.act == "draft_reply":
            return replace(now, state=State.DRAFTED, draft=deed, ready_on=deed.on)
        if deed.act == "review" and deed.yes:
            return replace(now, state=State.REVIEWED, ready_on=deed.on)
        if deed.act in ("review", "discard_draft"):
            return self._in_hand(replace(now, draft=None, ready_on=None))
        if deed.act == "sign":
            return replace(now, state=State.SIGNED, ready_on=deed.on)
        if deed.act == "archive":
            return replace(now, state=State.ARCHIVED)
        return now  # taken, searched, extended, deferred, contested: the state stays

    def _end(self, now: Standing, deed: Deed) -> Standing:
        state, outcome = _ENDS[deed.act]
        if deed.act == "serve":
            assert now.draft is not None
            outcome = now.draft.outcome
        return replace(
            now,
            state=state,
            outcome=now.outcome or outcome,
            ended_on=now.ended_on or deed.on,
            decided=now.decided or state is not State.WITHDRAWN,
            replied=state is State.SERVED,
            given_up=state is State.WITHDRAWN,
            correction_due_on=None,
        )

    # ---- the clock

    def _due(self, now: Standing, facts: Sequence[Deed]) -> date | None:
        if not now.is_open or now.received_on is None or now.state in (State.CORRECTION, State.FEE):
            return None
        if now.term is not None:
            return now.term.until or self.days.after(now.term.on, now.term.days or REPLY)
        return self.clock(facts)

    def clock(self, facts: Iterable[Deed]) -> date | None:
        """The due date by these facts, as if every one of them had been entered on its day."""
        start: date | None = None
        fixed: date | None = None
        term = REPLY
        out: list[tuple[date, date]] = []
        waits = False  # for a correction or a payment: no clock runs that could expire
        ordered = sorted(_without_withdrawn_fees(facts), key=lambda deed: deed.on)
        for place, deed in enumerate(ordered):
            due = None if start is None or waits else self._end_of(start, term, out, fixed)
            if starts_a_clock(deed):
                start, term, fixed, waits = deed.on, REPLY, None, False
            elif deed.act == "undo_receipt":
                start = None
            elif start is None or (due is not None and deed.on > due):
                continue  # what is dated after expiry moves nothing
            elif deed.act in ("ask_correction", "notice_fee"):
                waits = True
            elif deed.act == "extend":
                term += deed.days
            elif deed.act == "defer":
                fixed = deed.until
            elif deed.act in ("consult_third_party", "consult_agency"):
                out.append((deed.on, self.answered_by(deed, ordered[place + 1 :])))
            elif deed.act == "ask_reasons" and not self.reasons_count:
                out.append((deed.on, self._reasons_end(deed, ordered[place + 1 :])))
        return None if start is None else self._end_of(start, term, out, fixed)

    def _end_of(self, start: date, term: int, out: Sequence[tuple[date, date]], fixed: date | None) -> date:
        """Art. 35 fixes a later date, never an earlier one than art. 33 gives."""
        by_days = self.days.after(start, term, out)
        return max(by_days, fixed) if fixed else by_days

    def due_before_the_end(self, case: Case) -> date | None:
        """When a case that has ended was due first: after that day, until it ended, it was overdue."""
        ends = [place for place, deed in enumerate(case.facts) if deed.act in _ENDS]
        return self.standing(replace(case, facts=case.facts[: ends[0]])).due_on if ends else None

    def opinion_by(self, asked: Deed) -> date:
        """Art. 32, 34: 15 working days after they received the letter; the day of sending, if unknown."""
        return self.days.after(asked.letter_on or asked.on, OPINION)

    def answered_by(self, asked: Deed, facts: Iterable[Deed]) -> date:
        """The last day that is not counted because of this letter."""
        last = self.opinion_by(asked)
        for deed in facts:
            if deed.act == "receive_opinion" and deed.party == asked.party and deed.opinion != "silent":
                return min(deed.on, last)
        return last

    def _reasons_end(self, asked: Deed, facts: Sequence[Deed]) -> date:
        """Never longer than the period that the applicant was given."""
        answers = [deed.on for deed in facts if deed.act in ("receive_reasons", "record_no_reasons")]
        last = self.days.after(asked.on, asked.days)
        return min([*answers[:1], last])


def starts_a_clock(deed: Deed) -> bool:
    return deed.act in ("confirm_receipt", "receive_correction", "receive_payment") or (
        deed.act == "enter" and deed.method not in CONFIRMED_LATER
    )


def _without_withdrawn_fees(facts: Iterable[Deed]) -> list[Deed]:
    """Part 9: a notice that was withdrawn is as if it had never been."""
    kept: list[Deed] = []
    for deed in facts:
        if deed.act == "withdraw_fee":
            kept.remove(next(each for each in reversed(kept) if each.act == "notice_fee"))
        else:
            kept.append(deed)
    return kept


def newest(facts: Sequence[Deed], *acts: str) -> Deed | None:
    return next((deed for deed in reversed(facts) if deed.act in acts), None)


_BACK = ("receive_correction", "receive_payment", "withdraw_fee", "receive_reasons", "record_no_reasons")
_ENDS = {
    "serve": (State.SERVED, ""),
    "withdraw": (State.WITHDRAWN, "F3"),
    "convert_to_record_correction": (State.CONVERTED, "F3"),
    "lapse_uncorrected": (State.UNCORRECTED, "F1"),
    "lapse_unpaid": (State.UNPAID, "F2"),
}
