"""A day or a number of days as a clerk types them: 今天, 11月20日, 11/20, 下周三, 20个工作日后.  Pure.

day_in("下周三", today)                  the Wednesday of next week
day_in("20日", today, ahead=True)        the next 20th
day_in("3个工作日后", today, calendar=…)  three working days from today
days_in("二十个工作日")                   20; None for a day: 12月11日 is no number of days
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import Clock
from knowledge.text.numerals import in_digits

_WORDS = {
    "今天": 0,
    "今日": 0,
    "当天": 0,
    "today": 0,
    "昨天": -1,
    "昨日": -1,
    "yesterday": -1,
    "前天": -2,
    "大前天": -3,
    "明天": 1,
    "明日": 1,
    "tomorrow": 1,
    "后天": 2,
    "大后天": 3,
}
_NOW = ("现在", "刚才", "刚刚", "今早", "今晚", "今晨", "now")
_FULL = re.compile(r"(?:20)?((?<=20)\d\d|[23]\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*[日号]?")
_DIGITS_ALONE = re.compile(r"20(\d\d)(\d\d)(\d\d)")
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}
_OF_A_YEAR = re.compile(r"(前年|去年|今年|本年|明年)\s*(?:的)?\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*[日号]?")
_SHORT = re.compile(r"(\d{1,2})\s*[-月/.]\s*(\d{1,2})\s*[日号]?")
_OF_MONTH = re.compile(r"(这个月|本月|下个月|下月|上个月|上月)?\s*(\d{1,2})\s*[日号]")
_MONTHS = {"这个月": 0, "本月": 0, "下个月": 1, "下月": 1, "上个月": -1, "上月": -1}
_END_OF_MONTH = re.compile(r"(这个月|本月|下个月|下月|上个月|上月)?底|月底")
_WEEKDAY = re.compile(r"(上|这|本|下)?个?(?:周|星期|礼拜)([1-7日天])")
_WEEKS = {"上": -1, "这": 0, "本": 0, "下": 1}
_FROM_NOW = re.compile(r"(\d{1,3})\s*个?\s*(工作日|天|日|周|星期)\s*(?:之|以)?(前|后)")
_DAYS = re.compile(r"(\d{1,4})\s*个?\s*(?:工作日|天|working days?|days?)?")
_SPELT_COUNT = re.compile(r"(?<![一二三四五六七八九十])([一二三四五六七八九十])(?=个?(?:工作日|天|周|星期))")
# What is written beside a day and does not change it: 12月11日（周五）以前.
_BESIDE = re.compile(
    r"\([^()]*\)|(?<=[日号\d])\s*(?:周|星期)[1-7日天]$|(?<!\d天)(?<!工作日)(?<!\d周)(?<!\d星期)(?:之前|以前|(?<![之以])前)$"
    r"|^(?:就?是|在|于)(?=\S)|(?<=\S)(?:收到|寄出|发出|送达?|签收|交邮局?|说)的?$"
    r"|(?<=[日号天\d])(?:早上?|上午|中午|下午|傍晚|晚上?)(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:点|时|:\d\d)(?:半|\d{1,2}分?)?)?$"
)
_LAST_NIGHT = re.compile(r"昨(?:晚|夜)上?")


def day_in(
    text: str, today: date, *, ahead: bool = False, calendar: WorkingCalendar | None = None
) -> date | None:
    """The day that is meant, None when it is none.

    Without a year, a month or a week: the last such day up to today, or with `ahead` the next one from today.
    Working days are counted in `calendar`.
    """
    plain = _BESIDE.sub("", _BESIDE.sub("", _plain(text)).strip()).strip()
    plain = _LAST_NIGHT.sub("昨天", plain)
    if plain in _NOW:
        return today
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    if full := _FULL.fullmatch(plain) or _DIGITS_ALONE.fullmatch(plain):
        return _day(2000 + int(full[1]), int(full[2]), int(full[3]))
    if found := _OF_A_YEAR.fullmatch(plain):
        return _day(today.year + _YEARS[found[1]], int(found[2]), int(found[3]))
    if short := _SHORT.fullmatch(plain):
        return _of_year(int(short[1]), int(short[2]), today, ahead=ahead)
    if found := _WEEKDAY.fullmatch(plain):
        return _of_week(found[1] or "", found[2], today, ahead=ahead)
    if found := _OF_MONTH.fullmatch(plain):
        return _of_month(found[1] or "", int(found[2]), today, ahead=ahead)
    if found := _END_OF_MONTH.fullmatch(plain):
        first = _month(today, _MONTHS.get(found[1] or "", 0))
        return first.replace(day=monthrange(first.year, first.month)[1])
    if found := _FROM_NOW.fullmatch(plain):
        return _from_now(int(found[1]), found[2], found[3], today, calendar)
    return None


def days_in(text: str) -> int | None:
    """The number of days that is typed, with or without its unit; None for anything else, also for a day."""
    found = _DAYS.fullmatch(_plain(text))
    return int(found[1]) if found else None


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("两", "2")
    plain = re.sub(
        r"(周|星期|礼拜)([一二三四五六])",
        lambda found: found[1] + str("一二三四五六".index(found[2]) + 1),
        plain,
    )
    plain = _SPELT_COUNT.sub(lambda found: str("零一二三四五六七八九十".index(found[1])), plain)
    return in_digits(plain)


def _of_year(month: int, day: int, today: date, *, ahead: bool) -> date | None:
    found = _day(today.year, month, day)
    if found is not None and (found < today if ahead else found > today):
        return _day(today.year + (1 if ahead else -1), month, day)
    return found


def _of_week(which: str, named: str, today: date, *, ahead: bool) -> date:
    weekday = 6 if named in "7日天" else int(named) - 1
    found = today + timedelta(days=weekday - today.weekday(), weeks=_WEEKS.get(which, 0))
    if not which and (found < today if ahead else found > today):
        return found + timedelta(weeks=1 if ahead else -1)
    return found


def _of_month(which: str, day: int, today: date, *, ahead: bool) -> date | None:
    first = _month(today, _MONTHS.get(which, 0))
    found = _day(first.year, first.month, day)
    if not which and found is not None and (found < today if ahead else found > today):
        first = _month(today, 1 if ahead else -1)
        return _day(first.year, first.month, day)
    return found


def _month(today: date, later: int) -> date:
    """The first day of the month so many months later."""
    months = today.year * 12 + today.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def _from_now(
    count: int, unit: str, direction: str, today: date, calendar: WorkingCalendar | None
) -> date | None:
    if unit != "工作日":
        days = count * (7 if unit in ("周", "星期") else 1)
        return today + timedelta(days=days if direction == "后" else -days)
    if calendar is None or not count:
        return None
    if direction == "后":
        return Clock(today, count).due(calendar).due_on
    on = today
    while count:
        on -= timedelta(days=1)
        count -= calendar.is_working_day(on)
    return on


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
