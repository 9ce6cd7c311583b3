"""Kinds of things at the desk, each with the Chinese words that people read beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

FILE_KINDS = ("pdf", "docx", "xlsx", "jpg", "png")  # of files that are taken, known by content
REPLY_LETTER = "reply"
# Letters addressed to third parties and other agencies: they name them, and are not the applicant's to have.
LETTERS_TO_OTHERS = frozenset(
    {"third_party_consultation", "opinion_form", "third_party_informed", "agency_consultation", "cooperation"}
)


class Labelled(StrEnum):
    """An enum whose members carry the Chinese words people read: `NAME = value, label`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Role(Labelled):
    """Who acts."""

    APPLICANT = "applicant", "申请人"
    OFFICER = "officer", "经办人"
    REVIEWER = "reviewer", "审核人"
    APPROVER = "approver", "负责人"
    PROGRAM = "program", "系统"


class ApplicantKind(Labelled):
    """The columns of Table 3."""

    NATURAL_PERSON = "NP", "自然人"
    COMPANY = "CO", "商业企业"
    RESEARCH_BODY = "RE", "科研机构"
    PUBLIC_BENEFIT_ORG = "PB", "社会公益组织"
    LEGAL_SERVICE = "LS", "法律服务机构"
    OTHER = "OT", "其他"

    @property
    def is_organisation(self) -> bool:
        return self is not ApplicantKind.NATURAL_PERSON


class Intake(Labelled):
    """How a request came in; decides the day of receipt (art. 31)."""

    ONLINE = "online", "互联网"
    COUNTER = "counter", "当面提交"
    ORAL = "oral", "口头申请，代为填写"
    SIGNED_POST = "signed_post", "邮寄（签收）"
    ORDINARY_POST = "ordinary_post", "平常信函"
    FAX = "fax", "传真"

    @property
    def needs_both_confirmations(self) -> bool:
        """Art. 31(3): internet and fax count from the day both sides have confirmed."""
        return self in (Intake.ONLINE, Intake.FAX)


class DeliveryForm(Labelled):
    """The form the applicant wants the information in (art. 29(3))."""

    ELECTRONIC = "electronic", "电子文件"
    PAPER = "paper", "纸质"
    INSPECTION = "inspection", "现场查阅"


class ServiceMethod(Labelled):
    """How a reply was served, which decides the date that counts (LAW.md part 2)."""

    CHAT = "chat", "通过本机器人送达"
    BY_HAND = "by_hand", "直接送达（当面签收）"
    ENTRUSTED = "entrusted", "委托送达"
    POST = "post", "邮政企业邮寄"
    EMAIL = "email", "电子邮件"
    FAX = "fax", "传真"

    @property
    def is_electronic(self) -> bool:
        return self in (ServiceMethod.CHAT, ServiceMethod.EMAIL, ServiceMethod.FAX)


class RecordCorrectionStatus(Labelled):
    """Where an application to correct a record about oneself is (art. 41)."""

    OPEN = "open", "办理中"
    CORRECTED = "corrected", "已更正"
    TRANSFERRED = "transferred", "已转送有权更正的机关"
    REFERRED = "referred", "已告知向有权更正的机关提出"
    DECLINED = "declined", "不予更正"
    WITHDRAWN = "withdrawn", "已撤回"

    @property
    def is_open(self) -> bool:
        return self is RecordCorrectionStatus.OPEN


class InquiryStatus(Labelled):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已关闭"
