"""When the calendar changes, due dates move: each is recorded, listed to staff and told to its applicant.

calendar file written ─▶ next round: read ─┬─ wrong ─▶ the old calendar stays, admins are told what is wrong
                                           └─ right ─▶ every open request is counted again
each morning, and after a start with another calendar ─▶ the same
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.desk.acts.reading import Moved
from bot.desk.calendar import WorkingCalendar
from bot.desk.notices import CalendarError, CalendarFile
from bot.desk.register import Register
from bot.dialogue import reminders
from bot.dialogue.payload import Act
from bot.dialogue.visit import Services
from bot.dialogue.voice import Voice
from bot.messages import Address, Outgoing, Part, Style


def follow_file(
    file: CalendarFile, register: Register, services: Services, connection: Connection
) -> list[Outgoing]:
    """Give a changed file to the register; one that is wrong is shown to the admins, the old stays in use."""
    try:
        notices = file.read_if_changed()
    except CalendarError as error:
        voices = [_voice(services, connection, admin) for admin in services.settings.admins]
        return [voice.message("calendar_wrong", Part(str(error), Style.QUOTE)) for voice in voices]
    if notices is not None:
        register.calendar = WorkingCalendar(notices)
    return []


def due_moves(services: Services, connection: Connection, now: datetime) -> list[Outgoing]:
    """Once each morning and for each new calendar: every open request counted again."""
    local = now.astimezone(services.settings.zone)
    key = f"recount/{local.date()}/{services.register.calendar.fingerprint}"
    if local.hour < reminders.FROM_HOUR or reminders.made(connection, [key]):
        return []
    if reminders.make(connection, now, key=key, subject="", kind=reminders.RECOUNT) is None:
        return []
    moved = [
        each
        for each in services.register.session(connection, now).requests.recompute()
        if each.was is not None and each.now is not None
    ]
    return [*_to_applicants(services, connection, moved), *_to_staff(services, connection, moved)]


def _to_applicants(services: Services, connection: Connection, moved: Sequence[Moved]) -> Iterator[Outgoing]:
    for each in moved:
        request = services.register.session(connection).requests.get(each.number)
        if request.person and each.was and each.now:
            voice = _voice(services, connection, request.person)
            detail = voice.button("button_see_request", Act.MY_REQUEST, each.number)
            yield voice.message(
                "due_date_moved",
                number=each.number,
                was=voice.day(each.was),
                now=voice.limit(each.now),
                buttons=[[detail]],
            )


def _to_staff(services: Services, connection: Connection, moved: Sequence[Moved]) -> Iterator[Outgoing]:
    """One list for each member of staff: of the requests they have taken, and of those nobody has."""
    lists: dict[str, list[Moved]] = {}
    for each in moved:
        assigned_to = services.register.session(connection).requests.get(each.number).assigned_to
        for address in _staff(services, assigned_to):
            lists.setdefault(address, []).append(each)
    for address, some in lists.items():
        voice = _voice(services, connection, address)
        lines = "\n".join(_line(voice, each) for each in some)
        queue = voice.button("button_queue", Act.QUEUE, 0)
        yield voice.message("due_dates_moved", Part(lines), count=len(some), buttons=[[queue]])


def _line(voice: Voice, each: Moved) -> str:
    assert each.was is not None
    assert each.now is not None
    return voice.word(
        "due_dates_moved_line", number=each.number, was=voice.day(each.was), now=voice.limit(each.now)
    )


def _voice(services: Services, connection: Connection, address: str) -> Voice:
    return services.voice_of(connection, Address.parse(address))


def _staff(services: Services, assigned_to: str) -> tuple[str, ...]:
    settings = services.settings
    if assigned_to in settings.handlers:
        return (assigned_to,)
    return (settings.staff_chat,) if settings.staff_chat else settings.handlers
