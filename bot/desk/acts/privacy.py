"""People's own data: what is kept of a person, and erasing what need not be kept any longer.

The chain of events holds no identity, only who acted by which account, so that erasing breaks no hash; the
erasure itself is an event.  Each act erases and records in the caller's transaction: never one without the
other.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain
from bot.desk.acts.base import Acts, required_text
from bot.desk.errors import GuardFailed
from bot.desk.model import DisclosureRequest, EventKind, InquiryStatus, Role, Status
from bot.desk.tables import events, inquiries, letters, requests

_ENDED = tuple(status.value for status in Status if not status.is_open)
# The office has last to do with a closed request on one of these days; its period of retention begins then.
_LATE_STEPS = (EventKind.ARCHIVED, EventKind.REMEDY_STARTED, EventKind.REMEDY_DECIDED)


class PrivacyActs(Acts):
    def data_of(self, connection: Connection, person: str) -> dict[str, list[dict[str, str]]]:
        """Everything the desk keeps of `person`, in the clear, as plain data: give it to nobody else.

        `requests` (number, submitted_at, content, status, form, way, reply, name, id_number, contact,
        representative; the last four are "" once erased) and `inquiries` (number, opened_at, question,
        answer).
        """
        if not person:
            return {"requests": [], "inquiries": []}
        filed = sa.select(requests).where(requests.c.person == person).order_by(requests.c.number)
        asked = sa.select(inquiries).where(inquiries.c.person == person).order_by(inquiries.c.number)
        return {
            "requests": [self._own_request(row) for row in connection.execute(filed)],
            "inquiries": [
                {
                    "number": row.number,
                    "opened_at": row.opened_at.isoformat(),
                    "question": row.question,
                    "answer": row.answer,
                }
                for row in connection.execute(asked)
            ],
        }

    def _own_request(self, row: sa.Row[tuple[object, ...]]) -> dict[str, str]:
        applicant = self.vault.unseal(row.identity) if row.identity else None
        return {
            "number": row.number,
            "submitted_at": row.submitted_at.isoformat(),
            "content": row.content,
            "status": row.status,
            "form": row.form,
            "way": row.way,
            "reply": str(row.reply["text"]) if row.reply and row.ended_on else "",
            "name": applicant.name if applicant else "",
            "id_number": applicant.id_number if applicant else "",
            "contact": applicant.contact if applicant else "",
            "representative": applicant.representative if applicant else "",
        }

    def record_identity_check(
        self, connection: Connection, now: datetime, number: str, *, officer: str, document: str, how: str
    ) -> DisclosureRequest:
        """Who checked which proof of identity, when and how (art. 29(1)).

        `document` names the kind of proof, never its number; no picture of one is kept anywhere.
        """
        self._must_be_staff(officer)
        opened = self._open(connection, number)
        data = {"document": required_text("document", document), "how": required_text("how", how)}
        return self._act(
            connection,
            now,
            opened,
            EventKind.IDENTITY_CHECKED,
            actor=officer,
            role=Role.OFFICER,
            data=data,
        )

    def erase_identity(
        self, connection: Connection, now: datetime, number: str, *, officer: str = ""
    ) -> DisclosureRequest:
        """Erase name, identity number and contact of an ended request, its masked forms and letters too.

        By staff, or by the program (`officer` "") when the period of retention is over.  What was asked,
        what was replied and every event stay: the law obliges the office to keep them (art. 45).  Done
        twice, it is done once.
        """
        opened = self._open(connection, number)
        if opened.row.identity is None and not opened.row.applicant_masked:
            return self.get(connection, number)
        if opened.standing.status.is_open:
            raise GuardFailed("identity_still_needed", number=number)
        if officer:
            self._must_be_staff(officer)
        self._act(
            connection,
            now,
            opened,
            EventKind.IDENTITY_ERASED,
            actor=officer,
            role=Role.OFFICER if officer else Role.PROGRAM,
        )
        connection.execute(
            requests.update()
            .where(requests.c.number == number)
            .values(
                identity=None,
                applicant_key=f"erased:{number}",  # nobody's: no longer links this person's requests
                applicant_masked="",
                id_masked="",
                contact_masked="",
            )
        )
        connection.execute(letters.delete().where(letters.c.request_number == number))
        return self.get(connection, number)

    def expired_identities(self, connection: Connection, before: date, limit: int) -> list[str]:
        """Numbers of requests archived before that day whose identity is still kept, oldest first.

        One that was never archived counts from its end, one with a review or suit from its last step; while
        a review or suit is pending, it is not expired at all.
        """
        closed_on = sa.func.coalesce(_newest_day(*_LATE_STEPS), requests.c.ended_on)
        pending = _count(EventKind.REMEDY_STARTED) > _count(EventKind.REMEDY_DECIDED)
        query = (
            sa.select(requests.c.number)
            .where(requests.c.status.in_(_ENDED), requests.c.applicant_masked != "")
            .where(closed_on < before, ~pending)
            .order_by(requests.c.number)
            .limit(limit)
        )
        return list(connection.execute(query).scalars())

    def expired_inquiries(self, connection: Connection, before: datetime, limit: int) -> list[str]:
        """Numbers of inquiries answered or closed before, whose words are still kept; oldest first."""
        settled_at = sa.func.coalesce(inquiries.c.answered_at, inquiries.c.opened_at)
        query = (
            sa.select(inquiries.c.number)
            .where(inquiries.c.status != InquiryStatus.OPEN.value, inquiries.c.question != "")
            .where(settled_at < before)
            .order_by(inquiries.c.opened_at, inquiries.c.number)
            .limit(limit)
        )
        return list(connection.execute(query).scalars())

    def erase_inquiry(self, connection: Connection, now: datetime, number: str, *, person: str = "") -> bool:
        """Erase words and asker of an inquiry that is answered or closed; False for one still open.

        By who asked it, or by the program (`person` "").  No law obliges the office to keep an inquiry.
        """
        row = connection.execute(sa.select(inquiries).where(inquiries.c.number == number)).one()
        if row.status == InquiryStatus.OPEN.value or (person and row.person != person):
            return False
        connection.execute(
            inquiries.update().where(inquiries.c.number == number).values(question="", answer="", person="")
        )
        chain.append(
            connection,
            subject=number,
            kind=EventKind.INQUIRY_ERASED,
            at=now,
            on=self._today(now),
            actor=person,
            role=Role.APPLICANT if person else Role.PROGRAM,
        )
        return True


def _newest_day(*kinds: EventKind) -> sa.ScalarSelect[date]:
    """The latest day of such an event of the request at hand."""
    return (
        sa.select(sa.func.max(events.c.on))
        .where(events.c.subject == requests.c.number, events.c.kind.in_([kind.value for kind in kinds]))
        .correlate(requests)
        .scalar_subquery()
    )


def _count(kind: EventKind) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(events)
        .where(events.c.subject == requests.c.number, events.c.kind == kind.value)
        .correlate(requests)
        .scalar_subquery()
    )
