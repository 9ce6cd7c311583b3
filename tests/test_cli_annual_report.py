"""`disclosure annual-report`: the figures of a year for people and programs, in every format."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(home: Path, *arguments: str) -> Result:
    """The command in this process, in a home of its own."""
    environment: dict[str, str | None] = {name: None for name in os.environ if name.startswith("DISCLOSURE_")}
    environment["DISCLOSURE_HOME"] = str(home)
    return CliRunner().invoke(main, ["annual-report", "--year", "2026", *arguments], env=environment)


def test_json_has_every_figure(home: Path) -> None:
    """Table 3 has 25 rows of 7 figures, Table 4 has 15, and the questions are counted."""
    done = run(home, "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert {len(row) for row in figures["table_3"].values()} == {7}
    assert len(figures["table_3"]) == 25
    assert sum(len(results) for results in figures["table_4"].values()) == 15
    assert figures["questions"] == {"asked": 0, "answered": 0, "suggested": 0, "unanswered": 0}


def test_explain_takes_codes_and_labels(home: Path) -> None:
    """A cell is named by code or by label; a wrong name lists the right ones and is wrong usage."""
    assert run(home, "--explain", "A", "NP").stdout == run(home, "--explain", "A", "自然人").stdout
    assert json.loads(run(home, "--explain", "一", "总计", "--json").stdout) == []
    wrong = run(home, "--explain", "Z9", "NP")
    assert wrong.exit_code == 2
    assert "C1" in wrong.stderr


@pytest.mark.parametrize(("form", "magic"), [("md", "# "), ("docx", "PK"), ("xlsx", "PK")])
def test_files(home: Path, tmp_path: Path, form: str, magic: str) -> None:
    """Each format writes the file that was asked for."""
    target = tmp_path / f"report.{form}"
    done = run(home, "--format", form, "--output", str(target))
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(magic.encode())
