"""documents.yaml takes small talk away that an office does not want; calls for help never."""

from __future__ import annotations

from pathlib import Path

from bot.dialogue.understanding.intents import IntentKind, intent_of
from bot.dialogue.understanding.rulebook import Rulebook, rule_problems


def test_small_talk_is_taken_away_and_brought_back(tmp_path: Path) -> None:
    """The file is read again when it has changed."""
    rulebook = Rulebook(tmp_path)
    directions = tmp_path / "documents.yaml"
    found = intent_of("讲个笑话听听", rulebook.rules)
    assert found is not None
    directions.write_text(f"leave_out:\n  - {{small_talk: {found.rule}}}\n", encoding="utf-8")
    assert intent_of("讲个笑话听听", rulebook.rules) is None
    assert rule_problems(tmp_path) == ()
    directions.unlink()
    assert intent_of("讲个笑话听听", rulebook.rules) == found


def test_a_call_for_help_cannot_be_taken_away(tmp_path: Path) -> None:
    """Told as a mistake, and without effect; so is an id that there is not."""
    found = intent_of("着火了快来人", Rulebook(tmp_path).rules)
    assert found is not None
    assert found.kind is IntentKind.EMERGENCY
    (tmp_path / "documents.yaml").write_text(
        f"leave_out:\n  - {{small_talk: {found.rule}}}\n  - {{small_talk: no_such}}\n", encoding="utf-8"
    )
    assert intent_of("着火了快来人", Rulebook(tmp_path).rules) == found
    assert [(problem.line, problem.field) for problem in rule_problems(tmp_path)] == [
        (2, "small_talk"),
        (3, "small_talk"),
    ]
