"""What happened on the way to a reply, as its letter tells it: correction, opinions, longer terms.  Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.desk.model import Event, EventKind
from bot.desk.remedies import RECONSIDERATION, decision_number

# What reached the office: by whether the reviewing body sent it, and whether it ended otherwise than by a
# decision (调解 and the like).
_SETTLED = "other"
_NAMES = {
    (True, False): "行政复议决定",
    (True, True): "行政复议机关的文书",
    (False, False): "人民法院的裁判",
    (False, True): "人民法院的文书",
}
_CONSULTED = (EventKind.THIRD_PARTY_CONSULTED, EventKind.AGENCY_CONSULTED)
# 附件：…, 附件1：…, and the numbered lines below it.
_FIRST_ATTACHED = re.compile(r"附件[ 　]*(?:[：:]|(?=[0-9一二三四五六七八九十]))")
_NUMBER = re.compile(r"[ 　]*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[ 　]*[.\uff0e、：:][ 　]*")


def course(events: Sequence[Event]) -> dict[str, str]:
    """Facts of a reply letter: days, "" where the step did not happen."""
    asked = _last(events, EventKind.CORRECTION_ASKED)
    corrected = _last(events, EventKind.CORRECTION_RECEIVED)
    extended = _last(events, EventKind.EXTENDED)
    consulted = dict.fromkeys(_day(event.on) for event in events if event.kind in _CONSULTED)
    ordered = _last(events, EventKind.REDECISION_ORDERED)
    return {
        "ordered_on": _day(ordered.on) if ordered else "",
        "ordered_by": _decision(events, ordered) if ordered else "",
        "correction_asked_on": _day(asked.on) if asked else "",
        "corrected_on": _day(corrected.on) if corrected else "",
        "consulted_on": "、".join(consulted),
        "extended_on": _day(extended.on) if extended else "",
        "extended_by": extended.text("working_days") if extended else "",
    }


def split_attachments(text: str) -> tuple[str, tuple[str, ...]]:
    """The text of a reply without its last lines 附件：…, and what they name.

    A text of nothing but attachments stays whole: a letter says something.
    """
    lines = text.strip().splitlines()
    first = next((place for place, line in enumerate(lines) if _FIRST_ATTACHED.match(line.strip())), 0)
    if first == 0:
        return text, ()
    rest = [line.strip() for line in lines[first:] if line.strip()]
    if not all(_FIRST_ATTACHED.match(line) or _NUMBER.match(line) for line in rest):
        return text, ()
    names = [_NUMBER.sub("", _FIRST_ATTACHED.sub("", line), count=1).rstrip("。；;. ") for line in rest]
    return "\n".join(lines[:first]).rstrip(), tuple(name for name in names if name)


def _decision(events: Sequence[Event], ordered: Event) -> str:
    """What ordered it, as a letter says it: with its number and day where they were recorded."""
    remedy = ordered.text("remedy")
    before = [event for event in events if event.ordinal < ordered.ordinal and event.text("remedy") == remedy]
    decided = _last(before, EventKind.REMEDY_DECIDED)
    name = _NAMES[remedy == RECONSIDERATION, decided is not None and decided.text("result") == _SETTLED]
    recorded = decided.text("document_number") if decided else ""
    if decided is None or not recorded:  # of an older program, or erased
        return name
    number = decision_number(recorded)
    return f"{name}（{number}，{_day(decided.on)}作出）" if number else f"{_day(decided.on)}作出的{name}"


def _last(events: Sequence[Event], kind: EventKind) -> Event | None:
    return next((event for event in reversed(events) if event.kind is kind), None)


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
