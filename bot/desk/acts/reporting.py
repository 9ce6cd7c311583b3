"""The year's figures out of the register (art. 50)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from bot.desk.acts.base import Acts
from bot.desk.acts.remedies import histories_with
from bot.desk.annual_report import counts
from bot.desk.annual_report.counts import Case, Table3
from bot.desk.annual_report.layout import Table2
from bot.desk.annual_report.year import Activity, YearReport
from bot.desk.model import ApplicantKind, EventKind, Outcome
from bot.desk.remedies import remedies_of
from bot.desk.tables import inquiries, publications, questions, requests


class Reporting(Acts):
    def year_report(self, year: int, *, table_2: Table2, today: date) -> YearReport:
        """The whole report of a year, as of now; `table_2` is what the office has entered."""
        return YearReport(
            agency=self.office.agency,
            today=today,
            table_2=table_2,
            table_3=self.table_3(year),
            table_4=self.table_4(year),
            activity=self.activity(year),
        )

    def table_3(self, year: int) -> Table3:
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
        return counts.table_3(
            (
                Case(
                    number=row.number,
                    kind=ApplicantKind(row.applicant_kind),
                    since=row.received_on or self._day_of(row.submitted_at),
                    outcome=Outcome(row.outcome) if row.outcome else None,
                    ended_on=row.ended_on,
                )
                for row in self.connection.execute(query)
                if row.received_on is not None or row.ended_on is not None
            ),
            year,
        )

    def table_4(self, year: int) -> dict[str, dict[str, tuple[str, ...]]]:
        """政府信息公开行政复议、行政诉讼情况."""
        kinds = (EventKind.REMEDY_STARTED, EventKind.REMEDY_DECIDED)
        found = [
            remedy for history in histories_with(self.connection, *kinds) for remedy in remedies_of(history)
        ]
        return counts.table_4(found, year)

    def activity(self, year: int) -> Activity:
        """What the prose of the report counts beside its tables."""

        def count(column: ColumnElement[datetime], *also: ColumnElement[bool]) -> int:
            query = sa.select(sa.func.count()).where(self._in_year(column, year), *also)
            return int(self.connection.execute(query).scalar_one())

        def asked(outcome: str) -> int:
            return count(questions.c.asked_at, questions.c.outcome == outcome)

        return Activity(
            asked=count(questions.c.asked_at),
            answered=asked("answer"),
            suggested=asked("suggest"),
            unanswered=asked("route"),
            inquiries=count(inquiries.c.opened_at),
            inquiries_answered=count(inquiries.c.answered_at),
            published=self._published(year),
            fees_yuan=self.fees_paid(year),
        )

    def _published(self, year: int) -> int:
        """How many became public; one that was published again counts once."""
        query = sa.select(publications.c.entry).where(self._in_year(publications.c.approved_at, year))
        return len({str(entry["number"]) for entry in self.connection.execute(query).scalars()})

    def fees_paid(self, year: int) -> int:
        """Yuan of processing fees (信息处理费, art. 42) that were paid in the year."""
        return sum(
            counts.fees_paid(history, year) for history in histories_with(self.connection, EventKind.FEE_PAID)
        )

    def _in_year(self, column: ColumnElement[datetime], year: int) -> ColumnElement[bool]:
        """Whether an instant lies in the office's year."""
        first = datetime(year, 1, 1, tzinfo=self.office.zone)
        return sa.and_(column >= first, column < first.replace(year=year + 1))
