"""When the county wants last year's annual report, and whether it has it.

Art. 49 sets 31 January for departments of a county and above and 31 March for the government's own report;
towns are not named, the county collects theirs and says until when (setting `annual_report_by`).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.dialogue import reminders

_REMINDED_FROM = (1, 5)  # month and day: the year's figures are complete, and offices are back
_REMINDED_UNTIL = (3, 31)


def due_on(by: str, year: int) -> date:
    """The day by which the report of `year` is wanted; `by` is month-day, as in the settings."""
    month, day = (int(part) for part in by.split("-"))
    return date(year + 1, month, day)


def year_wanted(today: date) -> int:
    """The year whose report is being made now: until the end of March the last one."""
    return today.year - 1 if (today.month, today.day) <= _REMINDED_UNTIL else today.year


def year_due(connection: Connection, today: date) -> int | None:
    """The year of which staff are reminded each morning, None while there is none."""
    if not _REMINDED_FROM <= (today.month, today.day) <= _REMINDED_UNTIL:
        return None
    year = today.year - 1
    return None if is_sent(connection, year) else year


def is_sent(connection: Connection, year: int) -> bool:
    """Whether staff have said that the county has it."""
    return bool(reminders.made(connection, [_key(year)]))


def note_sent(connection: Connection, now: datetime, year: int) -> None:
    """Once and for all; saying it twice does no harm."""
    reminders.make(connection, now, key=_key(year), subject="", kind=reminders.ANNUAL)


def _key(year: int) -> str:
    return f"annual/{year}/sent"
