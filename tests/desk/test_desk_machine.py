"""Any order of any acts: no unguarded step, one outcome at the end, everything follows from the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.desk import chain
from bot.desk.calendar import WorkingCalendar
from bot.desk.errors import DeskError
from bot.desk.ledger import Ledger
from bot.desk.model import (
    DisclosureRequest,
    Event,
    EventKind,
    Intake,
    Outcome,
    Reply,
    ServiceMethod,
    Status,
)
from bot.desk.outcomes import DISCLOSED_PART, PUBLIC_INTEREST, REFUSED_PART, WITHHELD_PART, overrules
from bot.desk.register import Register
from bot.desk.standing import replay
from bot.desk.transitions import TRANSITIONS
from tests.desk.conftest import CLERK, OFFICE, RESIDENT, SECOND, WANG, at, register_of

CALENDAR = WorkingCalendar()
ANYBODY = [CLERK, SECOND, RESIDENT, "telegram:666"]
FIELDS = {need.name: "记录" for outcome in Outcome for need in outcome.required}
THIRD_PARTY_FIELDS: list[dict[str, str]] = [
    {},
    {REFUSED_PART.name: WITHHELD_PART},
    {REFUSED_PART.name: DISCLOSED_PART, PUBLIC_INTEREST.name: "饮水安全"},
]


@dataclass(frozen=True)
class Act:
    """A method of the register: who it says acts, the events it may lead to, its arguments."""

    by: str
    kinds: tuple[EventKind, ...]
    arguments: Mapping[str, st.SearchStrategy[object]] = field(default_factory=dict)


def _text(value: str) -> st.SearchStrategy[object]:
    return st.just(value)


_DAYS = st.integers(0, 21)
FIELDS_DRAWN = st.sampled_from(THIRD_PARTY_FIELDS).map(lambda more: {**FIELDS, **more})
ACTS: dict[str, Act] = {
    "confirm_receipt": Act("officer", (EventKind.RECEIVED,)),
    "take": Act("officer", (EventKind.ASSIGNED,)),
    "assign": Act("officer", (EventKind.ASSIGNED,), {"assignee": st.sampled_from(ANYBODY)}),
    "ask_correction": Act(
        "officer", (EventKind.CORRECTION_ASKED,), {"what": _text("哪个？"), "working_days": _DAYS}
    ),
    "receive_correction": Act("person", (EventKind.CORRECTION_RECEIVED,), {"content": _text("乡政府决算")}),
    "lapse_uncorrected": Act("officer", (EventKind.LAPSED_UNCORRECTED,)),
    "ask_reasons": Act("officer", (EventKind.REASONS_ASKED,), {"count": _text("80件")}),
    "receive_reasons": Act(
        "officer", (EventKind.REASONS_RECEIVED,), {"reasons": _text("研究"), "reasonable": st.booleans()}
    ),
    "defer": Act(
        "approver",
        (EventKind.DEFERRED,),
        {"until": st.dates(date(2023, 1, 1), date(2028, 1, 1)), "reason": _text("量大")},
    ),
    "consult_third_party": Act("officer", (EventKind.THIRD_PARTY_CONSULTED,), {"party": _text("某公司")}),
    "consult_agency": Act("officer", (EventKind.AGENCY_CONSULTED,), {"party": _text("县财政局")}),
    "receive_opinion": Act(
        "officer",
        (EventKind.THIRD_PARTY_ANSWERED, EventKind.AGENCY_ANSWERED),
        {"opinion": st.sampled_from(["agrees", "refuses", "silent"])},
    ),
    "notice_fee": Act("officer", (EventKind.FEE_NOTICED,), {"amount_yuan": st.just(100)}),
    "receive_payment": Act("officer", (EventKind.FEE_PAID,), {"proof": _text("收据")}),
    "lapse_unpaid": Act("officer", (EventKind.LAPSED_UNPAID,)),
    "extend": Act("approver", (EventKind.EXTENDED,), {"working_days": _DAYS, "reason": _text("量大")}),
    "note": Act("officer", (EventKind.NOTED,), {"text": _text("备注")}),
    "record_search": Act(
        "officer", (EventKind.SEARCHED,), {"places": _text("档案室"), "result": _text("无")}
    ),
    "draft_reply": Act(
        "officer",
        (EventKind.DRAFTED,),
        {"outcome": st.sampled_from(list(Outcome)), "text": _text("答复。"), "fields": FIELDS_DRAWN},
    ),
    "discard_draft": Act("officer", (EventKind.DRAFT_RETURNED,)),
    "review": Act("reviewer", (EventKind.REVIEWED,), {"approved": st.booleans()}),
    "sign": Act("signer", (EventKind.SIGNED,)),
    "serve": Act(
        "officer",
        (EventKind.SERVED, EventKind.DRAFT_RETURNED),  # also from a draft, which it signs
        {
            "method": st.sampled_from(list(ServiceMethod)),
            "proof": st.sampled_from(["", "XA123456789CN"]),
            "late_acknowledged": st.booleans(),
        },
    ),
    "undo_receipt": Act("officer", (EventKind.RECEIPT_UNDONE,), {"reason": _text("点错了")}),
    "inform_third_party": Act("officer", (EventKind.THIRD_PARTY_INFORMED,), {"party": _text("某公司")}),
    "ask_cooperation": Act(
        "officer",
        (EventKind.COOPERATION_ASKED,),
        {
            "party": _text("财政所"),
            "what": _text("查找"),
            "answer_by": st.dates(date(2023, 1, 1), date(2028, 1, 1)),
        },
    ),
    "receive_cooperation": Act(
        "officer", (EventKind.COOPERATION_RECEIVED,), {"party": _text("财政所"), "text": _text("没有")}
    ),
    "convert_to_record_correction": Act(
        "officer",
        (EventKind.CONVERTED,),
        {name: _text("记录有误") for name in ("record", "wrong", "evidence", "reason")},
    ),
    "withdraw": Act("person", (EventKind.WITHDRAWN,)),
    "archive": Act("officer", (EventKind.ARCHIVED,)),
    "record_remedy": Act("officer", (EventKind.REMEDY_STARTED,), {"remedy": _text("reconsideration")}),
    "publish": Act("officer", (EventKind.PUBLISHED,), {"looked_at": st.booleans()}),
    "decline_publication": Act("officer", (EventKind.PUBLICATION_DECLINED,), {"reason": _text("个人")}),
    "applicant": Act("officer", (EventKind.IDENTITY_VIEWED,)),
}
SELDOM = (
    "convert_to_record_correction",
    "withdraw",
    "note",
    "take",
    "assign",
    "applicant",
    "undo_receipt",
    "ask_cooperation",
)  # always possible: they would crowd the rest

TOWARDS_THE_END = (
    "confirm_receipt",
    "receive_correction",
    "receive_reasons",
    "receive_opinion",
    "receive_payment",
    "draft_reply",
    "review",
    "sign",
    "inform_third_party",
    "serve",
    "publish",
)


def fitting(status: Status) -> list[str]:
    """Acts that have an edge now: choosing among them keeps the histories going forward."""
    statuses = (status, Status.ASSIGNED) if status is Status.RECEIVED else (status,)
    return [
        name
        for name, act in ACTS.items()
        if name not in SELDOM and any((at_, kind) in TRANSITIONS for at_ in statuses for kind in act.kinds)
    ]


@cache
def new_ledger() -> bytes:
    """A migrated ledger's file, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        Ledger.open(f"sqlite:///{path}").close()
        return path.read_bytes()


