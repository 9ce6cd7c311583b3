"""`disclosure requests` and `disclosure due`: the register, read from the shell, and the clock for anyone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.opening import fail, print_json, settings_or_leave, with_program

if TYPE_CHECKING:
    from bot.desk.clock import DueDate, Pause
    from bot.desk.model import DisclosureRequest, Event
    from bot.program import Program

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def requests() -> None:
    """Look into the register of formal requests.

    \b
    Example:     disclosure requests list
                 disclosure requests show 2026-0001 --clock
    """


@requests.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@with_program
def list_requests(program: Program, as_json: bool) -> None:
    """Open requests, the most urgent first. Identities stay masked.

    \b
    Example:     disclosure requests list
    """
    with program.ledger.reading() as connection:
        found = program.register.queue(connection)
    if as_json:
        print_json([as_plain(request) for request in found])
        return
    if not found:
        click.echo("No open request.")
    for request in found:
        due_on = request.due_on.isoformat() if request.due_on else "not running"
        click.echo(f"{request.number}  {due_on}  {request.status.label}  {request.content[:40]}")


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

    with program.ledger.reading() as connection:
        try:
            request = program.register.get(connection, number)
        except NotFound:
            fail(f"There is no request {number}.")
        events = program.register.history(connection, number)
        due_date = program.register.due(connection, number) if clock else None
    if as_json:
        plain = {**as_plain(request), "events": [event_as_plain(event) for event in events]}
        print_json({**plain, "clock": due_date.as_plain() if due_date else None} if clock else plain)
        return
    for name, value in as_plain(request).items():
        if value not in ("", None, []):
            click.echo(f"{name:18} {value}")
    for event in events:
        article = f"  art. {event.article}" if event.article else ""
        click.echo(f"{event.on.isoformat()}  {event.kind.value:22} {event.actor}{article}")
    if clock:
        print_proof(due_date) if due_date else click.echo("No clock is running.")


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


@click.command()
@click.argument("received", type=DAY)
@click.option("--corrected", type=DAY, help="Day the corrected request came in (art. 30: a new clock).")
@click.option("--paid", type=DAY, help="Day the fee was paid in full (art. 42: a new clock).")
@click.option(
    "--consult",
    type=(DAY, DAY),
    multiple=True,
    metavar="FROM TO",
    help="Consultation of a third party: day of the letter, day of the opinion. May be repeated.",
)
@click.option("--extend", type=click.IntRange(1, 20), help="Working days of extension (art. 33).")
@click.option("--json", "as_json", is_flag=True, help="Print due_on, provisional and the days as a list.")
def due(
    received: datetime,
    corrected: datetime | None,
    paid: datetime | None,
    consult: tuple[tuple[datetime, datetime], ...],
    extend: int | None,
    as_json: bool,
) -> None:
    """Compute the day by which a request received on a given day must be answered, with the proof.

    \b
    Example:     disclosure due 2022-09-30
                 disclosure due 2025-04-25 --consult 2025-05-07 2025-05-20 --extend 20 --json
    """
    from bot.desk.clock import reply_clock
    from bot.program import calendar_of

    clock = reply_clock(
        received.date(),
        corrected_on=corrected.date() if corrected else None,
        paid_on=paid.date() if paid else None,
        pauses=[_pause(sent, opinion) for sent, opinion in consult],
        extended_by=extend or 0,
    )
    found = clock.due(calendar_of(settings_or_leave()))
    if as_json:
        print_json(found.as_plain())
    else:
        print_proof(found)


def _pause(sent: datetime, opinion: datetime) -> Pause:
    from bot.desk.clock import third_party_pause

    if opinion < sent:
        raise click.BadParameter(f"the opinion ({opinion:%Y-%m-%d}) is before the letter ({sent:%Y-%m-%d})")
    return third_party_pause(sent.date(), opinion.date())


def print_proof(found: DueDate) -> None:
    """Every day from the first to the last with its place in the count, and why it counts or does not."""
    for day in found.days:
        number = str(day.number) if day.counts else "-"
        click.echo(f"{day.on.isoformat()} {number:>3}  {day.reason}{'?' if day.provisional else ''}")
    for span in found.spans:
        click.echo(
            f"{span.since.isoformat()} to {span.until.isoformat()}: {span.reason}, "
            f"{span.working_days} working days not counted (art. {span.article})"
        )
    remark = " (provisional: the holidays of that year are not published yet)" if found.provisional else ""
    click.echo(f"due on {found.due_on.isoformat()}{remark}")


def as_plain(request: DisclosureRequest) -> dict[str, Any]:
    """A request for JSON, identities masked."""
    return {
        "number": request.number,
        "status": request.status.value,
        "status_label": request.status.label,
        "intake": request.intake.value,
        "applicant_kind": request.applicant_kind.value,
        "applicant": request.applicant_masked,
        "content": request.content,
        "submitted_at": request.submitted_at.isoformat(),
        "received_on": _iso(request.received_on),
        "due_on": _iso(request.due_on),
        "provisional": request.provisional,
        "assigned_to": request.assigned_to,
        "outcome": request.outcome.value if request.outcome else None,
        "ended_on": _iso(request.ended_on),
        "repeat_of": list(request.repeat_of),
    }


def event_as_plain(event: Event) -> dict[str, Any]:
    """An event for JSON: what happened when and by whom, without the texts."""
    return {
        "ordinal": event.ordinal,
        "kind": event.kind.value,
        "on": event.on.isoformat(),
        "at": event.at.isoformat(),
        "actor": event.actor,
        "role": event.role.value,
        "article": event.article,
        "hash": event.hash,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
