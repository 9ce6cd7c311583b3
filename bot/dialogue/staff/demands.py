"""What the office may ask of an applicant: a correction (art. 30), reasons (35), a fee (42).

A correction may be asked once only, so that the notice is read back before it goes out.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from bot.desk.fees import fee_for_pages
from bot.desk.guards import LONGEST_CORRECTION_WORKING_DAYS
from bot.dialogue.messages import Part, Style, Turn
from bot.dialogue.office import office_lines
from bot.dialogue.payload import Act, Payload
from bot.dialogue.staff.questions import Draft, Kind, Question, choice, past_day, proof, text
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.telling import day_or_nothing, recorded, recorded_and_told
from bot.dialogue.visit import Press, Visit

_HIGHEST_FEE = 100_000  # yuan


# ---- correction (art. 30) --------------------------------------------------------------------------------
def press_ask_correction(visit: Visit, payload: Payload) -> Turn:
    """要求补正 on a card."""
    return begin(visit, CORRECTION, payload.arguments[0])


def _ask_correction(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.ask_correction(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        what=given["unclear"],
        working_days=int(given["correct_within"]),
    )
    voice = visit.voice_of(request.person) if request.person else visit.voice
    return recorded_and_told(
        visit,
        request,
        "correction_asked",
        Part(given["unclear"], Style.QUOTE),
        kind="correction_asked",
        day=voice.day(request.correction_due_on) if request.correction_due_on else "",
        does=("button_correct", Act.MY_CORRECT),
    )


# ---- reasons (art. 35) -----------------------------------------------------------------------------------
def _ask_reasons(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.ask_reasons(
        visit.connection, visit.now, number, officer=visit.person, count=given["count"]
    )
    return recorded_and_told(
        visit,
        request,
        "request_reasons_asked",
        Part(given["count"], Style.QUOTE),
        Part(office_lines(visit)),
        kind="reasons_asked",
        does=("button_reasons", Act.MY_REASONS),
    )


def _receive_reasons(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.receive_reasons(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        reasons=given["reasons"],
        reasonable=given["reasonable"] == "yes",
    )
    return recorded_and_told(visit, request, "request_reasons_in")


def _defer(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.defer(
        visit.connection,
        visit.now,
        number,
        approver=visit.person,
        until=date.fromisoformat(given["until"]),
        reason=given["defer_reason"],
    )
    day = day_or_nothing(visit, request)
    reason = Part(given["defer_reason"], Style.QUOTE)
    return recorded_and_told(visit, request, "request_deferred", reason, kind="deferred", day=day)


# ---- fee (art. 42) ---------------------------------------------------------------------------------------
def _notice_fee(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.notice_fee(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        amount_yuan=int(given["amount"]),
        notice_received_on=date.fromisoformat(given["notice_on"]),
    )
    pay_by = visit.register.history(visit.connection, number)[-1].day("pay_by")
    voice = visit.voice_of(request.person) if request.person else visit.voice
    return recorded_and_told(
        visit,
        request,
        "request_fee_noticed",
        kind="fee_noticed",
        amount=given["amount"],
        day=voice.day(pay_by) if pay_by else "",
    )


def _receive_payment(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.receive_payment(
        visit.connection,
        visit.now,
        number,
        officer=visit.person,
        proof=given["payment_proof"],
        paid_on=date.fromisoformat(given["paid_on"]),
    )
    return recorded_and_told(visit, request, "request_fee_paid", day=day_or_nothing(visit, request))


# ---- periods that ran out --------------------------------------------------------------------------------
def _lapse_unpaid(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.lapse_unpaid(visit.connection, visit.now, number, officer=visit.person)
    return recorded_and_told(visit, request, "request_lapsed_unpaid", kind="closed")


def _lapse_uncorrected(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.register.lapse_uncorrected(visit.connection, visit.now, number, officer=visit.person)
    return recorded_and_told(visit, request, "request_lapsed_uncorrected", kind="closed")


def _receive_correction(visit: Visit, number: str, given: Draft) -> Turn:
    """A correction that came by letter or at the counter."""
    request = visit.register.receive_correction(
        visit.connection,
        visit.now,
        number,
        person=visit.person,
        content=given["content"],
        received_on=date.fromisoformat(given["correction_on"]),
    )
    if not request.person:
        return recorded(visit, request)
    return recorded_and_told(visit, request, "correction_received", day=day_or_nothing(visit, request))


def _proposed_fee(visit: Visit, given: Draft) -> list[tuple[str, str]]:
    """The fee by the number of requests in the month: proposed, never charged by the program."""
    nth, amount = visit.register.fee_by_request(visit.connection, visit.memory.draft["number"])
    return (
        [(str(amount), visit.voice.word("choice_fee_by_request", amount=amount, nth=nth))] if amount else []
    )


def _fee_by_pages(typed: str) -> str:
    """80页 becomes its fee; anything else stays as it is."""
    pages = re.fullmatch(r"\s*(\d{1,5})\s*(?:页|頁|pages?)\s*", unicodedata.normalize("NFKC", typed))
    return str(fee_for_pages(int(pages[1]))) if pages else typed


CORRECTION = Form(
    "ask_correction",
    (
        text("unclear", least=4),
        Question(
            "correct_within",
            Kind.COUNT,
            labelled=lambda visit, given: [
                (str(days), visit.voice.word("choice_working_days", days=days)) for days in (15, 10, 5)
            ],
            least=1,
            most=LONGEST_CORRECTION_WORKING_DAYS,
        ),
    ),
    _ask_correction,
)
FORMS = (
    CORRECTION,
    Form("reasons", (text("count"),), _ask_reasons),
    Form("reasons_in", (text("reasons"), choice("reasonable", "yes", "no")), _receive_reasons),
    Form("defer", (Question("until", Kind.DAY_AHEAD), text("defer_reason", least=4)), _defer),
    Form(
        "fee",
        (
            Question(
                "amount",
                Kind.COUNT,
                labelled=_proposed_fee,
                least=1,
                most=_HIGHEST_FEE,
                counted=_fee_by_pages,
            ),
            past_day("notice_on"),
        ),
        _notice_fee,
    ),
    Form("payment", (past_day("paid_on"), proof("payment_proof")), _receive_payment),
    Form("unpaid", (), _lapse_unpaid),
    Form("uncorrected", (), _lapse_uncorrected),
    Form("correction_in", (text("content", least=4), past_day("correction_on")), _receive_correction),
)
PRESSES: dict[Act, Press] = {Act.ASK_CORRECTION: press_ask_correction}
