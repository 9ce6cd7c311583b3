"""What the guide says about contesting a reply is what the letters say: one table, letters.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk import letters
from bot.desk.model import Outcome
from bot.dialogue.admin.reloads import office_of
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.sources import read_folder
from tests.desk.real_letters import FACTS
from tests.dialogue.stage import WANG, Stage, settings_of

BODY, COURT = "袁州区人民政府", "袁州区人民法院"


@pytest.mark.parametrize(
    ("outcome", "name", "fields"),
    [
        (Outcome.WITHHELD_INTERNAL_AFFAIRS, "remedies_yes", {"which": "人事管理", "ground": "内部名册"}),
        (Outcome.UNAVAILABLE_NOT_HELD, "remedies_either", {}),
    ],
)
def test_guide_and_letter_say_the_same(
    outcome: Outcome, name: str, fields: dict[str, str], tmp_path: Path
) -> None:
    """The sentence of the guide stands in the reply letter, but for what the document is called."""
    office = office_of(settings_of(tmp_path, reconsideration_body=BODY, court=COURT))
    facts = {**FACTS, **fields, "reviewing_body": BODY, "court": COURT, "text": "答复如下。"}
    told = office[name].replace("答复书（告知书）", "答复书")
    assert told in letters.write_reply(outcome, facts).text
    guide = {entry.entry_id: entry.text for entry in read_folder(EMBEDDED_KNOWLEDGE, office).entries}
    assert office[name] in guide["guide:remedies"]


def test_one_edit_changes_both(tmp_path: Path) -> None:
    """Whoever edits the table edits the guide."""
    edited = tmp_path / "letters.yaml"
    wording = letters.WORDING.read_text(encoding="utf-8")
    edited.write_text(wording.replace("6个月内向", "六个月以内向"), encoding="utf-8")
    assert "六个月以内" in letters.remedies_in_guide(BODY, COURT, edited)["remedies_either"]


def test_periods_are_told_in_chat(stage: Stage) -> None:
    """Asked by a resident; where body and court are not set it is said which kind they are."""
    stage.says(WANG, "对答复不服怎么办")
    text = stage.last(WANG).text
    assert [word for word in ("60日", "应当先申请行政复议", "15日", "6个月") if word not in text] == []
    assert "向复议机关申请行政复议" in letters.remedies_in_guide("", "")["remedies_either"]
