"""Letters while a request is handled: correction, reasons, opinions, fees, extension, notes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.desk import guards
from bot.desk.acts.base import Acts, required_text
from bot.desk.clock import correction_clock, payment_clock
from bot.desk.errors import InvalidValue, NotFound
from bot.desk.model import DisclosureRequest, EventKind, Role, Status

OPINIONS = ("agrees", "refuses", "silent")


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

    # ---- opinions (art. 32, 33, 34): the clock stands still
    def consult_third_party(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        sent_on: date | None = None,
        letter_received_on: date | None = None,
    ) -> DisclosureRequest:
        """The letter goes out (`sent_on`, else today); answered within 15 working days of its receipt.

        Where the day of its receipt is not known, the day it was sent is taken: the safe side.
        """
        return self._consult(
            connection,
            now,
            number,
            EventKind.THIRD_PARTY_CONSULTED,
            officer=officer,
            party=party,
            sent_on=sent_on,
            letter_received_on=letter_received_on,
        )

    def consult_agency(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        sent_on: date | None = None,
        letter_received_on: date | None = None,
    ) -> DisclosureRequest:
        """Another agency that made the information too; its silence means consent (art. 34)."""
        return self._consult(
            connection,
            now,
            number,
            EventKind.AGENCY_CONSULTED,
            officer=officer,
            party=party,
            sent_on=sent_on,
            letter_received_on=letter_received_on,
        )

    def _consult(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        kind: EventKind,
        *,
        officer: str,
        party: str,
        sent_on: date | None,
        letter_received_on: date | None,
    ) -> DisclosureRequest:
        opened, today = self._open(connection, number), self._today(now)
        on = sent_on or today
        guards.legal_day(on, today, opened.standing)
        data: dict[str, object] = {"party": required_text("party", party)}
        if letter_received_on is not None:
            if letter_received_on < on:
                raise InvalidValue("letter_before_sent", field="letter_received_on")
            data["letter_received_on"] = letter_received_on.isoformat()
        return self._staff_act(connection, now, opened, kind, officer, on=on, data=data)

    def receive_opinion(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        opinion: str,
        text: str = "",
        received_on: date | None = None,
    ) -> DisclosureRequest:
        """The answer of whoever was consulted: `agrees`, `refuses`, or `silent` after 15 working days."""
        if opinion not in OPINIONS:
            raise InvalidValue("opinion_unknown", field="opinion", allowed=OPINIONS)
        opened, today = self._open(connection, number), self._today(now)
        on = received_on or today
        guards.legal_day(on, today, opened.standing)
        if opened.standing.open_pause is not None and on < opened.standing.open_pause.on:
            raise InvalidValue("opinion_before_letter", field="received_on")
        if opinion == "silent":
            guards.silence(opened.standing, today)
        agency = opened.standing.status is Status.OTHER_AGENCY
        kind = EventKind.AGENCY_ANSWERED if agency else EventKind.THIRD_PARTY_ANSWERED
        data = {"opinion": opinion, "text": text}
        return self._staff_act(connection, now, opened, kind, officer, on=on, data=data)

    # ---- fees (art. 42): computed elsewhere, only ever proposed
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
