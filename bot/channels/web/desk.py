"""The desk's queue: what is open, by days left on the clock of law, in the words of the chat's queue.

For everybody who is not staff these pages do not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import working_days_after
from bot.desk.model import DisclosureRequest, EventKind, Inquiry, Status
from bot.dialogue.progress import about, record_correction_word, state_word
from bot.dialogue.staff import queue
from bot.dialogue.staff.queue import Queued, Waiting
from bot.dialogue.unreached import unreached
from bot.dialogue.visit import Visit

from .conversing import Conversing
from .pages import Pages

if TYPE_CHECKING:
    from bot.program import Program

_LONGEST_SEARCH = 40
_ABOUT = 40
_PAGE = 50
UNTOUCHED = "untouched"
UNTOUCHED_AFTER = 5  # working days in which no officer did anything
_LOOKS = (EventKind.IDENTITY_VIEWED,)
_WAITS_FOR_OTHERS = (
    Status.CORRECTION_ASKED,
    Status.REASONS_ASKED,
    Status.FEE_NOTICED,
    Status.THIRD_PARTY,
    Status.OTHER_AGENCY,
)
# How an address names what the queue can be narrowed to, and the word of the chat for it.
FILTERS = {
    "mine": "mine",
    "unassigned": "unassigned",
    "late": "late",
    "unconfirmed": "待确认",
    "correction": "待补正",
    "consulting": "征求意见",
    "fee": "待缴费",
    "review": "待审核",
    "extension": "待延期",
    "serving": "待送达",
    "reopened": "reopened",
}


@dataclass(frozen=True)
class Row:
    """One line of the queue; `days` are working days until it is due, negative = overdue."""

    number: str
    wanted: str
    applicant: str
    status: str
    marks: str
    due: str = ""
    days: int | None = None
    handler: str = ""
    untouched: int = 0  # working days since an officer did something with it; 0 = not told


class Desk:
    def __init__(self, program: Program, pages: Pages, conversing: Conversing) -> None:
        self._program = program
        self._pages = pages
        self._conversing = conversing

    async def queue(self, request: Request) -> Response:
        return await run_in_threadpool(self._queue, request)

    def _queue(self, request: Request) -> Response:
        query = request.query_params
        sought, only = query.get("q", "").strip()[:_LONGEST_SEARCH], query.get("only", "")
        given = query.get("from", "")[:6]
        start = int(given) if given.isascii() and given.isdecimal() else 0
        with self._program.ledger.reading() as connection:
            if not self._conversing.office_visit(connection, request).is_staff:  # an admin's desk
                return RedirectResponse(self._pages.url("/desk/more"), 303)
            visit = self._conversing.staff_visit(connection, request)
            if only and only not in FILTERS and not (only == UNTOUCHED and visit.is_leader):
                raise HTTPException(404)
            waiting = queue.waiting_now(visit)
            found = _found(visit, waiting, sought, only)
            page = found[start : start + _PAGE]
            silent = unreached(connection, [each.number for each in page])
            rows = [_row(visit, each, only, is_silent=each.number in silent) for each in page]
            heading = visit.voice.word("queue", **waiting.counts(visit.today))
            remarks = [part.text for part in queue.remarks(visit, waiting)]
        return self._pages.page(
            request,
            "desk.html",
            heading=heading,
            remarks=remarks,
            rows=rows,
            sought=sought,
            only=only,
            filters=(*FILTERS, *((UNTOUCHED,) if visit.is_leader else ())),
            found=len(found),
            start=start,
            following=start + _PAGE if start + _PAGE < len(found) else 0,
            before=max(0, start - _PAGE),
            untouched_after=UNTOUCHED_AFTER,
            is_staff=True,
        )


def _found(visit: Visit, waiting: Waiting, sought: str, only: str) -> list[Queued]:
    """What the address asks for: open ones by their state; by words also requests that have ended."""
    found: list[Queued] = waiting.everything
    if only in FILTERS:
        found = list(queue.picked(visit, FILTERS[only]))
    elif only:
        found = [each for each in waiting.requests if _untouched(visit, each) >= UNTOUCHED_AFTER]
    if not sought:
        return found
    by_words = list(visit.desk.requests.search(sought))
    numbers = {each.number for each in by_words}
    found = [each for each in found if each.number in numbers or sought in _text(each)]
    if not only:
        found += [each for each in by_words if not each.status.is_open]
    return found


def _text(each: Queued) -> str:
    if isinstance(each, DisclosureRequest):
        return each.number
    return f"{each.number} {each.question if isinstance(each, Inquiry) else each.record}"


def _row(visit: Visit, each: Queued, only: str, *, is_silent: bool) -> Row:
    """`is_silent`: a message about it did not arrive."""
    voice = visit.voice
    not_reached = voice.word("queue_unreached", line="") if is_silent else ""
    if isinstance(each, Inquiry):
        status = voice.word(f"inquiry_status_{each.status.value}")
        return Row(each.number, about(each.question, _ABOUT), "", status, not_reached)
    if not isinstance(each, DisclosureRequest):
        handler = voice.officer(each.assigned_to) if each.assigned_to else ""
        status = record_correction_word(voice, each)
        return Row(
            each.number,
            about(each.record, _ABOUT),
            each.applicant_masked,
            status,
            not_reached,
            handler=handler,
        )
    return Row(
        each.number,
        about(each.content, _ABOUT),
        each.applicant_masked,
        state_word(voice, each, for_staff=True),
        not_reached
        + "".join(voice.word(event, line="", count=count) for event, count in queue.marks(visit, each)),
        voice.due(each) if each.status.is_open else "",
        days_left(visit.register.calendar, visit.today, each.due_on) if each.status.is_open else None,
        voice.officer(each.assigned_to) if each.assigned_to else "",
        _untouched(visit, each) if only == UNTOUCHED else 0,
    )


def days_left(calendar: WorkingCalendar, today: date, due: date | None) -> int | None:
    """Working days after today until `due`; -1 when it has passed, None while no clock runs."""
    if due is None:
        return None
    if due < today:
        return -1
    ahead = (today + timedelta(days=day) for day in range(1, (due - today).days + 1))
    return sum(calendar.is_working_day(day) for day in ahead)


def _untouched(visit: Visit, request: DisclosureRequest) -> int:
    """Working days in which no officer did anything with it, since it was filed where none ever has.

    0 while others are waited for: their time is counted elsewhere.
    """
    if request.status in _WAITS_FOR_OTHERS:
        return 0
    events = visit.desk.requests.history(request.number)
    done = [each for each in events if each.actor not in ("", request.person) and each.kind not in _LOOKS]
    last = (done or events)[-1].at.astimezone(visit.settings.zone).date()
    return working_days_after(visit.register.calendar, last, visit.today)
