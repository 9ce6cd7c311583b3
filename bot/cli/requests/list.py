"""`disclosure requests list`: open requests, the most urgent first."""

from __future__ import annotations

from datetime import datetime

import click

from bot.cli.ledger import with_record
from bot.cli.output import WRONG_USAGE, fail, print_json
from bot.cli.requests.plain import as_plain
from bot.desk.model import Status
from bot.desk.register import Register
from bot.record import Record


@click.command("list")
@click.option("--overdue", is_flag=True, help="Only those whose due date is past.")
@click.option("--assignee", metavar="ADDRESS", help="Only those this person has taken; none = nobody has.")
@click.option(
    "--state", multiple=True, metavar="STATE", help="Only in this state, ended ones too; repeatable."
)
@click.option("--search", default="", metavar="TEXT", help="Only with these words in number or content.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@with_record
def list_(
    record: Record, overdue: bool, assignee: str | None, state: tuple[str, ...], search: str, as_json: bool
) -> None:
    """Open requests, the most urgent first. Identities stay masked.

    \b
    Example:     disclosure requests list
                 disclosure requests list --overdue --assignee telegram:123456
                 disclosure requests list --state served --state archived --search 桥 --json
    """
    today = datetime.now(record.settings.zone).date()
    register = Register(record.rules, record.calendar, record.vault)
    with record.ledger.reading() as connection:
        found = register.session(connection).requests.find(
            today,
            statuses=_statuses(state),
            assigned_to="" if assignee == "none" else assignee,
            overdue=overdue,
            text=search,
        )
    if as_json:
        print_json([as_plain(request) for request in found])
        return
    if not found:
        click.echo("No open request." if not (overdue or assignee or state or search) else "None found.")
    for request in found:
        due_on = request.due_on.isoformat() if request.due_on else "not running"
        due_on += " (provisional)" if request.provisional else ""
        late = "  overdue" if request.is_overdue(today) else ""
        click.echo(f"{request.number}  {due_on}  {request.status.label}  {request.content[:40]}{late}")


def _statuses(names: tuple[str, ...]) -> tuple[Status, ...]:
    unknown = [name for name in names if name not in {status.value for status in Status}]
    if unknown:
        allowed = ", ".join(status.value for status in Status)
        fail(f"--state: {unknown[0]!r} is not one of {allowed}.", WRONG_USAGE)
    return tuple(Status(name) for name in names)
