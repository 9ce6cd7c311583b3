"""The files of deploy/ say what they must, and name only settings that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PREFIX, Settings

DEPLOY = Path(__file__).parent.parent / "deploy"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_only_settings_that_exist_are_named() -> None:
    """A renamed setting would be ignored without a word in a container."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in ("Dockerfile", "compose.yaml", "disclosure-bot.service"):
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


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_is_understood(tmp_path: Path) -> None:
    """systemd finds no mistake in it, apart from the program that is not installed here."""
    unit = tmp_path / "disclosure-bot.service"
    unit.write_text(
        text("disclosure-bot.service").replace("/opt/disclosure-bot/.venv/bin/disclosure", "/bin/true")
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "disclosure-bot.service" in line]
    assert complaints == []
