"""Where the office is and how it is reached, in one paragraph; only what is configured is said."""

from __future__ import annotations

from bot.dialogue.visit import Visit


def office_lines(visit: Visit) -> str:
    """Name, address, telephone and hours, one a line; a sentence without them when none is configured."""
    settings, voice = visit.settings, visit.voice
    known = {
        "office_name": settings.office_name or agency(visit),
        "office_address": settings.office_address,
        "office_phone": settings.office_phone,
        "office_hours": settings.office_hours,
    }
    lines = [voice.word(event, value=value) for event, value in known.items() if value]
    return "\n".join(lines) if len(lines) > 1 else voice.word("office_unknown", name=known["office_name"])


def agency(visit: Visit) -> str:
    """The agency's name as configured, else a word that fits every township."""
    return visit.settings.agency_name or visit.voice.word("agency_unnamed")
