"""What every command shares: reading the settings, opening the program, printing, failing."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.cli.streams import can_print

if TYPE_CHECKING:
    from bot.desk.errors import VaultError
    from bot.desk.office import OfficeRules
    from bot.program import Program
    from bot.settings import Settings

FAILED = 1
WRONG_USAGE = 2
DAMAGED = 4  # a restart would not help: systemd does not try (RestartPreventExitStatus)


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say what is wrong on stderr and leave."""
    click.echo(message, err=True)
    sys.exit(code)


def told(line: str) -> None:
    """What takes long says how far it is, beside the result; a service, in its journal."""
    click.echo(line, err=True)


def settings_or_leave() -> Settings:
    """The settings; a wrong one ends the program with its name, its value and what is allowed."""
    from bot.settings import SettingsError, load_settings  # a second of imports that --help does not need

    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error), WRONG_USAGE)


def warn_of_remedies(office: OfficeRules) -> None:
    """Said while there is time: without these settings no letter that decides something can be made."""
    names = [setting.value for setting in office.unknown_remedies]
    if names:
        click.echo(
            f"settings.yaml names no {' and no '.join(names)} in full: no reply letter can be made, for each "
            "must say who reviews it and which court is competent",
            err=True,
        )


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, Chinese as it is.

    It is escaped where stdout cannot hold it: a program that reads it must get what was meant.
    """
    line = json.dumps(value, ensure_ascii=False)
    click.echo(line if can_print(line) else json.dumps(value))


_KEY_TROUBLE = {
    "vault_key_missing": "{path} does not exist, but the ledger holds data sealed with that key. "
    "Put your copy of it there, or give the key in DISCLOSURE_IDENTITY_KEY. No new key was made. "
    "If it is lost for good: `disclosure keys lost`.",
    "vault_key_wrong": "this key does not open what the ledger holds: it is another one's, or out of date. "
    "Nothing was changed. If the right one is lost for good: `disclosure keys lost`.",
    "vault_key_malformed": "this is no key; `disclosure keys new` prints one.",
    "vault_key_unreadable": "{path} cannot be read.",
    "vault_without_key": "{path} holds no key; put your copy of it there.",
}


def key_trouble(error: VaultError) -> str:
    """What is wrong with the key, and which setting to look at."""
    setting = str(error.facts.get("setting", "key_file"))
    trouble = _KEY_TROUBLE.get(error.text_id)
    if trouble is None:
        return f"{setting}: identity data cannot be decrypted with the keys at hand."
    where = f"{setting} (DISCLOSURE_{setting.upper()})"
    return f"{where}: {trouble.format(path=error.facts.get('path', ''))}"


def with_program(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the open program, and turn what may go wrong on the way into one sentence."""
    return _opening(function, takes_up_edits=True)


def on_running_index(function: Callable[..., None]) -> Callable[..., None]:
    """The same on the index as it answers now: files that were edited since are left for the command."""
    return _opening(function, takes_up_edits=False)


def _opening(function: Callable[..., None], *, takes_up_edits: bool) -> Callable[..., None]:
    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> None:
        with program_or_leave(settings_or_leave(), takes_up_edits=takes_up_edits) as program:
            function(program, *args, **kwargs)

    return command


_STORAGE = {
    sqlite3.SQLITE_BUSY: "another program holds it for longer than 30 s. Nothing was changed; try again.",
    sqlite3.SQLITE_READONLY: "it cannot be written: the file, its folder or the disk is read-only. "
    "Nothing was changed.",
    sqlite3.SQLITE_FULL: "the disk is full. What was confirmed before is kept; make room and start again.",
    sqlite3.SQLITE_IOERR: "the disk is full or fails. What was confirmed before is kept; look at the disk.",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: look at the folder, its owner, and for a read-only disk.",
    sqlite3.SQLITE_PERM: "it cannot be opened: look at the folder, its owner, and for a read-only disk.",
}


@contextmanager
def storage_trouble_told() -> Iterator[None]:
    """Turns what the disk may do to a ledger into one sentence; a damaged one has an exit code of its own."""
    from sqlalchemy.exc import DBAPIError

    from bot.ledger.errors import LedgerDamaged
    from bot.ledger.ledger import damage_named, sqlite_code

    try:
        with damage_named(None):
            yield
    except LedgerDamaged as error:
        path = error.facts["path"] or "the ledger"
        fail(f"{path} is damaged. Put a backup in its place: disclosure restore BACKUP --force", DAMAGED)
    except DBAPIError as error:
        told = _STORAGE.get(sqlite_code(error) or 0)
        if told is None:
            raise
        fail(f"The ledger: {told}")


@contextmanager
def program_or_leave(settings: Settings, *, takes_up_edits: bool = True) -> Iterator[Program]:
    """The open program; what goes wrong in it, or on the way to it, is said in one sentence."""
    # Imported here so that `disclosure --help` and a wrong option answer at once.
    from bot.desk.errors import VaultError
    from bot.desk.notices import CalendarError
    from bot.ledger.errors import Refused
    from bot.program import Program
    from knowledge.errors import KnowledgeError

    try:
        with (
            storage_trouble_told(),
            Program.open(settings, told, takes_up_edits=takes_up_edits) as program,
        ):
            yield program
    except VaultError as error:
        fail(key_trouble(error), WRONG_USAGE)
    except (KnowledgeError, CalendarError, Refused) as error:
        fail(str(error))
