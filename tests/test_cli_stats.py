"""`disclosure stats`: a table, JSON, a picture; with nothing asked yet, too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.dialogue.admin import picture


def stats(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["stats", *arguments], env={"DISCLOSURE_HOME": str(tmp_path / "home")})


def test_table_json_and_picture_of_an_empty_office(tmp_path: Path) -> None:
    """No division by nothing; the picture is written where it was asked for."""
    assert "0 questions" in stats(tmp_path).stdout
    png = tmp_path / "stats.png"
    done = stats(tmp_path, "--days", "60", "--png", str(png), "--json")
    assert done.exit_code == 0, done.output
    values = json.loads(done.stdout)
    assert (values["total"], len(values["days"]), values["missed"]) == (0, 60, [])
    assert png.read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence and exit code 1; no file is left."""
    monkeypatch.setattr(picture, "can_draw", lambda: False)
    done = stats(tmp_path, "--png", str(tmp_path / "stats.png"))
    assert done.exit_code == 1
    assert "disclosure-bot[stats]" in done.output
    assert not (tmp_path / "stats.png").exists()
