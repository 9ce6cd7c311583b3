"""Letters while a request is handled: correction, reasons, fees, extension, notes."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import guards
from bot.desk.acts.base import Acts, required_text
from bot.desk.clock import correction_clock, payment_clock
from bot.desk.errors import GuardFailed, InvalidValue, NotFound
from bot.desk.fees import fee_for_request
from bot.desk.model import DisclosureRequest, EventKind, Role, Status
from bot.desk.tables import requests


class CorrespondenceActs(Acts):
    # ---- correction (art. 30)
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
        """Once, within 7 working days of receipt; `correction_due_on` is `working_days` from today."""
        opened, today = self._open(connection, number), self._today(now)
        guards.correction(opened.standing, self.calendar, today, working_days)
        correct_by = correction_clock(today, working_days).due(self.calendar).due_on
        return self._staff_act(
            connection,
            now,
            opened,
            EventKind.CORRECTION_ASKED,
            officer,
            data={"what": required_text("what", what), "correct_by": correct_by.isoformat()},
        )

    def correction_can_be_asked(self, connection: Connection, now: datetime, number: str) -> bool:
        """Whether a correction notice may still go out: once, within 7 working days of receipt."""
        standing = self._open(connection, number).standing
        try:
            guards.correction(standing, self.calendar, self._today(now), 1)
        except GuardFailed:
            return False
        return True

    def receive_correction(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        person: str,
        content: str,
        received_on: date | None = None,
    ) -> DisclosureRequest:
        """The corrected request: a new clock starts on the day it is received.

        `person` is the applicant, or a member of staff who enters a letter.
        """
        opened, today = self._open(connection, number), self._today(now)
        own = person == opened.row.person
        if not own and not self.office.is_staff(person):
            raise NotFound("no_such_request", number=number)
        on = today if own else (received_on or today)
        guards.legal_day(on, today, opened.standing)
        return self._act(
            connection,
            now,
            opened,
            EventKind.CORRECTION_RECEIVED,
            actor=person,
            role=Role.APPLICANT if own else Role.OFFICER,
            on=on,
            data={"content": required_text("content", content)},
        )

    def lapse_uncorrected(
        self, connection: Connection, now: datetime, number: str, *, officer: str
    ) -> DisclosureRequest:
        """No correction in time without good reason: not processed further, outcome F1."""
        opened = self._open(connection, number)
        if opened.standing.status is Status.CORRECTION_ASKED:
            guards.lapse(opened.standing.correction_due_on, self._today(now), "30")
        return self._staff_act(connection, now, opened, EventKind.LAPSED_UNCORRECTED, officer)

    # ---- reasons for many requests (art. 35)
    def ask_reasons(
        self, connection: Connection, now: datetime, number: str, *, officer: str, count: str
    ) -> DisclosureRequest:
        """`count`: how many requests, how often; what makes it excessive."""
        data = {"count": required_text("count", count)}
        opened = self._open(connection, number)
        return self._staff_act(connection, now, opened, EventKind.REASONS_ASKED, officer, data=data)

    def receive_reasons(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        reasons: str,
        reasonable: bool,
    ) -> DisclosureRequest:
        data = {"reasons": required_text("reasons", reasons), "reasonable": "yes" if reasonable else "no"}
        opened = self._open(connection, number)
        return self._staff_act(connection, now, opened, EventKind.REASONS_RECEIVED, officer, data=data)

    def defer(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        approver: str,
        until: date,
        reason: str,
    ) -> DisclosureRequest:
        """Art. 35: reasonable, but art. 33 cannot be met: a later date is fixed and notified."""
        self._must_approve(approver)
        opened = self._open(connection, number)
        if not opened.standing.happened(EventKind.REASONS_RECEIVED):
            raise InvalidValue("defer_needs_reasons", field="until", article="35")
        due = opened.standing.due(self.calendar)
        if due is not None and until <= due.due_on:
            raise InvalidValue("defer_is_no_later", field="until", due_on=due.due_on)
        data = {"until": until.isoformat(), "reason": required_text("reason", reason)}
        return self._staff_act(
            connection, now, opened, EventKind.DEFERRED, approver, role=Role.APPROVER, data=data
        )

    # ---- fees (art. 42): computed, and only ever proposed
    def fee_by_request(self, connection: Connection, number: str) -> tuple[int, int]:
        """Which request of its applicant in its calendar month this is, and the fee in yuan by that."""
        row = self._row(connection, number)
        day = row.submitted_at.astimezone(self.office.zone)
        begins = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        query = (
            sa.select(sa.func.count())
            .select_from(requests)
            .where(requests.c.applicant_key == row.applicant_key)
            .where(requests.c.submitted_at >= begins, requests.c.submitted_at <= row.submitted_at)
        )
        nth = int(connection.execute(query).scalar_one())
        return nth, fee_for_request(nth)

    def notice_fee(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        amount_yuan: int,
        notice_received_on: date | None = None,
    ) -> DisclosureRequest:
        """The fee notice; payment is due 20 working days after the applicant received it."""
        if amount_yuan < 1:
            raise InvalidValue("amount", field="amount_yuan")
        opened, today = self._open(connection, number), self._today(now)
        on = notice_received_on or today
        guards.legal_day(on, today, opened.standing)
        pay_by = payment_clock(on).due(self.calendar).due_on
        data = {"amount": str(amount_yuan), "pay_by": pay_by.isoformat()}
        return self._staff_act(connection, now, opened, EventKind.FEE_NOTICED, officer, on=on, data=data)

    def receive_payment(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        proof: str,
        paid_on: date | None = None,
    ) -> DisclosureRequest:
        """Full payment: the clock starts anew the day after."""
        opened, today = self._open(connection, number), self._today(now)
        guards.legal_day(paid_on or today, today, opened.standing)
        data = {"proof": required_text("proof", proof)}
        return self._staff_act(
            connection, now, opened, EventKind.FEE_PAID, officer, on=paid_on or today, data=data
        )

    def lapse_unpaid(
        self, connection: Connection, now: datetime, number: str, *, officer: str
    ) -> DisclosureRequest:
        """Not paid in time: not processed further, outcome F2."""
        opened = self._open(connection, number)
        if opened.standing.status is Status.FEE_NOTICED:
            guards.lapse(opened.standing.payment_due_on, self._today(now), "42")
        return self._staff_act(connection, now, opened, EventKind.LAPSED_UNPAID, officer)

    # ---- extension (art. 33), notes
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
        """Once, before expiry, 1-20 working days, with the approver's consent and a reason."""
        self._must_approve(approver)
        opened = self._open(connection, number)
        guards.extension(opened.standing, self.calendar, self._today(now), working_days)
        data = {"working_days": str(working_days), "reason": required_text("reason", reason)}
        return self._staff_act(
            connection, now, opened, EventKind.EXTENDED, approver, role=Role.APPROVER, data=data
        )

    def note(
        self, connection: Connection, now: datetime, number: str, *, officer: str, text: str
    ) -> DisclosureRequest:
        """An internal note; the applicant never sees it."""
        self._must_be_staff(officer)
        opened = self._open(connection, number)
        return self._act(
            connection,
            now,
            opened,
            EventKind.NOTED,
            actor=officer,
            role=Role.OFFICER,
            data={"text": required_text("text", text)},
        )
