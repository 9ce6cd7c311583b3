"""`disclosure requests`: the register, looked into from the shell."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli.due import print_proof
from bot.cli.intake import intake
from bot.cli.opening import WRONG_USAGE, fail, print_json, with_program
from bot.cli.plain import as_plain, event_as_plain, iso, late_entry_as_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.desk.model import Event, Status
    from bot.program import Program


@click.group()
def requests() -> None:
    """Look into the register of formal requests.

    \b
    Example:     disclosure requests list
                 disclosure requests show 2026-0001 --clock
    """


requests.add_command(intake)


@requests.command("list")
@click.option("--overdue", is_flag=True, help="Only those whose due date is past.")
@click.option("--assignee", metavar="ADDRESS", help="Only those this person has taken; none = nobody has.")
@click.option(
    "--state", multiple=True, metavar="STATE", help="Only in this state, ended ones too; repeatable."
)
@click.option("--search", default="", metavar="TEXT", help="Only with these words in number or content.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@with_program
def list_requests(
    program: Program, overdue: bool, assignee: str | None, state: tuple[str, ...], search: str, as_json: bool
) -> None:
    """Open requests, the most urgent first. Identities stay masked.

    \b
    Example:     disclosure requests list
                 disclosure requests list --overdue --assignee telegram:123456
                 disclosure requests list --state served --state archived --search 桥 --json
    """
    today = datetime.now(program.settings.zone).date()
    with program.ledger.reading() as connection:
        found = program.register.find(
            connection,
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
    from bot.desk.model import Status

    unknown = [name for name in names if name not in {status.value for status in Status}]
    if unknown:
        allowed = ", ".join(status.value for status in Status)
        fail(f"--state: {unknown[0]!r} is not one of {allowed}.", WRONG_USAGE)
    return tuple(Status(name) for name in names)


@requests.command()
@click.argument("number")
@click.option("--clock", is_flag=True, help="Print the proof of the due date, day by day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_program
def show(program: Program, number: str, clock: bool, as_json: bool) -> None:
    """One request with its history.

    \b
    Example:     disclosure requests show 2026-0001 --clock
    """
    from bot.desk.errors import NotFound
    from bot.desk.late_entry import confirmed

    with program.ledger.reading() as connection:
        try:
            request = program.register.get(connection, number)
        except NotFound:
            show_record_correction(program, connection, number, as_json=as_json)
            return
        events = program.register.history(connection, number)
        due_date = program.register.due(connection, number) if clock else None
        waiting = program.register.late_entries(connection, number) if clock else ()
    if as_json:
        plain = {**as_plain(request), "events": [event_as_plain(event) for event in events]}
        proof = {
            "clock": due_date.as_plain() if due_date else None,
            "late_entries": [
                *(late_entry_as_plain(entry, person) for entry, person in confirmed(events)),
                *(late_entry_as_plain(entry, "") for entry in waiting),
            ],
        }
        print_json({**plain, **proof} if clock else plain)
        return
    for name, value in as_plain(request).items():
        if value not in ("", None, []):
            click.echo(f"{name:18} {value}")
    print_events(events)
    if clock:
        print_proof(due_date) if due_date else click.echo("No clock is running.")
        for entry, person in [*confirmed(events), *((entry, "") for entry in waiting)]:
            click.echo(
                f"{entry.kind.value} on {entry.happened_on}: entered {entry.days} days later by "
                f"{entry.entered_by}, "
                + (f"confirmed by {person}" if person else "waits for a second person and has no effect yet")
            )


def show_record_correction(program: Program, connection: Connection, number: str, *, as_json: bool) -> None:
    """An application to correct a record (art. 41) with its history; its texts stay sealed."""
    from bot.desk.errors import NotFound

    try:
        found = program.register.record_correction(connection, number)
    except NotFound:
        fail(f"There is no request {number}.")
    events = program.register.history(connection, number)
    plain = {
        "number": found.number,
        "status": found.status.value,
        "status_label": found.status.label,
        "applicant_kind": found.applicant_kind.value,
        "applicant": found.applicant_masked,
        "record": found.record,
        "filed_at": found.filed_at.isoformat(),
        "goal_of_the_office": iso(program.register.record_correction_goal(found)),
        "assigned_to": found.assigned_to,
        "ended_on": iso(found.ended_on),
        "request_number": found.request_number,
    }
    if as_json:
        print_json({**plain, "events": [event_as_plain(event) for event in events]})
        return
    for name, value in plain.items():
        if value not in ("", None):
            click.echo(f"{name:18} {value}")
    print_events(events)


def print_events(events: Sequence[Event]) -> None:
    """What happened on which day, by whom, on which article."""
    for event in events:
        article = f"  art. {event.article}" if event.article else ""
        click.echo(f"{event.on.isoformat()}  {event.kind.value:22} {event.actor}{article}")


@requests.command()
@with_program
def verify(program: Program) -> None:
    """Prove that no event of the record was changed, removed or slipped in.

    \b
    Example:     disclosure requests verify
    """
    from bot.desk.errors import ChainBroken

    with program.ledger.reading() as connection:
        try:
            count = program.register.verify(connection)
        except ChainBroken as error:
            fail(f"Tampered with: event {error.facts['ordinal']} ({error.facts['subject']}) does not fit.")
    click.echo(f"The record is whole: {count} events.")
