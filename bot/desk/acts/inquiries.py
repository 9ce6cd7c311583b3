"""Inquiries (咨询): an informal question, answered by a clerk; no formal effect and no clock of the law."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.desk import attached, chain, data_keys
from bot.desk.acts.base import Acts, required_text
from bot.desk.errors import NotFound, WrongStep
from bot.desk.model import EventKind, Inquiry, InquiryStatus, Role
from bot.desk.numbering import next_number
from bot.desk.tables import inquiries


class Inquiries(Acts):
    def open(self, *, question: str) -> Inquiry:
        """Hand a question to the office."""
        question = required_text("question", question)
        number = next_number(self.connection, f"Z{self.today.year}")
        self.connection.execute(
            inquiries.insert().values(
                number=number,
                person=self.actor,
                words=_sealed(self.connection, number, question, ""),
                status=InquiryStatus.OPEN.value,
                opened_at=self.now,
            )
        )
        kind, data = EventKind.INQUIRY_OPENED, {"question": question}
        self._record(number, kind, self.actor, Role.APPLICANT, data)
        return self.get(number)

    def answer(self, number: str, *, answer: str, attachments: Sequence[str] = ()) -> Inquiry:
        """Answer an open inquiry; raises WrongStep when it is no longer open.

        `attachments`: tokens of files that the officer sent along (`attached.py`).
        """
        self._must_be_staff()
        answer = required_text("answer", answer)
        kind, data = EventKind.INQUIRY_ANSWERED, dict[str, object](answer=answer)
        self._must_be_open(number, kind)
        part = attached.ANSWER
        if files := attached.keep(self.connection, attachments, subject=number, part=part, sender=self.actor):
            data["attachments"] = attached.on_record(files)
        words = _sealed(self.connection, number, self.get(number).question, answer)
        self.connection.execute(
            inquiries.update()
            .where(inquiries.c.number == number)
            .values(
                status=InquiryStatus.ANSWERED.value, words=words, answered_by=self.actor, answered_at=self.now
            )
        )
        self._record(number, kind, self.actor, Role.OFFICER, data)
        return self.get(number)

    def close(self, number: str, *, request_number: str = "") -> Inquiry:
        """Close without an answer: taken back, or it became the formal request `request_number`."""
        row = self._must_be_open(number, EventKind.INQUIRY_CLOSED)
        own = self.actor == row.person
        if not own:
            self._must_be_staff()
        self.connection.execute(
            inquiries.update()
            .where(inquiries.c.number == number)
            .values(status=InquiryStatus.CLOSED.value, request_number=request_number)
        )
        role = Role.APPLICANT if own else Role.OFFICER
        self._record(number, EventKind.INQUIRY_CLOSED, self.actor, role)
        return self.get(number)

    def get(self, number: str) -> Inquiry:
        """One inquiry; raises NotFound."""
        return _inquiry(self.connection, self._inquiry_row(number))

    def waiting(self) -> Sequence[Inquiry]:
        """Oldest first."""
        return self._inquiries(inquiries.c.status == InquiryStatus.OPEN.value)

    def in_states(self, states: Collection[InquiryStatus], most: int) -> Sequence[Inquiry]:
        """Those in one of these states, newest first, at most so many."""
        query = sa.select(inquiries).where(inquiries.c.status.in_([each.value for each in states]))
        rows = self.connection.execute(query.order_by(inquiries.c.opened_at.desc()).limit(most)).all()
        return [_inquiry(self.connection, row) for row in rows]

    def of(self, person: str) -> Sequence[Inquiry]:
        """All of one person, oldest first."""
        return self._inquiries(inquiries.c.person == person)

    def _inquiries(self, condition: sa.ColumnElement[bool]) -> Sequence[Inquiry]:
        query = sa.select(inquiries).where(condition).order_by(inquiries.c.opened_at, inquiries.c.number)
        return [_inquiry(self.connection, row) for row in self.connection.execute(query).all()]

    def _inquiry_row(self, number: str, *, to_act: bool = False) -> Row[tuple[object, ...]]:
        """`to_act`: who acts on the same inquiry at the same time waits here (on SQLite, all writers do)."""
        query = sa.select(inquiries).where(inquiries.c.number == number)
        row = self.connection.execute(query.with_for_update() if to_act else query).one_or_none()
        if row is None:
            raise NotFound("no_such_inquiry", number=number)
        return row

    def _must_be_open(self, number: str, kind: EventKind) -> Row[tuple[object, ...]]:
        row = self._inquiry_row(number, to_act=True)
        if row.status != InquiryStatus.OPEN.value:
            raise WrongStep("inquiry_not_open", number=number, status=row.status, event=kind)
        return row

    def _record(
        self, number: str, kind: EventKind, actor: str, role: Role, data: Mapping[str, object] | None = None
    ) -> None:
        chain.append(
            self.connection,
            subject=number,
            kind=kind,
            at=self.now,
            on=self.today,
            actor=actor,
            role=role,
            data=data,
        )


def _sealed(connection: Connection, number: str, question: str, answer: str) -> str:
    plain = {"question": question, "answer": answer}
    return data_keys.seal_text(connection, number, json.dumps(plain, ensure_ascii=False))


def inquiry_words(connection: Connection, number: str, sealed: str | None) -> tuple[str, str]:
    """Question and answer; both "" once they are erased."""
    opened = data_keys.unseal_text(connection, number, sealed) if sealed else None
    words = json.loads(opened) if opened else {"question": "", "answer": ""}
    return words["question"], words["answer"]


def _inquiry(connection: Connection, row: Row[tuple[object, ...]]) -> Inquiry:
    question, answer = inquiry_words(connection, row.number, row.words)
    return Inquiry(
        number=row.number,
        person=row.person,
        question=question,
        status=InquiryStatus(row.status),
        opened_at=row.opened_at,
        answer=answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        request_number=row.request_number,
    )
