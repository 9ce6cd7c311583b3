"""How much a turn asks of the ledger: read once, replayed once."""

from __future__ import annotations

from tests.dialogue.stage import CLERK, WANG, Stage, label_of
from tests.dialogue.statements import counted

# Of what is counted three are the stage's own: it looks for messages and for work left to do beside the turn.
_OF_THE_STAGE = 3
_QUESTION, _ACT, _REPLAYS = 12, 25, 1


def test_a_question_costs_little(stage: Stage) -> None:
    """Who has asked before: memory, words, roles, what waits, and no request."""
    stage.says(WANG, "预算公开了没有")
    with counted(stage) as cost:
        stage.says(WANG, "预算公开了没有")
    assert 0 < len(cost.statements) - _OF_THE_STAGE <= _QUESTION, cost.by_table()
    assert cost.replays == 0


def test_an_act_reads_a_request_once(stage: Stage) -> None:
    """Acts are replayed once, however many buttons, cards and letters ask where the request stands."""
    stage.says(CLERK, stage.file_request(WANG))
    with counted(stage) as confirmed:
        stage.presses(CLERK, label_of("confirm_receipt"))
    with counted(stage) as taken:
        stage.presses(CLERK, label_of("take"))
    assert 0 < len(taken.statements) - _OF_THE_STAGE <= _ACT, taken.by_table()
    assert (confirmed.replays, taken.replays) == (_REPLAYS, _REPLAYS)
    # A letter is made of this one: its number, its row, its place in line.
    assert len(confirmed.statements) - _OF_THE_STAGE <= _ACT + 10, confirmed.by_table()
