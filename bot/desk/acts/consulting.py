"""Opinions of others: a third party (art. 32), another agency (art. 33, 34).  The clock stands still.

Help of an office or a village of one's own (协办) is internal work: the clock goes on.
"""

from __future__ import annotations

from datetime import date

from bot.desk import guards
from bot.desk.acts.base import Opened, required_text
from bot.desk.acts.dated import DatedActs
from bot.desk.consultation import ANSWERED, Asked
from bot.desk.errors import GuardFailed, InvalidValue
from bot.desk.model import DisclosureRequest, EventKind

OPINIONS = ("agrees", "refuses", "silent")


class Consultations(DatedActs):
    def consult_third_party(
        self,
        number: str,
        *,
        party: str,
        sent_on: date | None = None,
        letter_received_on: date | None = None,
        proof: str = "",
    ) -> DisclosureRequest:
        """The letter goes out (`sent_on`, else today); answered within 15 working days of its receipt.

        Sent on an earlier day it is a late entry: `proof` names the document, a second person confirms.
        Where the day of its receipt is not known, the day it was sent is taken: the safe side.
        """
        return self._consult(
            number,
            EventKind.THIRD_PARTY_CONSULTED,
            party=party,
            sent_on=sent_on,
            letter_received_on=letter_received_on,
            proof=proof,
        )

    def consult_agency(
        self,
        number: str,
        *,
        party: str,
        sent_on: date | None = None,
        letter_received_on: date | None = None,
        proof: str = "",
    ) -> DisclosureRequest:
        """Another agency that made the information too; its silence means consent (art. 34)."""
        return self._consult(
            number,
            EventKind.AGENCY_CONSULTED,
            party=party,
            sent_on=sent_on,
            letter_received_on=letter_received_on,
            proof=proof,
        )

    def _consult(
        self,
        number: str,
        kind: EventKind,
        *,
        party: str,
        sent_on: date | None,
        letter_received_on: date | None,
        proof: str,
    ) -> DisclosureRequest:
        opened, today = self._open(number), self.today
        on = sent_on or today
        guards.legal_day(on, today, opened.standing)
        data: dict[str, object] = {"party": required_text("party", party)}
        guards.consultation(opened.events, opened.standing.late_entries, party)
        if letter_received_on is not None:
            if letter_received_on < on:
                raise InvalidValue("letter_before_sent", field="letter_received_on")
            if letter_received_on > today:
                raise InvalidValue("day_in_the_future", field="letter_received_on", today=today)
            data["letter_received_on"] = letter_received_on.isoformat()
        return self._enter(opened, kind, on=on, proof=proof, data=data)

    def receive_opinion(
        self, number: str, *, opinion: str, text: str = "", received_on: date | None = None, party: str = ""
    ) -> DisclosureRequest:
        """The answer of whoever was consulted: `agrees`, `refuses`, or `silent` after 15 working days.

        `party` says whose it is; needed where several are awaited.
        """
        if opinion not in OPINIONS:
            raise InvalidValue("opinion_unknown", field="opinion", allowed=OPINIONS)
        opened, today = self._open(number), self.today
        on = received_on or today
        guards.legal_day(on, today, opened.standing)
        asked = self._asked(opened, party)
        if asked is None:  # the table of transitions says so
            kind, whose = EventKind.THIRD_PARTY_ANSWERED, party
        else:
            kind, whose = ANSWERED[asked.kind], asked.party
            if on < asked.asked_on:
                raise InvalidValue("opinion_before_letter", field="received_on")
            if opinion == "silent":
                guards.silence(asked, today)
        data = {"party": whose, "opinion": opinion, "text": text}
        return self._staff_act(opened, kind, on=on, data=data)

    @staticmethod
    def _asked(opened: Opened, party: str) -> Asked | None:
        """The open consultation that an answer is to; None where nobody is awaited."""
        waiting = opened.standing.consulting
        found = [each for each in waiting if each.party == party] if party else list(waiting)
        if waiting and (not found or (not party and len(found) > 1)):
            raise GuardFailed("opinion_of_whom", parties=tuple(each.party for each in waiting))
        return found[0] if found else None

    def pending(self, number: str) -> tuple[Asked, ...]:
        """Third parties and agencies whose opinion is awaited, oldest first."""
        return self._open(number).standing.consulting

    # ---- help inside the house (协办)
    def ask_cooperation(self, number: str, *, party: str, what: str, answer_by: date) -> DisclosureRequest:
        """Ask an office or a village to search or to supply; answered before the reply is due."""
        opened = self._open(number)
        due = opened.standing.due(self.calendar)
        if answer_by < self.today or (due is not None and answer_by > due.due_on):
            raise InvalidValue(
                "cooperation_period", field="answer_by", due_on=due.due_on if due else answer_by
            )
        data = {
            "party": required_text("party", party),
            "what": required_text("what", what),
            "answer_by": answer_by.isoformat(),
        }
        return self._staff_act(opened, EventKind.COOPERATION_ASKED, data=data)

    def receive_cooperation(
        self, number: str, *, party: str, text: str, received_on: date | None = None
    ) -> DisclosureRequest:
        """What the office or village answered, in its words."""
        opened, today = self._open(number), self.today
        asked = [event for event in opened.events if event.kind is EventKind.COOPERATION_ASKED]
        if party not in {event.text("party") for event in asked}:
            raise GuardFailed("cooperation_not_asked", party=party)
        on = received_on or today
        guards.legal_day(on, today, opened.standing)
        data = {"party": party, "text": required_text("text", text)}
        return self._staff_act(opened, EventKind.COOPERATION_RECEIVED, on=on, data=data)

    def cooperation_pending(self, number: str) -> tuple[str, ...]:
        """Whom the office asked for help and who has not answered yet."""
        waiting: dict[str, None] = {}
        for event in self._open(number).events:
            if event.kind is EventKind.COOPERATION_ASKED:
                waiting[event.text("party")] = None
            elif event.kind is EventKind.COOPERATION_RECEIVED:
                waiting.pop(event.text("party"), None)
        return tuple(waiting)
