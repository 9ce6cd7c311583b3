"""Opinions of others: a third party (art. 32), another agency (art. 33, 34).  The clock stands still.

Help of an office or a village of one's own (协办) is internal work: the clock goes on.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.desk import guards
from bot.desk.acts.base import Acts, required_text
from bot.desk.errors import GuardFailed, InvalidValue
from bot.desk.model import DisclosureRequest, EventKind, Status

OPINIONS = ("agrees", "refuses", "silent")


class ConsultingActs(Acts):
    def consult_third_party(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        sent_on: date | None = None,
        letter_received_on: date | None = None,
    ) -> DisclosureRequest:
        """The letter goes out (`sent_on`, else today); answered within 15 working days of its receipt.

        Where the day of its receipt is not known, the day it was sent is taken: the safe side.
        """
        return self._consult(
            connection,
            now,
            number,
            EventKind.THIRD_PARTY_CONSULTED,
            officer=officer,
            party=party,
            sent_on=sent_on,
            letter_received_on=letter_received_on,
        )

    def consult_agency(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        sent_on: date | None = None,
        letter_received_on: date | None = None,
    ) -> DisclosureRequest:
        """Another agency that made the information too; its silence means consent (art. 34)."""
        return self._consult(
            connection,
            now,
            number,
            EventKind.AGENCY_CONSULTED,
            officer=officer,
            party=party,
            sent_on=sent_on,
            letter_received_on=letter_received_on,
        )

    def _consult(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        kind: EventKind,
        *,
        officer: str,
        party: str,
        sent_on: date | None,
        letter_received_on: date | None,
    ) -> DisclosureRequest:
        opened, today = self._open(connection, number), self._today(now)
        on = sent_on or today
        guards.legal_day(on, today, opened.standing)
        data: dict[str, object] = {"party": required_text("party", party)}
        if letter_received_on is not None:
            if letter_received_on < on:
                raise InvalidValue("letter_before_sent", field="letter_received_on")
            data["letter_received_on"] = letter_received_on.isoformat()
        return self._staff_act(connection, now, opened, kind, officer, on=on, data=data)

    def receive_opinion(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        opinion: str,
        text: str = "",
        received_on: date | None = None,
    ) -> DisclosureRequest:
        """The answer of whoever was consulted: `agrees`, `refuses`, or `silent` after 15 working days."""
        if opinion not in OPINIONS:
            raise InvalidValue("opinion_unknown", field="opinion", allowed=OPINIONS)
        opened, today = self._open(connection, number), self._today(now)
        on = received_on or today
        guards.legal_day(on, today, opened.standing)
        if opened.standing.open_pause is not None and on < opened.standing.open_pause.on:
            raise InvalidValue("opinion_before_letter", field="received_on")
        if opinion == "silent":
            guards.silence(opened.standing, today)
        agency = opened.standing.status is Status.OTHER_AGENCY
        kind = EventKind.AGENCY_ANSWERED if agency else EventKind.THIRD_PARTY_ANSWERED
        data = {"opinion": opinion, "text": text}
        return self._staff_act(connection, now, opened, kind, officer, on=on, data=data)

    # ---- help inside the house (协办)
    def ask_cooperation(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        what: str,
        answer_by: date,
    ) -> DisclosureRequest:
        """Ask an office or a village to search or to supply; answered before the reply is due."""
        opened = self._open(connection, number)
        due = opened.standing.due(self.calendar)
        if answer_by < self._today(now) or (due is not None and answer_by > due.due_on):
            raise InvalidValue(
                "cooperation_period", field="answer_by", due_on=due.due_on if due else answer_by
            )
        data = {
            "party": required_text("party", party),
            "what": required_text("what", what),
            "answer_by": answer_by.isoformat(),
        }
        return self._staff_act(connection, now, opened, EventKind.COOPERATION_ASKED, officer, data=data)

    def receive_cooperation(
        self,
        connection: Connection,
        now: datetime,
        number: str,
        *,
        officer: str,
        party: str,
        text: str,
        received_on: date | None = None,
    ) -> DisclosureRequest:
        """What the office or village answered, in its words."""
        opened, today = self._open(connection, number), self._today(now)
        asked = [event for event in opened.events if event.kind is EventKind.COOPERATION_ASKED]
        if party not in {event.text("party") for event in asked}:
            raise GuardFailed("cooperation_not_asked", party=party)
        on = received_on or today
        guards.legal_day(on, today, opened.standing)
        data = {"party": party, "text": required_text("text", text)}
        return self._staff_act(
            connection, now, opened, EventKind.COOPERATION_RECEIVED, officer, on=on, data=data
        )

    def cooperation_pending(self, connection: Connection, number: str) -> tuple[str, ...]:
        """Whom the office asked for help and who has not answered yet."""
        waiting: dict[str, None] = {}
        for event in self._open(connection, number).events:
            if event.kind is EventKind.COOPERATION_ASKED:
                waiting[event.text("party")] = None
            elif event.kind is EventKind.COOPERATION_RECEIVED:
                waiting.pop(event.text("party"), None)
        return tuple(waiting)
