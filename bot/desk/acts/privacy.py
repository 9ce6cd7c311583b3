"""People's own data: what is kept of a person, and erasing what need not be kept any longer.

The chain of events holds neither identity nor words, only commitments to them and who acted by which account,
so that erasing breaks no hash; the erasure itself is an event.  Each act erases and records in the caller's
transaction: never one without the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import attached, chain, data_keys, request_words
from bot.desk.acts.base import Acts, required_text
from bot.desk.acts.intake import identity_columns, who_acts
from bot.desk.applicants import must_be_represented
from bot.desk.errors import GuardFailed, NotAllowed
from bot.desk.model import Agent, Applicant, DisclosureRequest, EventKind, InquiryStatus, Person, Role, Status
from bot.desk.request_words import NO_WORDS
from bot.desk.tables import data_keys as keys
from bot.desk.tables import events, inquiries, letters, requests

_OWN = (attached.REQUEST, attached.CORRECTION)  # what the applicant sent along
_ENDED = tuple(status.value for status in Status if not status.is_open)
# The office has last to do with a closed request on one of these days; its period of retention begins then.
_LATE_STEPS = (
    EventKind.SERVED,
    EventKind.ARCHIVED,
    EventKind.REMEDY_STARTED,
    EventKind.REMEDY_DECIDED,
    EventKind.REDECISION_ORDERED,
)


class Privacy(Acts):
    def data_of(self, person: str) -> dict[str, list[dict[str, str]]]:
        """Everything the desk keeps of `person`, in the clear, as plain data: give it to nobody else.

        `requests` (number, submitted_at, content, status, form, way, reply, attachments, name,
        id_number, contact, representative, agent, others; the last six are "" once erased) and `inquiries`
        (number, opened_at, question, answer).
        """
        if not person:
            return {"requests": [], "inquiries": []}
        filed = sa.select(requests).where(requests.c.person == person).order_by(requests.c.number)
        return {
            "requests": [self._own_request(row) for row in self.connection.execute(filed).all()],
            "inquiries": [
                {
                    "number": each.number,
                    "opened_at": each.opened_at.isoformat(),
                    "question": each.question,
                    "answer": each.answer,
                }
                for each in self.session.inquiries.of(person)
            ],
        }

    def _own_request(self, row: sa.Row[tuple[object, ...]]) -> dict[str, str]:
        words = request_words.unseal(self.connection, row.number, row.words)
        applicant = self.vault.unseal(row.identity) if row.identity else None
        return {
            "number": row.number,
            "submitted_at": row.submitted_at.isoformat(),
            "content": words.content,
            "status": row.status,
            "form": row.form,
            "way": words.way,
            "reply": words.reply_text if row.status in _ENDED else "",  # a draft is nobody's yet
            "attachments": "、".join(each.name for each in attached.of(self.connection, row.number, *_OWN)),
            "name": applicant.name if applicant else "",
            "id_number": applicant.id_number if applicant else "",
            "contact": applicant.contact if applicant else "",
            "representative": applicant.representative if applicant else "",
            "agent": applicant.agent.name if applicant and applicant.agent else "",
            "others": "、".join(other.name for other in applicant.others) if applicant else "",
        }

    def take_identity(
        self, number: str, *, applicant: Applicant, document: str, how: str
    ) -> DisclosureRequest:
        """Name and proof of identity of a request that was filed without them (art. 29(1)).

        The contact given when filing stays where `applicant` has none.  From now on the request counts in
        the column of this applicant, and is a repeat of what the same person asked before.  Raises
        GuardFailed when the identity is known: it is nobody's to replace; MissingFields for an agent without
        proof.
        """
        self._must_be_staff()
        opened = self._open(number)
        if opened.row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        before = self.vault.unseal(opened.row.identity)
        if before.name:
            raise GuardFailed("identity_known", number=number)
        required_text("name", applicant.name)
        whole = replace(applicant, contact=applicant.contact or before.contact)
        must_be_represented(whole, self.today)
        data = {
            "applicant_kind": whole.kind.value,
            "document": required_text("document", document),
            "how": required_text("how", how),
            **who_acts(whole),
        }
        self._act(opened, EventKind.IDENTITY_TAKEN, role=Role.OFFICER, data=data)
        self.connection.execute(
            requests.update().where(requests.c.number == number).values(**identity_columns(self.vault, whole))
        )
        return self._get(number)

    def record_representation(
        self, number: str, *, agent: Agent | None, others: tuple[Person, ...] = ()
    ) -> DisclosureRequest:
        """Who acts for the applicant, on what proof, and who applies together with them; replaces what was.

        The request goes on counting for the applicant.  Raises MissingFields for an agent without proof,
        GuardFailed where a child would be left without a guardian.
        """
        self._must_be_staff()
        opened = self._open(number)
        if opened.row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        whole = replace(self.vault.unseal(opened.row.identity), agent=agent, others=others)
        must_be_represented(whole, self.today)
        self._act(opened, EventKind.REPRESENTATION_RECORDED, role=Role.OFFICER, data=who_acts(whole))
        self.connection.execute(
            requests.update().where(requests.c.number == number).values(**identity_columns(self.vault, whole))
        )
        return self._get(number)

    def record_authority(self, number: str, *, proof: str) -> DisclosureRequest:
        """The paper of who filed for the applicant was shown (委托书, 户口簿): `proof` says which and when.

        Raises GuardFailed where nobody acts for the applicant.
        """
        opened = self._open(number)
        if opened.row.identity is None:
            raise NotAllowed("identity_erased", number=number)
        known = self.vault.unseal(opened.row.identity)
        if known.agent is None or not known.agent.name:
            raise GuardFailed("nobody_acts", number=number)
        return self.record_representation(
            number, agent=replace(known.agent, proof=required_text("proof", proof)), others=known.others
        )

    def authority_is_awaited(self, number: str) -> bool:
        """Whether somebody filed for the applicant whose paper the office has not seen, for menus."""
        row = self._row(number)
        agent = self.vault.unseal(row.identity).agent if row.identity else None
        return agent is not None and bool(agent.name) and not agent.has_shown

    def record_identity_check(self, number: str, *, document: str, how: str) -> DisclosureRequest:
        """Who checked which proof of identity, when and how (art. 29(1)).

        `document` names the kind of proof, never its number; no picture of one is kept anywhere.
        """
        self._must_be_staff()
        opened = self._open(number)
        data = {"document": required_text("document", document), "how": required_text("how", how)}
        return self._act(opened, EventKind.IDENTITY_CHECKED, role=Role.OFFICER, data=data)

    def erase_identity(self, number: str) -> DisclosureRequest:
        """Erase name, identity number and contact of an ended request, and every word of it: what was asked,
        what was replied, notes, opinions, letters, attachments.

        By staff, or by the program (no actor) when the period of retention is over: until then the office
        keeps them (art. 45).  Every event stays with its kind, days, outcome and who acted.  Done twice, it
        is done once; what is written afterwards (a late review) can be erased in the same way.
        """
        opened = self._open(number)
        if not _is_kept(self.connection, opened.row):
            return self._get(number)
        if opened.standing.status.is_open:
            raise GuardFailed("identity_still_needed", number=number)
        if self.actor:
            self._must_be_staff()
        self._act(opened, EventKind.IDENTITY_ERASED, role=Role.OFFICER if self.actor else Role.PROGRAM)
        self.connection.execute(
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
        self.connection.execute(letters.delete().where(letters.c.request_number == number))
        attached.erase(self.connection, number)
        data_keys.erase(self.connection, number)
        erased = self._open(number)
        self._store(replace(erased, words=NO_WORDS), erased.standing)
        return self._get(number)

    def expired_identities(self, before: date, limit: int) -> list[str]:
        """Numbers of requests archived before that day whose identity is still kept, oldest first.

        One that was never archived counts from its end, one with a review or suit from its last step; while
        a review or suit is pending, it is not expired at all.
        """
        closed_on = sa.func.coalesce(_newest_day(*_LATE_STEPS), requests.c.ended_on)
        pending = _count(EventKind.REMEDY_STARTED) > _count(EventKind.REMEDY_DECIDED)
        query = (
            sa.select(requests.c.number)
            .where(requests.c.status.in_(_ENDED), (requests.c.applicant_masked != "") | _has_key(requests))
            .where(closed_on < before, ~pending)
            .order_by(requests.c.number)
            .limit(limit)
        )
        return list(self.connection.execute(query).scalars())

    def expired_inquiries(self, before: datetime, limit: int) -> list[str]:
        """Numbers of inquiries answered or closed before, whose words are still kept; oldest first."""
        settled_at = sa.func.coalesce(inquiries.c.answered_at, inquiries.c.opened_at)
        query = (
            sa.select(inquiries.c.number)
            .where(inquiries.c.status != InquiryStatus.OPEN.value, inquiries.c.words.is_not(None))
            .where(settled_at < before)
            .order_by(inquiries.c.opened_at, inquiries.c.number)
            .limit(limit)
        )
        return list(self.connection.execute(query).scalars())

    def erase_inquiry(self, number: str) -> bool:
        """Erase words and asker of an inquiry that is answered or closed; False for one still open.

        By who asked it, or by the program (no actor).  No law obliges the office to keep an inquiry.
        """
        row = self.connection.execute(sa.select(inquiries).where(inquiries.c.number == number)).one()
        if row.status == InquiryStatus.OPEN.value or (self.actor and row.person != self.actor):
            return False
        self.connection.execute(
            inquiries.update().where(inquiries.c.number == number).values(words=None, person="")
        )
        attached.erase(self.connection, number)
        data_keys.erase(self.connection, number)
        chain.append(
            self.connection,
            subject=number,
            kind=EventKind.INQUIRY_ERASED,
            at=self.now,
            on=self.today,
            actor=self.actor,
            role=Role.APPLICANT if self.actor else Role.PROGRAM,
        )
        return True


def _is_kept(connection: Connection, row: sa.Row[tuple[object, ...]]) -> bool:
    return row.identity is not None or bool(row.applicant_masked) or data_keys.exists(connection, row.number)


def _has_key(of: sa.Table) -> sa.ColumnElement[bool]:
    """Whether what was written is still kept."""
    return sa.exists().where(keys.c.subject == of.c.number)


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
