"""`disclosure keys`: the keys that open identity data, checked, changed, given up for lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from bot.cli.ledger import key_trouble, storage_trouble_told
from bot.cli.output import WRONG_USAGE, fail
from bot.cli.settings import settings_or_leave
from bot.desk.backup import is_in_use
from bot.desk.errors import VaultError
from bot.desk.vault import Vault, add_key, drop_old_keys, new_key
from bot.keyring import give_up_unreadable, reseal, sealed_with_old_keys, unreadable
from bot.ledger.errors import Refused
from bot.ledger.ledger import Ledger
from bot.record import vault_of
from bot.settings import Settings


@click.group()
def keys() -> None:
    """The keys that open names, id numbers and contacts.

    \b
    Example:     disclosure keys check
                 disclosure keys rotate
    """


@contextmanager
def open_ledger() -> Iterator[tuple[Settings, Ledger]]:
    """The ledger without the rest of the program, which might not start without its key."""
    settings = settings_or_leave()
    try:
        with storage_trouble_told(), Ledger.open(settings.ledger_place) as ledger:
            yield settings, ledger
    except VaultError as error:
        fail(key_trouble(error), WRONG_USAGE)
    except Refused as error:
        fail(str(error))


def must_be_alone(settings: Settings) -> None:
    """A running program would go on sealing with the key that it read at its start."""
    if is_in_use(settings.ledger_place):
        fail("The ledger is in use: stop the program first. Nothing was changed.")


@keys.command()
def new() -> None:
    """Print a fresh key, for the setting identity_key (DISCLOSURE_IDENTITY_KEY). Nothing is changed.

    \b
    Example:     disclosure keys new
    """
    click.echo(new_key())


@keys.command()
def check() -> None:
    """Say whether the keys at hand open everything that is sealed; exit code 1 when not.

    \b
    Example:     disclosure keys check
    """
    with open_ledger() as (settings, ledger):
        vault = vault_of(settings, ledger)
        with ledger.reading() as connection:
            numbers, chats = unreadable(connection, vault)
            old = sealed_with_old_keys(connection, vault) - len(numbers) - len(chats)
    click.echo(f"{old} rows are still sealed with an old key.")
    if numbers or chats:
        listed = ", ".join(numbers) or "none"
        fail(f"No key opens: requests {listed}; half-filled forms of {len(chats)} chats.")
    click.echo("Everything that is sealed can be opened.")


@keys.command()
def rotate() -> None:
    """Seal everything with a new key and drop the old ones. Stop the program first.

    Interrupted, it goes on where it stopped when it is called again. Keys in the setting identity_key are
    yours to change: put the new one in front of the old, call this, then take the old one out.

    \b
    Example:     disclosure keys rotate
                 DISCLOSURE_IDENTITY_KEY="$(disclosure keys new),$OLD" disclosure keys rotate
    """
    must_be_alone(settings_or_leave())
    with open_ledger() as (settings, ledger):
        vault = vault_of(settings, ledger)
        in_file = not settings.identity_key.get_secret_value()
        if in_file and not vault.has_old_keys:  # else an earlier rotation was interrupted
            add_key(settings.resolved_key_file)
            vault = vault_of(settings, ledger)
        if not vault.has_old_keys:
            fail("identity_key: put the new key in front of the old one, with a comma.", WRONG_USAGE)
        done = reseal(ledger, vault)
        with ledger.reading() as connection:
            left = sealed_with_old_keys(connection, vault)
        if left:
            fail(f"{done} rows sealed anew; {left} could not be opened, so the old keys stay.")
        if in_file:
            drop_old_keys(settings.resolved_key_file)
    click.echo(f"{done} rows sealed anew. Earlier backups still need the old key: keep it with them.")
    if in_file:
        click.echo(f"Keep a copy of {settings.resolved_key_file} in another place.", err=True)
    else:
        click.echo("Take the old key out of identity_key (DISCLOSURE_IDENTITY_KEY) now.", err=True)


@keys.command()
@click.confirmation_option(prompt="Forget for ever what the lost key had sealed?")
def lost() -> None:
    """After the key is lost for good: forget what nobody can open any more, and start with a new key.

    The requests stay, with their letters; names and contacts of those listed have to be asked for again.

    \b
    Example:     disclosure keys lost
    """
    must_be_alone(settings_or_leave())
    with open_ledger() as (settings, ledger):
        given = settings.identity_key.get_secret_value()
        vault = Vault.from_text(given) if given else Vault.open(settings.resolved_key_file)
        with ledger.transaction() as connection:
            numbers = give_up_unreadable(connection, vault, datetime.now(UTC), settings.zone)
    click.echo(f"Identity given up for lost: {', '.join(numbers) or 'none'}.")
