"""A request's state in plain words, for whoever reads it: its line in a list, its page, its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.desk.masking import mask
from bot.desk.model import DisclosureRequest, Event, Inquiry, InquiryStatus
from bot.desk.record_correction import RecordCorrection
from bot.dialogue.messages import Part, Style
from bot.dialogue.voice import Voice

_SHORT = 24  # characters of a request's content that fit a line or a button
_MOST_EVENTS = 12  # the newest ones; more do not fit a screen


def shortened(text: str, most: int = _SHORT) -> str:
    """One line of at most `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def about(text: str, most: int = _SHORT) -> str:
    """What a request is about, on one line or a button; numbers of people in it are masked."""
    return shortened(mask(text).text, most)


def request_line(voice: Voice, request: DisclosureRequest, today: date) -> str:
    """Number, what it is about, where it is and until when."""
    return voice.word(
        "request_line",
        number=request.number,
        about=about(request.content),
        status=status_word(voice, request, today),
    )


def inquiry_line(voice: Voice, inquiry: Inquiry) -> str:
    return voice.word(
        "request_line",
        number=inquiry.number,
        about=about(inquiry.question),
        status=voice.word(f"inquiry_status_{inquiry.status.value}"),
    )


def record_correction_line(voice: Voice, found: RecordCorrection) -> str:
    return voice.word(
        "request_line",
        number=found.number,
        about=about(found.record),
        status=record_correction_word(voice, found),
    )


def record_correction_word(voice: Voice, found: RecordCorrection) -> str:
    return voice.word(f"record_status_{found.status.value}")


def status_word(voice: Voice, request: DisclosureRequest, today: date) -> str:
    """The status, with the day until which something is owed."""
    status = voice.word(f"status_{request.status.value}")
    if not request.status.is_open or request.due_on is None:
        return status
    event = "status_overdue" if request.is_overdue(today) else "status_due"
    return voice.word(event, status=status, day=voice.day(request.due_on))


def request_parts(voice: Voice, request: DisclosureRequest, today: date) -> list[Part]:
    """What is wanted, where it is, what happens next."""
    parts = [
        Part(voice.word("request_heading", number=request.number), Style.STRONG),
        Part(request.content, Style.QUOTE),
        Part(status_word(voice, request, today)),
        Part(voice.word(f"next_{request.status.value}"), Style.SMALL),
    ]
    if request.correction_due_on and request.status.value == "correction_asked":
        parts.append(Part(voice.word("correct_until", day=voice.day(request.correction_due_on))))
    if request.provisional and request.status.is_open:
        parts.append(voice.small("due_date_provisional"))
    if request.outcome is not None:
        parts.append(Part(voice.word("outcome_line", outcome=request.outcome.label)))
    return parts


def timeline(voice: Voice, events: Sequence[Event], *, for_staff: bool) -> str:
    """What happened, oldest first, one line an event.  The applicant sees nothing of internal work."""
    lines = []
    for event in events:
        name = f"{'event' if for_staff else 'told'}_{event.kind.value}"
        if voice.words.knows(name):
            checked = {field: event.text(field) for field in ("document", "how")}  # of an identity check
            lines.append(voice.word(name, day=voice.day(event.on), actor=event.actor, **checked))
    return "\n".join(lines[-_MOST_EVENTS:])


def is_answered(inquiry: Inquiry) -> bool:
    return inquiry.status is not InquiryStatus.OPEN and bool(inquiry.answer)