class Desk(RuleBasedStateMachine):
    """One request, acted on by anybody in any order, time going forward by 0-40 days."""

    @initialize(
        review=st.booleans(),
        reasons_count=st.booleans(),
        start=st.dates(date(2023, 1, 1), date(2026, 11, 24)),
        intake=st.sampled_from(list(Intake)),
    )
    def open(self, review: bool, reasons_count: bool, start: date, intake: Intake) -> None:
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "ledger.db"
        path.write_bytes(new_ledger())
        self.ledger = Ledger.open(f"sqlite:///{path}")
        self.office = replace(OFFICE, review_by_second=review, reasons_time_counts=reasons_count)
        self.register: Register = register_of(self.office)
        self.now: datetime = at(start.isoformat())
        with self.ledger.transaction() as connection:
            if intake is Intake.ONLINE:
                self.number = self.register.submit(
                    connection, self.now, person=RESIDENT, applicant=WANG, content="决算"
                ).number
            else:
                self.number = self.register.enter(
                    connection,
                    self.now,
                    officer=CLERK,
                    applicant=WANG,
                    content="决算",
                    intake=intake,
                    received_on=start - timedelta(days=1),
                    proof="当面",
                    person=RESIDENT,
                ).number
        self.before = self._get()

    def _get(self) -> DisclosureRequest:
        with self.ledger.reading() as connection:
            return self.register.get(connection, self.number)

    def _try(self, name: str, person: str, data: st.DataObject) -> None:
        """Do it; a refusal must leave the record exactly as it was although the transaction commits."""
        act, before, refused = ACTS[name], self.before, False
        arguments = {key: data.draw(values) for key, values in act.arguments.items()}
        with self.ledger.transaction() as connection:
            head = chain.head(connection)
            try:
                getattr(self.register, name)(
                    connection, self.now, self.number, **{act.by: person}, **arguments
                )
            except DeskError:
                refused = True
            self.before = self.register.get(connection, self.number)
            if refused:
                assert (chain.head(connection), self.before) == (head, before)
        if self.before.status is not before.status:
            assert (before.status, self.before.status) in STEPS

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(data=st.data(), person=st.sampled_from([CLERK, SECOND]))
    def staff_go_on(self, data: st.DataObject, person: str) -> None:
        """Something that fits, by a member of staff."""
        names = fitting(self.before.status)
        if names:
            self._try(data.draw(st.sampled_from(names)), person, data)

    @rule(data=st.data(), person=st.sampled_from([CLERK, SECOND]))
    def staff_go_towards_the_end(self, data: st.DataObject, person: str) -> None:
        """Something that fits and leads to a served reply, or few histories would get there."""
        names = [name for name in fitting(self.before.status) if name in TOWARDS_THE_END]
        if names:
            self._try(data.draw(st.sampled_from(names)), person, data)

    @rule(data=st.data(), name=st.sampled_from(list(ACTS)), person=st.sampled_from(ANYBODY))
    def anybody_tries_anything(self, data: st.DataObject, name: str, person: str) -> None:
        """Whether it fits or not, and whoever it is."""
        self._try(name, person, data)

    @invariant()
    def everything_follows_from_the_events(self) -> None:
        """Status, due date and outcome replayed from the events alone equal the stored ones."""
        with self.ledger.reading() as connection:
            request = self.register.get(connection, self.number)
            events = self.register.history(connection, self.number)
            records = self.register.record_corrections_of(connection, RESIDENT)
            beside = sum(len(self.register.history(connection, record.number)) for record in records)
            assert self.register.verify(connection) == len(events) + beside
        standing = replay(events, CALENDAR, reasons_time_counts=self.office.reasons_time_counts)
        due = standing.due(CALENDAR)
        assert (standing.status, standing.outcome) == (request.status, request.outcome)
        assert request.due_on == (due.due_on if due else None)
        if due is not None and standing.deferred_until is None:
            counted = [day for day in due.days if day.counts]
            elapsed = sum(CALENDAR.is_working_day(day.on) for day in due.days[1:])
            assert len(counted) + sum(span.working_days for span in due.spans) == elapsed

    @invariant()
    def guard_rails_held(self) -> None:
        """One outcome exactly when ended; what an outcome needs is on record; once means once."""
        with self.ledger.reading() as connection:
            events = self.register.history(connection, self.number)
        request, kinds = self._get(), [event.kind for event in events]
        assert (request.outcome is not None) == (not request.status.is_open)
        assert sum(kinds.count(kind) for kind in ENDINGS) == (0 if request.status.is_open else 1)
        assert kinds.count(EventKind.CORRECTION_ASKED) <= 1
        assert kinds.count(EventKind.EXTENDED) <= 1
        if request.outcome in NEEDED:
            assert NEEDED[request.outcome] in kinds
        if request.outcome and request.outcome.is_reply:
            assert request.reply is not None
            assert request.reply.signed_by
            self.third_parties_were_heard(request.reply, events)
            if self.office.review_by_second:
                assert request.reply.reviewed_by not in ("", request.reply.drafted_by)

    def third_parties_were_heard(self, reply: Reply, events: Sequence[Event]) -> None:
        """Art. 32: what discloses against a refusal was told to who refused, after its last draft."""
        heard = [event for event in events if event.kind is EventKind.THIRD_PARTY_ANSWERED]
        if not heard or heard[-1].text("opinion") != "refuses" or not overrules(reply.outcome, reply.fields):
            return
        drafted = max(event.ordinal for event in events if event.kind is EventKind.DRAFTED)
        told = [event.ordinal for event in events if event.kind is EventKind.THIRD_PARTY_INFORMED]
        assert told
        assert told[-1] > drafted

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            self.folder.cleanup()


