"""What the office may ask of an applicant: a correction (art. 30), reasons (35), a fee (42).

A correction may be asked once only, so that the notice is read back before it goes out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.desk.acts.correspondence import LEAST_REASONS_WORKING_DAYS
from bot.desk.clock import correction_clock, payment_clock
from bot.desk.correction import asks_for_purpose
from bot.desk.errors import DeskError, GuardFailed
from bot.desk.fees import FREE_REQUESTS, fee_for_pages
from bot.desk.guards import LEAST_CORRECTION_WORKING_DAYS, LONGEST_CORRECTION_WORKING_DAYS
from bot.desk.model import DisclosureRequest, Event, EventKind
from bot.dialogue.handling import handles
from bot.dialogue.office import office_lines
from bot.dialogue.payload import Act, Payload
from bot.dialogue.refusals import refusal, shown_facts
from bot.dialogue.staff.possible import closed_step, day_in_time, notice_not_received, why_not
from bot.dialogue.staff.questions import (
    Draft,
    Kind,
    Question,
    Unclear,
    choice,
    late_proof,
    past_day,
    proof,
    text,
)
from bot.dialogue.staff.recording import Form, begin
from bot.dialogue.staff.resulting import ends, replied_by
from bot.dialogue.staff.telling import day_or_nothing, recorded, recorded_and_told
from bot.dialogue.staff.waiting_entries import proposed
from bot.dialogue.visit import Visit, turn
from bot.messages import Part, Style, Turn

_BY_REQUEST, _BY_PAGES = "by_request", "pages:"  # the two standards; the second with its number


# ---- correction (art. 30) --------------------------------------------------------------------------------
@handles(Act.ASK_CORRECTION)
def press_ask_correction(visit: Visit, payload: Payload) -> Turn:
    """要求补正 on a card; why not, where the law has closed it."""
    number = payload.arguments[0]
    try:
        error = why_not(visit, visit.desk.requests.get(number), CORRECTION.name)
    except DeskError as missing:
        return turn(refusal(visit.voice, missing))
    return turn(closed_step(visit, number, error)) if error else begin(visit, CORRECTION, number)


def _last(visit: Visit, request: DisclosureRequest, kind: EventKind) -> Event:
    """The newest event of this kind, which has just happened."""
    events = visit.desk.requests.history(request.number)
    return next(event for event in reversed(events) if event.kind is kind)


def _ask_correction(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.ask_correction(
        number,
        what=given["unclear"],
        working_days=int(given["correct_within"]),
        sent_on=date.fromisoformat(given.get("notice_sent_on", visit.today.isoformat())),
        proof=given.get("notice_proof", ""),
    )
    return proposed(visit, request) or correction_asked(visit, request)


def correction_asked(visit: Visit, request: DisclosureRequest) -> Turn:
    """The notice goes out: what is unclear, until when."""
    what = _last(visit, request, EventKind.CORRECTION_ASKED).text("what")
    voice = visit.voice_of(request.person) if request.person else visit.voice
    return recorded_and_told(
        visit,
        request,
        "correction_asked",
        Part(what, Style.QUOTE),
        kind="correction_asked",
        day=voice.limit(request.correction_due_on) if request.correction_due_on else "",
        does=("button_correct", Act.MY_CORRECT),
    )


# ---- reasons (art. 35) -----------------------------------------------------------------------------------
def _ask_reasons(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.ask_reasons(
        number, count=given["count"], working_days=int(given["reasons_within"])
    )
    by = visit.desk.requests.history(number)[-1].day("reasons_by")
    voice = visit.voice_of(request.person) if request.person else visit.voice
    return recorded_and_told(
        visit,
        request,
        "request_reasons_asked",
        Part(given["count"], Style.QUOTE),
        Part(office_lines(visit)),
        kind="reasons_asked",
        day=voice.limit(by) if by else "",
        does=("button_reasons", Act.MY_REASONS),
    )


def _receive_reasons(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.receive_reasons(
        number, reasons=given["reasons"], reasonable=given["reasonable"] == "yes"
    )
    return recorded_and_told(visit, request, "request_reasons_in")


def _record_no_reasons(visit: Visit, number: str, given: Draft) -> Turn:
    """The period is over and nothing came."""
    return recorded(
        visit,
        visit.desk.correspondence.record_no_reasons(number),
    )


def _defer(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.defer(
        number, until=date.fromisoformat(given["until"]), reason=given["defer_reason"]
    )
    day = day_or_nothing(visit, request)
    reason = Part(given["defer_reason"], Style.QUOTE)
    return recorded_and_told(visit, request, "request_deferred", reason, kind="deferred", day=day)


def _deferrable(visit: Visit, draft: Draft, kept: str) -> str:
    """Art. 35: not before the present limit, not years later; said where it is typed."""
    number, day = visit.memory.draft["number"], date.fromisoformat(kept)
    error = visit.desk.openness.why_not_deferred_until(number, day)
    if error is not None:
        raise Unclear(f"refused_{error.text_id}", **shown_facts(visit.voice, error))
    return kept


# ---- fee (art. 42) ---------------------------------------------------------------------------------------
def _notice_fee(visit: Visit, number: str, given: Draft) -> Turn:
    pages = int(given["amount"].removeprefix(_BY_PAGES)) if given["amount"].startswith(_BY_PAGES) else 0
    _, by_request = visit.desk.correspondence.fee_by_request(number)
    request = visit.desk.correspondence.notice_fee(
        number,
        amount_yuan=fee_for_pages(pages) if pages else by_request,
        pages=pages,
        notice_received_on=date.fromisoformat(given["notice_on"]),
        proof=given.get("notice_proof", ""),
    )
    return proposed(visit, request) or fee_noticed(visit, request)


def fee_noticed(visit: Visit, request: DisclosureRequest) -> Turn:
    """The fee notice goes out: how much, why, how to pay, until when."""
    event = _last(visit, request, EventKind.FEE_NOTICED)
    pay_by = event.day("pay_by")
    voice = visit.voice_of(request.person) if request.person else visit.voice
    return recorded_and_told(
        visit,
        request,
        "request_fee_noticed",
        kind="fee_noticed",
        amount=event.text("amount"),
        nth=event.text("nth"),
        payment=visit.register.office.fee_payment,
        day=voice.limit(pay_by) if pay_by else "",
    )


def _withdraw_fee(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.withdraw_fee(number, reason=given["fee_withdrawn_why"])
    day = day_or_nothing(visit, request)
    return recorded_and_told(visit, request, "request_fee_withdrawn", kind="fee_withdrawn", day=day)


def _receive_payment(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.receive_payment(
        number, proof=given["payment_proof"], paid_on=date.fromisoformat(given["paid_on"])
    )
    return recorded_and_told(visit, request, "request_fee_paid", day=day_or_nothing(visit, request))


# ---- periods that ran out --------------------------------------------------------------------------------
def _lapse_unpaid(visit: Visit, number: str, given: Draft) -> Turn:
    request = visit.desk.correspondence.lapse_unpaid(number)
    return recorded_and_told(visit, request, "request_lapsed_unpaid", kind="closed")


def _lapse_uncorrected(visit: Visit, number: str, given: Draft) -> Turn:
    if notice_not_received(visit, number):
        raise GuardFailed("notice_receipt_unknown", article="30")
    request = visit.desk.correspondence.lapse_uncorrected(number)
    return recorded_and_told(visit, request, "request_lapsed_uncorrected", kind="closed")


def _receive_correction(visit: Visit, number: str, given: Draft) -> Turn:
    """A correction that came by letter or at the counter."""
    request = visit.desk.correspondence.receive_correction(
        number, content=given["content"], received_on=date.fromisoformat(given["correction_on"])
    )
    if not request.person:
        return recorded(visit, request)
    return recorded_and_told(visit, request, "correction_received", day=day_or_nothing(visit, request))


def _proposed_fee(visit: Visit, given: Draft) -> list[tuple[str, str]]:
    """The fee by the number of requests in the month: proposed, never charged by the program."""
    nth, amount = visit.desk.correspondence.fee_by_request(visit.memory.draft["number"])
    if not amount:
        return []
    return [(_BY_REQUEST, visit.voice.word("choice_fee_by_request", amount=amount, nth=nth))]


def _correct_by(visit: Visit, number: str, given: Draft) -> str:
    """Until when the applicant corrects, counted from the day the notice was received."""
    history = visit.desk.requests.history(number)
    asked = [event for event in history if event.kind is EventKind.CORRECTION_ASKED]
    days = int(asked[-1].text("working_days") or 0) if asked else 0
    if not days:
        return ""
    return ends(
        visit, "preview_correct_by", correction_clock(date.fromisoformat(given["notice_in_on"]), days)
    )


def _fee_as_computed(visit: Visit, draft: Draft, typed: str) -> str:
    """80页 is a standard; a sum is none: it is computed, and not from the eleventh request of a month on."""
    nth, amount = visit.desk.correspondence.fee_by_request(visit.memory.draft["number"])
    if not amount:
        raise Unclear("refused_fee_not_due", nth=nth, free=FREE_REQUESTS)
    pages = re.fullmatch(r"\s*(\d{1,5})\s*(?:页|頁|pages?)\s*", unicodedata.normalize("NFKC", typed))
    if pages is None:
        raise Unclear("fee_is_by_request_or_pages", amount=amount)
    if not fee_for_pages(int(pages[1])):
        raise Unclear("refused_fee_is_nothing")
    return f"{_BY_PAGES}{int(pages[1])}"


def _shown_fee(visit: Visit, kept: str) -> str:
    if kept.startswith(_BY_PAGES):
        pages = int(kept.removeprefix(_BY_PAGES))
        return visit.voice.word("choice_fee_by_pages", pages=pages, amount=fee_for_pages(pages))
    return kept


def _nothing_of_purpose(visit: Visit, draft: Draft, kept: str) -> str:
    """Art. 27: said at once, and asked again."""
    if words := asks_for_purpose(kept):
        raise Unclear("refused_correction_asks_for_purpose", words=words)
    return kept


def _on_paper(visit: Visit, draft: Draft) -> bool:
    """Who filed in chat is told at once; a notice on paper has a day of its own."""
    return not visit.desk.requests.get(visit.memory.draft["number"]).person


def _receive_notice(visit: Visit, number: str, given: Draft) -> Turn:
    """The applicant has received the notice on paper: the period runs."""
    request = visit.desk.correspondence.receive_correction_notice(
        number, on=date.fromisoformat(given["notice_in_on"]), proof=given["notice_in_proof"]
    )
    return recorded(visit, request)


def _told_on(visit: Visit, draft: Draft) -> date | None:
    """From when a period for the applicant runs: in chat from now, on paper it is not known yet."""
    return None if _on_paper(visit, draft) else visit.today


def _from_today(visit: Visit, draft: Draft) -> date | None:
    return visit.today


def _days(name: str, least: int, since: Callable[[Visit, Draft], date | None] = _told_on) -> Question:
    """A period for the applicant, in working days."""
    return Question(
        name,
        Kind.COUNT,
        labelled=lambda visit, given: [
            (str(days), visit.voice.word("choice_working_days", days=days)) for days in (15, 10, 5)
        ],
        least=least,
        most=LONGEST_CORRECTION_WORKING_DAYS,
        since=since,
    )


CORRECTION = Form(
    "ask_correction",
    (
        Question("unclear", least=4, check=_nothing_of_purpose),
        replace(
            past_day("notice_sent_on"),
            when=_on_paper,
            check=lambda visit, given, kept: day_in_time(visit, EventKind.CORRECTION_ASKED, kept),
        ),
        late_proof("notice_proof", "notice_sent_on"),
        _days("correct_within", LEAST_CORRECTION_WORKING_DAYS),
    ),
    _ask_correction,
)
FORMS = (
    CORRECTION,
    Form(
        "notice_in",
        (past_day("notice_in_on"), proof("notice_in_proof")),
        _receive_notice,
        leads_to=_correct_by,
    ),
    Form(
        "reasons",
        (text("count"), _days("reasons_within", LEAST_REASONS_WORKING_DAYS, _from_today)),
        _ask_reasons,
    ),
    Form("reasons_none", (), _record_no_reasons),
    Form("reasons_in", (text("reasons", quotes=True), choice("reasonable", "yes", "no")), _receive_reasons),
    Form(
        "defer", (Question("until", Kind.DAY_AHEAD, check=_deferrable), text("defer_reason", least=4)), _defer
    ),
    Form(
        "fee",
        (
            Question(
                "amount",
                labelled=_proposed_fee,
                check=_fee_as_computed,
                least=1,
                most=20,
                reads=_shown_fee,
            ),
            replace(
                past_day("notice_on"),
                check=lambda visit, given, kept: day_in_time(visit, EventKind.FEE_NOTICED, kept),
            ),
            late_proof("notice_proof", "notice_on"),
        ),
        _notice_fee,
        leads_to=lambda visit, number, given: ends(
            visit, "preview_pay_by", payment_clock(date.fromisoformat(given["notice_on"]))
        ),
    ),
    Form("fee_withdraw", (text("fee_withdrawn_why", least=4),), _withdraw_fee),
    Form(
        "payment",
        (past_day("paid_on"), proof("payment_proof")),
        _receive_payment,
        leads_to=lambda visit, number, given: replied_by(visit, given["paid_on"]),
    ),
    Form("unpaid", (), _lapse_unpaid),
    Form("uncorrected", (), _lapse_uncorrected),
    Form(
        "correction_in",
        (text("content", least=4, quotes=True), past_day("correction_on")),
        _receive_correction,
        leads_to=lambda visit, number, given: replied_by(visit, given["correction_on"]),
    ),
)
