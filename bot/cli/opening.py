"""The open program for a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from bot.cli.ledger import key_trouble, storage_trouble_told
from bot.cli.output import WRONG_USAGE, fail, told
from bot.cli.settings import settings_or_leave
from bot.desk.errors import VaultError
from bot.desk.notices import CalendarError
from bot.desk.office import OfficeRules
from bot.ledger.errors import Refused
from bot.program import Program
from bot.settings import Settings
from knowledge.errors import KnowledgeError


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


def warn_of_remedies(office: OfficeRules) -> None:
    """Said while there is time: without these settings no letter that decides something can be made."""
    names = [setting.value for setting in office.unknown_remedies]
    if names:
        click.echo(
            f"settings.yaml names no {' and no '.join(names)} in full: no reply letter can be made, for each "
            "must say who reviews it and which court is competent",
            err=True,
        )


@contextmanager
def program_or_leave(settings: Settings, *, takes_up_edits: bool = True) -> Iterator[Program]:
    """The open program; what goes wrong in it, or on the way to it, is said in one sentence."""
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
