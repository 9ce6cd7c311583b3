"""A newly published calendar moves due dates: recorded, listed to staff, told to applicants."""

from __future__ import annotations

from datetime import date

from bot.desk.calendar import WorkingCalendar
from bot.desk.model import EventKind
from bot.desk.notices import Notice
from tests.dialogue.stage import ADMIN, CLERK, LI, WANG, Stage, label_of

NOTICE = Notice(
    year=2027,
    holidays=((date(2027, 1, 1), "元旦"), (date(2027, 1, 4), "元旦"), (date(2027, 1, 5), "元旦")),
    working_days=(),
)


def test_moved_once_and_told(stage: Stage) -> None:
    """Two more days off in January: the date moves by two working days, and both sides hear it once."""
    stage.wait(days=21)  # received on 15 December, due in January
    number = stage.file_request(WANG)
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.make_rounds()
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).due_on == date(2027, 1, 13)
    stage.register.calendar = WorkingCalendar((NOTICE,))
    stage.wait(days=1)
    told = {message.event: message for message in stage.make_rounds()}
    assert str(told["due_dates_moved"].address) == CLERK
    assert f"{number}：2027年1月13日 → 2027年1月15日" in told["due_dates_moved"].text
    assert str(told["due_date_moved"].address) == WANG
    assert "从 2027年1月13日 改为 2027年1月15日" in told["due_date_moved"].text
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).due_on == date(2027, 1, 15)
        assert (
            stage.register.session(connection).requests.history(number)[-1].kind is EventKind.DUE_DATE_MOVED
        )
    stage.wait(days=1)
    assert "due_date_moved" not in [message.event for message in stage.make_rounds()]


CALENDAR = """\
- year: 2027
  notice: 国务院办公厅关于2027年部分节假日安排的通知
  holidays:
    - 2027-01-01 元旦
    - 2027-01-04 至 2027-01-05 元旦
  working_days: []
"""


def received_in_december(stage: Stage) -> list[str]:
    """Two residents' requests, due in January on a provisional calendar."""
    stage.wait(days=21)
    numbers = []
    for who in (WANG, LI):
        numbers.append(stage.file_request(who))
        stage.presses(CLERK, label_of("confirm_receipt"))
    stage.make_rounds()
    return numbers


def dues(stage: Stage, numbers: list[str]) -> list[tuple[date | None, bool]]:
    with stage.ledger.reading() as connection:
        found = [stage.register.session(connection).requests.get(number) for number in numbers]
    return [(request.due_on, request.provisional) for request in found]


def test_file_dropped_in_while_running(stage: Stage) -> None:
    """The next round reads it: staff get one list, each applicant a message; a mistake does no harm."""
    file = stage.settings.home / "calendar.yaml"
    stage.restart(calendar=file)
    numbers = received_in_december(stage)
    assert dues(stage, numbers) == [(date(2027, 1, 13), True)] * 2

    file.write_text(CALENDAR.replace("元旦\n", "\n", 1), encoding="utf-8")
    wrong = stage.make_rounds()
    assert [(str(message.address), message.event) for message in wrong] == [(ADMIN, "calendar_wrong")]
    assert "calendar.yaml 第 4 行" in wrong[0].text
    assert stage.make_rounds() == []
    assert dues(stage, numbers) == [(date(2027, 1, 13), True)] * 2

    stage.wait(hours=1)
    file.write_text(CALENDAR, encoding="utf-8")
    told = stage.make_rounds()
    assert [(str(message.address), message.event) for message in told] == [
        (WANG, "due_date_moved"),
        (LI, "due_date_moved"),
        (CLERK, "due_dates_moved"),
    ]
    assert "2 件申请的期限改了" in told[2].text
    assert f"{numbers[1]}：2027年1月13日 → 2027年1月15日" in told[2].text
    assert dues(stage, numbers) == [(date(2027, 1, 15), False)] * 2
    assert stage.make_rounds() == []
    with stage.ledger.reading() as connection:
        stage.register.session(connection).requests.verify()


def test_start_with_another_calendar(stage: Stage) -> None:
    """Stopped, the notice set, started at ten in the morning: counted again at once, not tomorrow."""
    numbers = received_in_december(stage)
    file = stage.settings.home / "calendar.yaml"
    file.write_text(CALENDAR, encoding="utf-8")
    stage.wait(hours=1)
    stage.restart(calendar=file)
    stage.register.calendar = WorkingCalendar.with_file(stage.settings.calendar)  # as the program opens it
    assert "due_dates_moved" in [message.event for message in stage.make_rounds()]
    assert dues(stage, numbers) == [(date(2027, 1, 15), False)] * 2
    stage.restart(calendar=file)
    stage.register.calendar = WorkingCalendar.with_file(stage.settings.calendar)
    assert stage.make_rounds() == []


def test_file_taken_away_keeps_the_calendar(stage: Stage) -> None:
    """A file that is moved for a moment, as some editors do, is not a calendar without holidays."""
    file = stage.settings.home / "calendar.yaml"
    file.write_text(CALENDAR, encoding="utf-8")
    stage.restart(calendar=file)
    stage.register.calendar = WorkingCalendar.with_file(stage.settings.calendar)
    numbers = received_in_december(stage)
    file.unlink()
    assert stage.make_rounds() == []
    assert dues(stage, numbers) == [(date(2027, 1, 15), False)] * 2
