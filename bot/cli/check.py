"""`disclosure check`: all that `reload` does, without swapping the index in."""

from __future__ import annotations

import click

from bot.cli.opening import on_running_index, warn_of_remedies
from bot.cli.output import told
from bot.cli.reloaded import print_reloaded
from bot.program import Program


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--again", is_flag=True, help="Try documents once more that were refused for time or memory.")
@on_running_index
def check(program: Program, as_json: bool, again: bool) -> None:
    """Do all that `reload` does, but do not swap the index in.

    Names every file: what it was read as, what of it was left out, what is not read, and what the admin is
    asked, with the line to add to documents.yaml.

    \b
    Example:     disclosure check
                 disclosure check --json
    """
    warn_of_remedies(program.register.office)
    print_reloaded(program, program.check(again=again, progress=told), as_json)
