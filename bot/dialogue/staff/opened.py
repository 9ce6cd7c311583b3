"""Which request a clerk speaks about without naming it."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.visit import Visit

_OPEN_FOR = timedelta(hours=6)  # after that, what was looked at last is not what is meant


def open_number(visit: Visit) -> str:
    """Of the topic or of the form that waits, else the one shown last; "" for none."""
    memory = visit.memory
    if visit.subject:
        return visit.subject
    if memory.step and not memory.paused and memory.draft.get("number"):
        return memory.draft["number"]
    is_recent = memory.at is None or visit.now - memory.at <= _OPEN_FOR
    return memory.open_number if is_recent else ""
