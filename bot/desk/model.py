"""The things of the desk: a request, its applicant, its events, an inquiry.  Frozen values, no database.

Status says where a request is, `Outcome` how it ended (only then set); overdue and due soon are computed
from `due_on`, never stored.  Events are in the past tense; the register's method is the same verb in the
imperative (`correction_asked`, `register.ask_correction`).  Chinese labels stand beside the enum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from bot.desk.applicants import Agent, Applicant, Authority, Person
from bot.desk.kinds import (
    ApplicantKind,
    DeliveryForm,
    InquiryStatus,
    Intake,
    Labelled,
    Role,
    ServiceMethod,
)
from bot.desk.outcomes import Outcome, OutcomeRule, RequiredField, ReviewFirst

__all__ = [
    "Agent",
    "Applicant",
    "ApplicantKind",
    "Authority",
    "DeliveryForm",
    "DisclosureRequest",
    "Event",
    "EventKind",
    "Inquiry",
    "InquiryStatus",
    "Intake",
    "Labelled",
    "Letter",
    "Outcome",
    "OutcomeRule",
    "Person",
    "Reply",
    "RequiredField",
    "ReviewFirst",
    "Role",
    "ServiceMethod",
    "Status",
]


class Status(Labelled):
    """Where a request is (LAW.md part 4)."""

    SUBMITTED = "submitted", "已提交，待确认收到"
    RECEIVED = "received", "已收到，待分办"
    CORRECTION_ASKED = "correction_asked", "待申请人补正"
    ASSIGNED = "assigned", "办理中"
    RE_DECIDING = "re_deciding", "按复议决定、判决重新办理"
    REASONS_ASKED = "reasons_asked", "待申请人说明理由"
    THIRD_PARTY = "third_party", "征求第三方意见中"
    OTHER_AGENCY = "other_agency", "征求其他机关意见中"
    FEE_NOTICED = "fee_noticed", "待申请人缴费"
    DRAFTED = "drafted", "答复已拟定"
    REVIEWED = "reviewed", "答复已审查"
    SIGNED = "signed", "答复已签发"
    SERVED = "served", "已答复"
    ARCHIVED = "archived", "已归档"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED_UNCORRECTED = "lapsed_uncorrected", "逾期未补正，不再处理"
    LAPSED_UNPAID = "lapsed_unpaid", "逾期未缴费，不再处理"
    CONVERTED = "converted", "转为更正本人信息办理"

    @property
    def is_open(self) -> bool:
        """Whether the office still owes something."""
        return self not in _ENDED


_ENDED = frozenset(
    {
        Status.SERVED,
        Status.ARCHIVED,
        Status.WITHDRAWN,
        Status.LAPSED_UNCORRECTED,
        Status.LAPSED_UNPAID,
        Status.CONVERTED,
    }
)


class EventKind(StrEnum):
    """What can happen to a request.  `transitions.py` says when, by whom and on which article.

    `NAME = value, public`: the recorded fields, parted by spaces, that hold no word of anybody: codes,
    numbers of requests, accounts of staff.  Any other text is sealed (`personal.py`); numbers and days need
    no mention.
    """

    public: frozenset[str]

    def __new__(cls, value: str, public: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.public = frozenset(public.split())
        return member

    SUBMITTED = "submitted", "form intake applicant_kind authority split_from"
    RECEIVED = "received"
    RECEIPT_UNDONE = "receipt_undone"
    ASSIGNED = "assigned", "assignee"
    SPLIT = "split", "parts"
    CORRECTION_ASKED = "correction_asked", "working_days"
    CORRECTION_NOTICE_RECEIVED = "correction_notice_received"
    CORRECTION_RECEIVED = "correction_received"
    REASONS_ASKED = "reasons_asked"
    REASONS_RECEIVED = "reasons_received", "reasonable"
    REASONS_NOT_GIVEN = "reasons_not_given"
    DEFERRED = "deferred"
    THIRD_PARTY_CONSULTED = "third_party_consulted"
    THIRD_PARTY_ANSWERED = "third_party_answered", "opinion"
    THIRD_PARTY_INFORMED = "third_party_informed"
    AGENCY_CONSULTED = "agency_consulted"
    AGENCY_ANSWERED = "agency_answered", "opinion"
    COOPERATION_ASKED = "cooperation_asked"
    COOPERATION_RECEIVED = "cooperation_received"
    FEE_NOTICED = "fee_noticed", "amount nth pages"
    FEE_PAID = "fee_paid"
    FEE_WITHDRAWN = "fee_withdrawn"
    EXTENDED = "extended", "working_days"
    SEARCHED = "searched"
    DRAFTED = "drafted", "outcome refusal_acknowledged"
    DRAFT_RETURNED = "draft_returned"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SERVED = "served", "method"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    LAPSED_UNCORRECTED = "lapsed_uncorrected"
    LAPSED_UNPAID = "lapsed_unpaid"
    CONVERTED = "converted", "record_correction"
    LATE_ENTRY_PROPOSED = "late_entry_proposed", "entry days"
    LATE_ENTRY_CONFIRMED = "late_entry_confirmed", "proposal entry"
    LATE_ENTRY_DECLINED = "late_entry_declined", "proposal entry"
    NOTED = "noted"
    IDENTITY_TAKEN = "identity_taken", "applicant_kind authority"
    REPRESENTATION_RECORDED = "representation_recorded", "authority"
    IDENTITY_CHECKED = "identity_checked"
    IDENTITY_VIEWED = "identity_viewed"
    IDENTITY_ERASED = "identity_erased"
    DUE_DATE_MOVED = "due_date_moved", "was now"
    REMEDY_STARTED = "remedy_started", "remedy"
    REMEDY_DECIDED = "remedy_decided", "remedy result"
    REDECISION_ORDERED = "redecision_ordered", "remedy working_days reopens"
    PUBLISHED = "published"
    PUBLICATION_DECLINED = "publication_declined"
    # Correction of a record about oneself (更正本人信息, art. 41): a track of its own in the same chain.
    RECORD_CORRECTION_ASKED = "record_correction_asked", "request_number authority"
    RECORD_CORRECTION_TAKEN = "record_correction_taken", "assignee"
    RECORD_CORRECTED = "record_corrected"
    RECORD_CORRECTION_TRANSFERRED = "record_correction_transferred"
    RECORD_CORRECTION_REFERRED = "record_correction_referred"
    RECORD_CORRECTION_DECLINED = "record_correction_declined"
    RECORD_CORRECTION_WITHDRAWN = "record_correction_withdrawn"
    # Inquiries (咨询) share the chain, not the table of transitions.
    INQUIRY_OPENED = "inquiry_opened"
    INQUIRY_ANSWERED = "inquiry_answered"
    INQUIRY_CLOSED = "inquiry_closed"
    INQUIRY_ERASED = "inquiry_erased"
    # Of no single request: questions, half-filled forms, old messages.
    DATA_ERASED = "data_erased", "reason requests"
    CHAIN_REANCHORED = "chain_reanchored", "former_head"  # words of before were sealed; see `adoption.py`
    # Who may do what: events of the subject "roles".
    ROLE_GRANTED = "role_granted", "person role how name"
    ROLE_REVOKED = "role_revoked", "person role"


@dataclass(frozen=True)
class Reply:
    """A drafted or served reply (答复)."""

    outcome: Outcome
    text: str
    fields: Mapping[str, str]  # RequiredField.name -> what was recorded
    drafted_by: str
    reviewed_by: str = ""
    signed_by: str = ""
    served_on: date | None = None
    method: ServiceMethod | None = None
    attachments: tuple[str, ...] = ()  # tokens (`attached.py`)


@dataclass(frozen=True)
class Event:
    """One fact about a request, never changed afterwards.

    `on` is the day that counts in law (a letter received yesterday and entered today), `at` the instant
    it was recorded.  `actor` is an address (`telegram:42`), a staff member's or the applicant's.
    """

    subject: str  # the number of the request or inquiry
    ordinal: int  # position in the whole chain, from 1
    kind: EventKind
    at: datetime
    on: date
    actor: str
    role: Role
    article: str = ""
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    previous_hash: str = ""
    hash: str = ""
    erased: bool = False  # what was written is gone: `data` has the public fields alone

    def text(self, name: str) -> str:
        """A recorded field as text, "" when it was not recorded."""
        value = self.data.get(name)
        return "" if value is None else str(value)

    def day(self, name: str) -> date | None:
        """A recorded field as a day."""
        value = self.text(name)
        return date.fromisoformat(value) if value else None


@dataclass(frozen=True)
class DisclosureRequest:
    """A request as it stands.  Identity is only here masked; `Register.applicant` opens it."""

    number: str  # 2026-0001
    person: str  # address of who filed it, "" when it came on paper
    intake: Intake
    applicant_kind: ApplicantKind
    applicant_masked: str  # 王*** / 某****公司
    id_masked: str
    contact_masked: str
    content: str  # what is wanted, as corrected
    form: DeliveryForm
    way: str  # how it is to be obtained: an address, an e-mail, this chat
    status: Status
    submitted_at: datetime
    received_on: date | None = None
    due_on: date | None = None  # of the reply; None while no clock runs
    provisional: bool = False  # the due date rests on days that are not officially known yet
    paused: bool = False  # the clock stands still (consultation)
    correction_due_on: date | None = None
    extended: bool = False
    assigned_to: str = ""
    outcome: Outcome | None = None
    ended_on: date | None = None
    reply: Reply | None = None
    repeat_of: tuple[str, ...] = ()  # earlier numbers, same applicant and same content (art. 36(6))
    original_content: str = ""  # what was filed first, when it was corrected later

    @property
    def needs_identity(self) -> bool:
        """Filed where none is asked for (个人信息保护法 36): the office has still to take it (art. 29)."""
        return not self.applicant_masked and bool(self.contact_masked)

    @property
    def is_reopened(self) -> bool:
        """Decided once, and to be decided anew after a remedy; `outcome` is the first one."""
        return self.outcome is not None and self.status.is_open

    @property
    def last_outcome(self) -> Outcome | None:
        """How it stands for the applicant: of the newest reply that was served, else the first outcome."""
        served = self.reply is not None and self.reply.served_on is not None
        return self.reply.outcome if self.reply is not None and served else self.outcome

    def is_overdue(self, today: date) -> bool:
        return self.status.is_open and self.due_on is not None and today > self.due_on


@dataclass(frozen=True)
class Inquiry:
    """An informal question to the office (咨询); no formal effect, no clock of the law."""

    number: str  # Z2026-0001
    person: str
    question: str
    status: InquiryStatus
    opened_at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    request_number: str = ""  # when it became a formal request


@dataclass(frozen=True)
class Letter:
    """A file that belongs to a request: a receipt, a notice, the reply."""

    kind: str
    filename: str
    content: bytes
    created_at: datetime
