"""Letters of a request: their facts out of the register, the file kept with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import attached, data_keys, letters
from bot.desk.acts.base import Acts, Opened
from bot.desk.clock import opinion_clock
from bot.desk.course import course
from bot.desk.errors import GuardFailed
from bot.desk.kinds import LETTERS_TO_OTHERS, REPLY_LETTER
from bot.desk.letters import Written, chinese_date, counted_date, dated
from bot.desk.model import Applicant, ApplicantKind, DeliveryForm, EventKind, Intake, Letter, Outcome, Reply
from bot.desk.numbering import document_number
from bot.desk.tables import letters as kept

# Which event a letter tells of: its recorded fields become facts.
_TELLS_OF = {
    "correction_asked": EventKind.CORRECTION_ASKED,
    "reasons_asked": EventKind.REASONS_ASKED,
    "extended": EventKind.EXTENDED,
    "third_party_consultation": EventKind.THIRD_PARTY_CONSULTED,
    "opinion_form": EventKind.THIRD_PARTY_CONSULTED,
    "consultation_notice": EventKind.THIRD_PARTY_CONSULTED,
    "agency_notice": EventKind.AGENCY_CONSULTED,
    "third_party_informed": EventKind.THIRD_PARTY_INFORMED,
    "agency_consultation": EventKind.AGENCY_CONSULTED,
    "cooperation": EventKind.COOPERATION_ASKED,
    "deferred": EventKind.DEFERRED,
    "fee_noticed": EventKind.FEE_NOTICED,
    "fee_withdrawn": EventKind.FEE_WITHDRAWN,
}
_DAYS = ("correct_by", "reasons_by", "pay_by", "answer_by", "until")
_FIXED = ("until", "answer_by")  # chosen by somebody
# Which notice an ending without a reply rests on.
_ENDS_AFTER = {
    Outcome.CLOSED_UNCORRECTED: EventKind.CORRECTION_ASKED,
    Outcome.CLOSED_UNPAID: EventKind.FEE_NOTICED,
    Outcome.CLOSED_OTHER: EventKind.CONVERTED,  # else the applicant's own word
}
_REASONS = (EventKind.REASONS_RECEIVED, EventKind.REASONS_NOT_GIVEN)

# Art. 31: what makes the day of receipt, for the sentence in the receipt.
_RECEIVED_BY = {
    Intake.ONLINE: "both_confirmed",
    Intake.FAX: "both_confirmed",
    Intake.COUNTER: "handed_in",
    Intake.ORAL: "handed_in",
    Intake.SIGNED_POST: "signed_for",
    Intake.ORDINARY_POST: "by_letter",
}


_NOT_TAKEN = "申请人"  # filed without identity, which the office has still to take
_NOT_TAKEN_NUMBER = "待登记"


class Letters(Acts):
    def write(self, number: str, *, kind: str) -> tuple[Written, Letter]:
        """Write a letter, keep it with the request, return its text and its .docx.

        `kind` is one of `letters.kinds()`.  It holds the applicant's identity: give it to the applicant or
        to who handles the request.  Raises MissingFields or GuardFailed when what it tells of has not
        happened.
        """
        opened = self._open(number)
        with self.connection.begin_nested():  # no number is used up by a letter that cannot be written
            facts = self._facts(opened)
            facts.update(self._facts_of_event(opened, kind))
            if kind == "registration" and opened.row.identity:
                facts.update(_for_the_form(self.vault.unseal(opened.row.identity)))
            if letters.has_document_number(kind):
                facts["document_number"] = document_number(
                    self.connection,
                    self.office.document_number_form,
                    self.today.year,
                    subject=number,
                    kind=kind,
                    occasion=_occasion(opened, kind),
                )
            written = self._write(opened, kind, facts)
        letter = Letter(kind, f"{written.title}_{number}.docx", letters.to_docx(written), self.now)
        self.connection.execute(
            kept.insert().values(
                request_number=number,
                kind=kind,
                filename=letter.filename,
                content=data_keys.seal(self.connection, number, letter.content),
                created_at=self.now,
            )
        )
        return written, letter

    # ---- kept
    def keep(self, number: str, *, kind: str, filename: str, content: bytes) -> None:
        """Keep a file with the request."""
        self.connection.execute(
            kept.insert().values(
                request_number=self._row(number).number,
                kind=kind,
                filename=filename,
                content=data_keys.seal(self.connection, number, content),
                created_at=self.now,
            )
        )

    def of(self, number: str) -> Sequence[Letter]:
        """The files of a request, oldest first."""
        query = sa.select(kept).where(kept.c.request_number == number).order_by(kept.c.id)
        return [
            Letter(row.kind, row.filename, content, row.created_at)
            for row in self.connection.execute(query).all()
            if (content := data_keys.unseal(self.connection, number, row.content)) is not None
        ]

    def of_applicant(self, number: str) -> Sequence[Letter]:
        """Of these what is addressed to the applicant, oldest first; a reply only once it is served.

        What was drafted again is there as it was served, without its earlier versions.
        """
        own = [each for each in self.of(number) if each.kind not in LETTERS_TO_OTHERS]
        served = [each.at for each in self.session.requests.history(number) if each.kind is EventKind.SERVED]
        reply = self._get(number).reply
        is_served = reply is not None and reply.served_on is not None
        before = served[-1] if served else None
        replies = [
            each
            for each in own
            if each.kind == REPLY_LETTER and (is_served or (before is not None and each.created_at <= before))
        ]
        return [each for each in own if each.kind != REPLY_LETTER or each in replies[-1:]]

    def files_of_served_reply(self, number: str) -> list[attached.Attachment]:
        """What went out with the reply that was served last, also while another one is drafted."""
        drafted, served = None, None
        for event in self.session.requests.history(number):
            if event.kind is EventKind.DRAFTED:
                drafted = event
            elif event.kind is EventKind.SERVED:
                served = drafted
        return attached.some(self.connection, attached.tokens_on_record(served)) if served else []

    def _write(self, opened: Opened, kind: str, facts: dict[str, str]) -> Written:
        if kind == "reply":
            return self._write_reply(opened, {**facts, "attachments": facts["sent_along"]})
        return self._write_closing(opened, facts) if kind == "closed" else letters.write(kind, facts)

    def _write_closing(self, opened: Opened, facts: dict[str, str]) -> Written:
        """F1-F3: what the ending rests on is a notice and its day, or the applicant's own word."""
        outcome, ended_on = opened.standing.outcome, opened.standing.ended_on
        if outcome is None or outcome.is_reply or ended_on is None:
            raise GuardFailed("letter_before_its_event", number=opened.number, event="closed")
        told = _ENDS_AFTER[outcome]
        if opened.standing.happened(told):
            facts.update(self._facts_of(opened, told))
        if opened.standing.happened(EventKind.CORRECTION_NOTICE_RECEIVED):  # on paper the period ran from it
            facts["correct_by"] = self._facts_of(opened, EventKind.CORRECTION_NOTICE_RECEIVED)["correct_by"]
        # Withdrawn by telephone it was on the day of the call, whenever that was entered.
        said = [event.day("told_on") for event in opened.events if event.kind is EventKind.WITHDRAWN]
        ended_on = next((day for day in said if day), ended_on)
        return letters.write_closing(outcome, {**facts, "ended_on": chinese_date(ended_on)})

    def _write_reply(self, opened: Opened, facts: dict[str, str]) -> Written:
        reply = opened.standing.reply
        if reply is None:
            raise GuardFailed("reply_not_drafted", number=opened.number)
        signed_on = opened.standing.ready_on if reply.signed_by else None
        dated = chinese_date(signed_on) if signed_on else facts["today"]
        searched = [event.text("places") for event in opened.events if event.kind is EventKind.SEARCHED]
        recorded = {
            **reply.fields,
            "searched": searched[-1] if searched else "",
            **self._about_reasons(opened),
            **course(opened.events),
        }
        return letters.write_reply(reply.outcome, {**facts, **recorded, "text": reply.text, "today": dated})

    @staticmethod
    def _about_reasons(opened: Opened) -> dict[str, str]:
        """Art. 35: when reasons were asked for, and what came of it."""
        asked = [event for event in opened.events if event.kind is EventKind.REASONS_ASKED]
        if not asked:
            return {}
        last = [event for event in opened.events if event.kind in _REASONS][-1:]
        return {
            "reasons_asked_on": chinese_date(asked[-1].on),
            "reasons_given": "yes" if last and last[0].kind is EventKind.REASONS_RECEIVED else "",
        }

    def _facts_of_event(self, opened: Opened, kind: str) -> dict[str, str]:
        told = _TELLS_OF.get(kind)
        return {} if told is None else self._facts_of(opened, told)

    def _facts_of(self, opened: Opened, told: EventKind) -> dict[str, str]:
        happened = [event for event in opened.events if event.kind is told]
        if not happened:
            raise GuardFailed("letter_before_its_event", number=opened.number, event=told)
        event = happened[-1]
        facts = {name: event.text(name) for name in event.data}
        facts.update({name: self._told(name, day) for name in _DAYS if (day := event.day(name))})
        sent_on = event.day("letter_received_on") or event.on
        if told is EventKind.REASONS_ASKED and "reasons_by" not in facts:  # asked by an older program
            facts["reasons_by"] = counted_date(
                opinion_clock(event.on).due(self.calendar).due_on, self.calendar
            )
        facts["told_on"] = chinese_date(event.on)
        facts["opinion_by"] = counted_date(opinion_clock(sent_on).due(self.calendar).due_on, self.calendar)
        return facts

    def _told(self, name: str, day: date) -> str:
        """A day that an event records: counted out it may be provisional, fixed by somebody it is not."""
        return chinese_date(day) if name in _FIXED else counted_date(day, self.calendar)

    def _facts(self, opened: Opened) -> dict[str, str]:
        row, standing, office = opened.row, opened.standing, self.office
        applicant = self.vault.unseal(row.identity) if row.identity else None
        due = standing.due(self.calendar)
        contact = "，".join(part for part in (office.office_address, office.office_phone) if part)
        return {
            "agency": office.agency,
            "office_name": office.office_name,
            "contact": contact,
            "number": opened.number,
            "applicant": (applicant.addressed if applicant else row.applicant_masked) or _NOT_TAKEN,
            "applicant_kind": ApplicantKind(row.applicant_kind).label,
            "id_number": (applicant.id_number if applicant else row.id_masked) or _NOT_TAKEN_NUMBER,
            "applicant_contact": applicant.contact if applicant else row.contact_masked,
            "intake": Intake(row.intake).label,
            "submitted_on": chinese_date(self._day_of(row.submitted_at)),
            "received_on": chinese_date(standing.received_on) if standing.received_on else "",
            _RECEIVED_BY[Intake(row.intake)]: "yes" if standing.received_on else "",
            "due_on": dated(due.due_on, due.provisional) if due else "",
            "content": standing.content,
            "form": DeliveryForm(row.form).label,
            "way": opened.words.way,
            "today": chinese_date(self.today),
            "reviewing_body": office.reconsideration_body,
            "court": office.court,
            "reconsideration_online": office.reconsideration_online,
            "fee_payment": office.fee_payment,
            "sent_along": _sent_along(self.connection, standing.reply),
        }


def _sent_along(connection: Connection, reply: Reply | None) -> str:
    """The files of a reply as its letter names them: one a line, without suffix."""
    files = attached.some(connection, reply.attachments) if reply else []
    return "\n".join(each.name.rpartition(".")[0] for each in files)


def _for_the_form(applicant: Applicant | None) -> dict[str, str]:
    """The form has a row of its own for who acts: what they are, who, and what was shown of it."""
    if applicant is None or not applicant.name:
        return {}
    facts = {"applicant": applicant.names}
    if (agent := applicant.agent) is not None:
        facts["agent"] = f"{agent.authority.label}{agent.name}，证件{agent.id_number}，{agent.proof}"
    return facts


def _occasion(opened: Opened, kind: str) -> int:
    """What tells two letters of one kind apart: the event they tell of; a reply, how many went before."""
    if kind == "reply":
        served = [event for event in opened.events if event.kind is EventKind.SERVED]
        is_out = opened.standing.reply is not None and opened.standing.reply.served_on is not None
        return len(served) - 1 if served and is_out else len(served)
    told = _TELLS_OF.get(kind)
    return max((event.ordinal for event in opened.events if event.kind is told), default=0)
