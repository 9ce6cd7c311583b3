"""拆成几件 in chat: each thing on a line, read back, confirmed; the applicant is told."""

from __future__ import annotations

from bot.desk.model import EventKind
from tests.dialogue.stage import CLERK, WANG, Stage, label_of


def test_the_clerk_splits_a_request(stage: Stage) -> None:
    """One line is not enough; two make two requests, and one message with both to the applicant."""
    number = stage.file_request(WANG)
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, label_of("confirm_receipt"))
    stage.presses(CLERK, "更多")
    stage.presses(CLERK, "拆成几件（一事一申请）")
    stage.says(CLERK, "村口桥加固的合同")
    assert "至少两件" in stage.last(CLERK).text
    stage.says(CLERK, "村口桥加固的合同\n\n 2025年低保公示名单 ")
    assert "2025年低保公示名单" in stage.last(CLERK).text
    with stage.ledger.reading() as connection:
        assert (
            len(stage.register.session(connection).requests.of(WANG)) == 1
        )  # nothing before it is confirmed
    stage.presses(CLERK, "确认登记")
    with stage.ledger.reading() as connection:
        requests = {each.number: each for each in stage.register.session(connection).requests.of(WANG)}
        stage.register.session(connection).requests.verify()
    (part,) = set(requests) - {number}
    assert requests[number].content == "村口桥加固的合同"
    assert requests[part].content == "2025年低保公示名单"
    assert requests[part].due_on == requests[number].due_on
    told = stage.last(WANG)
    assert told.event == "request_split"
    assert all(text in told.text for text in (number, part, "2025年低保公示名单", "拆成了 2 件"))


def test_it_is_not_offered_once_an_opinion_was_asked(stage: Stage) -> None:
    """The menu shows only what the register would take."""
    number = stage.file_request(WANG)
    with stage.ledger.transaction() as connection:
        stage.register.session(connection, stage.now, CLERK).intake.confirm_receipt(number)
        stage.register.session(connection, stage.now, CLERK).consultations.consult_third_party(
            number, party="某公司"
        )
        kinds = [event.kind for event in stage.register.session(connection).requests.history(number)]
    assert EventKind.THIRD_PARTY_CONSULTED in kinds
    stage.says(CLERK, f"/queue {number}")
    stage.presses(CLERK, "更多")
    assert not any("拆成几件" in label for label in stage.labels(CLERK))
