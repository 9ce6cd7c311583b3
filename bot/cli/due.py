"""`disclosure due`: the deadline calculator for anyone."""

from __future__ import annotations

from datetime import date, datetime

import click

from bot.cli.output import fail, print_json
from bot.cli.settings import settings_or_leave
from bot.desk.calendar import WorkingCalendar
from bot.desk.clock import Clock, DueDate, Pause, agency_pause, opinion_clock, reply_clock, third_party_pause
from bot.desk.notices import CalendarError

_EARLIEST, _LATEST = date(2008, 5, 1), date(2099, 12, 31)  # the first Regulations; the calendar of holidays


class Day(click.ParamType):  # type: ignore[type-arg]  # cannot be subscripted before click 8.4
    """A day such as 2026-11-26 that lies in the time of the Regulations."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-11-26.", param, context)
        if not _EARLIEST <= day <= _LATEST:
            self.fail(f"{day} is not between {_EARLIEST} and {_LATEST}.", param, context)
        return day


DAY = Day()


@click.command()
@click.argument("received", type=DAY)
@click.option("--corrected", type=DAY, help="Day the corrected request came in (art. 30: a new clock).")
@click.option("--paid", type=DAY, help="Day the fee was paid in full (art. 42: a new clock).")
@click.option(
    "--consult",
    type=(DAY, DAY),
    multiple=True,
    metavar="FROM TO",
    help="Consultation of a third party: day of the letter, day of the opinion. May be repeated; days that "
    "two of them cover count once, and after 15 working days silence ends one.",
)
@click.option(
    "--agency",
    type=(DAY, DAY),
    multiple=True,
    metavar="FROM TO",
    help="The same of another agency (art. 33, 34); days that any of them covers count once.",
)
@click.option("--defer", type=DAY, help="Later day fixed before expiry (art. 35).")
@click.option("--extend", type=click.IntRange(1, 20), help="Working days of extension (art. 33).")
@click.option("--json", "as_json", is_flag=True, help="Print due_on, provisional and the days as a list.")
def due(
    received: date,
    corrected: date | None,
    paid: date | None,
    consult: tuple[tuple[date, date], ...],
    agency: tuple[tuple[date, date], ...],
    defer: date | None,
    extend: int | None,
    as_json: bool,
) -> None:
    """Compute the day by which a request received on a given day must be answered, with the proof.

    \b
    Example:     disclosure due 2022-09-30
                 disclosure due 2025-04-25 --consult 2025-05-07 2025-05-20 --extend 20 --json
    """
    _not_before(received, "--corrected", corrected)
    _not_before(corrected or received, "--paid", paid)
    try:
        calendar = WorkingCalendar.with_file(settings_or_leave().calendar)
    except CalendarError as error:
        fail(str(error))
    clock = reply_clock(
        received,
        corrected_on=corrected,
        paid_on=paid,
        pauses=_pauses(calendar, received, consult, agency),
        extended_by=extend or 0,
    )
    found = _counted(clock, calendar)
    if defer is not None:
        if defer <= found.due_on:
            raise click.BadParameter(f"--defer {defer} is not after {found.due_on}, when the reply is due.")
        found = found.deferred_to(defer)
    if as_json:
        print_json(found.as_plain())
    else:
        print_proof(found)


def _not_before(received: date, name: str, day: date | None) -> None:
    if day is not None and day < received:
        raise click.BadParameter(f"{name} {day} is before {received}, when that clock began.")


def _pauses(
    calendar: WorkingCalendar,
    received: date,
    consult: tuple[tuple[date, date], ...],
    agency: tuple[tuple[date, date], ...],
) -> list[Pause]:
    """Each consultation, cut where silence ends it (art. 32, 34)."""
    pauses = []
    asked = [(third_party_pause, *each) for each in consult] + [(agency_pause, *each) for each in agency]
    for pause, sent, opinion in asked:
        if opinion < sent:
            raise click.BadParameter(f"--consult: the opinion ({opinion}) is before the letter ({sent}).")
        if sent < received:
            raise click.BadParameter(f"--consult: the letter ({sent}) is before the receipt ({received}).")
        silent_on = opinion_clock(sent).due(calendar).due_on
        if opinion > silent_on:
            click.echo(f"--consult: 15 working days after {sent} ended on {silent_on}.", err=True)
        pauses.append(pause(sent, min(opinion, silent_on)))
    return pauses


def _counted(clock: Clock, calendar: WorkingCalendar) -> DueDate:
    """Counted out; a letter that went out after the clock had ended is a mistake somewhere."""
    found = clock.due(calendar)
    late = [pause.since for pause in clock.pauses if pause.since >= found.due_on]
    if late:
        raise click.BadParameter(
            f"--consult: the letter ({late[0]}) is not before {found.due_on}, when the reply was due."
        )
    return found


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
    if found.deferred_from:
        click.echo(f"counted to {found.deferred_from.isoformat()}, put off to a later day (art. 35)")
    remark = " (provisional: the holidays of that year are not published yet)" if found.provisional else ""
    click.echo(f"due on {found.due_on.isoformat()}{remark}")
