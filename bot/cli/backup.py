"""`disclosure backup`: the ledger copied while the program runs, and the copy proved."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.backup_trouble import leave
from bot.cli.output import fail
from bot.cli.settings import settings_or_leave
from bot.desk.backup import BackupError, back_up
from bot.ledger.errors import Refused

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--with-key", is_flag=True, help="Also copy the key that decrypts identities, to FILE.key.")
def backup(file: Path, with_key: bool) -> None:
    """Copy the ledger to FILE while the program runs, and prove the copy.

    \b
    Example:     disclosure backup /backup/ledger-$(date +%F).db
    """
    settings = settings_or_leave()
    key = settings.resolved_key_file
    in_setting = bool(settings.identity_key.get_secret_value())
    if with_key and not key.exists():
        fail("The key is in identity_key, not in a file." if in_setting else f"{key}: there is no such file.")
    try:
        made = back_up(settings.ledger_place, file, key if with_key else None)
    except BackupError as error:
        leave(error)
    except Refused as error:
        fail(f"The ledger is not whole: {error}")
    click.echo(f"{made.path}: whole, {made.events} events.")
    if with_key:
        click.echo(f"{file}.key decrypts it: keep the two in different places.", err=True)
    else:
        where = "identity_key (DISCLOSURE_IDENTITY_KEY)" if in_setting else str(key)
        click.echo(f"The key is not in it. Keep a copy of {where} in another place.", err=True)
