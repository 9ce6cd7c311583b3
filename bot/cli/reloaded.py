"""What came of a reload or a check, printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from bot.cli.knowledge_listing import listing_lines, listing_values
from bot.cli.output import fail, print_json
from bot.dialogue.admin import examined
from bot.dialogue.admin.reloading import Reloaded
from bot.dialogue.admin.reloads import Result
from bot.dialogue.voice import Voice
from bot.messages import Address, Language
from bot.program import Program
from knowledge.base import ReloadReport


def print_reloaded(program: Program, done: Reloaded, as_json: bool) -> None:
    """What came of a reload or check; a refusal or a mistake ends with exit code 1."""
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
    voice = Voice(program.words, Address("cli", "admin"), Language.SIMPLIFIED)
    if done is not None and done.examination is not None:
        yield from ("", examined.in_full(voice, done.examination), "")
    yield examined.version(voice, program.base, program.settings.zone).text
