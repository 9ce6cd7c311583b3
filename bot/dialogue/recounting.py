"""When the calendar changes, due dates move: each is recorded, listed to staff and told to its applicant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.dialogue import reminders
from bot.dialogue.messages import Address, Outgoing
from bot.dialogue.payload import Act
from bot.dialogue.reminding import FROM_HOUR
from bot.dialogue.visit import Services
from bot.dialogue.voice import Voice


def due_moves(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """Once each morning: every open request counted again on the calendar as it is now."""
    local = now.astimezone(services.settings.zone)
    key = f"recount/{local.date()}"
    if local.hour < FROM_HOUR or reminders.made(connection, [key]):
        return []
    if reminders.make(connection, now, key=key, subject="", kind=reminders.RECOUNT) is None:
        return []
    told: list[Outgoing] = []
    for moved in services.register.recompute(connection, now):
        if moved.was is None or moved.now is None:
            continue
        request = services.register.get(connection, moved.number)
        for address in filter(None, (*_staff(services, request.assigned_to), request.person)):
            voice = services.voice_of(connection, Address.parse(address))
            act = Act.MY_REQUEST if address == request.person else Act.CARD
            told.append(_message(voice, act, moved.number, voice.day(moved.was), voice.day(moved.now)))
    return told


def _message(voice: Voice, act: Act, number: str, was: str, now: str) -> Outgoing:
    detail = voice.button("button_see_request", act, number)
    return voice.message("due_date_moved", number=number, was=was, now=now, buttons=[[detail]])


def _staff(services: Services, assigned_to: str) -> tuple[str, ...]:
    settings = services.settings
    if assigned_to in settings.handlers:
        return (assigned_to,)
    return (settings.staff_chat,) if settings.staff_chat else settings.handlers
