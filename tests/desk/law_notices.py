"""Rules of what comes before a reply: receipt, correction, reasons, later dates, fees (art. 29-35, 42)."""

from __future__ import annotations

from datetime import date

from tests.desk.law_fees import FREE_REQUESTS, fee_by_pages, fee_by_request, place_in_month
from tests.desk.law_oracle import CORRECTION_NOTICE, DEFERRAL, ENDED, EXTENSION, Deed, Standing, State, newest
from tests.desk.law_question import DOCUMENT, Broken, Question, between, in_hand

LEAST_CORRECTION_DAYS = 5
INSIDE = ("take", "assign", "search", "note", "split")


def confirm_receipt(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.FILED, "31(3): confirmed once"


def undo_receipt(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.IN_HAND, "9, 31(3): something hangs on the day"
    yield q.case.split_from is not None, "9: a part has the first day of receipt"
    yield q.case.intake not in ("online", "fax", "ordinary_post"), "31(1)(2): the day is a fact"
    received = newest(q.case.facts, "confirm_receipt")
    since = q.case.facts.index(received) + 1 if received else 0
    touched = any(each.act not in ("take", "note", "search") for each in q.case.facts[since:])
    yield touched, "9: something hangs on the day"
    yield bool(q.case.waiting), "9: something hangs on the day"
    yield now.overdue(deed.entered), "9: an expired clock is never reopened"
    open_point = deed.entered != now.received_on or q.did("search", "take") or q.case.proposed
    yield None if open_point else False, "9: silent"


def inside(q: Question, now: Standing, deed: Deed) -> Broken:
    yield None if now.state in (State.FILED, *ENDED) else False, "45: inside the office"


def search(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state in ENDED or now.state is State.FILED, "36(4): nothing to search for"
    yield not deed.party, "9: D1: a place"
    yield None if now.state not in (State.IN_HAND, State.CONSULTING) else False, "36(4)"


def split(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state in ENDED or now.state is State.FILED, "9: no first day of receipt"
    yield len(deed.parts) < 2, "9: several separate things"
    touched = any(each.act not in ("submit", "enter", "confirm_receipt", *INSIDE) for each in q.case.facts)
    yield None if touched or q.case.proposed or now.state is not State.IN_HAND else False, "9: silent"


def ask_correction(q: Question, now: Standing, deed: Deed) -> Broken:
    yield from in_hand(now, "30")
    yield now.reopened, "30: the term was ordered"
    yield q.did("ask_correction"), "30: once"
    yield from between(now.received_on, deed.on, deed.entered, "30")
    yield deed.on > q.law.days.after(_first_receipt(now), CORRECTION_NOTICE), "30: within 7 working days"
    yield deed.days < LEAST_CORRECTION_DAYS, "9: at least 5 working days"
    yield "用途" in deed.text, "27: no purpose"


def _first_receipt(now: Standing) -> date:
    assert now.received_on is not None
    return now.received_on


def receive_correction_notice(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.CORRECTION, "30"
    asked = newest(q.case.facts, "ask_correction")
    yield from between(asked.on if asked else None, deed.on, deed.entered, "30")
    yield None if now.correction_due_on is not None else False, "30: known already"
    yield not DOCUMENT.search(deed.proof), "9: proof of receipt"


def receive_correction(q: Question, now: Standing, deed: Deed) -> Broken:
    yield deed.by not in (*q.staff, q.case.in_chat), "30: the applicant's"
    yield now.state is not State.CORRECTION, "30: nothing was asked"
    asked = newest(q.case.facts, "ask_correction")
    yield from between(asked.on if asked else None, deed.on, deed.entered, "30")
    yield not deed.text, "30: empty"


def lapse_uncorrected(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.CORRECTION, "30"
    yield now.correction_due_on is None, "30, 9: the period runs from receipt of the notice"
    yield now.correction_due_on is not None and deed.entered <= now.correction_due_on, "30: still in time"


def ask_reasons(q: Question, now: Standing, deed: Deed) -> Broken:
    # Art. 35 lets the office ask where number and frequency clearly exceed what is reasonable and names no
    # figure; part 9 sets one for the outcome E4 alone.  So asking is never bound to the month's count.
    yield from in_hand(now, "35")
    yield None if now.reopened or q.did("ask_reasons") or deed.days < LEAST_CORRECTION_DAYS else False, "35"


def receive_reasons(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.REASONS, "35"


def record_no_reasons(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.REASONS, "35"
    yield now.reasons_by is not None and deed.entered <= now.reasons_by, "35: still in time"


def defer(q: Question, now: Standing, deed: Deed) -> Broken:
    yield from in_hand(now, "35")
    heard = newest(q.case.facts, "receive_reasons", "record_no_reasons")
    yield heard is None or heard.act == "record_no_reasons" or not heard.yes, "35: reasonable reasons first"
    yield now.overdue(deed.entered), "9: before expiry"
    assert deed.until is not None
    yield deed.until <= deed.entered, "35: a later date"
    yield now.due_on is not None and deed.until <= now.due_on, "35: a later date"
    latest = q.law.days.after(now.due_on, DEFERRAL) if now.due_on else date.max
    yield deed.until > latest, "9: at most the setting"
    yield None if now.reopened or q.did("defer") else False, "35: silent"


def extend(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state in ENDED or now.state is State.FILED, "33"
    yield q.did("extend"), "33: once"
    yield not 1 <= deed.days <= EXTENSION, "33: at most 20 working days"
    yield now.overdue(deed.entered), "33: before expiry"
    yield now.due_on is None, "33: no clock runs"
    fits = now.state in (State.IN_HAND, State.CONSULTING) and not now.reopened and not q.did("defer")
    yield False if fits else None, "33: silent"


def notice_fee(q: Question, now: Standing, deed: Deed) -> Broken:
    yield from in_hand(now, "42")
    yield now.reopened, "42: the term was ordered"
    yield q.did("receive_payment"), "42, 109: paid"
    yield from between(now.received_on, deed.on, deed.entered, "42")
    yield now.due_on is not None and deed.on > now.due_on, "9: within the term only"
    places = place_in_month(q)
    free = [place <= FREE_REQUESTS for place in places]
    yield True if all(free) else None if any(free) else False, "9, 109: from the 11th request"
    sums = {fee_by_pages(deed.pages)} if deed.pages else {fee_by_request(place) for place in places}
    yield deed.amount <= 0 or deed.amount not in sums, "109: the computed amount"
    yield None if len(sums) > 1 else False, "109: which month is open"


def withdraw_fee(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.FEE, "9: no notice"


def receive_payment(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.FEE, "42: no notice"
    noticed = newest(q.case.facts, "notice_fee")
    yield from between(noticed.on if noticed else None, deed.on, deed.entered, "42")
    yield None if now.pay_by is not None and deed.on > now.pay_by else False, "109: after the last day"


def lapse_unpaid(q: Question, now: Standing, deed: Deed) -> Broken:
    yield now.state is not State.FEE, "42"
    yield now.pay_by is not None and deed.entered <= now.pay_by, "109: still in time"
