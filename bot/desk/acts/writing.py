"""Letters of a request: their facts out of the register, the file kept with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.desk import letters
from bot.desk.acts.base import Acts, Opened
from bot.desk.clock import opinion_clock
from bot.desk.errors import GuardFailed
from bot.desk.letters import Written, chinese_date
from bot.desk.model import ApplicantKind, DeliveryForm, EventKind, Intake, Letter, Outcome
from bot.desk.tables import letters as kept

# Which event a letter tells of: its recorded fields become facts.
_TELLS_OF = {
    "correction_asked": EventKind.CORRECTION_ASKED,
    "reasons_asked": EventKind.REASONS_ASKED,
    "extended": EventKind.EXTENDED,
    "third_party_consultation": EventKind.THIRD_PARTY_CONSULTED,
    "opinion_form": EventKind.THIRD_PARTY_CONSULTED,
    "consultation_notice": EventKind.THIRD_PARTY_CONSULTED,
    "third_party_informed": EventKind.THIRD_PARTY_INFORMED,
    "agency_consultation": EventKind.AGENCY_CONSULTED,
    "cooperation": EventKind.COOPERATION_ASKED,
    "deferred": EventKind.DEFERRED,
    "fee_noticed": EventKind.FEE_NOTICED,
}
_DAYS = ("correct_by", "pay_by", "answer_by", "until")
# Which notice an ending without a reply rests on.
_ENDS_AFTER = {
    Outcome.CLOSED_UNCORRECTED: EventKind.CORRECTION_ASKED,
    Outcome.CLOSED_UNPAID: EventKind.FEE_NOTICED,
    Outcome.CLOSED_OTHER: EventKind.CONVERTED,  # else the applicant's own word
}


# Art. 31: what makes the day of receipt, for the sentence in the receipt.
_RECEIVED_BY = {
    Intake.ONLINE: "both_confirmed",
    Intake.FAX: "both_confirmed",
    Intake.COUNTER: "handed_in",
    Intake.ORAL: "handed_in",
    Intake.SIGNED_POST: "signed_for",
    Intake.ORDINARY_POST: "by_letter",
}


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
        written = self._write(opened, kind, facts)
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

    def _write(self, opened: Opened, kind: str, facts: dict[str, str]) -> Written:
        if kind == "reply":
            return self._write_reply(opened, facts)
        return self._write_closing(opened, facts) if kind == "closed" else letters.write(kind, facts)

    def _write_closing(self, opened: Opened, facts: dict[str, str]) -> Written:
        """F1-F3: what the ending rests on is a notice and its day, or the applicant's own word."""
        outcome, ended_on = opened.standing.outcome, opened.standing.ended_on
        if outcome is None or outcome.is_reply or ended_on is None:
            raise GuardFailed("letter_before_its_event", number=opened.number, event="closed")
        told = _ENDS_AFTER[outcome]
        if opened.standing.happened(told):
            facts.update(self._facts_of(opened, told))
        return letters.write_closing(outcome, {**facts, "ended_on": chinese_date(ended_on)})

    def _write_reply(self, opened: Opened, facts: dict[str, str]) -> Written:
        reply = opened.standing.reply
        if reply is None:
            raise GuardFailed("reply_not_drafted", number=opened.number)
        signed_on = opened.standing.ready_on if reply.signed_by else None
        dated = chinese_date(signed_on) if signed_on else facts["today"]
        searched = [event.text("places") for event in opened.events if event.kind is EventKind.SEARCHED]
        recorded = {**reply.fields, "searched": searched[-1] if searched else ""}
        return letters.write_reply(reply.outcome, {**facts, **recorded, "text": reply.text, "today": dated})

    def _facts_of_event(self, opened: Opened, kind: str) -> dict[str, str]:
        told = _TELLS_OF.get(kind)
        return {} if told is None else self._facts_of(opened, told)

    def _facts_of(self, opened: Opened, told: EventKind) -> dict[str, str]:
        happened = [event for event in opened.events if event.kind is told]
        if not happened:
            raise GuardFailed("letter_before_its_event", number=opened.number, event=told)
        event = happened[-1]
        facts = {name: event.text(name) for name in event.data}
        facts.update({name: chinese_date(day) for name in _DAYS if (day := event.day(name))})
        sent_on = event.day("letter_received_on") or event.on
        facts["told_on"] = chinese_date(event.on)
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
            _RECEIVED_BY[Intake(row.intake)]: "yes" if standing.received_on else "",
            "due_on": chinese_date(due.due_on) if due else "",
            "content": standing.content,
            "form": DeliveryForm(row.form).label,
            "way": row.way,
            "today": chinese_date(self._today(now)),
            "reviewing_body": office.reviewing_body,
            "court": office.competent_court,
            "reconsideration_online": office.reconsideration_online,
        }
