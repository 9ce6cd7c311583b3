"""The files of deploy/ say what they must, and name only settings that exist."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
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
    assert "health" in main.list_commands(click.Context(main))
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
                **{
                    name: value
                    for name, value in os.environ.items()
                    if not name.startswith(PREFIX) or name == "DISCLOSURE_MEANING"
                },
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


def pinned(name: str) -> dict[str, str]:
    """Package -> version of a list of constraints."""
    found = re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", (DEPLOY.parent / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {package.lower(): version for package, version in found}


def test_what_runs_takes_no_developers_tools_along() -> None:
    """`make chat` and the image install what the program needs; theirs has the same versions."""
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    tools = {re.split(r"[\[><=~! ]", each)[0].lower() for each in extras["dev"]}
    needed = {re.split(r"[\[><=~! ]", each)[0].lower() for each in project["dependencies"]}
    runs, develops = pinned("constraints.txt"), pinned("constraints-dev.txt")
    assert needed <= runs.keys()
    assert runs.keys() & tools <= {"matplotlib"}  # the extra `stats`
    assert runs.items() <= develops.items()
    assert tools <= develops.keys()
    image = text("Dockerfile")
    assert "constraints.txt" in image
    assert "constraints-dev" not in image


def test_every_pinned_package_has_its_hashes() -> None:
    """pip refuses what is not the package that was tested; no address of a registry is in the lists."""
    for name in ("constraints.txt", "constraints-dev.txt"):
        listed = (DEPLOY.parent / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[\w.-]+==)", listed, flags=re.MULTILINE)
        assert len(blocks) > 40
        assert [block[:40] for block in blocks if block and "--hash=sha256:" not in block] == []
        assert "://" not in listed


def test_install_says_how_far_it_is(tmp_path: Path) -> None:
    """A line for each package, and the reason when one is not what it should be."""
    listed = tmp_path / "listed.txt"
    listed.write_text(f"{tmp_path.name}-nothing==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    command = [sys.executable, str(DEPLOY / "install.py"), str(listed)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PIP_NO_INDEX": "1"}
    )
    assert done.returncode != 0
    assert "No matching distribution" in done.stdout
