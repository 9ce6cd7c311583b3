"""What every command shares: reading the settings, opening the program, printing, failing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from bot.desk.errors import VaultError
    from bot.settings import Settings

FAILED = 1
WRONG_USAGE = 2


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say what is wrong on stderr and leave."""
    click.echo(message, err=True)
    sys.exit(code)


def settings_or_leave() -> Settings:
    """The settings; a wrong one ends the program with its name, its value and what is allowed."""
    from bot.settings import SettingsError, load_settings  # a second of imports that --help does not need

    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error), WRONG_USAGE)


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False))


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
        # Imported here so that `disclosure --help` and a wrong option answer at once.
        from bot.desk.errors import DeskError, VaultError
        from bot.desk.notices import CalendarError
        from bot.program import Program
        from knowledge.errors import KnowledgeError

        settings = settings_or_leave()
        try:
            with Program.open(
                settings, lambda line: click.echo(line, err=True), takes_up_edits=takes_up_edits
            ) as program:
                function(program, *args, **kwargs)
        except VaultError as error:
            fail(key_trouble(error), WRONG_USAGE)
        except (KnowledgeError, CalendarError, DeskError) as error:
            fail(str(error))

    return command
