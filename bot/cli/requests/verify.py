"""`disclosure requests verify`: the chain of events proved."""

from __future__ import annotations

import click

from bot.cli.ledger import with_record
from bot.cli.output import fail
from bot.desk.errors import ChainBroken
from bot.desk.register import Register
from bot.record import Record


@click.command()
@with_record
def verify(record: Record) -> None:
    """Prove that no event of the record was changed, removed or slipped in.

    \b
    Example:     disclosure requests verify
    """
    register = Register(record.rules, record.calendar, record.vault)
    with record.ledger.reading() as connection:
        try:
            count = register.session(connection).requests.verify()
        except ChainBroken as error:
            fail(f"Tampered with: event {error.facts['ordinal']} ({error.facts['subject']}) does not fit.")
    click.echo(f"The record is whole: {count} events.")
