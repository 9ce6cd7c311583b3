"""`disclosure ask`: one question, as a resident with a fresh chat would put it."""

from __future__ import annotations

import click

from bot.cli.explanation import explanation_text
from bot.cli.opening import with_program
from bot.cli.output import print_json
from bot.program import Program
from bot.trial import ask_once, explain_once


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
                 disclosure ask 低保咋申请 --explain
    """
    reply = ask_once(program, text, language)
    if explain:
        reply["explanation"] = explain_once(program, text)
    if as_json:
        print_json(reply)
        return
    click.echo(reply["text"])
    if explain:
        click.echo(f"\n{explanation_text(reply['explanation'])}")
