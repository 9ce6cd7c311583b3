"""The acts of the oracle (`law_oracle.Deed`) as calls of the desk's register."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from bot.desk.guards import Told
from bot.desk.model import Applicant, ApplicantKind, Intake, Outcome, ServiceMethod
from bot.desk.register import Register
from tests.desk.conftest import CLERK, RESIDENT, SECOND, WANG
from tests.desk.law_oracle import Deed

STAFF = (CLERK, SECOND)
STRANGER = "telegram:666"
APPLICANTS = {
    RESIDENT: WANG,
    "telegram:43": Applicant(ApplicantKind.COMPANY, "某公司", "91350100M000100Y43", "0745-6822222"),
    "telegram:44": Applicant(ApplicantKind.NATURAL_PERSON, "李四", "440524188001010014", "13900001111"),
}


@dataclass(frozen=True)
class Step:
    """A deed offered to the case number `target`, or the filing of a new one (-1)."""

    target: int
    deed: Deed
    asked: str = ""
    intake: str = "online"
    applicant: str = RESIDENT
    nth_waiting: int = 0

    def __str__(self) -> str:
        blank = Deed(self.deed.act, self.deed.by, self.deed.entered)
        said = {
            name: str(value) if isinstance(value, date) else value
            for name, value in vars(self.deed).items()
            if name not in ("act", "by", "entered") and value != getattr(blank, name)
        }
        filed = f" {self.intake} {self.asked} of {self.applicant}" if self.target < 0 else f" #{self.target}"
        return f"{self.deed.entered} {self.deed.act}{filed} by {self.deed.by} {said or ''}"


def file(register: Register, connection: Connection, now: datetime, step: Step) -> str:
    who = APPLICANTS[step.applicant]
    if step.deed.act == "submit":
        return (
            register.session(connection, now, step.applicant)
            .intake.submit(applicant=who, content=step.asked)
            .number
        )
    return (
        register.session(connection, now, step.deed.by)
        .intake.enter(
            applicant=who,
            content=step.asked,
            intake=Intake(step.intake),
            received_on=step.deed.on,
            proof="当面提交",
        )
        .number
    )


_ACTS = {
    "archive": "replies.archive",
    "ask_correction": "correspondence.ask_correction",
    "ask_reasons": "correspondence.ask_reasons",
    "assign": "intake.assign",
    "confirm_late_entry": "late_entries.confirm",
    "confirm_receipt": "intake.confirm_receipt",
    "consult_agency": "consultations.consult_agency",
    "consult_third_party": "consultations.consult_third_party",
    "consulting": "consultations.pending",
    "convert_to_record_correction": "record_corrections.convert",
    "decline_late_entry": "late_entries.decline",
    "defer": "correspondence.defer",
    "discard_draft": "replies.discard_draft",
    "draft_reply": "replies.draft",
    "extend": "correspondence.extend",
    "inform_third_party": "replies.inform_third_party",
    "lapse_uncorrected": "correspondence.lapse_uncorrected",
    "lapse_unpaid": "correspondence.lapse_unpaid",
    "note": "correspondence.note",
    "notice_fee": "correspondence.notice_fee",
    "order_redecision": "remedies.order_redecision",
    "receive_correction": "correspondence.receive_correction",
    "receive_correction_notice": "correspondence.receive_correction_notice",
    "receive_opinion": "consultations.receive_opinion",
    "receive_payment": "correspondence.receive_payment",
    "receive_reasons": "correspondence.receive_reasons",
    "record_no_reasons": "correspondence.record_no_reasons",
    "record_remedy": "remedies.record",
    "record_search": "replies.record_search",
    "review": "replies.review",
    "search": "replies.record_search",
    "serve": "replies.serve",
    "sign": "replies.sign",
    "take": "intake.take",
    "undo_receipt": "intake.undo_receipt",
    "withdraw": "replies.withdraw",
    "withdraw_fee": "correspondence.withdraw_fee",
}


def do(
    register: Register, connection: Connection, now: datetime, number: str, step: Step, numbers: Sequence[str]
) -> None:
    deed = step.deed
    arguments = _arguments(deed, numbers)
    if deed.act in ("confirm_late_entry", "decline_late_entry"):
        waiting = register.session(connection, now).late_entries.waiting(number)
        nth = step.nth_waiting
        arguments = {"proposal": waiting[nth].ordinal if nth < len(waiting) else 0}
    attrgetter(_ACTS[deed.act])(register.session(connection, now, deed.by))(number, **arguments)


def _arguments(deed: Deed, numbers: Sequence[str]) -> dict[str, Any]:
    make = _SAID.get(deed.act)
    said = make(deed) if make else {}
    if "earlier_number" in deed.fields:
        place = int(deed.fields["earlier_number"].removeprefix("#"))
        known = numbers[place] if place < len(numbers) else "2000-0001"
        said["fields"] = {**deed.fields, "earlier_number": known}
    return said


def _consultation(d: Deed) -> dict[str, Any]:
    return {"party": d.party, "sent_on": d.day, "letter_received_on": d.letter_on, "proof": d.proof}


_SAID: Mapping[str, Callable[[Deed], dict[str, Any]]] = {
    "undo_receipt": lambda d: {"reason": "点错了"},
    "note": lambda d: {"text": "备注"},
    "ask_correction": lambda d: {"what": d.text, "working_days": d.days, "sent_on": d.day, "proof": d.proof},
    "receive_correction_notice": lambda d: {"on": d.on, "proof": d.proof},
    "receive_correction": lambda d: {"content": d.text, "received_on": d.day},
    "ask_reasons": lambda d: {"count": "本月多件", "working_days": d.days},
    "receive_reasons": lambda d: {"reasons": "研究", "reasonable": d.yes},
    "defer": lambda d: {"until": d.until, "reason": "量大"},
    "extend": lambda d: {"working_days": d.days, "reason": "量大"},
    "consult_third_party": _consultation,
    "consult_agency": _consultation,
    "receive_opinion": lambda d: {"opinion": d.opinion, "party": d.party, "received_on": d.day},
    "notice_fee": lambda d: {
        "amount_yuan": d.amount,
        "pages": d.pages,
        "notice_received_on": d.day,
        "proof": d.proof,
    },
    "withdraw_fee": lambda d: {"reason": "算错了"},
    "receive_payment": lambda d: {"proof": "收据第3号", "paid_on": d.day},
    "search": lambda d: {
        "places": d.party,
        "result": "没有找到",
        "trail": ("目录：没有",) if d.yes else (),
    },
    "inform_third_party": lambda d: {"party": d.party, "informed_on": d.day},
    "draft_reply": lambda d: {
        "outcome": Outcome(d.outcome),
        "text": d.text,
        "fields": dict(d.fields),
        "refusal_acknowledged": d.yes,
    },
    "review": lambda d: {"approved": d.yes},
    "serve": lambda d: {
        "method": ServiceMethod(d.method),
        "served_on": d.day,
        "proof": d.proof,
        "late_acknowledged": d.yes,
    },
    "withdraw": lambda d: {"told": Told("本人", "张某", d.entered, "打电话") if d.told else None},
    "convert_to_record_correction": lambda d: {
        name: "出生日期记录有误" for name in ("record", "wrong", "evidence", "reason")
    },
    "record_remedy": lambda d: {
        "remedy": d.remedy,
        "result": d.result,
        "on": d.day,
        "document_number": "示例复决〔2025〕3号" if d.result else "",
    },
    "order_redecision": lambda d: {
        "received_on": d.day,
        "until": d.until,
        **({"working_days": d.days} if d.until is None else {}),
    },
}
