"""The files of deploy/ say what they must, and name only settings that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import main
from bot.settings import PREFIX, Settings

DEPLOY = Path(__file__).parent.parent / "deploy"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_only_settings_that_exist_are_named() -> None:
    """A renamed setting would be ignored without a word in a container."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in ("Dockerfile", "compose.yaml", "disclosure-bot.service", "disclosure-bot-health.service"):
        assert set(re.findall(rf"{PREFIX}[A-Z_]+", text(name))) - known == set()


def test_containers_are_locked_down() -> None:
    """No root, nothing writable but the data, no capabilities, no port of the bot open to the world."""
    compose: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert "ports" not in compose["services"]["bot"]
    assert re.search(r"^USER [1-9]\d*$", text("Dockerfile"), re.MULTILINE)


def test_proxy_and_bot_agree() -> None:
    """The path and the port of the proxy are those that the bot serves."""
    bot = yaml.safe_load(text("compose.yaml"))["services"]["bot"]["environment"]
    path = bot["DISCLOSURE_WEBHOOK_URL"].rpartition("/")[2]
    assert f"path /{path}\n" in text("Caddyfile")
    assert f"reverse_proxy bot:{bot['DISCLOSURE_WEBHOOK_PORT']}\n" in text("Caddyfile")


def test_health_is_asked_with_a_command_that_exists() -> None:
    """Docker and systemd call `disclosure health`, and the timer starts the unit of its own name."""
    asked = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", text("Dockerfile"), re.MULTILINE)
    assert asked is not None
    assert yaml.safe_load(asked[1]) == ["disclosure", "health"]
    assert "bin/disclosure health\n" in text("disclosure-bot-health.service")
    assert "health" in main.commands
    assert "Unit=" not in text("disclosure-bot-health.timer")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize(
    "name", ["disclosure-bot.service", "disclosure-bot-health.service", "disclosure-bot-health.timer"]
)
def test_unit_is_understood(tmp_path: Path, name: str) -> None:
    """systemd finds no mistake in it, apart from the program that is not installed here."""
    for each in DEPLOY.glob("disclosure-bot*"):
        written = each.read_text(encoding="utf-8")
        (tmp_path / each.name).write_text(
            written.replace("/opt/disclosure-bot/.venv/bin/disclosure", "/bin/true"), encoding="utf-8"
        )
    unit = tmp_path / name
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if name in line]
    assert complaints == []
