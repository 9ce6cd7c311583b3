"""Why a step that the table of transitions has cannot be taken now: said before the form, not after it."""

from __future__ import annotations

from datetime import date

from bot.desk import guards
from bot.desk.acts.base import Acts, Opened
from bot.desk.errors import DeskError, GuardFailed
from bot.desk.fees import FREE_REQUESTS
from bot.desk.model import EventKind, Intake, Status


class Openness(Acts):
    def why_closed(self, number: str, kind: EventKind, *, on: date | None = None) -> DeskError | None:
        """What the act of this kind would be refused with, whatever is written; None when it may go on.

        `on` is the day it is said to have happened on, today if None.  Of steps that need something written
        to be judged, only what does not depend on it.
        """
        opened = self._look(number)
        try:
            self._step_must_be_open(opened, on or self.today, kind)
        except DeskError as error:
            return error
        return None

    def why_not_consulted(self, number: str, party: str) -> DeskError | None:
        """What a consultation of this party would be refused with; None when it may be asked."""
        opened = self._look(number)
        try:
            guards.consultation(opened.events, opened.standing.late_entries, party)
        except DeskError as error:
            return error
        return None

    def why_not_deferred_until(self, number: str, until: date) -> DeskError | None:
        """What a deferral (art. 35) to this day would be refused with; None when it may be."""
        opened, most = self._look(number), self.office.deferral_working_days
        try:
            guards.deferral(opened.standing, self.calendar, self.today, until, most)
        except DeskError as error:
            return error
        return None

    def _step_must_be_open(self, opened: Opened, today: date, kind: EventKind) -> None:
        standing, calendar = opened.standing, self.calendar
        match kind:
            case EventKind.EXTENDED:
                guards.extension(standing, calendar, today, 1)
            case EventKind.CORRECTION_ASKED:
                guards.correction_notice(standing, calendar, today)
            case EventKind.FEE_NOTICED:
                self._fee_step_must_be_open(opened, today)
            case EventKind.DEFERRED:
                guards.deferral_open(standing, calendar, today)
            case EventKind.LAPSED_UNCORRECTED if standing.status is Status.CORRECTION_ASKED:
                guards.remedies_known(self.office)
                guards.lapse(standing.correction_due_on, today, "30")
            case EventKind.LAPSED_UNPAID if standing.status is Status.FEE_NOTICED:
                guards.remedies_known(self.office)
                guards.lapse(standing.payment_due_on, today, "42")
            case EventKind.REASONS_NOT_GIVEN if standing.status is Status.REASONS_ASKED:
                guards.lapse(self.session.correspondence.reasons_by(opened), today, "35")
            case EventKind.RECEIPT_UNDONE:
                guards.undo_receipt(opened.events, Intake(opened.row.intake), today)
            case EventKind.SPLIT:
                guards.split(opened.events)
            case EventKind.SERVED if standing.to_inform:
                raise GuardFailed("third_party_not_informed", article="32", parties=standing.to_inform)

    def _fee_step_must_be_open(self, opened: Opened, today: date) -> None:
        nth, amount = self.session.correspondence.fee_by_request(opened.number)
        if not amount:
            raise GuardFailed("fee_not_due", article="42", nth=nth, free=FREE_REQUESTS)
        guards.fee_notice(opened.standing, self.calendar, today)
        self.session.correspondence.fee_must_be_payable()
