"""`disclosure chat`: the bot in the terminal."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click

from bot.channels.terminal import run_chat
from bot.cli.opening import on_running_index
from bot.cli.output import told
from bot.program import Program


@click.command()
@click.option(
    "--as",
    "role",
    type=click.Choice(["resident", "staff", "admin"]),
    default="resident",
    show_default=True,
    help="Who sits at this terminal.",
)
@click.option("--name", default="", help="Tell several residents at several terminals apart.")
@on_running_index
def chat(program: Program, role: str, name: str) -> None:
    """Talk to the bot in the terminal.

    Several terminals may share one ledger, so that the whole loop can be played on one machine.

    \b
    Example:     disclosure chat
                 disclosure chat --as staff        (in a second terminal)
    """
    log_to_file(program.settings.home / "chat.log")
    sys.exit(run_chat(program, role=role, name=name, progress=told))


def log_to_file(path: Path) -> None:
    """Keep log lines (ids and event names) out of the conversation on the screen."""
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
