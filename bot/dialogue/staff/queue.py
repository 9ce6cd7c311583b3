"""The queue: open requests, soonest due first, with a mark on what is late.

After them record corrections (art. 41) and open inquiries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.desk.errors import DeskError
from bot.desk.model import DisclosureRequest, Inquiry, Status
from bot.desk.record_correction import RecordCorrection
from bot.dialogue.chats import lost_topics
from bot.dialogue.messages import Button, Part, Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import about, inquiry_line, record_correction_line, request_line
from bot.dialogue.staff import card, record_corrections
from bot.dialogue.visit import Press, Visit, turn

Queued = DisclosureRequest | RecordCorrection | Inquiry
_PAGE = 8


def show(visit: Visit, offset: int = 0) -> Turn:
    """One page of what is open."""
    requests = list(visit.register.queue(visit.connection))
    inquiries = list(visit.register.inquiries_open(visit.connection))
    records = list(visit.register.record_corrections_open(visit.connection))
    everything: list[Queued] = [*requests, *records, *inquiries]
    page = everything[offset : offset + _PAGE]
    if not page:
        return turn(visit.voice.message("queue_empty"))
    late = sum(request.is_overdue(visit.today) for request in requests)
    return turn(
        visit.voice.message(
            "queue",
            Part(_lines(visit, page)),
            *([visit.voice.small("queue_record_corrections", count=len(records))] if records else []),
            requests=len(requests),
            inquiries=len(inquiries),
            late=late,
            buttons=[*([_button(visit, each)] for each in page), _paging(visit, offset, len(everything))],
            edits=visit.pressed_message,
        )
    )


def press_queue(visit: Visit, payload: Payload) -> Turn:
    return show(visit, int(payload.arguments[0]))


def _lines(visit: Visit, page: Sequence[Queued]) -> str:
    """One line each; a topic of the group that was deleted is noted, for its history is gone."""
    lost = lost_topics(visit.connection, visit.settings.staff_chat) if visit.settings.staff_chat else set()
    return "\n".join(_line(visit, each, lost) for each in page)


def _line(visit: Visit, each: Queued, lost: set[str]) -> str:
    if isinstance(each, Inquiry):
        line = inquiry_line(visit.voice, each)
    elif isinstance(each, RecordCorrection):
        line = record_correction_line(visit.voice, each)
    else:
        line = request_line(visit.voice, each, visit.today)
        line = visit.voice.word("queue_late", line=line) if each.is_overdue(visit.today) else line
    return visit.voice.word("queue_topic_lost", line=line) if each.number in lost else line


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


def press_card(visit: Visit, payload: Payload) -> Turn:
    """The card of a request."""
    return show_number(visit, payload.arguments[0])


def search(visit: Visit, text: str) -> Turn:
    """Requests by words of their content, open or ended."""
    return _found(visit, visit.register.search(visit.connection, text))


def only(visit: Visit, word: str) -> Turn | None:
    """The open requests that a word picks, such as 逾期, 我的, 待补正; None for any other word."""
    wanted = _FILTERS.get(word)
    if wanted is None:
        return None
    return _found(visit, [each for each in visit.register.queue(visit.connection) if wanted(visit, each)])


def _found(visit: Visit, requests: Sequence[DisclosureRequest]) -> Turn:
    """The first of these, each with its button."""
    found = requests[:_PAGE]
    if not found:
        return turn(visit.voice.message("search_nothing"))
    rows = [[_button(visit, each)] for each in found]
    return turn(visit.voice.message("search_found", Part(_lines(visit, found)), buttons=rows))


def _is_late(visit: Visit, request: DisclosureRequest) -> bool:
    return request.is_overdue(visit.today)


def _is_mine(visit: Visit, request: DisclosureRequest) -> bool:
    return request.assigned_to == visit.person


def _is_nobodys(visit: Visit, request: DisclosureRequest) -> bool:
    return not request.assigned_to


def _in(*statuses: Status) -> Callable[[Visit, DisclosureRequest], bool]:
    return lambda visit, request: request.status in statuses


_FILTERS: dict[str, Callable[[Visit, DisclosureRequest], bool]] = {
    "逾期": _is_late,
    "late": _is_late,
    "我的": _is_mine,
    "mine": _is_mine,
    "未分办": _is_nobodys,
    "unassigned": _is_nobodys,
    "待确认": _in(Status.SUBMITTED),
    "待补正": _in(Status.CORRECTION_ASKED),
    "待缴费": _in(Status.FEE_NOTICED),
    "征求意见": _in(Status.THIRD_PARTY, Status.OTHER_AGENCY),
    "待审核": _in(Status.DRAFTED),
    "待送达": _in(Status.REVIEWED, Status.SIGNED),
}


def show_number(visit: Visit, number: str) -> Turn:
    """The card of a request, record correction or inquiry, by its number."""
    if record_corrections.is_number(number):
        try:
            record = visit.register.record_correction(visit.connection, number)
        except DeskError:
            return turn(visit.voice.message("no_such_number"))
        return turn(record_corrections.card(visit, visit.voice, record))
    try:
        request = visit.register.get(visit.connection, number)
        return turn(card.request_card(visit, visit.voice, request))
    except DeskError:
        pass
    try:
        inquiry = visit.register.inquiry(visit.connection, number)
        return turn(card.inquiry_card(visit, visit.voice, inquiry))
    except DeskError:
        return turn(visit.voice.message("no_such_number"))


PRESSES: dict[Act, Press] = {
    Act.QUEUE: press_queue,
    Act.CARD: press_card,
    Act.INQUIRY_CARD: press_card,
}
