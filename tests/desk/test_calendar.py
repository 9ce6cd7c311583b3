"""Working days: equal to an independent calendar, each with its reason, overridable."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from bot.desk.calendar import WorkingCalendar
from bot.desk.notices import CalendarError, read_notices

CALENDAR = WorkingCalendar()

# The two libraries differ on one day since 2004: 2005-12-31.  The notice for 2006 (国办发明电 35 of 2005)
# says of it 12月31日(星期六)上班: `holidays` is right.  It is outside the years that are compared.


def test_equals_the_other_calendar_for_every_day() -> None:
    """Two independent transcriptions of the State Council's notices agree on all 6,940 days."""
    first, last = date(2008, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert len(days) == 6940
    assert [on for on in days if CALENDAR.is_working_day(on) != chinese_calendar.is_workday(on)] == []


def test_every_day_has_a_reason_in_chinese() -> None:
    """No reason is empty or in another language."""
    first = date(2008, 1, 1)
    reasons = {CALENDAR.day(first + timedelta(days=n)).reason for n in range(7000)}
    assert [
        reason for reason in reasons if not reason or any(c.isascii() and c.isalpha() for c in reason)
    ] == []
    assert {"工作日", "周六", "周日", "国庆节", "周日调休上班", "除夕", "调休放假（10月10日上班）"} <= reasons


@pytest.mark.parametrize(
    ("on", "working", "reason"),
    [
        ("2026-09-20", True, "周日调休上班"),
        ("2026-10-01", False, "国庆节"),
        ("2026-10-04", False, "周日"),
        ("2026-10-05", False, "国庆节（补假）"),
        ("2026-10-07", False, "调休放假（10月10日上班）"),
        ("2026-11-24", True, "工作日"),
        ("2020-01-31", False, "春节延长假期"),
        ("2018-12-29", True, "周六调休上班"),
        ("2018-12-31", False, "调休放假（12月29日上班）"),
    ],
)
def test_reason_of_a_day(on: str, working: bool, reason: str) -> None:
    """Days of each kind, as the notices have them."""
    found = CALENDAR.day(date.fromisoformat(on))
    assert (found.is_working_day, found.reason, found.provisional) == (working, reason, False)


def test_years_without_a_notice_are_provisional() -> None:
    """Every year since 2008 that the library has a notice for is official; the next one is not."""
    assert [year for year in range(2008, 2027) if not CALENDAR.is_official(year)] == []
    unknown = next(year for year in range(2027, 2040) if not CALENDAR.is_official(year))
    assert CALENDAR.is_provisional(date(unknown, 3, 1))
    assert CALENDAR.is_provisional(date(unknown - 1, 12, 26))
    assert not CALENDAR.is_provisional(date(unknown - 1, 12, 24))


NOTICE = """\
- year: 2027
  notice: 国务院办公厅关于2027年部分节假日安排的通知
  holidays:
    - 2027-01-01 至 2027-01-03 元旦
    - 2027-02-05 至 2027-02-11 春节
  working_days:
    - 2026-12-26
    - 2027-02-14
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_office_notice_wins(tmp_path: Path) -> None:
    """A notice typed in by the office makes its year official and replaces what the library guessed."""
    calendar = WorkingCalendar(read_notices(_write(tmp_path, NOTICE)))
    shown = {
        on: (calendar.day(date.fromisoformat(on)).is_working_day, calendar.day(date.fromisoformat(on)).reason)
        for on in ("2026-12-26", "2027-02-10", "2027-02-14", "2027-05-03", "2027-05-01")
    }
    assert shown == {
        "2026-12-26": (True, "周六调休上班"),
        "2027-02-10": (False, "春节"),
        "2027-02-14": (True, "周日调休上班"),
        "2027-05-03": (True, "工作日"),  # the notice does not name it
        "2027-05-01": (False, "周六"),
    }
    assert not calendar.is_provisional(date(2027, 3, 1))
    assert not calendar.is_provisional(date(2026, 12, 30))
    assert calendar.is_provisional(date(2027, 12, 30))


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        (NOTICE.replace("year: 2027", "year: 27"), 1, "年份“27”应为四位数字，如 2027"),
        (NOTICE.replace("2027-02-11", "2027-02-30"), 5, "“2027-02-30”不是日期，应如 2027-02-14"),
        (NOTICE.replace("2027-01-01", "2028-01-01"), 4, "2028-01-01 不在 2027 年"),
        (NOTICE.replace(" 春节", ""), 5, "“2027-02-05 至 2027-02-11”应为“日期 名称”或“日期 至 日期 名称”"),
        (NOTICE.replace("2027-02-14", "2027-02-15"), 8, "2027-02-15 不是周六、周日，无需调休上班"),
        (NOTICE.replace("2027-02-14", "2027-02-07"), 8, "2027-02-07 同时写成了放假"),
        (
            NOTICE.replace("working_days", "workdays"),
            6,
            "没有“workdays”这一项，只能是 year、notice、holidays、working_days",
        ),
        (NOTICE.replace("02-11 春节", "03-11 春节"), 5, "结束日期应在开始日期之后，且不超过 15 天"),
        (NOTICE + NOTICE, 9, "2027 年重复出现"),
        ("year: 2027", 1, "应为以“- year: 年份”开头的列表"),
        ("- year: [", 1, "不是正确的 YAML"),
        ("- 2027", 1, "应有 year、holidays、working_days 三项"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_line(tmp_path: Path, broken: str, line: int, reason: str) -> None:
    """Whoever types a notice is told the line and what is wrong with it."""
    with pytest.raises(CalendarError) as caught:
        read_notices(_write(tmp_path, broken))
    first = caught.value.problems[0]
    assert (first.line, first.reason) == (line, reason)
    assert "calendar.yaml" in str(first)


def test_missing_file_is_a_calendar_error(tmp_path: Path) -> None:
    """A file that is not there is named, not a traceback."""
    with pytest.raises(CalendarError, match="无法读取"):
        read_notices(tmp_path / "none.yaml")


def test_empty_file_changes_nothing(tmp_path: Path) -> None:
    """An empty file is no notice."""
    assert read_notices(_write(tmp_path, "")) == ()
