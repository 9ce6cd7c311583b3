"""The year's figures out of the register (art. 50)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import annual_report, chain
from bot.desk.acts.base import Acts
from bot.desk.annual_report import Case, Table3
from bot.desk.model import ApplicantKind, EventKind, Outcome
from bot.desk.tables import events, requests


class ReportingActs(Acts):
    def table_3(self, connection: Connection, year: int) -> Table3:
        """收到和处理政府信息公开申请情况; each cell names its requests.

        Not counted yet: what was filed online and neither confirmed nor withdrawn (it has no day of
        receipt).
        """
        query = sa.select(
            requests.c.number,
            requests.c.applicant_kind,
            requests.c.received_on,
            requests.c.submitted_at,
            requests.c.outcome,
            requests.c.ended_on,
        ).order_by(requests.c.number)
        return annual_report.table_3(
            (
                Case(
                    number=row.number,
                    kind=ApplicantKind(row.applicant_kind),
                    since=row.received_on or row.submitted_at.astimezone(self.office.zone).date(),
                    outcome=Outcome(row.outcome) if row.outcome else None,
                    ended_on=row.ended_on,
                )
                for row in connection.execute(query)
                if row.received_on is not None or row.ended_on is not None
            ),
            year,
        )

    def table_4(self, connection: Connection, year: int) -> dict[str, dict[str, tuple[str, ...]]]:
        """政府信息公开行政复议、行政诉讼情况."""
        subjects = connection.execute(
            sa.select(events.c.subject)
            .where(events.c.kind.in_([EventKind.REMEDY_STARTED.value, EventKind.REMEDY_DECIDED.value]))
            .distinct()
            .order_by(events.c.subject)
        ).scalars()
        found = [
            remedy
            for subject in subjects.all()
            for remedy in annual_report.remedies_of(chain.events_of(connection, subject))
        ]
        return annual_report.table_4(found, year)
