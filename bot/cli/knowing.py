"""`disclosure ask`, `reload`, `check`, `evaluate`: the knowledge, asked and examined."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bot.cli.listing import listing_lines, listing_values
from bot.cli.opening import (
    WRONG_USAGE,
    fail,
    on_running_index,
    print_json,
    told,
    warn_of_remedies,
    with_program,
)

if TYPE_CHECKING:
    from bot.dialogue.admin.reloading import Reloaded
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
                 disclosure ask 低保咋申请 --explain
    """
    from bot.cli.explaining import explanation_text
    from bot.trial import ask_once, explain_once

    reply = ask_once(program, text, language)
    if explain:
        reply["explanation"] = explain_once(program, text)
    if as_json:
        print_json(reply)
        return
    click.echo(reply["text"])
    if explain:
        click.echo(f"\n{explanation_text(reply['explanation'])}")


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


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--again", is_flag=True, help="Try documents once more that were refused for time or memory.")
@on_running_index
def check(program: Program, as_json: bool, again: bool) -> None:
    """Do all that `reload` does, but do not swap the index in.

    Names every file: what it was read as, what of it was left out, what is not read, and what the admin is
    asked, with the line to add to documents.yaml.

    \b
    Example:     disclosure check
                 disclosure check --json
    """
    warn_of_remedies(program.register.office)
    print_reloaded(program, program.check(again=again, progress=told), as_json)


def print_reloaded(program: Program, done: Reloaded, as_json: bool) -> None:
    """What came of a reload or check; a refusal or a mistake ends with exit code 1."""
    from bot.dialogue.admin.reloads import Result

    if done.report is None:
        fail("\n".join(map(str, done.problems)) or "the new index failed its checks; the old one stays")
    print_report(program, done.report, done, as_json)
    if done.result is Result.REFUSED:
        fail("refused: more false answers than before; the old index stays (`reload --force` all the same)")
    if done.problems:
        told = "\n".join(map(str, done.problems))
        fail(f"not read, what was live of it stays, everything else was taken up:\n{told}")


def print_report(program: Program, report: ReloadReport, done: Reloaded | None, as_json: bool) -> None:
    """Say what was added, changed and removed, how the examination went, and which index answers now."""
    if as_json:
        print_json(_as_values(program, report, done))
        return
    click.echo(
        f"{report.total} entries: {len(report.added)} added, "
        f"{len(report.changed)} changed, {len(report.removed)} removed"
    )
    for sign, titles in (("+", report.added), ("~", report.changed), ("-", report.removed)):
        for title in titles:
            click.echo(f"  {sign} {title}")
    if report.has_other_terms:
        click.echo("  ~ terms")
    if done is not None and done.knowledge is not None:
        for line in listing_lines(done.knowledge):
            click.echo(line)
    for line in _told(program, done):
        click.echo(line)


def _as_values(program: Program, report: ReloadReport, done: Reloaded | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "result": done.result.value if done else "rolled_back",
        "version": program.base.version,
        "total": report.total,
        "added": list(report.added),
        "changed": list(report.changed),
        "removed": list(report.removed),
        "has_other_terms": report.has_other_terms,
    }
    if done is not None and done.examination is not None:
        values["examination"] = asdict(done.examination)
    if done is not None and done.knowledge is not None:
        values |= listing_values(done.knowledge, done.problems)
    return values


def _told(program: Program, done: Reloaded | None) -> Iterator[str]:
    """The examination in the words of the chat, with every difference; and the version."""
    from bot.dialogue.admin import examined
    from bot.dialogue.voice import Voice
    from bot.messages import Address, Language

    voice = Voice(program.words, Address("cli", "admin"), Language.SIMPLIFIED)
    if done is not None and done.examination is not None:
        yield from ("", examined.in_full(voice, done.examination), "")
    yield examined.version(voice, program.base, program.settings.zone).text
