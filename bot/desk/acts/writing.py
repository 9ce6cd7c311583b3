"""Letters of a request: their facts out of the register, the file kept with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.desk import letters
from bot.desk.acts.base import Acts, Opened
from bot.desk.clock import opinion_clock
from bot.desk.errors import GuardFailed
from bot.desk.letters import Written, chinese_date
from bot.desk.model import ApplicantKind, DeliveryForm, EventKind, Intake, Letter
from bot.desk.tables import letters as kept

# Which event a letter tells of: its recorded fields become facts.
_TELLS_OF = {
    "correction_asked": EventKind.CORRECTION_ASKED,
    "reasons_asked": EventKind.REASONS_ASKED,
    "extended": EventKind.EXTENDED,
    "third_party_consultation": EventKind.THIRD_PARTY_CONSULTED,
    "opinion_form": EventKind.THIRD_PARTY_CONSULTED,
    "consultation_notice": EventKind.THIRD_PARTY_CONSULTED,
    "agency_consultation": EventKind.AGENCY_CONSULTED,
    "fee_noticed": EventKind.FEE_NOTICED,
}
_DAYS = ("correct_by", "pay_by")


class WritingActs(Acts):
    def write_letter(
        self, connection: Connection, now: datetime, number: str, *, kind: str
    ) -> tuple[Written, Letter]:
        """Write a letter, keep it with the request, return its text and its .docx.

        `kind` is one of `letters.kinds()`.  It holds the applicant's identity: give it to the applicant or
        to who handles the request.  Raises MissingFields or GuardFailed when what it tells of has not
        happened.
        """
        opened = self._open(connection, number)
        facts = self._facts(connection, now, opened)
        facts.update(self._facts_of_event(opened, kind))
        is_reply = kind == "reply"
        written = self._write_reply(opened, facts) if is_reply else letters.write(kind, facts)
        letter = Letter(kind, f"{written.title}_{number}.docx", letters.to_docx(written), now)
        connection.execute(
            kept.insert().values(
                request_number=number,
                kind=kind,
                filename=letter.filename,
                content=letter.content,
                created_at=now,
            )
        )
        return written, letter

    def _write_reply(self, opened: Opened, facts: dict[str, str]) -> Written:
        reply = opened.standing.reply
        if reply is None:
            raise GuardFailed("reply_not_drafted", number=opened.number)
        served = chinese_date(reply.served_on) if reply.served_on else facts["today"]
        return letters.write_reply(
            reply.outcome, {**facts, **reply.fields, "text": reply.text, "today": served}
        )

    def _facts_of_event(self, opened: Opened, kind: str) -> dict[str, str]:
        told = _TELLS_OF.get(kind)
        if told is None:
            return {}
        happened = [event for event in opened.events if event.kind is told]
        if not happened:
            raise GuardFailed("letter_before_its_event", number=opened.number, event=told)
        event = happened[-1]
        facts = {name: event.text(name) for name in event.data}
        facts.update({name: chinese_date(day) for name in _DAYS if (day := event.day(name))})
        sent_on = event.day("letter_received_on") or event.on
        facts["opinion_by"] = chinese_date(opinion_clock(sent_on).due(self.calendar).due_on)
        return facts

    def _facts(self, connection: Connection, now: datetime, opened: Opened) -> dict[str, str]:
        row, standing, office = opened.row, opened.standing, self.office
        applicant = self.vault.unseal(row.identity) if row.identity else None
        due = standing.due(self.calendar)
        contact = "，".join(part for part in (office.office_address, office.office_phone) if part)
        return {
            "agency": office.agency,
            "office_name": office.office_name,
            "contact": contact,
            "number": opened.number,
            "applicant": applicant.name if applicant else row.applicant_masked,
            "applicant_kind": ApplicantKind(row.applicant_kind).label,
            "id_number": applicant.id_number if applicant else row.id_masked,
            "applicant_contact": applicant.contact if applicant else row.contact_masked,
            "intake": Intake(row.intake).label,
            "submitted_on": chinese_date(row.submitted_at.astimezone(office.zone).date()),
            "received_on": chinese_date(standing.received_on) if standing.received_on else "",
            "due_on": chinese_date(due.due_on) if due else "",
            "content": standing.content,
            "form": DeliveryForm(row.form).label,
            "way": row.way,
            "today": chinese_date(self._today(now)),
            "reviewing_body": office.reviewing_body,
            "court": office.competent_court,
        }
