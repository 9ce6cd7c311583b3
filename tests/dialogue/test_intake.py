"""Offline intake: what came to the counter, by post or orally has the same clock and the same register."""

from __future__ import annotations

from datetime import date

from bot.desk.model import Intake, Status
from tests.dialogue.stage import CLERK, GROUP, ID_NUMBER, WANG, Stage, label_of


def enter(stage: Stage, way: str, day: str, proof: str) -> str:
    """The whole form; the number."""
    stage.says(CLERK, "登记")
    stage.presses(CLERK, way)
    stage.says(CLERK, day)
    stage.says(CLERK, proof)
    stage.presses(CLERK, "个人")
    for text in ("王小明", ID_NUMBER, "洲上乡桥头村5号", "2025年村口桥加固的决算"):
        stage.says(CLERK, text)
    stage.presses(CLERK, "纸质")
    stage.presses(CLERK, "邮寄")
    stage.presses(CLERK, "确认登记")
    with stage.ledger.reading() as connection:
        return stage.register.session(connection).requests.queue()[0].number


def test_at_the_counter(stage: Stage) -> None:
    """The day it was handed in starts the clock, though it is entered later."""
    number = enter(stage, "当面提交", "11月20日", "张三在场")
    assert stage.last(CLERK).event == "staff_entered"
    assert "2026年12月18日" in stage.last(CLERK).text
    with stage.ledger.reading() as connection:
        found = stage.register.session(connection).requests.get(number)
        proofs = [
            event.text("proof") for event in stage.register.session(connection).requests.history(number)
        ]
    assert (found.intake, found.status) == (Intake.COUNTER, Status.RECEIVED)
    assert (found.received_on, found.due_on) == (date(2026, 11, 20), date(2026, 12, 18))
    assert "张三在场" in proofs


def test_signed_post(stage: Stage) -> None:
    """The day it was signed for."""
    number = enter(stage, "挂号信、快递（签收）", "昨天", "XA123456789CN")
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).received_on == date(2026, 11, 23)


def test_ordinary_post_waits_for_the_applicant(stage: Stage) -> None:
    """Art. 31(2): the day of the confirmation with the applicant, tapped by the clerk."""
    number = enter(stage, "平信", "今天", "邮戳 11月20日")
    assert "确认" in stage.last(CLERK).text
    stage.wait(days=1)
    stage.presses(CLERK, label_of("confirm_receipt"))
    with stage.ledger.reading() as connection:
        assert stage.register.session(connection).requests.get(number).received_on == date(2026, 11, 25)


def test_mistakes_are_told(stage: Stage) -> None:
    """A day to come and a mistyped identity number are not taken."""
    stage.says(CLERK, "/intake")
    stage.presses(CLERK, "口头申请，代为填写")
    stage.says(CLERK, "2026-12-01")
    assert "还没到" in stage.last(CLERK).text
    stage.presses(CLERK, "今天")
    stage.says(CLERK, "李四代填")
    stage.presses(CLERK, "个人")
    stage.says(CLERK, "王小明")
    stage.says(CLERK, ID_NUMBER[:-1] + "5")
    assert stage.last(CLERK).event == "record_identity"
    assert "对不上" in stage.last(CLERK).text


def test_not_in_a_group_and_not_for_residents(stage: Stage) -> None:
    """Identity is never typed into a group."""
    stage.restart(staff_chat=GROUP)
    assert stage.in_group(CLERK, "/intake").outgoing[0].event == "private_please"
    assert stage.says(WANG, "/intake").outgoing == stage.says(WANG, "/nosuchthing").outgoing
