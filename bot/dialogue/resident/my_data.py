"""我的数据: what is kept of a person and how long, and forgetting what no law obliges us to keep.

我的数据 ─▶ a summary, everything as a file ─ 删掉 ─▶ what goes, what stays and why ─ 确定 ─▶ gone
"""

from __future__ import annotations

from typing import Any

from bot.desk.model import Inquiry, InquiryStatus
from bot.dialogue.documents import own_data
from bot.dialogue.handling import handles
from bot.dialogue.memory import Memory
from bot.dialogue.payload import Act, Payload
from bot.dialogue.resident.subscriptions import subscribing
from bot.dialogue.visit import Visit, turn
from bot.dialogue.voice import Voice
from bot.messages import Part, Turn
from bot.settings import Settings

_YEAR = 365


def terms_in_words(voice: Voice, settings: Settings) -> dict[str, Any]:
    """How long each kind of data is kept, as people say it: 10 年, 30 天, 一直."""
    days = {
        "identity": settings.identity_kept_days,
        "inquiries": settings.inquiries_kept_days,
        "questions": settings.questions_kept_days,
        "drafts": settings.drafts_kept_days,
        "messages": settings.messages_kept_days,
    }
    return {f"{name}_kept": _term(voice, count) for name, count in days.items()}


def _term(voice: Voice, days: int) -> str:
    if not days:
        return voice.word("kept_for_ever")
    years, rest = divmod(days, _YEAR)
    leap_days = years // 4 + 1
    if years and rest <= leap_days:
        return voice.word("kept_years", years=years)
    return voice.word("kept_days", days=days)


def show(visit: Visit) -> Turn:
    """A summary, and everything as a file."""
    data = visit.desk.privacy.data_of(visit.person)
    return turn(
        visit.voice.message(
            "my_data",
            requests=len(data["requests"]),
            inquiries=len(data["inquiries"]),
            questions=len(visit.memory.questions),
            subscriptions=len(subscribing.categories_of(visit.connection, visit.person)),
            document=own_data(visit),
            buttons=[[visit.voice.button("button_forget", Act.FORGET)]],
            **terms_in_words(visit.voice, visit.settings),
        )
    )


@handles(Act.FORGET)
def press_forget(visit: Visit, payload: Payload) -> Turn:
    """What would be deleted; nothing is yet."""
    voice = visit.voice
    return turn(
        voice.message(
            "forget_ask",
            *_remaining(visit),
            questions=len(visit.memory.questions),
            subscriptions=len(subscribing.categories_of(visit.connection, visit.person)),
            inquiries=len(_inquiries(visit, is_open=False)),
            buttons=[[voice.button("button_forget_sure", Act.FORGET_SURE)]],
        )
    )


@handles(Act.FORGET_SURE)
def press_forget_sure(visit: Visit, payload: Payload) -> Turn:
    """Forms, questions, subscriptions and answered inquiries go; requests are the office's record."""
    was = visit.memory
    kept = Memory(language=was.language, language_chosen=was.language_chosen, large=was.large)
    for name in Memory.__dataclass_fields__:
        setattr(visit.memory, name, getattr(kept, name))
    subscribing.cancel(visit.connection, visit.person)
    for inquiry in _inquiries(visit, is_open=False):
        visit.desk.privacy.erase_inquiry(inquiry.number)
    return turn(visit.voice.message("forgotten", *_remaining(visit)))


def _inquiries(visit: Visit, *, is_open: bool) -> list[Inquiry]:
    mine = visit.desk.inquiries.of(visit.person)
    return [inquiry for inquiry in mine if (inquiry.status is InquiryStatus.OPEN) is is_open]


def _remaining(visit: Visit) -> list[Part]:
    """What stays, and why."""
    voice = visit.voice
    requests = visit.desk.requests.of(visit.person)
    still_open = _inquiries(visit, is_open=True)
    lines = []
    if requests:
        numbers = "、".join(request.number for request in requests)
        terms = terms_in_words(voice, visit.settings)
        lines.append(voice.word("remains_requests", numbers=numbers, identity_kept=terms["identity_kept"]))
    records = visit.desk.record_corrections.of(visit.person)
    if records:
        numbers = "、".join(record.number for record in records)
        lines.append(voice.word("remains_record_corrections", numbers=numbers))
    if still_open:
        numbers = "、".join(inquiry.number for inquiry in still_open)
        lines.append(voice.word("remains_inquiries", numbers=numbers))
    lines.append(voice.word("remains_language"))
    return [Part("\n".join((voice.word("remains"), *lines)))]
