"""`disclosure ask`, `reload`, `check`, `evaluate`: the knowledge, asked and examined."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from bot.cli.opening import print_json, with_program

if TYPE_CHECKING:
    from bot.program import Program
    from knowledge.base import ReloadReport


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--explain", is_flag=True, help="Show why: matched words, score, features, what was second.")
@click.option(
    "--language",
    type=click.Choice(["zh-Hans", "zh-Hant", "en", "auto"]),
    default="auto",
    show_default=True,
    help="Language of the reply, as if the resident had chosen it.",
)
@with_program
def ask(program: Program, text: str, as_json: bool, explain: bool, language: str) -> None:
    """Ask one question, as a resident with a fresh chat would; nothing is kept.

    \b
    Example:     disclosure ask 低保咋申请
                 disclosure ask 低保咋申请 --json
    """
    from bot.trial import ask_once, explain_once

    reply = ask_once(program, text, language)
    if explain:
        reply["explanation"] = explain_once(program, text)
    if as_json:
        print_json(reply)
        return
    click.echo(reply["text"])
    if explain:
        click.echo(f"\n{json.dumps(reply['explanation'], ensure_ascii=False, indent=2)}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_program
def reload(program: Program, as_json: bool) -> None:
    """Rebuild the index from the knowledge folder and swap it in.

    A mistake in a file is shown with file, line, field and what was expected; the old index stays live.

    \b
    Example:     disclosure reload
    """
    print_report(program.reload(), as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_program
def check(program: Program, as_json: bool) -> None:
    """Do all that `reload` does, but do not swap the index in.

    \b
    Example:     disclosure check
    """
    print_report(program.check(), as_json)


def print_report(report: ReloadReport, as_json: bool) -> None:
    """Say what a reload added, changed and removed."""
    if as_json:
        print_json(
            {
                "total": report.total,
                "added": list(report.added),
                "changed": list(report.changed),
                "removed": list(report.removed),
            }
        )
        return
    click.echo(
        f"{report.total} entries: {len(report.added)} added, "
        f"{len(report.changed)} changed, {len(report.removed)} removed"
    )
    for sign, titles in (("+", report.added), ("~", report.changed), ("-", report.removed)):
        for title in titles:
            click.echo(f"  {sign} {title}")
