"""Any order of any acts: no unguarded step, one outcome at the end, everything follows from the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection

from bot.desk import chain
from bot.desk.calendar import WorkingCalendar
from bot.desk.errors import DeskError
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
from bot.keyring import attach
from bot.ledger.ledger import Ledger
from tests.desk.conftest import CLERK, OFFICE, RESIDENT, SECOND, VAULT, WANG, at, file_ten, register_of
from tests.desk.part_nine import judged

CALENDAR = WorkingCalendar()
ANYBODY = [CLERK, SECOND, RESIDENT, "telegram:666"]
NEEDS = [need for outcome in Outcome for need in outcome.required]
FIELDS = {need.name: need.choices[0] if need.choices else "记录" for need in NEEDS}
WHICH = [choice for need in NEEDS if need.name == "which" for choice in need.choices]
THIRD_PARTY_FIELDS: list[dict[str, str]] = [
    {},
    {REFUSED_PART.name: WITHHELD_PART},
    {REFUSED_PART.name: DISCLOSED_PART, PUBLIC_INTEREST.name: "饮水安全"},
]


@dataclass(frozen=True)
class Act:
    """An act of a session of the desk: the events it may lead to, its arguments."""

    kinds: tuple[EventKind, ...]
    arguments: Mapping[str, st.SearchStrategy[object]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ago:
    """A day so many days before the act."""

    days: int


@dataclass(frozen=True)
class Newest:
    """The late entry that was proposed last."""


def meant(register: Register, connection: Connection, now: datetime, number: str, drawn: object) -> object:
    """What a relative argument of an act means at this moment."""
    if isinstance(drawn, Ago):
        return now.date() - timedelta(days=drawn.days)
    if isinstance(drawn, Newest):
        waiting = register.session(connection, now).late_entries.waiting(number)
        return waiting[-1].ordinal if waiting else 0
    return drawn


def _text(value: str) -> st.SearchStrategy[object]:
    return st.just(value)


_DAYS = st.integers(0, 21)
# Drawn relative to the day of the act, or few would be possible.
_AGO = st.sampled_from([Ago(0), Ago(0), Ago(1), Ago(5), Ago(12), Ago(30)])
_AHEAD = st.sampled_from([Ago(-1), Ago(-30), Ago(-45), Ago(-1500)])
_NEWEST = st.just(Newest())
_PROOF = st.sampled_from(["", "他本人", "送达回证，11月3日签收", "邮件号码XA123456785CN"])
PARTIES = ["某公司", "某公司（水厂）", "张三", "李四"]
FIELDS_DRAWN = st.builds(
    lambda more, which: {**FIELDS, **more, "which": which},
    st.sampled_from(THIRD_PARTY_FIELDS),
    st.sampled_from(WHICH),
)
ACTS: dict[str, Act] = {
    "intake.confirm_receipt": Act((EventKind.RECEIVED,)),
    "intake.take": Act((EventKind.ASSIGNED,)),
    "intake.assign": Act((EventKind.ASSIGNED,), {"assignee": st.sampled_from(ANYBODY)}),
    "splitting.split": Act(
        (EventKind.SPLIT,),
        {
            "contents": st.sampled_from(
                [("决算", "预算"), ("决算", "预算", "低保名单"), ("决算",), ("决算", " ")]
            )
        },
    ),
    "correspondence.ask_correction": Act(
        (EventKind.CORRECTION_ASKED, EventKind.LATE_ENTRY_PROPOSED),
        {
            "what": st.sampled_from(["哪个？", "哪个？", "做什么用？"]),
            "working_days": _DAYS,
            "sent_on": _AGO,
            "proof": _PROOF,
        },
    ),
    "correspondence.receive_correction": Act(
        (EventKind.CORRECTION_RECEIVED,), {"content": _text("乡政府决算"), "received_on": _AGO}
    ),
    "correspondence.lapse_uncorrected": Act((EventKind.LAPSED_UNCORRECTED,)),
    "correspondence.ask_reasons": Act((EventKind.REASONS_ASKED,), {"count": _text("80件")}),
    "correspondence.receive_reasons": Act(
        (EventKind.REASONS_RECEIVED,), {"reasons": _text("研究"), "reasonable": st.booleans()}
    ),
    "correspondence.record_no_reasons": Act((EventKind.REASONS_NOT_GIVEN,)),
    "correspondence.defer": Act(
        (EventKind.DEFERRED,),
        {"until": _AHEAD, "reason": _text("量大")},
    ),
    "consultations.consult_third_party": Act(
        (EventKind.THIRD_PARTY_CONSULTED, EventKind.LATE_ENTRY_PROPOSED),
        {"party": st.sampled_from(PARTIES), "sent_on": _AGO, "proof": _PROOF},
    ),
    "consultations.consult_agency": Act(
        (EventKind.AGENCY_CONSULTED, EventKind.LATE_ENTRY_PROPOSED),
        {"party": st.sampled_from(["县财政局", "县民政局"]), "sent_on": _AGO, "proof": _PROOF},
    ),
    "late_entries.confirm": Act(
        (
            EventKind.LATE_ENTRY_CONFIRMED,
            EventKind.THIRD_PARTY_CONSULTED,
            EventKind.AGENCY_CONSULTED,
            EventKind.FEE_NOTICED,
            EventKind.CORRECTION_ASKED,
            EventKind.SERVED,
        ),
        {"proposal": _NEWEST},
    ),
    "late_entries.decline": Act((EventKind.LATE_ENTRY_DECLINED,), {"proposal": _NEWEST}),
    "correspondence.withdraw_fee": Act((EventKind.FEE_WITHDRAWN,), {"reason": _text("算错了")}),
    "correspondence.receive_correction_notice": Act(
        (EventKind.CORRECTION_NOTICE_RECEIVED,), {"on": _AGO, "proof": _PROOF}
    ),
    "consultations.receive_opinion": Act(
        (EventKind.THIRD_PARTY_ANSWERED, EventKind.AGENCY_ANSWERED),
        {
            "opinion": st.sampled_from(["agrees", "refuses", "silent"]),
            "received_on": _AGO,
            "party": st.sampled_from(["", "", *PARTIES, "县财政局"]),
        },
    ),
    "correspondence.notice_fee": Act(
        (EventKind.FEE_NOTICED, EventKind.LATE_ENTRY_PROPOSED),
        {
            "amount_yuan": st.sampled_from([100, 100, 100, 1, 9999]),
            "notice_received_on": _AGO,
            "proof": _PROOF,
        },
    ),
    "correspondence.receive_payment": Act((EventKind.FEE_PAID,), {"proof": _text("收据"), "paid_on": _AGO}),
    "correspondence.lapse_unpaid": Act((EventKind.LAPSED_UNPAID,)),
    "correspondence.extend": Act((EventKind.EXTENDED,), {"working_days": _DAYS, "reason": _text("量大")}),
    "correspondence.note": Act((EventKind.NOTED,), {"text": _text("备注")}),
    "replies.record_search": Act(
        (EventKind.SEARCHED,),
        {
            "places": _text("档案室"),
            "result": st.sampled_from(["没有", "无"]),
            "trail": st.sampled_from([(), ("目录里没有",)]),
        },
    ),
    "replies.draft": Act(
        (EventKind.DRAFTED,),
        {"outcome": st.sampled_from(list(Outcome)), "text": _text("答复。"), "fields": FIELDS_DRAWN},
    ),
    "replies.discard_draft": Act((EventKind.DRAFT_RETURNED,)),
    "replies.review": Act((EventKind.REVIEWED,), {"approved": st.booleans()}),
    "replies.sign": Act((EventKind.SIGNED,)),
    "replies.serve": Act(
        (EventKind.SERVED, EventKind.DRAFT_RETURNED),  # also from a draft, which it signs
        {
            "served_on": _AGO,
            "method": st.sampled_from(list(ServiceMethod)),
            "proof": _PROOF,
            "late_acknowledged": st.booleans(),
        },
    ),
    "intake.undo_receipt": Act((EventKind.RECEIPT_UNDONE,), {"reason": _text("点错了")}),
    "replies.inform_third_party": Act((EventKind.THIRD_PARTY_INFORMED,), {"party": st.sampled_from(PARTIES)}),
    "consultations.ask_cooperation": Act(
        (EventKind.COOPERATION_ASKED,),
        {
            "party": _text("财政所"),
            "what": _text("查找"),
            "answer_by": st.dates(date(2023, 1, 1), date(2028, 1, 1)),
        },
    ),
    "consultations.receive_cooperation": Act(
        (EventKind.COOPERATION_RECEIVED,), {"party": _text("财政所"), "text": _text("没有")}
    ),
    "record_corrections.convert": Act(
        (EventKind.CONVERTED,),
        {name: _text("记录有误") for name in ("record", "wrong", "evidence", "reason")},
    ),
    "replies.withdraw": Act((EventKind.WITHDRAWN,)),
    "replies.archive": Act((EventKind.ARCHIVED,)),
    "remedies.record": Act(
        (EventKind.REMEDY_STARTED, EventKind.REMEDY_DECIDED),
        {
            "remedy": st.sampled_from(["reconsideration", "reconsideration", "direct_suit"]),
            "result": st.sampled_from(["", "corrected", "upheld"]),
            "document_number": st.sampled_from(["清政复决〔2026〕3号", "无，当庭宣判", "无", ""]),
            "on": _AGO,
        },
    ),
    "remedies.order_redecision": Act(
        (EventKind.REDECISION_ORDERED,),
        {
            "received_on": _AGO,
            "working_days": st.sampled_from([20, 20, 5, 0, 999]),
            "until": st.sampled_from([None, None, Ago(-10), Ago(3)]),
        },
    ),
    "publications.publish": Act((EventKind.PUBLISHED,), {"looked_at": st.booleans()}),
    "publications.decline": Act((EventKind.PUBLICATION_DECLINED,), {"reason": _text("个人")}),
    "requests.applicant": Act((EventKind.IDENTITY_VIEWED,)),
}
SELDOM = (
    "record_corrections.convert",
    "replies.withdraw",
    "correspondence.note",
    "intake.take",
    "intake.assign",
    "requests.applicant",
    "intake.undo_receipt",
    "consultations.ask_cooperation",
)  # always possible: they would crowd the rest

TOWARDS_THE_END = (
    "intake.confirm_receipt",
    "correspondence.receive_correction",
    "correspondence.receive_reasons",
    "consultations.receive_opinion",
    "correspondence.receive_payment",
    "replies.draft",
    "replies.review",
    "replies.sign",
    "replies.inform_third_party",
    "replies.serve",
    "publications.publish",
    "remedies.record",
    "remedies.order_redecision",
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
        many=st.booleans(),
    )
    def open(self, review: bool, reasons_count: bool, start: date, intake: Intake, many: bool) -> None:
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "ledger.db"
        path.write_bytes(new_ledger())
        self.ledger = Ledger.open(f"sqlite:///{path}")
        attach(self.ledger, VAULT)
        self.office = replace(
            OFFICE,
            review_by_second=review,
            reasons_time_counts=reasons_count,
            excessive_requests_per_month=1,
        )
        self.register: Register = register_of(self.office)
        self.now: datetime = at(start.isoformat())
        with self.ledger.transaction() as connection:
            if many:  # the request is the eleventh of its month, a fee; else the first
                file_ten(self.register, connection, start.isoformat())
            if intake is Intake.ONLINE:
                self.number = (
                    self.register.session(connection, self.now, RESIDENT)
                    .intake.submit(applicant=WANG, content="决算")
                    .number
                )
            else:
                self.number = (
                    self.register.session(connection, self.now, CLERK)
                    .intake.enter(
                        applicant=WANG,
                        content="决算",
                        intake=intake,
                        received_on=start - timedelta(days=1),
                        proof="当面",
                        person=RESIDENT,
                    )
                    .number
                )
        self.before = self._get()
        self.outcome: Outcome | None = None

    def _get(self) -> DisclosureRequest:
        with self.ledger.reading() as connection:
            return self.register.session(connection).requests.get(self.number)

    def _meant(self, drawn: object) -> object:
        """What a relative argument means now."""
        with self.ledger.reading() as connection:
            return meant(self.register, connection, self.now, self.number, drawn)

    def _try(self, name: str, person: str, data: st.DataObject) -> None:
        """Do it; a refusal must leave the record exactly as it was although the transaction commits."""
        act, before, refused = ACTS[name], self.before, False
        arguments = {key: self._meant(data.draw(values)) for key, values in act.arguments.items()}
        with self.ledger.transaction() as connection:
            head = chain.head(connection)
            try:
                desk = self.register.session(connection, self.now, person)
                attrgetter(name)(desk)(self.number, **arguments)
            except DeskError:
                refused = True
            self.before = self.register.session(connection).requests.get(self.number)
            if refused:
                assert (chain.head(connection), self.before) == (head, before)
        if self.before.status is not before.status:
            assert (before.status, self.before.status) in STEPS
        self._late_stays_late(name, person, before)

    def _late_stays_late(self, name: str, person: str, before: DisclosureRequest) -> None:
        """Nothing makes an overdue request not overdue but what a second person has confirmed (part 9)."""
        today = self.now.date()
        if not before.is_overdue(today):
            return
        after = self.before
        moved = after.status.is_open and not after.is_overdue(today)
        if after.status is Status.SERVED:
            assert after.reply is not None
            assert after.reply.served_on is not None
            assert before.due_on is not None
            moved = after.reply.served_on <= before.due_on
        if moved:
            assert name == "late_entries.confirm", name

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
            request = self.register.session(connection).requests.get(self.number)
            events = self.register.session(connection).requests.history(self.number)
            records = self.register.session(connection).record_corrections.of(RESIDENT)
            filed = self.register.session(connection).requests.of(RESIDENT)
            numbers = [*(record.number for record in records), *(request.number for request in filed)]
            whole = sum(len(self.register.session(connection).requests.history(number)) for number in numbers)
            assert self.register.session(connection).requests.verify() == whole
        days = {event.ordinal: event.at.astimezone(self.office.zone).date() for event in events}
        judge = judged(events, CALENDAR, zone_days=days, reasons=self.office.reasons_time_counts)
        if request.status.is_open:  # counted by somebody who has not read clock.py
            assert request.due_on == judge.due
        standing = replay(events, CALENDAR, reasons_time_counts=self.office.reasons_time_counts)
        due = standing.due(CALENDAR)
        assert (standing.status, standing.outcome) == (request.status, request.outcome)
        assert request.due_on == (due.due_on if due else None)
        if due is not None and standing.deferred_until is None:
            counted = [day for day in due.days if day.counts]
            elapsed = sum(CALENDAR.is_working_day(day.on) for day in due.days[1:])
            assert len(counted) + sum(span.working_days for span in due.spans) == elapsed

    @precondition(lambda self: self.before.status in (Status.RECEIVED, Status.ASSIGNED))
    @rule(data=st.data(), person=st.sampled_from([CLERK, SECOND]))
    def staff_split(self, data: st.DataObject, person: str) -> None:
        """Possible in the beginning only, which most histories leave at once."""
        self._try("splitting.split", person, data)

    @rule(data=st.data())
    def go_on_with_a_part(self, data: st.DataObject) -> None:
        """From now on what is done is done to another part of what was split."""
        numbers = sorted({self.number, *self._parts()})
        self.number = data.draw(st.sampled_from(numbers))
        self.before = self._get()
        self.outcome = None

    def _parts(self) -> dict[str, str]:
        """What was split from another, and from which."""
        with self.ledger.reading() as connection:
            filed = self.register.session(connection).requests.of(RESIDENT)
            first = {
                each.number: self.register.session(connection).requests.history(each.number)[0]
                for each in filed
            }
        return {
            number: event.text("split_from") for number, event in first.items() if event.text("split_from")
        }

    @invariant()
    def nobody_loses_by_a_split(self) -> None:
        """Each part has its number, the first day of receipt, a due date counted from it, and no fee of its
        own; the whole names its parts."""
        for number, of in self._parts().items():
            with self.ledger.reading() as connection:
                part, whole = (self.register.session(connection).requests.get(each) for each in (number, of))
                events = {
                    each: self.register.session(connection).requests.history(each) for each in (number, of)
                }
                fees = [
                    self.register.session(connection).correspondence.fee_by_request(each)
                    for each in (number, of)
                ]
            assert part.received_on == whole.received_on
            assert part.submitted_at == whole.submitted_at
            named = [
                each
                for event in events[of]
                if event.kind is EventKind.SPLIT
                for each in event.text("parts").split()
            ]
            assert named.count(number) == 1
            assert (fees[0][0], fees[0][1]) == (fees[1][0], 0)
            if part.status.is_open:
                days = {e.ordinal: e.at.astimezone(self.office.zone).date() for e in events[number]}
                judge = judged(
                    events[number], CALENDAR, zone_days=days, reasons=self.office.reasons_time_counts
                )
                assert part.due_on == judge.due

    @invariant()
    def guard_rails_held(self) -> None:
        """One outcome exactly when ended; what an outcome needs is on record; once means once."""
        with self.ledger.reading() as connection:
            events = self.register.session(connection).requests.history(self.number)
        request, kinds = self._get(), [event.kind for event in events]
        ends = [event for event in events if event.kind in ENDINGS]
        again = [
            event for event in events if event.kind is EventKind.REDECISION_ORDERED and event.text("reopens")
        ]
        assert len(ends) == len(again) + (0 if request.status.is_open else 1)
        assert (request.outcome is not None) == bool(ends)
        assert request.ended_on == (ends[0].on if ends else None)  # the first decision stays
        self.first_outcome_stays(request)
        assert kinds.count(EventKind.CORRECTION_ASKED) <= 1
        assert kinds.count(EventKind.EXTENDED) <= 1
        if request.outcome in NEEDED:
            assert NEEDED[request.outcome] in kinds
        if request.status is Status.SERVED:
            assert request.reply is not None
            assert request.reply.signed_by
            self.third_parties_were_heard(request.reply, events)
            if self.office.review_by_second:
                assert request.reply.reviewed_by not in ("", request.reply.drafted_by)

    def first_outcome_stays(self, request: DisclosureRequest) -> None:
        """Table 3 counts a request once, by the outcome that it had first."""
        if self.outcome is None:
            self.outcome = request.outcome
        assert request.outcome is self.outcome

    def third_parties_were_heard(self, reply: Reply, events: Sequence[Event]) -> None:
        """Art. 32: what discloses against a refusal was told to who refused, after its last draft."""
        heard = [event for event in events if event.kind is EventKind.THIRD_PARTY_ANSWERED]
        last = {event.text("party"): event.text("opinion") for event in heard}
        refusing = {party for party, opinion in last.items() if opinion == "refuses"}
        if not refusing or not overrules(reply.outcome, reply.fields):
            return
        drafted = max(event.ordinal for event in events if event.kind is EventKind.DRAFTED)
        informed = [event for event in events if event.kind is EventKind.THIRD_PARTY_INFORMED]
        assert refusing <= {event.text("party") for event in informed if event.ordinal > drafted}

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
    Outcome.NOT_PROCESSED_EXCESSIVE: EventKind.REASONS_ASKED,
    Outcome.CLOSED_UNCORRECTED: EventKind.CORRECTION_ASKED,
    Outcome.CLOSED_UNPAID: EventKind.FEE_NOTICED,
}
_SINGLE = {(edge.status, edge.to) for edge in TRANSITIONS.values()}
# One act may take two steps at once: who works on a request takes it, who serves a reply signs it.
STEPS = (
    _SINGLE
    | {(Status.RECEIVED, edge.to) for edge in TRANSITIONS.values() if edge.status is Status.ASSIGNED}
    | {(Status.DRAFTED, Status.SERVED), (Status.REVIEWED, Status.SERVED)}
    | {(Status.THIRD_PARTY, Status.OTHER_AGENCY)}  # its answer is in, the agency's is not
    # Decided anew: what leads back to where it was before leads to where it was reopened.
    | {(edge.status, Status.RE_DECIDING) for edge in TRANSITIONS.values() if edge.to is Status.ASSIGNED}
)

Desk.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestDesk = Desk.TestCase
