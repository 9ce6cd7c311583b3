"""`disclosure outbox`: messages that did not arrive, and those that the bot failed to answer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from bot.channels.courtesy import Courtesy
from bot.cli.opening import with_program
from bot.cli.output import fail, print_json
from bot.mailbox.inbox import Failed, Inbox
from bot.mailbox.outbox import Outbox, Stuck
from bot.program import Program

CHANNELS = ("telegram", "terminal", "web")


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
    return Outbox(program.ledger, channel, lambda: datetime.now(UTC))


def _inbox(program: Program) -> Inbox:
    courtesy = Courtesy(program.words, program.settings)
    return Inbox(program.ledger, program.conversation, courtesy.apology, lambda: datetime.now(UTC))


def _plain(found: Stuck | Failed) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(found).items()
    }
