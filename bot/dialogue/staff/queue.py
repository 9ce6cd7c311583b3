"""The queue: open requests, soonest due first, with a mark on what is late.

After them record corrections (art. 41) and open inquiries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, Inquiry, Status
from bot.desk.record_correction import RecordCorrection
from bot.dialogue import cards, record_card
from bot.dialogue.handling import handles
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import about, inquiry_line, record_correction_line, request_line
from bot.dialogue.staff import record_corrections, remedies
from bot.dialogue.unreached import unreached
from bot.dialogue.visit import Visit, turn
from bot.mailbox.topics import lost_topics
from bot.messages import Button, Part, Turn

Queued = DisclosureRequest | RecordCorrection | Inquiry
_PAGE = 8


@dataclass(frozen=True)
class Waiting:
    """All that is open, as every list of it counts."""

    requests: Sequence[DisclosureRequest]
    records: Sequence[RecordCorrection]
    inquiries: Sequence[Inquiry]

    @property
    def everything(self) -> list[Queued]:
        return [*self.requests, *self.records, *self.inquiries]

    def counts(self, today: date) -> dict[str, Any]:
        """What the heading of the queue says."""
        late = sum(request.is_overdue(today) for request in self.requests)
        return {"requests": len(self.requests), "inquiries": len(self.inquiries), "late": late}


def waiting_now(visit: Visit) -> Waiting:
    """Requests, soonest due first; then record corrections, then inquiries."""
    desk = visit.desk
    return Waiting(desk.requests.queue(), desk.record_corrections.waiting(), desk.inquiries.waiting())


def show(visit: Visit, offset: int = 0) -> Turn:
    """One page of what is open."""
    waiting = waiting_now(visit)
    everything = waiting.everything
    page = everything[offset : offset + _PAGE]
    if not page:
        return turn(visit.voice.message("queue_empty", *remedies.remark(visit)))
    return turn(
        visit.voice.message(
            "queue",
            Part(_lines(visit, page)),
            *remarks(visit, waiting),
            **waiting.counts(visit.today),
            buttons=[*([_button(visit, each)] for each in page), _paging(visit, offset, len(everything))],
            edits=visit.pressed_message,
        )
    )


def remarks(visit: Visit, waiting: Waiting) -> list[Part]:
    """What the heading of the queue does not count: record corrections, remedies."""
    count = len(waiting.records)
    records = [visit.voice.small("queue_record_corrections", count=count)] if count else []
    return [*records, *remedies.remark(visit)]


@handles(Act.QUEUE)
def press_queue(visit: Visit, payload: Payload) -> Turn:
    return show(visit, int(payload.arguments[0]))


def _lines(visit: Visit, page: Sequence[Queued]) -> str:
    """One line each; a topic of the group that was deleted is noted, for its history is gone."""
    lost = lost_topics(visit.connection, visit.settings.staff_chat) if visit.settings.staff_chat else set()
    silent = unreached(visit.connection, [each.number for each in page])
    lines = [_line(visit, each, lost) for each in page]
    return "\n".join(
        visit.voice.word("queue_unreached", line=line) if each.number in silent else line
        for each, line in zip(page, lines, strict=True)
    )


def _line(visit: Visit, each: Queued, lost: set[str]) -> str:
    if isinstance(each, Inquiry):
        line = inquiry_line(visit.voice, each)
    elif isinstance(each, RecordCorrection):
        line = record_correction_line(visit.voice, each)
    else:
        line = request_line(visit.voice, each, visit.today, for_staff=True)
        for event, count in marks(visit, each):
            line = visit.voice.word(event, line=line, count=count)
    return visit.voice.word("queue_topic_lost", line=line) if each.number in lost else line


def marks(visit: Visit, request: DisclosureRequest) -> list[tuple[str, int]]:
    """What the line of a request is marked with, each by its words and how many."""
    entered_late = len(cards.waiting_entries(visit, request))
    told = (
        ("queue_late", int(request.is_overdue(visit.today))),
        ("queue_late_entries", entered_late),
        ("queue_extension_wanted", int(cards.extension_wanted(visit, request) is not None)),
        ("queue_review_pending", int(cards.waits_for_review(visit, request))),
    )
    return [(event, count) for event, count in told if count]


def _button(visit: Visit, each: Queued) -> Button:
    if isinstance(each, Inquiry):
        act, text = Act.INQUIRY_CARD, each.question
    elif isinstance(each, RecordCorrection):
        act, text = Act.CARD, each.record
    else:
        act, text = Act.CARD, each.content
    return visit.voice.button("button_numbered", act, each.number, number=each.number, about=about(text, 14))


def _paging(visit: Visit, offset: int, total: int) -> list[Button]:
    row = []
    if offset:
        row.append(visit.voice.button("button_previous", Act.QUEUE, max(0, offset - _PAGE)))
    if offset + _PAGE < total:
        row.append(visit.voice.button("button_next", Act.QUEUE, offset + _PAGE))
    return row


@handles(Act.CARD, Act.INQUIRY_CARD)
def press_card(visit: Visit, payload: Payload) -> Turn:
    """The card of a request."""
    return show_number(visit, payload.arguments[0])


def search(visit: Visit, text: str) -> Turn:
    """Requests by words of their content, open or ended."""
    return _found(visit, visit.desk.requests.search(text))


def only(visit: Visit, word: str) -> Turn | None:
    """The requests that a word picks: open ones by 逾期, 我的 …, contested ones by 复议; else None."""
    if word in _REMEDIES:
        pending = visit.desk.remedies.pending()
        numbers = dict.fromkeys(remedy.number for remedy in pending)
        return _found(visit, [visit.desk.requests.get(number) for number in numbers])
    return _found(visit, picked(visit, word)) if word in FILTERS else None


def picked(visit: Visit, word: str) -> list[DisclosureRequest]:
    """The open requests that a word of FILTERS picks, in the order of the queue."""
    wanted = FILTERS[word]
    return [each for each in visit.desk.requests.queue() if wanted(visit, each)]


def _found(visit: Visit, requests: Sequence[DisclosureRequest]) -> Turn:
    """The first of these, each with its button."""
    found = requests[:_PAGE]
    if not found:
        return turn(visit.voice.message("search_nothing"))
    rows = [[_button(visit, each)] for each in found]
    return turn(visit.voice.message("search_found", Part(_lines(visit, found)), buttons=rows))


def _is_reopened(visit: Visit, request: DisclosureRequest) -> bool:
    return request.is_reopened


def _is_late(visit: Visit, request: DisclosureRequest) -> bool:
    return request.is_overdue(visit.today)


def _is_mine(visit: Visit, request: DisclosureRequest) -> bool:
    return request.assigned_to == visit.person


def _is_nobodys(visit: Visit, request: DisclosureRequest) -> bool:
    return not request.assigned_to


def _in(*statuses: Status) -> Callable[[Visit, DisclosureRequest], bool]:
    return lambda visit, request: request.status in statuses


_REMEDIES = ("复议", "诉讼", "复议诉讼", "remedies")
FILTERS: dict[str, Callable[[Visit, DisclosureRequest], bool]] = {
    "逾期": _is_late,
    "late": _is_late,
    "我的": _is_mine,
    "mine": _is_mine,
    "重新办理": _is_reopened,
    "reopened": _is_reopened,
    "未分办": _is_nobodys,
    "unassigned": _is_nobodys,
    "待确认": _in(Status.SUBMITTED),
    "待补正": _in(Status.CORRECTION_ASKED),
    "待缴费": _in(Status.FEE_NOTICED),
    "征求意见": _in(Status.THIRD_PARTY, Status.OTHER_AGENCY),
    "待审核": _in(Status.DRAFTED),
    "待延期": lambda visit, request: cards.extension_wanted(visit, request) is not None,
    "待送达": _in(Status.REVIEWED, Status.SIGNED),
}


def show_number(visit: Visit, number: str) -> Turn:
    """The card of a request, record correction or inquiry, by its number."""
    if record_corrections.is_number(number):
        try:
            record = visit.desk.record_corrections.get(number)
        except DeskError:
            return turn(visit.voice.message("no_such_number"))
        return turn(record_card.card(visit, visit.voice, record))
    try:
        request = visit.desk.requests.get(number)
        return turn(cards.request_card(visit, visit.voice, request))
    except DeskError:
        pass
    try:
        inquiry = visit.desk.inquiries.get(number)
        return turn(cards.inquiry_card(visit, visit.voice, inquiry))
    except DeskError:
        return turn(visit.voice.message("no_such_number"))
