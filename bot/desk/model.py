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
    "Applicant",
    "ApplicantKind",
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
    "Reply",
    "RequiredField",
    "ReviewFirst",
    "Role",
    "ServiceMethod",
    "Status",
]


class Status(Labelled):
    """Where a request is (law.md part 4)."""

    SUBMITTED = "submitted", "已提交，待确认收到"
    RECEIVED = "received", "已收到，待分办"
    CORRECTION_ASKED = "correction_asked", "待申请人补正"
    ASSIGNED = "assigned", "办理中"
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
    """What can happen to a request.  `transitions.py` says when, by whom and on which article."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    RECEIPT_UNDONE = "receipt_undone"
    ASSIGNED = "assigned"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_RECEIVED = "correction_received"
    REASONS_ASKED = "reasons_asked"
    REASONS_RECEIVED = "reasons_received"
    DEFERRED = "deferred"
    THIRD_PARTY_CONSULTED = "third_party_consulted"
    THIRD_PARTY_ANSWERED = "third_party_answered"
    THIRD_PARTY_INFORMED = "third_party_informed"
    AGENCY_CONSULTED = "agency_consulted"
    AGENCY_ANSWERED = "agency_answered"
    COOPERATION_ASKED = "cooperation_asked"
    COOPERATION_RECEIVED = "cooperation_received"
    FEE_NOTICED = "fee_noticed"
    FEE_PAID = "fee_paid"
    EXTENDED = "extended"
    SEARCHED = "searched"
    DRAFTED = "drafted"
    DRAFT_RETURNED = "draft_returned"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    SERVED = "served"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    LAPSED_UNCORRECTED = "lapsed_uncorrected"
    LAPSED_UNPAID = "lapsed_unpaid"
    CONVERTED = "converted"
    NOTED = "noted"
    IDENTITY_CHECKED = "identity_checked"
    IDENTITY_VIEWED = "identity_viewed"
    IDENTITY_ERASED = "identity_erased"
    DUE_DATE_MOVED = "due_date_moved"
    REMEDY_STARTED = "remedy_started"
    REMEDY_DECIDED = "remedy_decided"
    PUBLISHED = "published"
    PUBLICATION_DECLINED = "publication_declined"
    # Correction of a record about oneself (更正本人信息, art. 41): a track of its own in the same chain.
    RECORD_CORRECTION_ASKED = "record_correction_asked"
    RECORD_CORRECTION_TAKEN = "record_correction_taken"
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
    DATA_ERASED = "data_erased"  # of no single request: questions, half-filled forms, old messages
    # Who may do what: events of the subject "roles".
    ROLE_GRANTED = "role_granted"
    ROLE_REVOKED = "role_revoked"


@dataclass(frozen=True)
class Applicant:
    """Who asks (art. 29(1)): name, identity proof, contact.  In the clear: only for who handles it.

    For an organisation `name` is its name, `id_number` its unified social credit code and
    `representative` the person who acts for it.
    """

    kind: ApplicantKind
    name: str
    id_number: str
    contact: str
    representative: str = ""

    def __repr__(self) -> str:
        """Identity must not reach a log through a traceback."""
        return f"Applicant(kind={self.kind.value})"


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
