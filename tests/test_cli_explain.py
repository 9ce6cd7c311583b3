"""`disclosure ask --explain`: all that the people who look after the base need to see why."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main

TWO = "预算公开了没有，另外村里修路花了多少钱"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def ask(home: Path, *arguments: str) -> str:
    """What the command prints, run in this process in a home of its own."""
    environment: dict[str, str | None] = {
        name: None for name in os.environ if name.startswith("DISCLOSURE_") and name != "DISCLOSURE_MEANING"
    }
    environment["DISCLOSURE_HOME"] = str(home)
    done = CliRunner().invoke(main, ["ask", *arguments, "--explain"], env=environment)
    assert done.exit_code == 0, done.output
    return done.stdout


def why(home: Path, text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(home, text, "--json"))["explanation"]
    return found


def test_explain_names_what_the_decision_rests_on(home: Path) -> None:
    """Each question of the message: words, floors, passage, score, margin, what was second."""
    found = why(home, TWO)
    assert found["intent"] is None
    assert [question["decision"] for question in found["questions"]] == ["answer", "unknown"]
    first = found["questions"][0]
    assert 0 < first["floors"]["suggest"] < first["floors"]["answer"] < 1
    best = first["candidates"][0]
    assert best["score"] >= first["floors"]["answer"]
    assert best["matched"] == ["预算", "公开"]
    assert "预算" in best["passage"]
    assert best["margin"] == best["features"]["margin"] > 0
    assert len(first["candidates"]) > 1
    assert any(word.startswith("修路 = ") for word in found["questions"][1]["read_as"])


def test_explain_in_lines_for_people(home: Path) -> None:
    """The same without braces; a rule that takes the message is named."""
    lines = ask(home, TWO).splitlines()
    assert "decision: answer (above the answer floor)" in lines
    assert any(line.strip().startswith("margin:") for line in lines)
    assert "rule of intents.yaml: how-cost" in ask(home, "申请公开要不要钱")


def test_another_year_is_given_as_the_reason(home: Path) -> None:
    """With the second named, where there is another thing."""
    question = why(home, "2020年预算公开了吗")["questions"][0]
    assert question["decision"] == "unknown"
    assert "another year" in question["reason"]
    assert question["ceiling"] < question["floors"]["answer"]
    assert any(candidate["second"] for candidate in question["candidates"])
