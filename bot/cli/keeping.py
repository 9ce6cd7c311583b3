"""`disclosure backup`, `restore`, `outbox`: what an operator does so that nothing is lost for good."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.cli.opening import fail, print_json, settings_or_leave, with_program

if TYPE_CHECKING:
    from bot.desk.backup import BackupError
    from bot.mailbox import Inbox, Outbox
    from bot.mailbox.inbox import Failed
    from bot.mailbox.outbox import Stuck
    from bot.program import Program

CHANNELS = ("telegram", "terminal")

_TROUBLE = {
    "not_sqlite": "{path}: only a SQLite ledger can be copied here; PostgreSQL has pg_dump and pg_restore.",
    "missing": "{path}: there is no such file.",
    "exists": "{path} exists already and was not touched.",
    "damaged": "{path} is damaged or no SQLite file. Nothing was changed.",
    "in_use": "{path} is in use: stop the program first. Nothing was changed.",
    "key_exists": "{path} holds another key than the backup's; without the right one, names cannot be read. "
    "Nothing was changed.",
}
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--with-key", is_flag=True, help="Also copy the key that decrypts identities, to FILE.key.")
def backup(file: Path, with_key: bool) -> None:
    """Copy the ledger to FILE while the program runs, and prove the copy.

    \b
    Example:     disclosure backup /backup/ledger-$(date +%F).db
    """
    from bot.desk.backup import BackupError, back_up
    from bot.ledger.errors import Refused

    settings = settings_or_leave()
    key = settings.resolved_key_file
    in_setting = bool(settings.identity_key.get_secret_value())
    if with_key and not key.exists():
        fail("The key is in identity_key, not in a file." if in_setting else f"{key}: there is no such file.")
    try:
        made = back_up(settings.resolved_ledger_url, file, key if with_key else None)
    except BackupError as error:
        _leave(error)
    except Refused as error:
        fail(f"The ledger is not whole: {error}")
    click.echo(f"{made.path}: whole, {made.events} events.")
    if with_key:
        click.echo(f"{file}.key decrypts it: keep the two in different places.", err=True)
    else:
        where = "identity_key (DISCLOSURE_IDENTITY_KEY)" if in_setting else str(key)
        click.echo(f"The key is not in it. Keep a copy of {where} in another place.", err=True)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace a ledger that exists; it is kept beside.")
def restore(file: Path, force: bool) -> None:
    """Put the backup FILE (and FILE.key, if there is one) in the place of the ledger.

    Stop the program first. Without --force nothing that exists is touched.

    \b
    Example:     disclosure restore /backup/ledger-2026-11-24.db
    """
    from bot.desk.backup import BackupError
    from bot.desk.backup import restore as put_back
    from bot.ledger.errors import Refused

    settings = settings_or_leave()
    key = settings.resolved_key_file
    try:
        done = put_back(file, settings.resolved_ledger_url, key, force=force)
    except BackupError as error:
        _leave(error)
    except Refused as error:
        fail(f"The backup is not whole: {error}")
    click.echo(f"{done.path}: restored, {done.events} events.")
    if not key.exists() and not settings.identity_key.get_secret_value():
        click.echo(f"{key} is missing: put your copy there before you start the program.", err=True)


def _leave(error: BackupError) -> NoReturn:
    fail(_TROUBLE[error.reason].format(path=error.path))


@click.command()
@click.option("--resend", type=int, metavar="ID", help="Put one message that did not arrive back in line.")
@click.option("--retry-failed", is_flag=True, help="Let the bot handle again what it failed to handle.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_program
def outbox(program: Program, resend: int | None, retry_failed: bool, as_json: bool) -> None:
    """List messages that did not arrive and messages that the bot failed to answer.

    \b
    Example:     disclosure outbox
                 disclosure outbox --resend 17
                 disclosure outbox --retry-failed
    """
    if resend is not None:
        _resend(program, resend)
        return
    inbox = _inbox(program)
    if retry_failed:
        done = [found.id for found in inbox.failed() if inbox.retry_failed(found.id)]
        click.echo(f"{len(done)} put back in line.")
        return
    stuck = [letter for channel in CHANNELS for letter in _outbox_of(program, channel).stuck()]
    if as_json:
        print_json({"stuck": [_plain(s) for s in stuck], "failed": [_plain(f) for f in inbox.failed()]})
        return
    for letter in stuck:
        click.echo(f"{letter.id}  {letter.chat}  {letter.state}  {letter.event}  {letter.error}")
    for update in inbox.failed():
        click.echo(f"update {update.id}  {update.chat}  failed  {update.error}")
    if not stuck and not inbox.failed():
        click.echo("Nothing is stuck.")


def _resend(program: Program, letter: int) -> None:
    if not any(_outbox_of(program, channel).resend(letter) for channel in CHANNELS):
        fail(f"There is no stuck message {letter}.")
    click.echo(f"{letter} put back in line.")


def _outbox_of(program: Program, channel: str) -> Outbox:
    from bot.mailbox import Outbox

    return Outbox(program.ledger, channel, lambda: datetime.now(UTC))


def _inbox(program: Program) -> Inbox:
    from bot.channels.courtesy import Courtesy
    from bot.mailbox import Inbox

    courtesy = Courtesy(program.words, program.settings)
    return Inbox(program.ledger, program.conversation, courtesy.apology, lambda: datetime.now(UTC))


def _plain(found: Stuck | Failed) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(found).items()
    }
