"""`disclosure stats`: what was asked, in figures, as a table, as JSON, or as a picture."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.opening import on_running_index
from bot.cli.output import fail, print_json
from bot.dialogue.admin.figures import Figures, figures
from bot.dialogue.admin.picture import NoPicture
from bot.dialogue.admin.showing_figures import picture
from bot.dialogue.voice import Voice
from bot.messages import Address, Language
from bot.program import Program

_BAR = 40  # columns of the longest bar


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 366), default=30, show_default=True, help="Days, today included."
)
@click.option(
    "--png", type=click.Path(dir_okay=False, path_type=Path), help="Write the picture to this file."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@on_running_index
def stats(program: Program, days: int, png: Path | None, as_json: bool) -> None:
    """Say what was asked, how it was answered, and what was missed most; nobody's name is in it.

    \b
    Example:     disclosure stats
                 disclosure stats --days 60 --png stats.png
    """
    with program.ledger.reading() as connection:
        found = figures(connection, datetime.now(UTC), program.settings.zone, days)
    if png is not None:
        png.write_bytes(_picture(program, found))
        click.echo(f"{png} is written", err=True)
    if as_json:
        print_json({**found.as_values(), "version": program.base.version, "entries": program.base.size})
    elif png is None:
        _print(program, found)


def _picture(program: Program, found: Figures) -> bytes:
    voice = Voice(program.words, Address("cli", "admin"), Language.SIMPLIFIED)
    try:
        return picture(voice, found, program.settings)
    except NoPicture as error:
        fail(f"no picture: {error}; `pip install 'disclosure-bot[stats]'` brings matplotlib")


def _print(program: Program, found: Figures) -> None:
    """A table with a bar for each day on which somebody asked."""
    click.echo(
        f"{found.total} questions: {found.answered} answered, {found.suggested} suggested, "
        f"{found.unknown} not found; {found.redirected} belonged elsewhere"
    )
    click.echo(f"called useful {found.useful}, useless or none of these {found.useless}")
    click.echo(f"index {program.base.version[:8]}, {program.base.size} entries\n")
    click.echo("day         answered  suggested  not found")
    most = max((day.total for day in found.days), default=0)
    for day in found.days:
        if day.total:
            bar = "#" * max(1, round(_BAR * day.total / most))
            click.echo(f"{day.on}  {day.answered:8}  {day.suggested:9}  {day.unknown:9}  {bar}")
    if found.missed:
        click.echo("\nnot found, most asked of half a year:")
        for text, count in found.missed:
            click.echo(f"{count:5}  {' '.join(text.split())}")
