"""People's own data: what is kept of a person, and erasing what need not be kept any longer."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.acts.base import Acts
from bot.desk.errors import GuardFailed
from bot.desk.model import DisclosureRequest, EventKind, Role
from bot.desk.tables import inquiries, requests


class PrivacyActs(Acts):
    def data_of(self, connection: Connection, person: str) -> dict[str, list[dict[str, str]]]:
        """Everything the desk keeps of `person`, in the clear, as plain data: give it to nobody else.

        `requests` (number, submitted_at, content, status, name, id_number, contact; the last three are ""
        once erased) and `inquiries` (number, opened_at, question, answer).
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
            "name": applicant.name if applicant else "",
            "id_number": applicant.id_number if applicant else "",
            "contact": applicant.contact if applicant else "",
        }

    def erase_identity(
        self, connection: Connection, now: datetime, number: str, *, officer: str = ""
    ) -> DisclosureRequest:
        """Erase name, identity number and contact of an ended request, its masked forms too.

        By staff, or by the program (`officer` "") when the period of retention is over.  What was asked,
        what was replied and every event stay: the law obliges the office to keep them (art. 45).
        """
        opened = self._open(connection, number)
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
        return self.get(connection, number)
