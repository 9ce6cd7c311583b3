"""A newly published calendar moves due dates: recorded, listed to staff, told to applicants."""

from __future__ import annotations

from datetime import date

from bot.desk.calendar import WorkingCalendar
from bot.desk.model import EventKind
from bot.desk.notices import Notice
from tests.dialogue.stage import CLERK, WANG, Stage

NOTICE = Notice(
    year=2027,
    holidays=((date(2027, 1, 1), "元旦"), (date(2027, 1, 4), "元旦"), (date(2027, 1, 5), "元旦")),
    working_days=(),
)


def test_moved_once_and_told(stage: Stage) -> None:
    """Two more days off in January: the date moves by two working days, and both sides hear it once."""
    stage.wait(days=21)  # received on 15 December, due in January
    number = stage.file_request(WANG)
    stage.presses(CLERK, "确认收到（开始计期）")
    stage.make_rounds()
    with stage.ledger.reading() as connection:
        assert stage.register.get(connection, number).due_on == date(2027, 1, 13)
    stage.register.calendar = WorkingCalendar((NOTICE,))
    stage.wait(days=1)
    told = [message for message in stage.make_rounds() if message.event == "due_date_moved"]
    assert sorted(str(message.address) for message in told) == [CLERK, WANG]
    assert "从 2027年1月13日 改为 2027年1月15日" in told[0].text
    with stage.ledger.reading() as connection:
        assert stage.register.get(connection, number).due_on == date(2027, 1, 15)
        assert stage.register.history(connection, number)[-1].kind is EventKind.DUE_DATE_MOVED
    stage.wait(days=1)
    assert "due_date_moved" not in [message.event for message in stage.make_rounds()]
