"""What the acts on record corrections share: rows, sealed texts, an event and the summary that follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.desk import chain, data_keys
from bot.desk.acts.base import Acts
from bot.desk.applicants import from_plain, to_plain
from bot.desk.errors import ChainBroken, NotAllowed, NotFound, WrongStep
from bot.desk.kinds import RecordCorrectionStatus
from bot.desk.model import ApplicantKind, EventKind, Role
from bot.desk.record_correction import ARTICLE, RecordCorrection, RecordDetails, standing_of
from bot.desk.tables import record_corrections


class RecordActs(Acts):
    def _record(self, number: str) -> RecordCorrection:
        """One application; raises NotFound."""
        return record_of(self.connection, self._record_row(number))

    def _record_step(
        self,
        number: str,
        kind: EventKind,
        actor: str,
        role: Role,
        *,
        on: date | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        """One event in the chain, and the summary that follows from all of them."""
        chain.append(
            self.connection,
            subject=number,
            kind=kind,
            at=self.now,
            on=on or self.today,
            actor=actor,
            role=role,
            article=ARTICLE,
            data=data,
        )
        self.connection.execute(
            record_corrections.update()
            .where(record_corrections.c.number == number)
            .values(**_summary(self.connection, number))
        )

    def _must_be_open_record(self, number: str, kind: EventKind) -> RecordCorrection:
        found = self._record(number)
        if not found.status.is_open:
            raise WrongStep("wrong_step", number=number, status=found.status, event=kind)
        return found

    def _record_row(self, number: str) -> Row[tuple[object, ...]]:
        query = sa.select(record_corrections).where(record_corrections.c.number == number)
        row = self.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("no_such_request", number=number)
        return row

    def _seal_details(self, details: RecordDetails) -> str:
        applicant = details.applicant
        plain = {
            "applicant": to_plain(applicant),
            "wrong": details.wrong.strip(),
            "evidence": details.evidence.strip(),
            "answer": details.answer,
        }
        return self.vault.seal_text(json.dumps(plain, ensure_ascii=False))

    def _details(self, number: str) -> RecordDetails:
        row = self._record_row(number)
        if row.sealed is None:
            raise NotAllowed("identity_erased", number=number)
        plain = json.loads(self.vault.unseal_text(row.sealed))
        return RecordDetails(
            from_plain(plain["applicant"]), plain["wrong"], plain["evidence"], plain["answer"]
        )


def verify_record_corrections(connection: Connection) -> None:
    """Each application equals what its events say; else ChainBroken names it."""
    for row in connection.execute(sa.select(record_corrections)).all():
        summary = _summary(connection, row.number)
        wrong = [name for name, value in summary.items() if getattr(row, name) != value]
        if wrong:
            raise ChainBroken("request_differs_from_events", subject=row.number, columns=tuple(wrong))


def _summary(connection: Connection, number: str) -> dict[str, object]:
    standing = standing_of(chain.events_of(connection, number))
    return {
        "status": standing.status.value,
        "assigned_to": standing.assigned_to,
        "ended_on": standing.ended_on,
    }


def sealed_record(connection: Connection, number: str, record: str) -> str:
    """Which record it is about, for lists; everything else is in `sealed` and in the events."""
    return data_keys.seal_text(connection, number, json.dumps({"record": record}, ensure_ascii=False))


def record_of(connection: Connection, row: Row[tuple[object, ...]]) -> RecordCorrection:
    opened = data_keys.unseal_text(connection, row.number, row.words) if row.words else None
    return RecordCorrection(
        number=row.number,
        person=row.person,
        applicant_kind=ApplicantKind(row.applicant_kind),
        applicant_masked=row.applicant_masked,
        contact_masked=row.contact_masked,
        record=json.loads(opened)["record"] if opened else "",
        status=RecordCorrectionStatus(row.status),
        filed_at=row.filed_at,
        assigned_to=row.assigned_to,
        ended_on=row.ended_on,
        request_number=row.request_number,
    )
