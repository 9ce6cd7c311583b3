"""`disclosure restore`: a backup in the place of the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.backup_trouble import leave
from bot.cli.output import fail
from bot.cli.settings import settings_or_leave
from bot.desk.backup import BackupError
from bot.desk.backup import restore as put_back
from bot.ledger.errors import Refused

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace a ledger that exists; it is kept beside.")
def restore(file: Path, force: bool) -> None:
    """Put the backup FILE (and FILE.key, if there is one) in the place of the ledger.

    Stop the program first. Without --force nothing that exists is touched.

    \b
    Example:     disclosure restore /backup/ledger-2026-11-24.db
    """
    settings = settings_or_leave()
    key = settings.resolved_key_file
    try:
        done = put_back(file, settings.ledger_place, key, force=force)
    except BackupError as error:
        leave(error)
    except Refused as error:
        fail(f"The backup is not whole: {error}")
    click.echo(f"{done.path}: restored, {done.events} events.")
    if not key.exists() and not settings.identity_key.get_secret_value():
        click.echo(f"{key} is missing: put your copy there before you start the program.", err=True)
