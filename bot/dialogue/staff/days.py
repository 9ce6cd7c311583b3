"""A day as a clerk types it: 今天, 11月20日, 2026-11-20.  Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_WORDS = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "昨天": -1,
    "昨日": -1,
    "yesterday": -1,
    "前天": -2,
    "明天": 1,
    "tomorrow": 1,
}
_FULL = re.compile(r"(20\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*[日号]?")
_SHORT = re.compile(r"(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*[日号]?")


def day_in(text: str, today: date, *, ahead: bool = False) -> date | None:
    """The day that is meant, None when it is none.

    Without a year: the last such day up to today, or with `ahead` the next one from today.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    if full := _FULL.fullmatch(plain):
        return _day(int(full[1]), int(full[2]), int(full[3]))
    if short := _SHORT.fullmatch(plain):
        month, day = int(short[1]), int(short[2])
        step = 1 if ahead else -1
        found = _day(today.year, month, day)
        if found is not None and (found < today if ahead else found > today):
            found = _day(today.year + step, month, day)
        return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
