"""A request's state in plain words, for whoever reads it: its line in a list, its page, its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.desk.masking import mask
from bot.desk.model import DisclosureRequest, Event, Inquiry, InquiryStatus, Outcome
from bot.desk.record_correction import RecordCorrection
from bot.desk.remedies import decision_number
from bot.dialogue.voice import Voice
from bot.messages import Part, Style

_SHORT = 24  # characters of a request's content that fit a line or a button
_MOST_EVENTS = 60  # of a request that met everything; they fit one message


def shortened(text: str, most: int = _SHORT) -> str:
    """One line of at most `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def about(text: str, most: int = _SHORT) -> str:
    """What a request is about, on one line or a button; numbers of people in it are masked."""
    return shortened(mask(text).text, most)


def request_line(voice: Voice, request: DisclosureRequest, today: date, *, for_staff: bool = False) -> str:
    """Number, what it is about, where it is and until when."""
    return voice.word(
        "request_line",
        number=request.number,
        about=about(request.content),
        status=status_word(voice, request, today, for_staff=for_staff),
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


def status_word(voice: Voice, request: DisclosureRequest, today: date, *, for_staff: bool = False) -> str:
    """The status, with the day until which something is owed.  Staff are told who has to do something."""
    status = state_word(voice, request, for_staff=for_staff)
    if not request.status.is_open or request.due_on is None:
        return status
    event = "status_overdue" if request.is_overdue(today) else "status_due"
    return voice.word(event, status=status, day=voice.due(request))


def state_word(voice: Voice, request: DisclosureRequest, *, for_staff: bool = False) -> str:
    """Where a request is, without its day."""
    told = f"staff_status_{request.status.value}"
    return voice.word(told if for_staff and voice.words.knows(told) else f"status_{request.status.value}")


def request_parts(voice: Voice, request: DisclosureRequest, today: date) -> list[Part]:
    """What is wanted, where it is, what happens next."""
    parts = [
        Part(voice.word("request_heading", number=request.number), Style.STRONG),
        Part(request.content, Style.QUOTE),
        Part(status_word(voice, request, today)),
        Part(_what_next(voice, request, today), Style.SMALL),
    ]
    if request.correction_due_on and request.status.value == "correction_asked":
        parts.append(Part(voice.word("correct_until", day=voice.limit(request.correction_due_on))))
    if request.provisional and request.status.is_open:
        parts.append(voice.small("due_date_provisional"))
    if request.last_outcome is not None:
        parts.append(Part(voice.word("outcome_line", outcome=outcome_in_words(voice, request.last_outcome))))
    return parts


def outcome_in_words(voice: Voice, outcome: Outcome) -> str:
    """The legal name of an outcome, and what it means for whoever asked."""
    return voice.word("outcome_plain", outcome=outcome.name_told, plain=voice.word(f"plain_{outcome.code}"))


def _what_next(voice: Voice, request: DisclosureRequest, today: date) -> str:
    """What happens next; of a request that is late what its applicant can do (art. 51)."""
    is_late = request.status.is_open and request.due_on is not None and request.is_overdue(today)
    return voice.word("next_overdue" if is_late else f"next_{request.status.value}")


def timeline(voice: Voice, events: Sequence[Event], *, for_staff: bool) -> str:
    """What happened, oldest first, one line an event.  The applicant sees nothing of internal work."""
    lines = []
    for event in events:
        name = f"{'event' if for_staff else 'told'}_{event.kind.value}"
        if for_staff and (told_on := event.day("told_on")):
            said = {field: event.text(field) for field in ("told_by", "told_to", "told_how")}
            lines.append(
                voice.word("event_withdrawn_told", day=voice.day(event.on), on=voice.day(told_on), **said)
            )
        elif voice.words.knows(name):
            checked = {field: event.text(field) for field in ("document", "how")}  # of an identity check
            number = decision_number(event.text("document_number"))  # of a review or suit
            decision = f"（{number}）" if number else ""
            shown = voice.word(name, day=voice.day(event.on), actor=event.actor, decision=decision, **checked)
            lines.append(shown)
    return "\n".join(lines[-_MOST_EVENTS:])


def is_answered(inquiry: Inquiry) -> bool:
    return inquiry.status is not InquiryStatus.OPEN and bool(inquiry.answer)
