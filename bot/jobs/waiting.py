"""What a request waits for from others, when the waiting is over, and what the law says then.

    filed, the office has not confirmed       one working day, ours        a resident is stranded (art. 31)
    correction asked                          the period of the notice     may be closed: F1 (art. 30)
    third party consulted                     15 working days              the office decides (art. 32)
    other agency consulted                    15 working days              its silence is consent (art. 34)
    fee noticed                               20 working days              may be closed: F2 (art. 42)

No clock of the office runs meanwhile, or it stands still: nobody would look at it again unless told.  After a
consultation the clock goes on by itself on the day after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.desk.clock import working_days_after
from bot.desk.model import DisclosureRequest, EventKind, Status
from bot.desk.register import Register

_OPINIONS = {
    EventKind.THIRD_PARTY_CONSULTED: "silent_party",
    EventKind.AGENCY_CONSULTED: "silent_agency",
}


@dataclass(frozen=True)
class Due:
    """A reminder that ought to have been made by now."""

    key: str  # what was said is not said again under the same key
    kind: str  # unconfirmed uncorrected silent_party silent_agency unpaid soon today late
    request: DisclosureRequest
    day: date
    days: int  # working days left or late


def waited_too_long(
    register: Register, connection: Connection, now: datetime, queue: Sequence[DisclosureRequest]
) -> Iterator[Due]:
    """One for each request that has waited past its day."""
    today = now.astimezone(register.office.zone).date()
    for kind, request, day in _days(register, connection, now, queue):
        if today > day:
            days = working_days_after(register.calendar, day, today)
            yield Due(f"{request.number}/{day}/{kind}", kind, request, day, days)


def _days(
    register: Register, connection: Connection, now: datetime, queue: Sequence[DisclosureRequest]
) -> Iterator[tuple[str, DisclosureRequest, date]]:
    """What each request waits for, and the last day of it."""
    desk = register.session(connection, now)
    for request in desk.requests.unconfirmed():
        yield "unconfirmed", request, desk.requests.confirm_by(request)
    for request in queue:
        if request.status is Status.CORRECTION_ASKED and request.correction_due_on:
            yield "uncorrected", request, request.correction_due_on
        if request.status in (Status.THIRD_PARTY, Status.OTHER_AGENCY):
            awaited = desk.consultations.pending(request.number)
            for kind, answer_by in dict.fromkeys((_OPINIONS[each.kind], each.silent_on) for each in awaited):
                yield kind, request, answer_by
        if request.status is Status.FEE_NOTICED:
            pay_by = desk.requests.standing(request.number).payment_due_on
            if pay_by is not None:
                yield "unpaid", request, pay_by
