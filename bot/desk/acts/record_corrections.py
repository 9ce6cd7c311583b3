"""Correcting a record about oneself (art. 41): filed, converted from a request, taken, ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from bot.desk import guards
from bot.desk.acts.base import required_text
from bot.desk.acts.intake import shown_name, who_acts
from bot.desk.acts.record_base import RecordActs, record_of, sealed_record
from bot.desk.applicants import must_be_represented
from bot.desk.errors import GuardFailed, InvalidValue, NotAllowed, NotFound
from bot.desk.identity import mask_contact
from bot.desk.kinds import RecordCorrectionStatus
from bot.desk.masking import mask
from bot.desk.model import Applicant, EventKind, Role
from bot.desk.numbering import next_number
from bot.desk.record_correction import END_EVENTS, SERIES, RecordCorrection, RecordDetails, goal_clock
from bot.desk.tables import record_corrections


class RecordCorrections(RecordActs):
    def get(self, number: str) -> RecordCorrection:
        """One application; raises NotFound."""
        return self._record(number)

    def waiting(self) -> Sequence[RecordCorrection]:
        """Oldest first."""
        query = (
            sa.select(record_corrections)
            .where(record_corrections.c.status == RecordCorrectionStatus.OPEN.value)
            .order_by(record_corrections.c.number)
        )
        return [record_of(self.connection, row) for row in self.connection.execute(query).all()]

    def in_states(self, states: Collection[RecordCorrectionStatus], most: int) -> Sequence[RecordCorrection]:
        """Those in one of these states, newest first, at most so many."""
        wanted = record_corrections.c.status.in_([each.value for each in states])
        query = sa.select(record_corrections).where(wanted)
        rows = self.connection.execute(query.order_by(record_corrections.c.filed_at.desc()).limit(most)).all()
        return [record_of(self.connection, row) for row in rows]

    def of(self, person: str) -> Sequence[RecordCorrection]:
        """All of one person, newest first."""
        if not person:
            return []
        mine = record_corrections.c.person == person
        query = sa.select(record_corrections).where(mine).order_by(record_corrections.c.number.desc())
        return [record_of(self.connection, row) for row in self.connection.execute(query).all()]

    def own_details(self, number: str) -> RecordDetails:
        """What the applicant wrote and was answered, for the applicant alone; raises NotFound."""
        row = self._record_row(number)
        if not self.actor or row.person != self.actor or row.sealed is None:
            raise NotFound("no_such_request", number=number)
        return self._details(number)

    def goal(self, found: RecordCorrection) -> date:
        """By when the office wants to be done: its own goal, no time limit of the law."""
        filed_on = self._day_of(found.filed_at)
        return goal_clock(filed_on, self.office.record_correction_goal_days).due(self.calendar).due_on

    # ---- filing
    def ask(self, *, applicant: Applicant, record: str, wrong: str, evidence: str) -> RecordCorrection:
        """The applicant asks.  Raises GuardFailed where the office has not announced this channel."""
        if not self.office.announced_channel:
            raise GuardFailed("channel_not_announced", article="28")
        must_be_represented(applicant, self.today)
        return self._file(
            person=self.actor,
            details=RecordDetails(applicant, wrong, evidence),
            record=record,
            actor=self.actor,
            role=Role.APPLICANT,
        )

    def enter(self, *, applicant: Applicant, record: str, wrong: str, evidence: str) -> RecordCorrection:
        """A clerk enters what came to the counter, by post or by word of mouth."""
        self._must_be_staff()
        must_be_represented(applicant, self.today)
        return self._file(
            person="",
            details=RecordDetails(applicant, wrong, evidence),
            record=record,
            actor=self.actor,
            role=Role.OFFICER,
        )

    def convert(
        self, number: str, *, record: str, wrong: str, evidence: str, reason: str
    ) -> RecordCorrection:
        """A disclosure request that turns out to be one: both are on record and name each other.

        The request ends as F3 (it was received, so it counts in Table 3); the application begins with the
        same applicant.
        """
        opened = self._open(number)
        if opened.row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        reason = required_text("reason", reason)
        with self.connection.begin_nested():
            filed = self._file(
                person=opened.row.person,
                details=RecordDetails(self.vault.unseal(opened.row.identity), wrong, evidence),
                record=record,
                actor=self.actor,
                role=Role.OFFICER,
                request_number=number,
            )
            data = {"record_correction": filed.number, "reason": reason}
            self._staff_act(opened, EventKind.CONVERTED, data=data)
            return self.take(filed.number)

    def _file(
        self,
        *,
        person: str,
        details: RecordDetails,
        record: str,
        actor: str,
        role: Role,
        request_number: str = "",
    ) -> RecordCorrection:
        for name, value in (("record", record), ("wrong", details.wrong), ("evidence", details.evidence)):
            required_text(name, value)
        if role is not Role.APPLICANT:  # on a chat that asks for no identity the office takes it later
            required_text("name", details.applicant.name)
        number = next_number(self.connection, f"{SERIES}{self.today.year}")
        applicant, record = details.applicant, mask(record.strip()).text
        self.connection.execute(
            record_corrections.insert().values(
                number=number,
                person=person,
                applicant_kind=applicant.kind.value,
                applicant_masked=shown_name(applicant),
                contact_masked=mask_contact(applicant.contact),
                words=sealed_record(self.connection, number, record),
                sealed=self._seal_details(details),
                filed_at=self.now,
                request_number=request_number,
                status=RecordCorrectionStatus.OPEN.value,
            )
        )
        data = {
            "record": record,
            "wrong": details.wrong.strip(),
            "evidence": details.evidence.strip(),
            **who_acts(applicant),
        }
        if request_number:
            data["request_number"] = request_number
        kind = EventKind.RECORD_CORRECTION_ASKED
        self._record_step(number, kind, actor, role, data=data)
        return self.get(number)

    # ---- handling
    def take(self, number: str, *, assignee: str = "") -> RecordCorrection:
        """The officer, or `assignee`, handles it from now on."""
        self._must_be_staff()
        if not self.office.is_staff(assignee or self.actor):
            raise NotAllowed("assignee_is_no_staff")
        kind = EventKind.RECORD_CORRECTION_TAKEN
        self._must_be_open_record(number, kind)
        data = {"assignee": assignee or self.actor}
        self._record_step(number, kind, self.actor, Role.OFFICER, data=data)
        return self.get(number)

    def take_identity(
        self, number: str, *, applicant: Applicant, document: str, how: str
    ) -> RecordCorrection:
        """Name and proof of identity of one that was filed without them; the contact given then stays.

        Whose record it is must be known before it is corrected.  Raises GuardFailed when the identity is
        known, WrongStep when it has ended.
        """
        self._must_be_staff()
        kind = EventKind.IDENTITY_TAKEN
        found, details = (self._must_be_open_record(number, kind), self._details(number))
        if not found.needs_identity:
            raise GuardFailed("identity_known", number=number)
        required_text("name", applicant.name)
        whole = replace(applicant, contact=applicant.contact or details.applicant.contact)
        must_be_represented(whole, self.today)
        data = {
            "applicant_kind": whole.kind.value,
            "document": required_text("document", document),
            "how": required_text("how", how),
            **who_acts(whole),
        }
        self.connection.execute(
            record_corrections.update()
            .where(record_corrections.c.number == number)
            .values(
                applicant_kind=whole.kind.value,
                applicant_masked=shown_name(whole),
                contact_masked=mask_contact(whole.contact),
                sealed=self._seal_details(replace(details, applicant=whole)),
            )
        )
        self._record_step(number, kind, self.actor, Role.OFFICER, data=data)
        return self.get(number)

    def details(self, number: str) -> RecordDetails:
        """All of it in the clear, for who handles it or a leader; each look is recorded."""
        self._must_be_staff()
        found = self.get(number)
        if self.actor != found.assigned_to and self.actor not in self.office.leaders:
            raise NotAllowed("identity_only_for_who_handles_it", number=number)
        self._record_step(number, EventKind.IDENTITY_VIEWED, self.actor, Role.OFFICER)
        return self._details(number)

    def end(
        self, number: str, *, status: RecordCorrectionStatus, answer: str, ended_on: date | None = None
    ) -> RecordCorrection:
        """Corrected, transferred, referred or declined.  `answer`: what, to whom, who can, or why not.

        Who ends one that nobody has taken takes it thereby.  Nothing is corrected before it is known whose
        record it is (GuardFailed).
        """
        self._must_be_staff()
        if status not in END_EVENTS or status is RecordCorrectionStatus.WITHDRAWN:
            raise InvalidValue("record_correction_end_unknown", field="status", status=status)
        if status is RecordCorrectionStatus.DECLINED:
            guards.remedies_known(self.office)
        answer, today = required_text("answer", answer), self.today
        found = self._must_be_open_record(number, END_EVENTS[status])
        on, filed_on = ended_on or today, self._day_of(found.filed_at)
        if not filed_on <= on <= today:
            raise InvalidValue("day_not_possible", field="ended_on", first=filed_on, last=today)
        if not found.assigned_to:
            self.take(number)
        if status is RecordCorrectionStatus.CORRECTED and found.needs_identity:
            raise GuardFailed("record_owner_unknown", number=number)
        details = self._details(number)
        sealed = self._seal_details(RecordDetails(details.applicant, details.wrong, details.evidence, answer))
        self.connection.execute(
            record_corrections.update().where(record_corrections.c.number == number).values(sealed=sealed)
        )
        data = {"answer": answer}
        self._record_step(number, END_EVENTS[status], self.actor, Role.OFFICER, on=on, data=data)
        return self.get(number)

    def withdraw(self, number: str) -> RecordCorrection:
        """The applicant does not want it any more."""
        found = self.get(number)
        if not self.actor or self.actor != found.person:
            raise NotFound("no_such_request", number=number)
        kind = EventKind.RECORD_CORRECTION_WITHDRAWN
        self._must_be_open_record(number, kind)
        self._record_step(number, kind, self.actor, Role.APPLICANT)
        return self.get(number)
