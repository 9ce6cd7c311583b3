"""Letters of record corrections (art. 41), what is kept of a person, and erasing it when its term is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from bot.desk import data_keys, letters
from bot.desk.acts.record_base import RecordActs
from bot.desk.errors import GuardFailed
from bot.desk.kinds import RecordCorrectionStatus
from bot.desk.letters import Written, chinese_date, counted_date
from bot.desk.model import EventKind, Letter, Role
from bot.desk.numbering import document_number
from bot.desk.record_correction import RecordCorrection, RecordDetails
from bot.desk.tables import record_correction_letters as kept
from bot.desk.tables import record_corrections


class RecordKeeping(RecordActs):
    # ---- letters
    def write_letter(self, number: str, *, kind: str) -> tuple[Written, Letter]:
        """`record_correction_receipt` or `record_correction_answer`; kept with the application."""
        found, details = self._record(number), self._details(number)
        facts = self._record_facts(found, details)
        with self.connection.begin_nested():  # no number is used up by a letter that cannot be written
            if letters.has_document_number(kind):
                facts["document_number"] = document_number(
                    self.connection,
                    self.office.document_number_form,
                    self.today.year,
                    subject=number,
                    kind=kind,
                    occasion=0,
                )
            if kind == "record_correction_answer":
                written = letters.write_record_answer(found.status.value, facts)
            else:
                written = letters.write(kind, facts)
        letter = Letter(kind, f"{written.title}_{number}.docx", letters.to_docx(written), self.now)
        self.connection.execute(
            kept.insert().values(
                number=number,
                kind=kind,
                filename=letter.filename,
                content=data_keys.seal(self.connection, number, letter.content),
                created_at=self.now,
            )
        )
        return written, letter

    def letters_of(self, number: str) -> Sequence[Letter]:
        """The files of an application, oldest first."""
        query = sa.select(kept).where(kept.c.number == number).order_by(kept.c.id)
        return [
            Letter(row.kind, row.filename, content, row.created_at)
            for row in self.connection.execute(query).all()
            if (content := data_keys.unseal(self.connection, number, row.content)) is not None
        ]

    def _record_facts(self, found: RecordCorrection, details: RecordDetails) -> dict[str, str]:
        office = self.office
        contact = "，".join(part for part in (office.office_address, office.office_phone) if part)
        return {
            "agency": office.agency,
            "contact": contact,
            "number": found.number,
            "request_number": found.request_number,
            "applicant": details.applicant.addressed or "申请人",  # filed on a chat that asks for no identity
            "record": found.record,
            "wrong": details.wrong,
            "evidence": details.evidence,
            "answer": details.answer,
            "submitted_on": chinese_date(self._day_of(found.filed_at)),
            "ended_on": chinese_date(found.ended_on) if found.ended_on else "",
            "goal": counted_date(self.session.record_corrections.goal(found), self.calendar),
            "today": chinese_date(self.today),
            "reviewing_body": office.reconsideration_body,
            "court": office.court,
            "reconsideration_online": office.reconsideration_online,
        }

    # ---- people's data
    def data_of(self, person: str) -> list[dict[str, str]]:
        """Everything kept of `person` here, in the clear, as plain data: give it to nobody else."""
        data = []
        for found in self.session.record_corrections.of(person):
            plain = {
                "number": found.number,
                "filed_at": found.filed_at.isoformat(),
                "record": found.record,
                "status": found.status.value,
            }
            if self._record_row(found.number).sealed is not None:
                details = self._details(found.number)
                plain |= {
                    "wrong": details.wrong,
                    "evidence": details.evidence,
                    "answer": details.answer,
                    "name": details.applicant.name,
                    "id_number": details.applicant.id_number,
                    "contact": details.applicant.contact,
                }
            data.append(plain)
        return data

    def erase(self, number: str) -> None:
        """Erase identity, texts and letters of an ended one when its term is over; the events stay."""
        row = self._record_row(number)
        if row.status == RecordCorrectionStatus.OPEN.value:
            raise GuardFailed("identity_still_needed", number=number)
        if row.sealed is None:
            return
        self._record_step(number, EventKind.IDENTITY_ERASED, "", Role.PROGRAM)
        self.connection.execute(
            record_corrections.update()
            .where(record_corrections.c.number == number)
            .values(sealed=None, words=None, applicant_masked="", contact_masked="", person="")
        )
        data_keys.erase(self.connection, number)
        self.connection.execute(kept.delete().where(kept.c.number == number))

    def expired(self, before: date, limit: int) -> list[str]:
        """Numbers of those that ended before that day and whose texts are still kept, oldest first."""
        query = (
            sa.select(record_corrections.c.number)
            .where(record_corrections.c.sealed.is_not(None), record_corrections.c.ended_on < before)
            .order_by(record_corrections.c.number)
            .limit(limit)
        )
        return list(self.connection.execute(query).scalars())