ENDINGS = (
    EventKind.SERVED,
    EventKind.WITHDRAWN,
    EventKind.CONVERTED,
    EventKind.LAPSED_UNCORRECTED,
    EventKind.LAPSED_UNPAID,
)
NEEDED = {
    Outcome.WITHHELD_THIRD_PARTY_RIGHTS: EventKind.THIRD_PARTY_CONSULTED,
    Outcome.UNAVAILABLE_NOT_HELD: EventKind.SEARCHED,
    Outcome.UNAVAILABLE_STILL_UNCLEAR: EventKind.CORRECTION_RECEIVED,
    Outcome.NOT_PROCESSED_EXCESSIVE: EventKind.REASONS_RECEIVED,
    Outcome.CLOSED_UNCORRECTED: EventKind.CORRECTION_ASKED,
    Outcome.CLOSED_UNPAID: EventKind.FEE_NOTICED,
}
_SINGLE = {(edge.status, edge.to) for edge in TRANSITIONS.values()}
# One act may take two steps at once: who works on a request takes it, who serves a reply signs it.
STEPS = (
    _SINGLE
    | {(Status.RECEIVED, edge.to) for edge in TRANSITIONS.values() if edge.status is Status.ASSIGNED}
    | {(Status.DRAFTED, Status.SERVED), (Status.REVIEWED, Status.SERVED)}
)

Desk.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestDesk = Desk.TestCase
