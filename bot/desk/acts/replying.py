"""The reply and every other ending: search, draft, review, sign, serve, withdraw, archive, remedies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from bot.desk import guards
from bot.desk.acts.base import Acts, Opened, required_text
from bot.desk.errors import GuardFailed, InvalidValue, NotFound
from bot.desk.model import DisclosureRequest, EventKind, Outcome, Role, ServiceMethod, Status
from bot.desk.outcomes import PUBLIC_INTEREST

REMEDIES = ("reconsideration", "direct_suit", "suit_after_reconsideration")  # columns of Table 4
REMEDY_RESULTS = ("upheld", "corrected", "other")


class ReplyActs(Acts):
    def record_search(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        places: str,
        result: str,
        trail: Sequence[str] = (),
    ) -> DisclosureRequest:
        """What was searched, where, with what result; D1 cannot be drafted without.

        `trail`: what the program's own search of everything disclosed found, one title each.
        """
        data: dict[str, object] = {
            "places": required_text("places", places),
            "result": required_text("result", result),
            "trail": list(trail),
        }
        opened = self._open(connection, number)
        return self._staff_act(connection, now, opened, EventKind.SEARCHED, officer, data=data)

    def draft_reply(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        outcome: Outcome,
        text: str,
        fields: Mapping[str, str] | None = None,
    ) -> DisclosureRequest:
        """`fields` must hold every `outcome.required` name.  Drafting again replaces the draft."""
        opened = self._open(connection, number)
        recorded = dict(fields or {})
        guards.outcome(outcome, recorded, opened.standing, opened.events)
        if outcome is Outcome.NOT_PROCESSED_REPEAT:
            self._must_be_answered(connection, recorded["earlier_number"], number)
        data = {"outcome": outcome.value, "text": required_text("text", text), "fields": recorded}
        return self._staff_act(connection, now, opened, EventKind.DRAFTED, officer, data=data)

    def _must_be_answered(self, connection: Connection, earlier: str, number: str) -> None:
        """Art. 36(6): not repeated only when the earlier request has been answered."""
        try:
            answered = self.get(connection, earlier.strip())
        except NotFound as missing:
            raise GuardFailed("earlier_request_unknown", number=earlier, article="36(6)") from missing
        if answered.number == number or not (answered.outcome and answered.outcome.is_reply):
            raise GuardFailed("earlier_request_unanswered", number=earlier, article="36(6)")

    def discard_draft(
        self, connection: Connection, now: datetime, number: str, *, officer: str, remark: str = ""
    ) -> DisclosureRequest:
        """Undo drafting, review or signature; possible until the reply is served."""
        opened = self._open(connection, number)
        return self._staff_act(
            connection, now, opened, EventKind.DRAFT_RETURNED, officer, data={"remark": remark}
        )

    def review(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        reviewer: str,
        approved: bool = True,
        remark: str = "",
    ) -> DisclosureRequest:
        """Art. 17, by somebody else than who drafted; not approved, it goes back to be drafted again."""
        opened = self._open(connection, number)
        guards.second_person(opened.standing, reviewer)
        kind = EventKind.REVIEWED if approved else EventKind.DRAFT_RETURNED
        return self._staff_act(
            connection, now, opened, kind, reviewer, role=Role.REVIEWER, data={"remark": remark}
        )

    def sign(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        signer: str,
        signed_on: date | None = None,
    ) -> DisclosureRequest:
        """签发, on `signed_on` (today).  From a draft only where the office needs no second person."""
        opened, today = self._open(connection, number), self._today(now)
        self._must_be_reviewed(opened)
        on = signed_on or today
        guards.legal_day(on, today, opened.standing)
        if opened.standing.ready_on is not None and on < opened.standing.ready_on:
            raise InvalidValue("served_before_signed", field="signed_on", signed_on=opened.standing.ready_on)
        role = Role.APPROVER if self.office.may_approve(signer) else Role.OFFICER
        return self._staff_act(connection, now, opened, EventKind.SIGNED, signer, role=role, on=on)

    def _must_be_reviewed(self, opened: Opened) -> None:
        if opened.standing.status is Status.DRAFTED and self.office.review_by_second:
            raise GuardFailed("review_needed", article="17")

    def inform_third_party(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        informed_on: date | None = None,
    ) -> DisclosureRequest:
        """Art. 32: who refused is told in writing what is disclosed all the same, and why.

        The reason is the one that the reviewed reply records.  The reply cannot be served before.
        """
        opened, today = self._open(connection, number), self._today(now)
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
        return self._staff_act(
            connection, now, opened, EventKind.THIRD_PARTY_INFORMED, officer, on=on, data=data
        )

    def third_parties_to_inform(self, connection: Connection, number: str) -> tuple[str, ...]:
        """Who refused, is overruled by the drafted reply, and has not been told so yet."""
        return self._open(connection, number).standing.to_inform

    def third_parties_refusing(self, connection: Connection, number: str) -> tuple[str, ...]:
        """Who was consulted and does not agree to disclosure."""
        return self._open(connection, number).standing.refusals

    def serve(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        method: ServiceMethod,
        served_on: date | None = None,
        proof: str = "",
        late_acknowledged: bool = False,
    ) -> DisclosureRequest:
        """The reply goes out on `served_on` (today): the day it was signed for, or handed to China Post.

        `proof` is who signed for it, or the number that China Post gave (needed for post).
        An unsigned reply is signed by who serves it, where the rules of the office allow that.  Raises
        LateReply when late and not acknowledged, GuardFailed when a review is still needed.
        """
        self._must_be_staff(officer)
        opened, today = self._open(connection, number), self._today(now)
        on = served_on or today
        guards.legal_day(on, today, opened.standing)
        data = {"method": method.value, "proof": proof, "late_acknowledged": late_acknowledged}
        with connection.begin_nested():  # not signed either when it may not go out
            if opened.standing.status in (Status.DRAFTED, Status.REVIEWED):
                self.sign(connection, now, number, signer=officer, signed_on=on)
                opened = self._open(connection, number)
            if opened.standing.status is Status.SIGNED:
                self._may_go_out(opened, method, on, proof, late_acknowledged)
            return self._staff_act(connection, now, opened, EventKind.SERVED, officer, on=on, data=data)

    def _may_go_out(
        self, opened: Opened, method: ServiceMethod, on: date, proof: str, late_acknowledged: bool
    ) -> None:
        guards.elements(self.office, opened.standing, opened.row.applicant_masked)
        guards.service(
            self.office,
            opened.standing,
            self.calendar,
            method=method,
            served_on=on,
            proof=proof,
            late_acknowledged=late_acknowledged,
        )

    def withdraw(
        self, connection: Connection, now: datetime, number: str, *, person: str, reason: str = ""
    ) -> DisclosureRequest:
        """The applicant withdraws (or staff on the applicant's word): outcome F3."""
        opened = self._open(connection, number)
        own = bool(person) and person == opened.row.person
        if not own and not self.office.is_staff(person):
            raise NotFound("no_such_request", number=number)
        return self._act(
            connection,
            now,
            opened,
            EventKind.WITHDRAWN,
            actor=person,
            role=Role.APPLICANT if own else Role.OFFICER,
            data={"reason": reason},
        )

    def archive(
        self, connection: Connection, now: datetime, number: str, *, officer: str
    ) -> DisclosureRequest:
        opened = self._open(connection, number)
        return self._staff_act(connection, now, opened, EventKind.ARCHIVED, officer)

    def record_remedy(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        remedy: str,
        result: str = "",
        on: date | None = None,
    ) -> DisclosureRequest:
        """Reconsideration or suit against the reply (Table 4): begun, or with its `result`."""
        if remedy not in REMEDIES or (result and result not in REMEDY_RESULTS):
            raise InvalidValue("remedy_unknown", field="remedy", allowed=(*REMEDIES, *REMEDY_RESULTS))
        opened, today = self._open(connection, number), self._today(now)
        guards.legal_day(on or today, today, opened.standing)
        kind = EventKind.REMEDY_DECIDED if result else EventKind.REMEDY_STARTED
        data = {"remedy": remedy, **({"result": result} if result else {})}
        return self._staff_act(connection, now, opened, kind, officer, on=on or today, data=data)


def _disclosed(opened: Opened) -> str:
    """What a reply discloses, in the words that the third party is told."""
    reply = opened.standing.reply
    return (reply.fields.get("given", "") if reply else "") or opened.standing.content
