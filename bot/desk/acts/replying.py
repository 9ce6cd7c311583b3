"""The reply and every other ending: search, draft, review, sign, serve, withdraw, archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Row

from bot.desk import attached, guards, preconditions, request_words, service
from bot.desk.acts.base import Opened, required_text
from bot.desk.acts.dated import DatedActs
from bot.desk.acts.splitting import is_part, was_split
from bot.desk.errors import GuardFailed, InvalidValue, NotFound
from bot.desk.guards import Told
from bot.desk.matter import folded_matter
from bot.desk.model import DisclosureRequest, EventKind, Outcome, Role, ServiceMethod, Status
from bot.desk.outcomes import PUBLIC_INTEREST
from bot.desk.preconditions import Record
from bot.desk.request_words import RequestWords
from bot.desk.standing import Standing
from bot.desk.tables import requests

_SIGNED_FOR = "送达回证"


class Replies(DatedActs):
    def record_search(
        self, number: str, *, places: str, result: str, trail: Sequence[str] = ()
    ) -> DisclosureRequest:
        """What was searched, where, with what result; D1 cannot be drafted without.

        `trail`: what the program's own search of everything disclosed found, one line each.  Raises
        InvalidValue when a place or the result says nothing (无, -).
        """
        preconditions.searched(places, result)
        data: dict[str, object] = {
            "places": required_text("places", places),
            "result": required_text("result", result),
            "trail": list(trail),
        }
        opened = self._open(number)
        return self._staff_act(opened, EventKind.SEARCHED, data=data)

    def draft(
        self,
        number: str,
        *,
        outcome: Outcome,
        text: str,
        fields: Mapping[str, str] | None = None,
        refusal_acknowledged: bool = False,
        attachments: Sequence[str] = (),
    ) -> DisclosureRequest:
        """`fields` must hold every `outcome.required` name.  Drafting again replaces the draft.

        `attachments`: tokens of files that the officer sent along (`attached.py`).

        `refusal_acknowledged`: all is disclosed although the text says 不予公开 somewhere; without it such
        a text raises GuardFailed("disclosed_text_refuses").
        """
        guards.remedies_known(self.office)
        opened = self._open(number)
        recorded = self._as_recorded(outcome, fields or {})
        known = self._known(opened)
        preconditions.before_the_form(outcome, known)
        preconditions.in_the_form(outcome, text, recorded, known, refusal_acknowledged=refusal_acknowledged)
        if outcome is Outcome.NOT_PROCESSED_REPEAT:
            self._must_be_same(opened, recorded["earlier_number"], known.answered_same)
        data: dict[str, object] = {
            "outcome": outcome.value,
            "text": required_text("text", text),
            "fields": recorded,
        }
        if refusal_acknowledged and preconditions.refusing_words(text):
            data["refusal_acknowledged"] = "yes"
        if attachments:
            files = attached.keep(
                self.connection, attachments, subject=number, part=attached.REPLY, sender=self.actor
            )
            data["attachments"] = attached.on_record(files)
        return self._staff_act(opened, EventKind.DRAFTED, data=data)

    def outcome_must_be_open(self, number: str, outcome: Outcome) -> None:
        """Raises before a clerk writes anything: GuardFailed when this outcome cannot be drafted yet,
        MissingFields when the settings that every reply letter needs are not there.
        """
        guards.remedies_known(self.office)
        opened = self._open(number)
        preconditions.before_the_form(outcome, self._known(opened))

    def answered_same(self, number: str) -> tuple[str, ...]:
        """Numbers of requests of the same applicant for the same information that were answered."""
        return self._known(self._open(number)).answered_same

    def must_be_the_same(self, number: str, earlier: str) -> None:
        """Raises GuardFailed when `earlier` is no answered request of the same applicant and information."""
        opened = self._open(number)
        same = self._known(opened).answered_same
        self._must_be_same(opened, earlier.strip(), same)

    @staticmethod
    def _as_recorded(outcome: Outcome, fields: Mapping[str, str]) -> dict[str, str]:
        """Choices in the words of the law; a number as the register writes it."""
        needs = {need.name: need for need in outcome.required}
        return {
            name: (needs[name].read(value) or value.strip()) if name in needs else value.strip()
            for name, value in fields.items()
        }

    def _known(self, opened: Opened) -> Record:
        own = self._of_the_same_applicant(opened)
        month = self._month_of(opened.row)
        return Record(
            standing=opened.standing,
            events=opened.events,
            filed_in_month=sum(self._month_of(row) == month and not row.is_part for row in own),
            excessive_from=self.office.excessive_requests_per_month,
            answered_same=tuple(row.number for row in own if self._is_answered_same(row, opened)),
        )

    def _of_the_same_applicant(self, opened: Opened) -> Sequence[Row[tuple[object, ...]]]:
        """All requests of the same applicant, this one too, in the order in which they were filed."""
        query = (
            sa.select(requests, is_part().label("is_part"), was_split().label("was_split"))
            .where(requests.c.applicant_key == opened.row.applicant_key)
            .order_by(requests.c.submitted_at, requests.c.number)
        )
        return self.connection.execute(query).all()

    def _month_of(self, row: Row[tuple[object, ...]]) -> tuple[int, int]:
        day = self._filed_on(row)
        return day.year, day.month

    def _is_answered_same(self, row: Row[tuple[object, ...]], opened: Opened) -> bool:
        """Art. 36(6): the same information, as it was asked or as it was made clear, and answered."""
        if row.number == opened.number or not _was_answered(row):
            return False
        wanted = _matters(opened.standing, was_split=opened.standing.happened(EventKind.SPLIT))
        words = request_words.unseal(self.connection, row.number, row.words)
        return bool((wanted - {""}) & _matters(words, was_split=row.was_split))

    def _must_be_same(self, opened: Opened, earlier: str, answered_same: Sequence[str]) -> None:
        """Art. 36(6): the number that the clerk names is one of those; else why it is none."""
        if earlier in answered_same:
            return
        row = self.connection.execute(sa.select(requests).where(requests.c.number == earlier)).one_or_none()
        if row is None:
            reason = "earlier_request_unknown"
        elif row.number == opened.number or row.applicant_key != opened.row.applicant_key:
            reason = "earlier_request_of_another"
        elif not _was_answered(row):
            reason = "earlier_request_unanswered"
        else:
            reason = "earlier_request_differs"
        raise GuardFailed(reason, number=earlier, numbers=tuple(answered_same), article="36(6)")

    def discard_draft(self, number: str, *, remark: str = "") -> DisclosureRequest:
        """Undo drafting, review or signature; possible until the reply is served."""
        opened = self._open(number)
        return self._staff_act(opened, EventKind.DRAFT_RETURNED, data={"remark": remark})

    def review(self, number: str, *, approved: bool = True, remark: str = "") -> DisclosureRequest:
        """Art. 17, by somebody else than who drafted; not approved, it goes back to be drafted again."""
        opened = self._open(number)
        guards.second_person(opened.standing, self.actor)
        kind = EventKind.REVIEWED if approved else EventKind.DRAFT_RETURNED
        return self._staff_act(opened, kind, role=Role.REVIEWER, data={"remark": remark})

    def sign(self, number: str, *, signed_on: date | None = None) -> DisclosureRequest:
        """签发, on `signed_on` (today).  From a draft only where the office needs no second person."""
        opened, today = self._open(number), self.today
        self._must_be_reviewed(opened)
        on = signed_on or today
        guards.legal_day(on, today, opened.standing)
        if opened.standing.ready_on is not None and on < opened.standing.ready_on:
            raise InvalidValue("served_before_signed", field="signed_on", signed_on=opened.standing.ready_on)
        role = Role.APPROVER if self.office.may_approve(self.actor) else Role.OFFICER
        return self._staff_act(opened, EventKind.SIGNED, role=role, on=on)

    def _must_be_reviewed(self, opened: Opened) -> None:
        if opened.standing.status is Status.DRAFTED and self.office.review_by_second:
            raise GuardFailed("review_needed", article="17")

    def inform_third_party(
        self, number: str, *, party: str, informed_on: date | None = None
    ) -> DisclosureRequest:
        """Art. 32: who refused is told in writing what is disclosed all the same, and why.

        The reason is the one that the reviewed reply records.  The reply cannot be served before.
        """
        guards.remedies_known(self.office)
        opened, today = self._open(number), self.today
        self._must_be_reviewed(opened)
        on = informed_on or today
        guards.legal_day(on, today, opened.standing)
        reply = opened.standing.reply
        if reply is not None and party not in opened.standing.to_inform:
            raise GuardFailed("nobody_to_inform", article="32", party=party)
        if opened.standing.ready_on is not None and on < opened.standing.ready_on:
            raise InvalidValue(
                "served_before_signed", field="informed_on", signed_on=opened.standing.ready_on
            )
        reason = reply.fields.get(PUBLIC_INTEREST.name, "") if reply else ""
        data = {"party": party, "reason": reason, "disclosed": _disclosed(opened)}
        return self._staff_act(opened, EventKind.THIRD_PARTY_INFORMED, on=on, data=data)

    def third_parties_to_inform(self, number: str) -> tuple[str, ...]:
        """Who refused, is overruled by the drafted reply, and has not been told so yet."""
        return self._open(number).standing.to_inform

    def third_parties_refusing(self, number: str) -> tuple[str, ...]:
        """Who was consulted and does not agree to disclosure."""
        return self._open(number).standing.refusals

    def serve(
        self,
        number: str,
        *,
        method: ServiceMethod,
        served_on: date | None = None,
        proof: str = "",
        late_acknowledged: bool = False,
    ) -> DisclosureRequest:
        """The reply goes out on `served_on` (today): the day it was signed for, or handed to China Post.

        `proof` is who signed for it, the number that China Post gave, or the address it was sent to
        (service.py); by hand today it is the 送达回证 where nothing else is said.  Served in time and
        entered after expiry, it names a document and waits for a second person.
        An unsigned reply is signed by who serves it, where the rules of the office allow that.  Raises
        LateReply when late and not acknowledged, GuardFailed when a review is still needed.
        """
        self._must_be_staff()
        opened, today = self._open(number), self.today
        on = served_on or today
        guards.legal_day(on, today, opened.standing)
        if method is ServiceMethod.BY_HAND and on == today:
            proof = proof.strip() or _SIGNED_FOR
        if on < today and service.is_somebodys_word(proof):
            guards.documented(proof)
        data = {"method": method.value, "proof": proof, "late_acknowledged": late_acknowledged}
        with self.connection.begin_nested():  # not signed either when it may not go out
            if opened.standing.status in (Status.DRAFTED, Status.REVIEWED):
                self.sign(number, signed_on=on)
                opened = self._open(number)
            if opened.standing.status is Status.SIGNED:
                self._may_go_out(opened, method, on, proof, late_acknowledged)
            return self._enter(
                opened,
                EventKind.SERVED,
                on=on,
                proof=proof,
                data=data,
                late=self._is_entered_late(opened, on, today),
            )

    def _is_entered_late(self, opened: Opened, on: date, today: date) -> bool:
        """A service of an earlier day moves no clock, unless that day alone makes the reply one in time."""
        due = opened.standing.due(self.calendar)
        return due is not None and on <= due.due_on < today

    def _may_go_out(
        self, opened: Opened, method: ServiceMethod, on: date, proof: str, late_acknowledged: bool
    ) -> None:
        guards.elements(self.office, opened.standing, opened.row.applicant_masked)
        service.must_be_proven(
            self.office, method, proof, self._contacts_given(opened), str(opened.row.person or "")
        )
        guards.service(opened.standing, self.calendar, served_on=on, late_acknowledged=late_acknowledged)

    def _contacts_given(self, opened: Opened) -> str:
        """Every contact the applicant gave, in the clear: for comparing only."""
        applicant = self.vault.unseal(opened.row.identity) if opened.row.identity else None
        return f"{applicant.contact if applicant else ''} {opened.words.way}"

    def must_be_served_so(self, number: str, *, method: ServiceMethod, proof: str) -> None:
        """Raises DeskError when this way, or this proof of it, will not do: said while it is typed."""
        opened = self._open(number)
        service.must_be_proven(
            self.office, method, proof, self._contacts_given(opened), str(opened.row.person or "")
        )

    def withdraw(self, number: str, *, reason: str = "", told: Told | None = None) -> DisclosureRequest:
        """The applicant withdraws: outcome F3.  Staff record it on the applicant's word alone: `told` says
        who said so to whom, on which day and how; without it they end nobody's request (MissingFields).
        """
        opened = self._open(number)
        own = bool(self.actor) and self.actor == opened.row.person
        if not own and not self.office.is_staff(self.actor):
            raise NotFound("no_such_request", number=number)
        if not own:
            told = guards.told(told, opened.row.submitted_at.astimezone(self.office.zone), self.today)
        return self._act(
            opened,
            EventKind.WITHDRAWN,
            role=Role.APPLICANT if own else Role.OFFICER,
            data={"reason": reason, **(told.plain() if told else {})},
        )

    def archive(self, number: str) -> DisclosureRequest:
        opened = self._open(number)
        return self._staff_act(opened, EventKind.ARCHIVED)


def _disclosed(opened: Opened) -> str:
    """What a reply discloses, in the words that the third party is told."""
    reply = opened.standing.reply
    return (reply.fields.get("given", "") if reply else "") or opened.standing.content


def _was_answered(row: Row[tuple[object, ...]]) -> bool:
    """A reply was served and stands: also after a lapse that a court undid, not while it is decided anew."""
    return bool(row.reply and row.reply["served_on"])


def _matters(words: Standing | RequestWords, *, was_split: bool) -> set[str]:
    """What may be called the same: as it was asked and as it was made clear.

    Of a request that was split only what remained with it: the rest is answered elsewhere, or not yet.
    """
    asked = (words.content,) if was_split else (words.content, words.original_content)
    return {folded_matter(each) for each in asked}
