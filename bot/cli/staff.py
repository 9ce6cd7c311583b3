"""`disclosure staff invite`: a code with which a colleague takes up a role, in chat or in the browser."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bot.cli.opening import with_program
from bot.desk.acts.roles import OPERATOR
from bot.program import Program


@click.group()
def staff() -> None:
    """Colleagues and their roles."""


@staff.command()
@click.option("--role", type=click.Choice(["staff", "leader", "admin"]), default="staff", show_default=True)
@click.option("--name", default="", help="How the colleague is called in what people read.")
@with_program
def invite(program: Program, role: str, name: str) -> None:
    """Print a code that gives a role to whoever types it first, within a day.

    It is typed into the conversation on Telegram, or on the page /staff.

    \b
    Example:     disclosure staff invite --name 张三
    """
    click.echo(code_for(program, role, name.strip()[:40]))


def code_for(program: Program, role: str, name: str = "") -> str:
    """A new code, as it is typed: `ABCDE-FGHJK`."""
    with program.ledger.transaction() as connection:
        code = program.register.session(connection, datetime.now(UTC), OPERATOR).roles.make_code(
            role=role, name=name
        )
    return f"{code[:5]}-{code[5:]}"
