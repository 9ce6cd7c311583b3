"""Correction of a record about oneself (更正本人信息, art. 41): a track of its own, never in Table 3.  Pure.

    asked ─▶ taken ─▶ corrected                     by this office
                    ├▶ transferred                  to the body that can correct it
                    ├▶ referred                     the applicant is told who can
                    └▶ declined                     with reasons
             withdrawn at any time before

The law sets no time limit and none is invented: `goal` is the office's own, a setting, and is called so.
What is wrong, the evidence and the answer are personal data: they are sealed with the identity, and the chain
of events holds only who did what when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.desk.clock import Clock
from bot.desk.errors import WrongStep
from bot.desk.kinds import ApplicantKind, RecordCorrectionStatus
from bot.desk.model import Applicant, Event, EventKind

SERIES = "G"  # 更正: G2026-0001
ARTICLE = "41"
_ENDS = {
    EventKind.RECORD_CORRECTED: RecordCorrectionStatus.CORRECTED,
    EventKind.RECORD_CORRECTION_TRANSFERRED: RecordCorrectionStatus.TRANSFERRED,
    EventKind.RECORD_CORRECTION_REFERRED: RecordCorrectionStatus.REFERRED,
    EventKind.RECORD_CORRECTION_DECLINED: RecordCorrectionStatus.DECLINED,
    EventKind.RECORD_CORRECTION_WITHDRAWN: RecordCorrectionStatus.WITHDRAWN,
}
_BESIDE = (EventKind.IDENTITY_TAKEN, EventKind.IDENTITY_VIEWED, EventKind.IDENTITY_ERASED)
END_EVENTS = {status: kind for kind, status in _ENDS.items()}


@dataclass(frozen=True)
class RecordCorrection:
    """One application as it stands.  Identity is masked; `record` holds no numbers of people."""

    number: str  # G2026-0001
    person: str  # address of who filed it, "" when it came on paper
    applicant_kind: ApplicantKind
    applicant_masked: str
    contact_masked: str
    record: str  # which record: 低保档案
    status: RecordCorrectionStatus
    filed_at: datetime
    assigned_to: str = ""
    ended_on: date | None = None
    request_number: str = ""  # the disclosure request that it was filed as

    @property
    def needs_identity(self) -> bool:
        """Filed where none is asked for (个人信息保护法 36): the office has still to take it."""
        return not self.applicant_masked and bool(self.contact_masked)


@dataclass(frozen=True)
class RecordDetails:
    """What only the applicant and who handles it may read; `answer` is "" until there is one."""

    applicant: Applicant
    wrong: str
    evidence: str
    answer: str = ""

    def __repr__(self) -> str:
        """Nothing of it must reach a log through a traceback."""
        return "RecordDetails()"


@dataclass(frozen=True)
class RecordStanding:
    """What follows from the events alone."""

    status: RecordCorrectionStatus
    assigned_to: str = ""
    ended_on: date | None = None


def standing_of(events: Iterable[Event]) -> RecordStanding:
    """Replay the events; raises WrongStep at one that has no place."""
    standing: RecordStanding | None = None
    for event in events:
        standing = _after(standing, event)
    if standing is None:
        raise WrongStep("wrong_step", status="", event="")
    return standing


def _after(standing: RecordStanding | None, event: Event) -> RecordStanding:
    if standing is None:
        if event.kind is EventKind.RECORD_CORRECTION_ASKED:
            return RecordStanding(RecordCorrectionStatus.OPEN)
    elif event.kind in _BESIDE:
        return standing
    elif standing.status.is_open:
        if event.kind is EventKind.RECORD_CORRECTION_TAKEN:
            return RecordStanding(standing.status, event.text("assignee"))
        if event.kind in _ENDS:
            return RecordStanding(_ENDS[event.kind], standing.assigned_to, event.on)
    raise WrongStep("wrong_step", status=standing.status if standing else "", event=event.kind)


def goal_clock(filed_on: date, working_days: int) -> Clock:
    """By when the office wants to be done: its own goal; the law sets none."""
    return Clock(filed_on, working_days, (), "收到更正申请当日不计（本机关自定目标，法律没有规定期限）")
