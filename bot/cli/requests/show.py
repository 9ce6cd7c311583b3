"""`disclosure requests show`: one request with its history and the proof of its due date."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bot.cli.due import print_proof
from bot.cli.ledger import with_record
from bot.cli.output import fail, print_json
from bot.cli.requests.plain import as_plain, event_as_plain, iso, late_entry_as_plain
from bot.desk.errors import NotFound
from bot.desk.late_entry import confirmed
from bot.desk.model import Event
from bot.desk.register import Register
from bot.desk.session import Session
from bot.record import Record


@click.command()
@click.argument("number")
@click.option("--clock", is_flag=True, help="Print the proof of the due date, day by day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_record
def show(record: Record, number: str, clock: bool, as_json: bool) -> None:
    """One request with its history.

    \b
    Example:     disclosure requests show 2026-0001 --clock
    """
    register = Register(record.rules, record.calendar, record.vault)
    with record.ledger.reading() as connection:
        desk = register.session(connection)
        try:
            request = desk.requests.get(number)
        except NotFound:
            show_record_correction(desk, number, as_json=as_json)
            return
        events = desk.requests.history(number)
        due_date = desk.requests.due(number) if clock else None
        waiting = desk.late_entries.waiting(number) if clock else ()
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


def show_record_correction(desk: Session, number: str, *, as_json: bool) -> None:
    """An application to correct a record (art. 41) with its history; its texts stay sealed."""
    try:
        found = desk.record_corrections.get(number)
    except NotFound:
        fail(f"There is no request {number}.")
    events = desk.requests.history(number)
    plain = {
        "number": found.number,
        "status": found.status.value,
        "status_label": found.status.label,
        "applicant_kind": found.applicant_kind.value,
        "applicant": found.applicant_masked,
        "record": found.record,
        "filed_at": found.filed_at.isoformat(),
        "goal_of_the_office": iso(desk.record_corrections.goal(found)),
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
