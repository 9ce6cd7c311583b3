"""Letters while a request is handled: correction, reasons, fees, extension, notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from bot.desk import attached, chain, guards
from bot.desk.acts.base import Opened, required_text
from bot.desk.acts.dated import DatedActs
from bot.desk.acts.splitting import is_part
from bot.desk.clock import correction_clock, opinion_clock, payment_clock
from bot.desk.errors import GuardFailed, InvalidValue, NotFound
from bot.desk.fees import fee_for_pages, fee_for_request
from bot.desk.model import DisclosureRequest, Event, EventKind, Role, Status
from bot.desk.tables import requests

EXTENSION_WANTED, EXTENSION_DECLINED = "extension", "extension_declined"  # what a note asks or answers
REASONS_WORKING_DAYS, LEAST_REASONS_WORKING_DAYS = 10, 5


class Correspondence(DatedActs):
    # ---- correction (art. 30)
    def ask_correction(
        self, number: str, *, what: str, working_days: int = 15, sent_on: date | None = None, proof: str = ""
    ) -> DisclosureRequest:
        """Once, within 7 working days of receipt; the applicant's `working_days` run from getting the notice.

        Who filed in chat has it at once, so that `correction_due_on` is known; on paper it is unknown until
        `receive_correction_notice`.  Sent on an earlier day it is a late entry.
        """
        opened, today = self._open(number), self.today
        on = sent_on or today
        guards.legal_day(on, today, opened.standing)
        least = self.office.correction_least_days
        guards.correction(opened.standing, self.calendar, on, working_days, least=least, what=what)
        data = {"what": required_text("what", what), "working_days": str(working_days)}
        if opened.row.person:
            data["correct_by"] = self._correct_by(on, working_days).isoformat()
        kind = EventKind.CORRECTION_ASKED
        return self._enter(opened, kind, on=on, proof=proof, data=data)

    def _correct_by(self, received_on: date, working_days: int) -> date:
        return correction_clock(received_on, working_days).due(self.calendar).due_on

    def receive_correction_notice(self, number: str, *, on: date, proof: str) -> DisclosureRequest:
        """The applicant received the notice on paper: from this day the period runs.  `proof`: 送达回证."""
        opened, today = self._open(number), self.today
        asked = [event for event in opened.events if event.kind is EventKind.CORRECTION_ASKED]
        guards.legal_day(on, today, opened.standing)
        guards.documented(proof)
        if asked and on < asked[-1].on:
            raise InvalidValue("notice_before_sent", field="on")
        days = int(asked[-1].text("working_days") or 1) if asked else 1
        data = {"proof": proof.strip(), "correct_by": self._correct_by(on, days).isoformat()}
        kind = EventKind.CORRECTION_NOTICE_RECEIVED
        return self._staff_act(opened, kind, on=on, data=data)

    def receive_correction(
        self, number: str, *, content: str, received_on: date | None = None, attachments: Sequence[str] = ()
    ) -> DisclosureRequest:
        """The answer is added to what was asked; a new clock starts on the day it is received.

        `attachments`: tokens of files that who answers sent along (`attached.py`).

        That day is not before the one on which the correction was asked for (InvalidValue).
        By the applicant, or by a member of staff who enters a letter.
        """
        opened, today = self._open(number), self.today
        own = self.actor == opened.row.person
        if not own and not self.office.is_staff(self.actor):
            raise NotFound("no_such_request", number=number)
        on = today if own else (received_on or today)
        guards.legal_day(on, today, opened.standing)
        asked_on = [event.on for event in opened.events if event.kind is EventKind.CORRECTION_ASKED]
        if asked_on and on < asked_on[-1]:
            raise InvalidValue("correction_before_asked", field="received_on", asked_on=asked_on[-1])
        data: dict[str, object] = {"content": required_text("content", content)}
        if attachments:
            files = attached.keep(
                self.connection, attachments, subject=number, part=attached.CORRECTION, sender=self.actor
            )
            data["attachments"] = attached.on_record(files)
        return self._act(
            opened,
            EventKind.CORRECTION_RECEIVED,
            role=Role.APPLICANT if own else Role.OFFICER,
            on=on,
            data=data,
        )

    def lapse_uncorrected(self, number: str) -> DisclosureRequest:
        """No correction in time without good reason: not processed further, outcome F1."""
        guards.remedies_known(self.office)
        opened = self._open(number)
        if opened.standing.status is Status.CORRECTION_ASKED:
            guards.lapse(opened.standing.correction_due_on, self.today, "30")
        return self._staff_act(opened, EventKind.LAPSED_UNCORRECTED)

    # ---- reasons for many requests (art. 35)
    def ask_reasons(
        self, number: str, *, count: str, working_days: int = REASONS_WORKING_DAYS
    ) -> DisclosureRequest:
        """`count`: how many requests, how often; what makes it excessive.

        Art. 35 sets no period for the answer: `working_days` from today, five at least, is the office's.
        """
        if not LEAST_REASONS_WORKING_DAYS <= working_days <= guards.LONGEST_CORRECTION_WORKING_DAYS:
            raise InvalidValue(
                "reasons_period",
                field="working_days",
                least=LEAST_REASONS_WORKING_DAYS,
                most=guards.LONGEST_CORRECTION_WORKING_DAYS,
            )
        by = correction_clock(self.today, working_days).due(self.calendar).due_on
        data = {"count": required_text("count", count), "reasons_by": by.isoformat()}
        opened = self._open(number)
        return self._staff_act(opened, EventKind.REASONS_ASKED, data=data)

    def receive_reasons(self, number: str, *, reasons: str, reasonable: bool) -> DisclosureRequest:
        data = {"reasons": required_text("reasons", reasons), "reasonable": "yes" if reasonable else "no"}
        opened = self._open(number)
        return self._staff_act(opened, EventKind.REASONS_RECEIVED, data=data)

    def record_no_reasons(self, number: str) -> DisclosureRequest:
        """The applicant was asked for reasons and gave none within the period."""
        opened = self._open(number)
        if opened.standing.status is Status.REASONS_ASKED:
            guards.lapse(self.reasons_by(opened), self.today, "35")
        return self._staff_act(opened, EventKind.REASONS_NOT_GIVEN)

    def reasons_by(self, opened: Opened) -> date:
        """The last day for reasons that were asked."""
        asked = [event for event in opened.events if event.kind is EventKind.REASONS_ASKED]
        return asked[-1].day("reasons_by") or opinion_clock(asked[-1].on).due(self.calendar).due_on

    def defer(self, number: str, *, until: date, reason: str) -> DisclosureRequest:
        """Art. 35: reasonable, but art. 33 cannot be met: a later date is fixed and notified.

        Before expiry, once, at most `OfficeRules.deferral_working_days` after the present due date.
        """
        self._must_approve()
        opened = self._open(number)
        most = self.office.deferral_working_days
        guards.deferral(opened.standing, self.calendar, self.today, until, most)
        data = {"until": until.isoformat(), "reason": required_text("reason", reason)}
        return self._staff_act(opened, EventKind.DEFERRED, role=Role.APPROVER, data=data)

    # ---- fees (art. 42): computed, and only ever proposed
    def fee_by_request(self, number: str) -> tuple[int, int]:
        """Which request of its applicant in its calendar month this is, and the fee in yuan by that.

        What was split from another counts with it and costs nothing by this standard.
        """
        row = self._row(number)
        day = self._filed_on(row)
        query = sa.select(requests).where(requests.c.applicant_key == row.applicant_key, ~is_part())
        nth = sum(
            (on.year, on.month) == (day.year, day.month) and (on, at) <= (day, row.submitted_at)
            for on, at in (
                (self._filed_on(each), each.submitted_at) for each in self.connection.execute(query)
            )
        )
        of_another = chain.events_of(self.connection, number)[0].text("split_from")
        return nth, 0 if of_another else fee_for_request(nth)

    def notice_fee(
        self,
        number: str,
        *,
        amount_yuan: int,
        pages: int = 0,
        notice_received_on: date | None = None,
        proof: str = "",
    ) -> DisclosureRequest:
        """The fee notice; payment is due 20 working days after the applicant received it.

        From the 11th request of the applicant in its month, and only the amount that is computed: by that
        count, or by `pages`.  Raises GuardFailed for anything else, after expiry, and while the setting that
        says how to pay is missing.  Received on an earlier day it is a late entry.
        """
        opened, today = self._open(number), self.today
        on = notice_received_on or today
        nth, by_request = self.fee_by_request(number)
        guards.fee(nth, amount_yuan, fee_for_pages(pages) if pages else by_request)
        self.fee_must_be_payable()
        guards.legal_day(on, today, opened.standing)
        guards.fee_notice(opened.standing, self.calendar, on)
        pay_by = payment_clock(on).due(self.calendar).due_on
        data = {
            "amount": str(amount_yuan),
            "pay_by": pay_by.isoformat(),
            "nth": str(nth),
            "pages": str(pages or ""),
        }
        return self._enter(opened, EventKind.FEE_NOTICED, on=on, proof=proof, data=data)

    def fee_must_be_payable(self) -> None:
        if not self.office.fee_payment:
            raise GuardFailed("fee_payment_not_set", setting="fee_payment")

    def withdraw_fee(self, number: str, *, reason: str) -> DisclosureRequest:
        """The fee notice is taken back: the clock stands as if it had never been, days meanwhile counted."""
        data = {"reason": required_text("reason", reason)}
        opened = self._open(number)
        return self._staff_act(opened, EventKind.FEE_WITHDRAWN, data=data)

    def receive_payment(self, number: str, *, proof: str, paid_on: date | None = None) -> DisclosureRequest:
        """Full payment: the clock starts anew the day after.  Nobody pays before they were told to."""
        opened, today = self._open(number), self.today
        guards.legal_day(paid_on or today, today, opened.standing)
        told = [event.on for event in opened.events if event.kind is EventKind.FEE_NOTICED]
        if told and (paid_on or today) < told[-1]:
            raise InvalidValue("paid_before_notice", field="paid_on", noticed_on=told[-1])
        data = {"proof": required_text("proof", proof)}
        return self._staff_act(opened, EventKind.FEE_PAID, on=paid_on or today, data=data)

    def lapse_unpaid(self, number: str) -> DisclosureRequest:
        """Not paid in time: not processed further, outcome F2."""
        guards.remedies_known(self.office)
        opened = self._open(number)
        if opened.standing.status is Status.FEE_NOTICED:
            guards.lapse(opened.standing.payment_due_on, self.today, "42")
        return self._staff_act(opened, EventKind.LAPSED_UNPAID)

    # ---- extension (art. 33), notes
    def extend(self, number: str, *, working_days: int, reason: str) -> DisclosureRequest:
        """Once, before expiry, 1-20 working days, with the approver's consent and a reason."""
        self._must_approve()
        opened = self._open(number)
        guards.extension(opened.standing, self.calendar, self.today, working_days)
        data = {"working_days": str(working_days), "reason": required_text("reason", reason)}
        return self._staff_act(opened, EventKind.EXTENDED, role=Role.APPROVER, data=data)

    def note(self, number: str, *, text: str, **asks: str) -> DisclosureRequest:
        """An internal note; the applicant never sees it.  `asks`: see `extension_wanted`."""
        self._must_be_staff()
        opened = self._open(number)
        return self._act(
            opened, EventKind.NOTED, role=Role.OFFICER, data={"text": required_text("text", text), **asks}
        )

    def extension_wanted(self, number: str) -> Event | None:
        """The note in which an officer asked for an extension that no leader has decided yet."""
        wanted: Event | None = None
        for event in chain.events_of(self.connection, number):
            if event.kind is EventKind.NOTED and (asks := event.text("asks")):
                wanted = event if asks == EXTENSION_WANTED else None
            elif event.kind is EventKind.EXTENDED:
                wanted = None
        return wanted
