"""The first index is ruined and there is none before it: nobody waits in silence, and all are answered."""

from __future__ import annotations

import pytest

from bot.dialogue import errands
from bot.dialogue.errands import ErrandKind
from knowledge.errors import KnowledgeError
from tests.dialogue.stage import CLERK, LI, WANG, Stage
from tests.knowledge.test_damage import ruin

ASKED = "预算公开了没有"


@pytest.fixture
def ruined(stage: Stage) -> Stage:
    """While it answers, as a failing disk does it."""
    index = stage.settings.index_path
    index.with_name(f"{index.name}.previous").unlink(missing_ok=True)
    ruin(index)
    return stage


def test_said_at_once_rebuilt_and_answered(ruined: Stage) -> None:
    """No round has passed: the same turn says it, and its errands build the index and answer."""
    ruined.says(WANG, ASKED)
    events = ruined.events(WANG)
    assert events[0] == "answers_come_later"
    assert len(events) == 2
    assert "预决算" in ruined.last(WANG).text
    assert not ruined.base.is_damaged
    ruined.says(LI, ASKED)
    assert ruined.last(LI).text == ruined.last(WANG).text


def test_what_needs_no_index_goes_on(ruined: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the errand is done questions are kept, three of each chat, and a request is filed."""
    monkeypatch.setattr(Stage, "do_errands", lambda self: None)  # the worker is slow
    for text in ("第一个问题是什么时候", ASKED, "咋申请救助", "村里的路谁修"):
        ruined.says(WANG, text)
        assert ruined.last(WANG).event == "answers_come_later"
    ruined.says(LI, ASKED)
    with ruined.ledger.reading() as connection:
        assert errands.is_left(connection, ErrandKind.CHANGED)
    number = ruined.file_request(WANG)
    ruined.says(CLERK, number)
    assert number in ruined.last(CLERK).text
    monkeypatch.undo()
    before = len(ruined.seen[WANG])
    ruined.do_errands()
    assert len(ruined.seen[WANG]) >= before + 3
    assert "预决算" in ruined.last(LI).text
    with ruined.ledger.reading() as connection:
        assert not errands.is_left(connection, ErrandKind.ANSWER)


def test_when_it_cannot_be_built(ruined: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three attempts whoever waits is told so."""

    def broken(*_: object, **__: object) -> None:
        raise KnowledgeError("no disk")

    monkeypatch.setattr("bot.dialogue.doing.reload", broken)
    ruined.says(WANG, ASKED)
    assert ruined.last(WANG).event == "answers_still_not_ready"
