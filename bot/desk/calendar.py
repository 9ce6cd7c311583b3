"""Working days in China, with the reason for every day.

From the library `holidays`, which transcribes the State Council's yearly notice: its holidays and, in
`weekend_workdays`, the Saturdays and Sundays worked to make up for them.  A year has an official
arrangement when the library has such make-up days for it (every notice since 2004 has some) or when the
office has entered the notice in its own file (`notices.py`).  Every other year is computed from the
statutory holidays alone and is provisional.  So are the last days of the year before it: the notice for
2019 made 2018-12-29 a working day and 2018-12-31 a holiday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from bot.desk.notices import Notice, read_notices

ONE_DAY = timedelta(days=1)
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SATURDAY = 5
_FIRST_DAY_THE_NEXT_NOTICE_MAY_MOVE = (12, 25)


@dataclass(frozen=True)
class CalendarDay:
    """One day: does it count, why, and is that official yet?"""

    on: date
    is_working_day: bool
    reason: str  # in Chinese: 工作日, 周六, 国庆节, 周日调休上班, ...
    provisional: bool = False


class WorkingCalendar:
    """Tells working days.  Immutable; an office's own notices win over the library for their years."""

    def __init__(self, notices: tuple[Notice, ...] = ()) -> None:
        self.notices = notices
        self._noticed_years = frozenset(notice.year for notice in notices)
        self._off = {on: name for notice in notices for on, name in notice.holidays}
        self._worked = {on for notice in notices for on in notice.working_days}
        self._judged: dict[date, CalendarDay] = {}  # a clock asks for the same days again and again

    @classmethod
    def with_file(cls, notices: Path | None) -> WorkingCalendar:
        """With the office's own file of newer notices, where it has one.  Raises CalendarError."""
        return cls(read_notices(notices) if notices else ())

    @property
    def fingerprint(self) -> str:
        """Another one for another calendar: the office's notices, or a newer library's."""
        told = f"{version('holidays')} {sorted(self._off.items())} {sorted(self._worked)}"
        return sha256(told.encode()).hexdigest()[:12]

    def day(self, on: date) -> CalendarDay:
        """What `on` is.  Any year from 1950."""
        found = self._judged.get(on)
        if found is None:
            working, reason = self._judge(on)
            found = CalendarDay(on, working, reason, self.is_provisional(on))
            self._judged[on] = found
        return found

    def is_working_day(self, on: date) -> bool:
        return self.day(on).is_working_day

    def is_official(self, year: int) -> bool:
        """Whether the year's arrangement has been published and is known here."""
        return year in self._noticed_years or bool(_make_up_days(year))

    def is_provisional(self, on: date) -> bool:
        if not self.is_official(on.year):
            return True
        at_the_end = (on.month, on.day) >= _FIRST_DAY_THE_NEXT_NOTICE_MAY_MOVE
        return at_the_end and not self.is_official(on.year + 1)

    def next_working_day(self, on: date) -> date:
        """The first working day after `on`."""
        following = on + ONE_DAY
        while not self.is_working_day(following):
            following += ONE_DAY
        return following

    def _judge(self, on: date) -> tuple[bool, str]:
        weekday = _WEEKDAYS[on.weekday()]
        is_weekend = on.weekday() >= _SATURDAY
        if on in self._worked:
            return True, f"{weekday}调休上班"
        if on in self._off:
            return False, self._off[on]
        if on.year not in self._noticed_years:
            if on in _make_up_days(on.year):
                return True, f"{weekday}调休上班"
            if name := _library_holidays(on.year).get(on):
                return False, name
        return (False, weekday) if is_weekend else (True, "工作日")


@lru_cache(maxsize=256)
def _library_holidays(year: int) -> dict[date, str]:
    """Days off of one year with their Chinese names, the library's date format made Chinese."""
    import holidays  # a tenth of a second that a start need not wait for

    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    return {on: _chinese_name(str(name)) for on, name in found.items()}


@lru_cache(maxsize=256)
def _make_up_days(year: int) -> frozenset[date]:
    """Weekend days worked in `year`, also those that the next year's notice made so (2018-12-29)."""
    import holidays

    calendar = holidays.country_holidays("CN", years=year)
    return frozenset(on for on in calendar.weekend_workdays if on.year == year)


def _chinese_name(name: str) -> str:
    """`休息日（由 2026-10-10 调休）` reads better as `调休放假（10月10日上班）`."""
    swapped = re.fullmatch(r"休息日（由 \d{4}-(\d\d)-(\d\d) 调休）", name)
    if swapped:
        return f"调休放假（{int(swapped[1])}月{int(swapped[2])}日上班）"
    return name.replace("农历除夕", "除夕").replace("; ", "、")
