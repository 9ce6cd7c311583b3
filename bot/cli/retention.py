"""`disclosure retention`: what has outlived its term, shown or erased."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bot.cli.opening import with_program
from bot.cli.output import print_json
from bot.program import Program

_SHOWN = 20  # numbers on one line


@click.command()
@click.option("--erase", is_flag=True, help="Erase it now; the running program does so each day by itself.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_program
def retention(program: Program, erase: bool, as_json: bool) -> None:
    """Show which personal data have outlived their term (settings ..._kept_days), and erase them on demand.

    Without --erase nothing is changed.

    \b
    Example:     disclosure retention
                 disclosure retention --erase
    """
    kept, now = program.jobs.retention, datetime.now(UTC)
    with program.ledger.reading() as connection:
        expired = kept.expired(connection, now)
    terms = kept.terms()
    erased = kept.erase_all(program.ledger.transaction, now) if erase else dict.fromkeys(terms, 0)
    if as_json:
        print_json(
            {
                kind: {"kept_days": terms[kind], "expired": expired[kind], "erased": erased[kind]}
                for kind in terms
            }
        )
        return
    for kind, days in terms.items():
        term = f"kept {days} days" if days else "kept for ever"
        count = f"{erased[kind]} erased" if erase else f"{len(expired[kind])} expired"
        shown = ", ".join(expired[kind][:_SHOWN]) if kind in ("identities", "inquiries") else ""
        more = " ..." if shown and len(expired[kind]) > _SHOWN else ""
        click.echo(f"{kind:12} {term:20} {count:12} {shown}{more}".rstrip())
    if not erase and any(expired.values()):
        click.echo("Nothing was changed; --erase does it.", err=True)
