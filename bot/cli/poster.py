"""`disclosure poster`: the QR code that leads from a wall to an entry."""

from __future__ import annotations

import re
from pathlib import Path

import click
import segno

from bot.cli.opening import with_program
from bot.cli.output import WRONG_USAGE, fail
from bot.dialogue.resident.welcome import link_to_category, link_to_entry
from bot.program import Program
from knowledge.base import Base
from knowledge.entry import Entry

_BOT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_PIXELS = 12  # a module on paper of 300 dpi is 1 mm then


@click.command()
@click.argument("subject", metavar="[ENTRY|CATEGORY]", default="")
@click.option("--bot", "bot_name", required=True, help="The bot's name on Telegram, with or without @.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PNG to write."
)
@with_program
def poster(program: Program, subject: str, bot_name: str, output: Path) -> None:
    """Make the QR code for a poster: it opens the bot at an entry (by path, id or title), a category, or its
    greeting.

    \b
    Example:     disclosure poster --bot zhoushang_bot --output bot.png
                 disclosure poster 三/(二)/4 --bot zhoushang_bot --output budget.png
    """
    name = bot_name.removeprefix("@")
    if not _BOT_NAME.fullmatch(name):
        fail(f"--bot {bot_name}: not the name of a bot on Telegram.", WRONG_USAGE)
    payload = _payload(program.base, subject)
    link = f"https://t.me/{name}" + (f"?start={payload}" if payload else "")
    # Level Q: a quarter of it may be torn off or sprayed over.
    segno.make_qr(link, error="q").save(str(output), kind="png", scale=_PIXELS, border=4)
    click.echo(f"{output}: {link}")


def _payload(base: Base, subject: str) -> str:
    """What /start will carry; "" for the greeting."""
    if not subject:
        return ""
    categories = base.categories()
    if any(subject == name for name, _ in categories):
        return link_to_category(subject)
    entry = base.entry(subject) or _named(base, [name for name, _ in categories], subject)
    if entry is None:
        fail(f"{subject}: no entry with this path, id or title, and no category of this name.")
    return link_to_entry(entry.entry_id)


def _named(base: Base, categories: list[str], subject: str) -> Entry | None:
    """The entry of the catalogue with this path or title."""
    for category in categories:
        for entry in base.browse(category, 0, 10_000):
            if subject in (entry.path, entry.title):
                return entry
    return None
