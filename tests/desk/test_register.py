"""The register: filing, receipt, reply and withdrawal; who may; numbers; what a refusal leaves behind."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection

from bot.desk import chain
from bot.desk.calendar import WorkingCalendar
from bot.desk.errors import (
    DeskError,
    GuardFailed,
    InvalidValue,
    LateReply,
    MissingFields,
    NotAllowed,
    NotFound,
    WrongStep,
)
from bot.desk.model import (
    Applicant,
    ApplicantKind,
    EventKind,
    Intake,
    Outcome,
    ServiceMethod,
    Status,
)
from bot.desk.notices import read_notices
from bot.desk.register import Register
from bot.desk.vault import Vault
from bot.ledger.ledger import Ledger
from tests.desk.conftest import CLERK, OFFICE, RESIDENT, SECOND, WANG, at, register_of
from tests.ledgers import sqlite_only

HAND = ServiceMethod.BY_HAND


def test_submitted_waits_for_confirmation(register: Register, connection: Connection) -> None:
    """Filed online, a request has a number and no clock until the office confirms (art. 31(3))."""
    filed = register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(
        applicant=WANG, content=" 2024年部门决算 "
    )
    assert (filed.number, filed.status, filed.content) == ("2025-0001", Status.SUBMITTED, "2024年部门决算")
    assert (filed.received_on, filed.due_on) == (None, None)
    confirmed = register.session(connection, at("2025-04-27"), CLERK).intake.confirm_receipt(filed.number)
    assert (confirmed.status, confirmed.received_on) == (Status.RECEIVED, date(2025, 4, 27))
    assert confirmed.due_on == date(2025, 5, 28)


def test_day_is_the_offices(register: Register, connection: Connection) -> None:
    """Half past midnight in the office is still yesterday in UTC; the office's day counts."""
    filed = register.session(connection, at("2024-12-31 23:50"), RESIDENT).intake.submit(
        applicant=WANG, content="决算"
    )
    confirmed = register.session(connection, at("2025-01-01 00:30"), CLERK).intake.confirm_receipt(
        filed.number
    )
    assert (confirmed.number, confirmed.received_on) == ("2024-0001", date(2025, 1, 1))


