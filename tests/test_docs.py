"""The documents are run: every command is in both READMEs, every example prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click
import pytest

from bot.cli import main

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
CONSOLE_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:`|^|\| |\$ )((?:disclosure|make) [a-z][a-z-]*)", re.MULTILINE)


def all_commands(group: click.Group, prefix: str = "disclosure") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, sub-commands included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix} {name}", command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{prefix} {name}")


def readme(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_documented(name: str) -> None:
    """Both READMEs name every command of the program."""
    commands = [full_name for full_name, _ in all_commands(main)]
    assert len(commands) >= 7
    assert [command for command in commands if f"`{command}" not in readme(name)] == []


def test_both_readmes_show_the_same_commands() -> None:
    """An admin who reads Chinese and an operator who reads English are told of the same commands."""
    english, chinese = (set(COMMAND.findall(readme(name))) for name in READMES)
    assert english
    # `make check` and the like are for developers, whom the Chinese page does not address.
    developers_only = {"make check", "make bench", "make format", "make constraints", "make run", "make soak"}
    assert english - developers_only == chinese - developers_only


def test_readmes_open_with_the_two_commands() -> None:
    """The first thing to read is how to try it and how to test it."""
    for name in READMES:
        first = SHELL_BLOCK.search(readme(name))
        assert first is not None
        assert [line.split("  ")[0] for line in first[1].splitlines()] == ["make chat", "make test"]


def test_every_command_has_help_with_an_example() -> None:
    """`--help` of each command shows how to call it."""
    found = [(name, command) for name, command in all_commands(main) if not isinstance(command, click.Group)]
    assert len(found) >= 7
    assert [name for name, command in found if "Example:" not in (command.help or "")] == []


def console_examples() -> list[tuple[str, str]]:
    """(command, expected output) of every `$ ` line in a console block of README.md, in order."""
    examples = []
    for block in CONSOLE_BLOCK.findall(readme("README.md")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            examples.append((command, output))
    return examples


PLACE = re.compile(r"/\S*/files/\S*")
WRITTEN_AT = datetime(2026, 11, 25, 10, 0)  # noqa: DTZ001 - the office's time, as tests.clocked takes it


def lines_of(text: str) -> list[str]:
    """The lines that are compared: places of this machine count as equal."""
    return [line.rstrip() for line in PLACE.sub("<path>", text).strip().splitlines()]


def put_at(path: Path, time: datetime) -> None:
    """A `disclosure` for the shell that runs on the day on which the README was written."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.clocked {time.isoformat()} "$@"\n')
    path.chmod(0o755)


def matches(expected: str, printed: str) -> bool:
    """Whether the output is as written; `…` alone on a line stands for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in lines_of(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines_of(printed))) is not None


def test_matching_is_strict() -> None:
    """The comparison of examples itself can fail."""
    assert matches("a\n…\n/x/files/1", "a\nb\nc\n/y/files/2")
    assert not matches("2026年1月5日", "2031年12月31日")
    assert matches("…\nb\n…", "a\nb\n")
    assert not matches("a\nb", "a\nc")
    assert not matches("a\n…\nd", "a\nb\nc")


def test_readme_examples_print_what_they_say(tmp_path: Path) -> None:
    """Every `$ ` example of README.md is run, in order, in one fresh home."""
    examples = console_examples()
    assert examples, "found no example"
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("DISCLOSURE_") or name == "DISCLOSURE_MEANING"
        },
        "DISCLOSURE_HOME": str(tmp_path / "home"),
        "PATH": os.pathsep.join(
            [str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        ),
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    for number, (command, expected) in enumerate(examples):
        put_at(tmp_path / "bin" / "disclosure", WRITTEN_AT + timedelta(minutes=10 * number))
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        printed = done.stdout + (done.stderr if done.returncode else "")
        assert matches(expected, printed), f"$ {command}\n--- printed:\n{printed}\n--- README:\n{expected}"
