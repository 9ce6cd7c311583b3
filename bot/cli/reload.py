"""`disclosure reload`: a new index from the knowledge folder, examined and swapped in."""

from __future__ import annotations

import getpass

import click

from bot.cli.opening import on_running_index
from bot.cli.output import WRONG_USAGE, fail, told
from bot.cli.reloaded import print_reloaded, print_report
from bot.program import Program


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--force", is_flag=True, help="Go live although more is answered wrongly; on record.")
@click.option("--rollback", is_flag=True, help="Bring back the index before this one; once more undoes it.")
@on_running_index
def reload(program: Program, as_json: bool, force: bool, rollback: bool) -> None:
    """Rebuild the index from the knowledge folder, examine it, and swap it in.

    A file that cannot be read is named with its reason (exit code 1); what was live of it stays, and the
    others are taken up.  Past questions are asked of
    the new index and of the running one; more false answers than before: refused.  The old one stays then.

    \b
    Example:     disclosure reload
                 disclosure reload --force
                 disclosure reload --rollback
    """
    if force and rollback:
        fail("--force and --rollback: one of the two", WRONG_USAGE)
    person = f"cli:{getpass.getuser()}"
    if rollback:
        report = program.roll_back(person=person)
        print_report(program, report, None, as_json)
        return
    print_reloaded(program, program.reload(forced=force, person=person, progress=told), as_json)
