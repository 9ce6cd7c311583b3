"""Reconsideration and suits in chat: begun, decided, and the order to decide anew.

更多 ─▶ 登记复议或诉讼 ─▶ which, on which day ─▶ read-back ─▶ card, and by when the office must answer
更多 ─▶ 登记复议或诉讼的结果 ─▶ which, result, day, 文号 ─▶ not upheld: ordered to decide anew?
                                                            │ 要
更多 ─▶ 登记重新作出的期限 ─▶ when it came in, until when ─▶ read-back ─▶ applicant told; then 答复
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.desk.errors import DeskError
from bot.desk.remedies import REMEDIES, RESULTS, UPHELD, checked_decision
from bot.dialogue import cards
from bot.dialogue.staff.questions import Draft, Kind, Question, Unclear, choice, past_day
from bot.dialogue.staff.recording import Form
from bot.dialogue.staff.telling import recorded, recorded_and_told
from bot.dialogue.visit import Visit, turn
from bot.messages import Part, Turn

_ORDERED, _NAMED = "redecide_yes", "term_named"
_LONGEST_NUMBER = 100  # characters of a 文号, or of why there is none


def _begin(visit: Visit, number: str, given: Draft) -> Turn:
    """Begun: what the office has to do next is said with it."""
    kind = given["remedy"]
    request = visit.desk.remedies.record(number, remedy=kind, on=date.fromisoformat(given["remedy_on"]))
    remark = visit.voice.small(f"remedy_hint_{kind}")
    return turn(cards.request_card(visit, visit.voice, request, "staff_recorded", remark))


def _decide(visit: Visit, number: str, given: Draft) -> Turn:
    """The result, and with it the order where there is one."""
    request = visit.desk.remedies.record(
        number,
        remedy=given["remedy_pending"],
        result=given["remedy_result"],
        on=date.fromisoformat(given["remedy_decided_on"]),
        document_number=given["decision_number"],
    )
    return _order(visit, number, given) if given.get("redecide") == _ORDERED else recorded(visit, request)


def _order(visit: Visit, number: str, given: Draft) -> Turn:
    """A request that had ended is open again; the applicant is told until when."""
    until = given.get("order_until")
    request = visit.desk.remedies.order_redecision(
        number,
        received_on=date.fromisoformat(given["order_received_on"]),
        until=date.fromisoformat(until) if until else None,
    )
    day = visit.desk.remedies.ordered_until(number)
    voice = visit.voice_of(request.person) if request.person else visit.voice
    shown = "" if day is None else voice.day(day) if until else voice.limit(day)
    return recorded_and_told(visit, request, "request_reopened", day=shown)


# ---- the queue -------------------------------------------------------------------------------------------
def remark(visit: Visit) -> Sequence[Part]:
    """For the queue: how many are pending, and how to see them."""
    count = len(visit.desk.remedies.pending())
    return [visit.voice.small("queue_remedies", count=count)] if count else []


# ---- the forms -------------------------------------------------------------------------------------------
def _is_pending(visit: Visit, kind: str) -> bool:
    found = visit.desk.remedies.of(visit.memory.draft["number"])
    return any(remedy.kind == kind and not remedy.result for remedy in found)


def _a_number(visit: Visit, draft: Draft, kept: str) -> str:
    """A 文号, or 无 with the reason."""
    try:
        return checked_decision(kept)
    except DeskError:
        raise Unclear("refused_decision_number") from None


def _not_upheld(visit: Visit, given: Draft) -> bool:
    return given.get("remedy_result", UPHELD) != UPHELD


def _is_ordered(visit: Visit, given: Draft) -> bool:
    """In the form of the result only after 要; in the form of the order itself always."""
    return given.get("redecide", "" if "remedy_result" in given else _ORDERED) == _ORDERED


_ORDER = (
    replace(past_day("order_received_on"), when=_is_ordered),
    replace(choice("order_term", "term_not_named", _NAMED), when=_is_ordered),
    Question(
        "order_until",
        Kind.DAY_AHEAD,
        when=lambda visit, given: given.get("order_term") == _NAMED,
    ),
)
FORMS = (
    Form("remedy", (choice("remedy", *REMEDIES), past_day("remedy_on")), _begin),
    Form(
        "remedy_decided",
        (
            replace(choice("remedy_pending", *REMEDIES), fits=_is_pending),
            choice("remedy_result", *RESULTS),
            past_day("remedy_decided_on"),
            Question("decision_number", most=_LONGEST_NUMBER, check=_a_number),
            replace(choice("redecide", _ORDERED, "redecide_no"), when=_not_upheld),
            *_ORDER,
        ),
        _decide,
    ),
    Form("redecide", _ORDER, _order),
)
