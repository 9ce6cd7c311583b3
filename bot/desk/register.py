"""The register (登记簿): every act on a request, each one method in the caller's transaction.

Every method takes the caller's `connection` and `now` (aware) first; what it writes is rolled back with
the caller's transaction.  Every method returns the request as it stands afterwards, or raises a
`DeskError` and leaves no trace.  (Signatures; bodies follow.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from bot.desk.model import (
    Applicant,
    DeliveryForm,
    DisclosureRequest,
    Event,
    Inquiry,
    Intake,
    Outcome,
    ServiceMethod,
)


class Register:
    """Requests and inquiries of one office."""

    # ---- applicant
    def submit(
        self,
        connection: Connection,
        now: datetime,
        *,
        person: str,
        applicant: Applicant,
        content: str,
        form: DeliveryForm = DeliveryForm.ELECTRONIC,
        way: str = "",
    ) -> DisclosureRequest:
        """File online; the applicant has read back and confirmed.  Staff confirm receipt (art. 31)."""
        raise NotImplementedError

    def receive_correction(
        self, connection: Connection, now: datetime, number: str, *, person: str, content: str
    ) -> DisclosureRequest:
        """The applicant's corrected request: a new clock starts (art. 30)."""
        raise NotImplementedError

    def withdraw(
        self, connection: Connection, now: datetime, number: str, *, person: str, reason: str = ""
    ) -> DisclosureRequest:
        """The applicant withdraws (or staff on the applicant's word): outcome F3."""
        raise NotImplementedError

    # ---- staff: `officer` is the address of who acts
    def enter(
        self,
        connection: Connection,
        now: datetime,
        *,
        officer: str,
        applicant: Applicant,
        content: str,
        intake: Intake,
        received_on: date,
        proof: str,
        form: DeliveryForm = DeliveryForm.PAPER,
        way: str = "",
        person: str = "",
    ) -> DisclosureRequest:
        """Offline intake by a clerk; counter, signed post and oral requests are received at once."""
        raise NotImplementedError

    def confirm_receipt(
        self, connection: Connection, now: datetime, number: str, *, officer: str
    ) -> DisclosureRequest:
        """The second confirmation: today is the day of receipt, the clock starts (art. 31(3))."""
        raise NotImplementedError

    def take(self, connection: Connection, now: datetime, number: str, *, officer: str) -> DisclosureRequest:
        raise NotImplementedError

    def assign(
        self, connection: Connection, now: datetime, number: str, *, officer: str, assignee: str
    ) -> DisclosureRequest:
        raise NotImplementedError

    def ask_correction(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        what: str,
        working_days: int = 15,
    ) -> DisclosureRequest:
        """Once, within 7 working days of receipt (art. 30); `correction_due_on` is set."""
        raise NotImplementedError

    def consult_third_party(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        letter_received_on: date | None = None,
    ) -> DisclosureRequest:
        raise NotImplementedError

    def receive_opinion(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        opinion: str,
        received_on: date | None = None,
    ) -> DisclosureRequest:
        """`opinion`: agrees, refuses or silent (only after 15 working days)."""
        raise NotImplementedError

    def extend(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        approver: str,
        working_days: int,
        reason: str,
    ) -> DisclosureRequest:
        raise NotImplementedError

    def note(
        self, connection: Connection, now: datetime, number: str, *, officer: str, text: str
    ) -> DisclosureRequest:
        """An internal note; the applicant never sees it."""
        raise NotImplementedError

    def record_search(
        self, connection: Connection, now: datetime, number: str, *, officer: str, places: str, result: str
    ) -> DisclosureRequest:
        """What was searched and where; D1 needs one."""
        raise NotImplementedError

    def draft_reply(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        outcome: Outcome,
        text: str,
        fields: Mapping[str, str] | None = None,
    ) -> DisclosureRequest:
        """`fields` must hold every `outcome.required` name.  Drafting again replaces the draft."""
        raise NotImplementedError

    def review(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        reviewer: str,
        approved: bool = True,
        remark: str = "",
    ) -> DisclosureRequest:
        """Art. 17, by somebody else than who drafted."""
        raise NotImplementedError

    def serve(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        method: ServiceMethod,
        served_on: date | None = None,
        proof: str = "",
        late_acknowledged: bool = False,
    ) -> DisclosureRequest:
        """The reply goes out; raises LateReply when late and not acknowledged."""
        raise NotImplementedError

    # ---- reading
    def get(self, connection: Connection, number: str) -> DisclosureRequest:
        raise NotImplementedError

    def queue(self, connection: Connection) -> Sequence[DisclosureRequest]:
        """Open requests, soonest due first; not yet confirmed ones before all."""
        raise NotImplementedError

    def requests_of(self, connection: Connection, person: str) -> Sequence[DisclosureRequest]:
        """Newest first."""
        raise NotImplementedError

    def search(self, connection: Connection, text: str) -> Sequence[DisclosureRequest]:
        """By number or words of the content, newest first."""
        raise NotImplementedError

    def history(self, connection: Connection, number: str) -> Sequence[Event]:
        raise NotImplementedError

    def applicant(self, connection: Connection, now: datetime, number: str, *, officer: str) -> Applicant:
        """Identity in the clear, only for whom the request is assigned to or a leader; recorded."""
        raise NotImplementedError

    # ---- inquiries (咨询)
    def open_inquiry(self, connection: Connection, now: datetime, *, person: str, question: str) -> Inquiry:
        raise NotImplementedError

    def answer_inquiry(
        self, connection: Connection, now: datetime, number: str, *, officer: str, answer: str
    ) -> Inquiry:
        raise NotImplementedError

    def inquiry(self, connection: Connection, number: str) -> Inquiry:
        raise NotImplementedError

    def inquiries_open(self, connection: Connection) -> Sequence[Inquiry]:
        raise NotImplementedError

    def inquiries_of(self, connection: Connection, person: str) -> Sequence[Inquiry]:
        raise NotImplementedError