def test_reply_served(register: Register, connection: Connection, received: str) -> None:
    """Draft, review by a second person, service: one outcome, the reply with who did what."""
    register.session(connection, at("2025-05-08"), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    register.session(connection, at("2025-05-09"), SECOND).replies.review(received)
    served = register.session(connection, at("2025-05-12"), CLERK).replies.serve(
        received, method=HAND, proof="签收"
    )
    assert (served.status, served.outcome) == (Status.SERVED, Outcome.DISCLOSED)
    assert (served.ended_on, served.assigned_to) == (date(2025, 5, 12), CLERK)
    assert served.reply is not None
    assert (served.reply.drafted_by, served.reply.reviewed_by) == (CLERK, SECOND)
    assert (served.reply.served_on, served.reply.method) == (date(2025, 5, 12), HAND)
    kinds = [event.kind.value for event in register.session(connection).requests.history(received)]
    assert kinds == ["submitted", "received", "assigned", "drafted", "reviewed", "signed", "served"]


def test_withdrawn_by_applicant(register: Register, connection: Connection, received: str) -> None:
    """The applicant may withdraw any open request; it ends as F3 and stays ended."""
    withdrawn = register.session(connection, at("2025-04-28"), RESIDENT).replies.withdraw(
        received, reason="已找到"
    )
    assert (withdrawn.status, withdrawn.outcome) == (Status.WITHDRAWN, Outcome.CLOSED_OTHER)
    with pytest.raises(WrongStep):
        register.session(connection, at("2025-04-28"), RESIDENT).replies.withdraw(received)


def test_others_request_does_not_exist(register: Register, connection: Connection, received: str) -> None:
    """Somebody else's number is told like one that does not exist."""
    errors = []
    for number in (received, "2025-9999"):
        with pytest.raises(NotFound) as caught:
            register.session(connection, at("2025-04-28"), "telegram:666").replies.withdraw(number)
        errors.append(caught.value.text_id)
    assert errors == ["no_such_request", "no_such_request"]


def test_residents_cannot_act_as_staff(register: Register, connection: Connection, received: str) -> None:
    """No act of staff is open to anybody else."""
    now = at("2025-04-28")
    with pytest.raises(NotAllowed):
        register.session(connection, now, RESIDENT).intake.take(received)
    with pytest.raises(NotAllowed):
        register.session(connection, now, RESIDENT).intake.confirm_receipt(received)
    with pytest.raises(NotAllowed):
        register.session(connection, now, RESIDENT).replies.serve(received, method=HAND)
    with pytest.raises(NotAllowed):
        register.session(connection, now, CLERK).intake.assign(received, assignee=RESIDENT)


def test_review_needs_a_second_person(connection: Connection) -> None:
    """Where the office says so, nothing goes out unreviewed, nor reviewed by who drafted it (art. 17)."""
    register = register_of(replace(OFFICE, review_by_second=True))
    number = (
        register.session(connection, at("2025-04-25"), CLERK)
        .intake.enter(
            applicant=WANG, content="决算", intake=Intake.COUNTER, received_on=date(2025, 4, 25), proof="当面"
        )
        .number
    )
    now = at("2025-05-08")
    register.session(connection, now, CLERK).replies.draft(number, outcome=Outcome.DISCLOSED, text="见附件。")
    with pytest.raises(GuardFailed, match="review_needed"):
        register.session(connection, now, CLERK).replies.serve(number, method=HAND)
    with pytest.raises(GuardFailed, match="reviewer_drafted_it"):
        register.session(connection, now, CLERK).replies.review(number)
    register.session(connection, now, SECOND).replies.review(number)
    assert register.session(connection, now, CLERK).replies.serve(number, method=HAND).status is Status.SERVED


def test_review_can_send_back(register: Register, connection: Connection, received: str) -> None:
    """Not approved: the draft is gone and the request is being handled again."""
    now = at("2025-05-08")
    register.session(connection, now, CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    back = register.session(connection, now, SECOND).replies.review(received, approved=False, remark="缺附件")
    assert (back.status, back.reply) == (Status.ASSIGNED, None)


def test_late_reply_says_so_first(register: Register, connection: Connection, received: str) -> None:
    """Due on 2025-05-27: two days later it is refused once, with the lateness, and sent when acknowledged."""
    register.session(connection, at("2025-05-08"), CLERK).replies.draft(
        received, outcome=Outcome.DISCLOSED, text="见附件。"
    )
    now = at("2025-05-29")
    with pytest.raises(LateReply) as caught:
        register.session(connection, now, CLERK).replies.serve(received, method=HAND)
    assert caught.value.facts["working_days_late"] == 2
    assert register.session(connection).requests.get(received).status is Status.DRAFTED  # not even signed
    served = register.session(connection, now, CLERK).replies.serve(
        received, method=HAND, late_acknowledged=True
    )
    assert served.status is Status.SERVED


def test_chat_is_no_service_unless_the_office_says_so(connection: Connection) -> None:
    """By default chat delivers the content and the dated service is on paper."""
    for allowed in (False, True):
        register = register_of(
            replace(OFFICE, serve_in_chat=allowed, reconsideration_online="https://fuyi.example")
        )
        now = at("2025-04-25")
        number = (
            register.session(connection, now, RESIDENT).intake.submit(applicant=WANG, content="决算").number
        )
        register.session(connection, now, CLERK).intake.confirm_receipt(number)
        register.session(connection, now, CLERK).replies.draft(number, outcome=Outcome.DISCLOSED, text="见。")
        if allowed:
            served = register.session(connection, now, CLERK).replies.serve(number, method=ServiceMethod.CHAT)
            assert served.status is Status.SERVED
        else:
            with pytest.raises(GuardFailed, match="chat_is_no_service"):
                register.session(connection, now, CLERK).replies.serve(number, method=ServiceMethod.CHAT)


def test_unannounced_channel_files_nothing(connection: Connection) -> None:
    """Where the bot is no announced channel, nothing pretends to be filed."""
    register = register_of(replace(OFFICE, announced_channel=False))
    with pytest.raises(GuardFailed, match="channel_not_announced"):
        register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(applicant=WANG, content="决算")


def test_reply_without_agency_cannot_go_out(connection: Connection) -> None:
    """An element of the letter that is missing is named (LAW.md part 7)."""
    register = register_of(replace(OFFICE, agency=""))
    now = at("2025-04-25")
    number = register.session(connection, now, RESIDENT).intake.submit(applicant=WANG, content="决算").number
    register.session(connection, now, CLERK).intake.confirm_receipt(number)
    register.session(connection, now, CLERK).replies.draft(number, outcome=Outcome.DISCLOSED, text="见。")
    with pytest.raises(MissingFields) as caught:
        register.session(connection, now, CLERK).replies.serve(number, method=HAND)
    assert caught.value.facts["elements"] == ("agency",)


@pytest.mark.parametrize(
    ("intake", "status", "received_on"),
    [
        (Intake.COUNTER, Status.RECEIVED, date(2025, 4, 23)),
        (Intake.ORAL, Status.RECEIVED, date(2025, 4, 23)),
        (Intake.SIGNED_POST, Status.RECEIVED, date(2025, 4, 23)),
        (Intake.ORDINARY_POST, Status.SUBMITTED, None),
        (Intake.FAX, Status.SUBMITTED, None),
    ],
)
def test_receipt_by_channel(
    register: Register, connection: Connection, intake: Intake, status: Status, received_on: date | None
) -> None:
    """Art. 31: counter and signed post count from their day, post and fax from the confirmation."""
    entered = register.session(connection, at("2025-04-25"), CLERK).intake.enter(
        applicant=WANG, content="决算", intake=intake, received_on=date(2025, 4, 23), proof="EMS 1234"
    )
    assert (entered.status, entered.received_on) == (status, received_on)


def test_repeat_is_shown_never_refused(register: Register, connection: Connection, received: str) -> None:
    """The same content in other spelling by the same person is registered, with the earlier number."""
    again = register.session(connection, at("2025-05-06"), RESIDENT).intake.submit(
        applicant=WANG, content="２０２４年 部门决算？"
    )
    assert (again.number, again.repeat_of) == ("2025-0002", (received,))
    other = Applicant(ApplicantKind.NATURAL_PERSON, "李四", "440524188001010014", "13900001111")
    third = register.session(connection, at("2025-05-06"), "telegram:43").intake.submit(
        applicant=other, content="2024年部门决算"
    )
    assert third.repeat_of == ()
    assert register.session(connection).requests.filed_within(again.number) == 2


def _repeat(register: Register, connection: Connection, number: str, earlier: str) -> Status:
    return (
        register.session(connection, at("2025-05-06"), CLERK)
        .replies.draft(
            number,
            outcome=Outcome.NOT_PROCESSED_REPEAT,
            text="不重复答复。",
            fields={"earlier_number": earlier},
        )
        .status
    )


def _filed(register: Register, connection: Connection, person: str, applicant: Applicant, wanted: str) -> str:
    now = at("2025-05-06")
    number = (
        register.session(connection, now, person).intake.submit(applicant=applicant, content=wanted).number
    )
    register.session(connection, now, CLERK).intake.confirm_receipt(number)
    return number


def _answered(register: Register, connection: Connection, number: str) -> None:
    now = at("2025-05-06")
    register.session(connection, now, CLERK).replies.draft(number, outcome=Outcome.DISCLOSED, text="见附件。")
    register.session(connection, now, CLERK).replies.serve(number, method=ServiceMethod.BY_HAND)


def test_repeat_reply_needs_the_same_applicant_and_information(
    register: Register, connection: Connection, received: str
) -> None:
    """E2 names an earlier request of the same person for the same information that has been answered."""
    other = Applicant(ApplicantKind.NATURAL_PERSON, "李四", "440524188001010014", "13900001111")
    again = _filed(register, connection, RESIDENT, WANG, "请公开：2024年 部门决算，谢谢")
    of_another = _filed(register, connection, "telegram:43", other, "2024年部门决算")
    differs = _filed(register, connection, RESIDENT, WANG, "2023年部门决算")
    _answered(register, connection, of_another)
    _answered(register, connection, differs)
    with pytest.raises(GuardFailed, match="no_earlier_request"):
        _repeat(register, connection, again, received)
    assert register.session(connection).replies.answered_same(again) == ()
    _answered(register, connection, received)
    assert register.session(connection).replies.answered_same(again) == (received,)
    for earlier, reason in (
        ("2025-9999", "unknown"),
        (again, "of_another"),
        (of_another, "of_another"),
        (differs, "differs"),
    ):
        with pytest.raises(GuardFailed, match=f"earlier_request_{reason}"):
            _repeat(register, connection, again, earlier)
    assert _repeat(register, connection, again, f" {received} ") is Status.DRAFTED


def test_identity_only_for_who_handles_it(register: Register, connection: Connection, received: str) -> None:
    """Cards are masked; who has taken the request may look, and the look is on record."""
    request = register.session(connection).requests.get(received)
    assert (request.applicant_masked, request.id_masked, request.contact_masked) == (
        "王**",
        "1101**********002X",
        "138****1234",
    )
    with pytest.raises(NotAllowed):
        register.session(connection, at("2025-04-28"), CLERK).requests.applicant(received)
    register.session(connection, at("2025-04-28"), CLERK).intake.take(received)
    with pytest.raises(NotAllowed):
        register.session(connection, at("2025-04-28"), SECOND).requests.applicant(received)
    assert register.session(connection, at("2025-04-28"), CLERK).requests.applicant(received) == WANG
    assert register.session(connection).requests.history(received)[-1].kind is EventKind.IDENTITY_VIEWED


def test_two_who_act_at_once_act_once(register: Register, ledger: Ledger) -> None:
    """Two workers confirm the same request at the same moment: one event, and the other is told."""
    with ledger.transaction() as connection:
        number = (
            register.session(connection, at("2025-04-25"), RESIDENT)
            .intake.submit(applicant=WANG, content="决算")
            .number
        )
    together, refused = threading.Barrier(2), []

    def confirm() -> None:
        together.wait()
        try:
            with ledger.transaction() as connection:
                register.session(connection, at("2025-04-25"), CLERK).intake.confirm_receipt(number)
        except WrongStep as error:
            refused.append(error)

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.reading() as connection:
        kinds = [event.kind for event in register.session(connection).requests.history(number)]
    assert len(refused) == 1
    assert kinds == [EventKind.SUBMITTED, EventKind.RECEIVED]


@sqlite_only
def test_nothing_in_the_file_shows_identity(register: Register, ledger: Ledger) -> None:
    """Whoever copies the ledger file finds no name, number or telephone in it, nor what is wanted."""
    with ledger.transaction() as connection:
        register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(applicant=WANG, content="决算")
    database = ledger.engine.url.database
    assert database is not None
    stored = b"".join(path.read_bytes() for path in Path(database).parent.glob("ledger.db*"))
    assert "王**".encode() in stored
    assert [
        part for part in (WANG.name, WANG.id_number, WANG.contact, "决算") if part.encode() in stored
    ] == []


def test_numbers_without_gaps_or_races(register: Register, ledger: Ledger) -> None:
    """Four threads file, every second transaction fails: numbers are 1 to n all the same."""

    def file_six() -> None:
        for n in range(6):
            try:
                with ledger.transaction() as connection:
                    register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(
                        applicant=WANG, content=f"决算{n}"
                    )
                    if n % 2:
                        raise RuntimeError("the caller failed")
            except RuntimeError:
                pass

    threads = [threading.Thread(target=file_six) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.reading() as connection:
        numbers = [request.number for request in register.session(connection).requests.queue()]
        assert numbers == [f"2025-{n:04}" for n in range(1, 13)]
        assert register.session(connection).requests.verify() == 12


def test_each_year_counts_from_one(register: Register, connection: Connection) -> None:
    """Numbers start anew each year; inquiries have their own."""
    for day in ("2025-12-31", "2026-01-04"):
        register.session(connection, at(day), RESIDENT).intake.submit(applicant=WANG, content="决算")
    register.session(connection, at("2026-01-04"), RESIDENT).inquiries.open(question="几点上班？")
    assert [request.number for request in register.session(connection).requests.of(RESIDENT)] == [
        "2026-0001",
        "2025-0001",
    ]
    assert [inquiry.number for inquiry in register.session(connection).inquiries.of(RESIDENT)] == [
        "Z2026-0001"
    ]


def test_queue_is_by_due_date(register: Register, connection: Connection, received: str) -> None:
    """What waits for confirmation comes first, then the soonest due; ended ones are not in it."""
    now = at("2025-04-28")
    numbers = [
        register.session(connection, now, RESIDENT).intake.submit(applicant=WANG, content=f"事项{n}").number
        for n in range(3)
    ]
    register.session(connection, now, CLERK).intake.confirm_receipt(numbers[0])
    register.session(connection, now, RESIDENT).replies.withdraw(numbers[2])
    assert [request.number for request in register.session(connection).requests.queue()] == [
        numbers[1],
        received,
        numbers[0],
    ]


def test_unconfirmed_alert(register: Register, connection: Connection) -> None:
    """A request filed on Friday that nobody confirmed by Sunday (a make-up day) shows up on Monday."""
    filed = register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(
        applicant=WANG, content="决算"
    )
    assert register.session(connection, at("2025-04-27 23:00")).requests.unconfirmed() == []
    assert [
        late.number for late in register.session(connection, at("2025-04-28")).requests.unconfirmed()
    ] == [filed.number]


def test_search(register: Register, connection: Connection, received: str) -> None:
    """By number or by words; a percent sign is no wildcard."""
    assert [found.number for found in register.session(connection).requests.search("部门决算")] == [received]
    assert [found.number for found in register.session(connection).requests.search(received)] == [received]
    assert (
        register.session(connection).requests.search("%"),
        register.session(connection).requests.search(" "),
    ) == ([], [])


@pytest.mark.parametrize("content", ["", "  \n", "长" * 20_001])
def test_content_must_be_some_text(register: Register, connection: Connection, content: str) -> None:
    """Nothing and far too much are refused, and no number is used up."""
    with pytest.raises(InvalidValue):
        register.session(connection, at("2025-04-25"), RESIDENT).intake.submit(
            applicant=WANG, content=content
        )
    assert register.session(connection).requests.queue() == []
    assert chain.head(connection) == (0, "")


def test_refused_act_leaves_no_trace(register: Register, connection: Connection, received: str) -> None:
    """Even when the caller goes on and commits, a refused act has written nothing."""
    before = chain.head(connection)
    with pytest.raises(DeskError):
        register.session(connection, at("2025-04-28"), CLERK).replies.draft(
            received, outcome=Outcome.UNAVAILABLE_NOT_HELD, text="没有。"
        )
    with pytest.raises(DeskError):
        register.session(connection, at("2025-04-28"), CLERK).consultations.receive_opinion(
            received, opinion="agrees"
        )
    assert chain.head(connection) == before
    assert register.session(connection).requests.get(received).status is Status.RECEIVED


def test_inquiry_is_answered_once(register: Register, connection: Connection) -> None:
    """An inquiry is open, answered, and not answered again."""
    now = at("2025-04-25")
    opened = register.session(connection, now, RESIDENT).inquiries.open(question="几点上班？")
    assert [inquiry.number for inquiry in register.session(connection).inquiries.waiting()] == [opened.number]
    answered = register.session(connection, now, CLERK).inquiries.answer(opened.number, answer="八点半。")
    assert (answered.answer, answered.answered_by, answered.answered_at) == ("八点半。", CLERK, now)
    assert register.session(connection).inquiries.waiting() == []
    with pytest.raises(WrongStep):
        register.session(connection, now, CLERK).inquiries.answer(opened.number, answer="九点。")
    assert register.session(connection).requests.verify() == 2


def test_inquiry_becomes_a_request(register: Register, connection: Connection) -> None:
    """A closed inquiry remembers the request it became; nobody else can close it."""
    now = at("2025-04-25")
    opened = register.session(connection, now, RESIDENT).inquiries.open(question="决算")
    with pytest.raises(NotAllowed):
        register.session(connection, now, "telegram:666").inquiries.close(opened.number)
    closed = register.session(connection, now, RESIDENT).inquiries.close(
        opened.number, request_number="2025-0001"
    )
    assert closed.request_number == "2025-0001"
    with pytest.raises(NotFound):
        register.session(connection).inquiries.get("Z2025-0009")


def test_letters_are_kept(register: Register, connection: Connection, received: str) -> None:
    """Files stay with their request."""
    register.session(connection, at("2025-04-28")).letters.keep(
        received, kind="receipt", filename="回执.docx", content=b"PK"
    )
    (letter,) = register.session(connection).letters.of(received)
    assert (letter.kind, letter.filename, letter.content) == ("receipt", "回执.docx", b"PK")


def test_new_calendar_moves_open_dates(connection: Connection, tmp_path: Path) -> None:
    """When the notice for 2027 is typed in, provisional dates are counted again and the moved ones named."""
    vault = Vault([Fernet.generate_key().decode()])
    guessing = Register(OFFICE, WorkingCalendar(), vault)
    now = at("2026-12-16")
    numbers = [
        guessing.session(connection, now, RESIDENT).intake.submit(applicant=WANG, content=content).number
        for content in ("决算", "预算")
    ]
    guessing.session(connection, now, CLERK).intake.confirm_receipt(numbers[0])
    before = guessing.session(connection).requests.get(numbers[0])
    assert (before.due_on, before.provisional) == (date(2027, 1, 14), True)
    notice = "- year: 2027\n  holidays: [2027-01-01 至 2027-01-05 元旦]\n  working_days: [2026-12-27]\n"
    (tmp_path / "calendar.yaml").write_text(notice, encoding="utf-8")
    informed = Register(OFFICE, WorkingCalendar(read_notices(tmp_path / "calendar.yaml")), vault)
    (moved,) = informed.session(connection, at("2026-12-17")).requests.recompute()
    assert (moved.number, moved.was, moved.now) == (numbers[0], date(2027, 1, 14), date(2027, 1, 15))
    after = informed.session(connection).requests.get(numbers[0])
    assert (after.due_on, after.provisional) == (date(2027, 1, 15), False)
    assert informed.session(connection, at("2026-12-18")).requests.recompute() == []
    assert informed.session(connection).requests.verify() == 4


def test_time_without_zone_is_refused(register: Register, connection: Connection) -> None:
    """A naive time has no day at the office."""
    naive = at("2025-04-25").replace(tzinfo=None)
    with pytest.raises(InvalidValue):
        register.session(connection, naive, RESIDENT).intake.submit(applicant=WANG, content="决算")


def test_a_clock_set_back_never_turns_the_order(register: Register, connection: Connection) -> None:
    """Filed at ten, confirmed by a clock that says yesterday: received the day it was filed."""
    filed = register.session(connection, at("2025-04-25 10:00"), RESIDENT).intake.submit(
        applicant=WANG, content="2024年部门决算"
    )
    received = register.session(connection, at("2025-04-24 09:00"), CLERK).intake.confirm_receipt(
        filed.number
    )
    assert received.received_on == at("2025-04-25").date()
    instants = [event.at for event in register.session(connection).requests.history(filed.number)]
    assert instants == sorted(instants)
    register.session(connection).requests.verify()
