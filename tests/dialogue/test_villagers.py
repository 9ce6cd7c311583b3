"""Villagers' messages in every state: actions are done, questions are searched, what is doubtful is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.ledger.ledger import Ledger
from bot.program import meaning_of
from knowledge.base import Base
from tests.dialogue import test_reading_in_context as states
from tests.dialogue.stage import WANG, Stage, settings_of
from tests.ledgers import POSTGRES, ledger_url

TABLE: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "villagers.yaml").read_text("utf-8"))
SEARCH = ("answer_found", "answers_found", "suggestions", "not_found", "related")

STATES: dict[str, Callable[[Stage], object]] = {
    "none": lambda stage: None,
    "filed": lambda stage: stage.file_request(WANG),
    "owed": states.asked_to_correct,
    "kind": states.at_kind,
    "id_number": states.at_id_number,
    "wanted": states.at_wanted,
    "form": states.at_form,
    "read_back": states.at_read_back,
    "parked": states.parked,
}


@pytest.fixture
def stage(tmp_path: Path, furnished_home: Path) -> Iterator[Stage]:
    """The office, with the knowledge by words and the phrasings by meaning, where the machine reads it."""
    settings = settings_of(furnished_home).model_copy(update={"meaning": True})  # the environment says no
    url = ledger_url(tmp_path) if POSTGRES else f"sqlite:///{tmp_path}/ledger.db"
    with Ledger.open(url) as ledger, Base.open(settings.index_path, meaning_of(settings)) as base:
        yield Stage(settings, ledger, base)


def is_right(event: str, becomes: str) -> bool:
    return event in becomes.split() or ("*search" in becomes and event.startswith(SEARCH))


def test_table_covers_every_state() -> None:
    """Sixty messages and more."""
    assert len(TABLE) >= 60
    assert {row["state"] for row in TABLE} == set(STATES)


@pytest.mark.parametrize("row", TABLE, ids=[f"{row['state']}: {row['say']}" for row in TABLE])
def test_what_becomes_of_it(stage: Stage, row: dict[str, Any]) -> None:
    if meaning_of(stage.settings) is None:
        pytest.skip("this machine reads no meaning")
    STATES[row["state"]](stage)
    said = [each.event for each in stage.says(WANG, row["say"]).outgoing if str(each.address) == WANG]
    assert said
    assert is_right(said[0], row["becomes"]), said
