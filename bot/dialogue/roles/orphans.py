"""Open requests of somebody who is staff no more: leaders are told each day until somebody else has them.

`/revoke` hands over by itself.  This is for who was taken out of the settings, where nobody says to whom.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.dialogue import reminders
from bot.dialogue.visit import Services
from bot.messages import Address, Outgoing

_MOST = 10_000  # open requests looked at
_LISTED = 20  # numbers in one message


def due_orphans(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """One message about each such person, to the leaders, else to all staff; once a day."""
    settings = services.settings
    local = now.astimezone(settings.zone)
    if local.hour < reminders.FROM_HOUR:
        return []
    told: list[Outgoing] = []
    for person, numbers in _orphans(services, connection).items():
        key = f"orphaned/{local.date()}/{person}"[:96]
        if reminders.made(connection, [key]):
            continue
        if reminders.make(connection, now, key=key, subject="", kind=reminders.ORPHANED) is None:
            continue
        for address in settings.leaders or settings.handlers:
            voice = services.voice_of(connection, Address.parse(address))
            shown = "、".join(numbers[:_LISTED])
            told.append(voice.message("orphaned", person=person, count=len(numbers), numbers=shown))
    return told


def _orphans(services: Services, connection: Connection) -> dict[str, list[str]]:
    """Who holds open requests without being staff, and which."""
    found: dict[str, list[str]] = {}
    for request in services.register.session(connection).requests.queue(_MOST):
        if request.assigned_to and request.assigned_to not in services.settings.handlers:
            found.setdefault(request.assigned_to, []).append(request.number)
    return found
