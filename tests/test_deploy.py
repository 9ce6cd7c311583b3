"""The files of deploy/ say what they must, and name only settings that exist."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import main
from bot.settings import PREFIX, Settings
from tests.fake_bot_api import TOKEN, FakeBotApi

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


_READ_ONLY = """
mount --make-rprivate / && mount -t tmpfs none "$1" && mount -o remount,bind,ro / || exit 99
! touch /anywhere 2>/dev/null || exit 98
export DISCLOSURE_HOME="$1"; shift; exec "$@"
"""


def _may_mount() -> bool:
    """Whether a namespace with a read-only root can be made here: Linux, and root."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="no mount namespaces here")
async def test_program_writes_nowhere_but_to_its_data(tmp_path: Path) -> None:
    """As in the container, all but the data is read-only; a question is answered, the stop is clean."""
    async with FakeBotApi() as api:
        process = await asyncio.create_subprocess_exec(
            "unshare", "-m", "sh", "-c", _READ_ONLY, "sh", str(tmp_path),
            str(Path(sys.executable).with_name("disclosure")), "run",
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
                f"{PREFIX}TELEGRAM_BASE_URL": api.base_url,
                f"{PREFIX}TELEGRAM_TOKEN": TOKEN,
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        phone = api.phone(42)
        phone.types("公开了哪一年的部门决算信息")
        try:
            await phone.reads("2017年度", deadline=60)
        finally:
            process.terminate()
            _, log = await process.communicate()
    assert process.returncode == 0, log.decode()
