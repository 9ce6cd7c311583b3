"""`disclosure chat` and `disclosure run`: the two channels."""

from __future__ import annotations

import asyncio
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.inviting import code_for
from bot.cli.opening import FAILED, WRONG_USAGE, fail, on_running_index, told, warn_of_remedies

if TYPE_CHECKING:
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
    from bot.channels.terminal import run_chat

    log_to_file(program.settings.home / "chat.log")
    sys.exit(run_chat(program, role=role, name=name, progress=told))


@click.command()
@on_running_index
def run(program: Program) -> None:
    """Serve residents until stopped: on Telegram (telegram_token), on the web (web_port), or on both.

    \b
    Example:     DISCLOSURE_TELEGRAM_TOKEN=123456:abc disclosure run
                 DISCLOSURE_WEB_PORT=8000 disclosure run
    """
    program.ledger.must_be_whole()
    program.take_up_edits_beside(told)
    warn_of_remedies(program.register.office)
    web_port = program.settings.web_port
    if web_port and not program.settings.telegram_token.get_secret_value():
        sys.exit(_serve_web(program, web_port))
    from bot.channels.telegram import run_telegram

    beside = []
    if web_port:
        from bot.channels.web import WebChannel

        beside.append(WebChannel(program))
    sys.exit(run_telegram(program, beside))


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option(
    "--as-staff", is_flag=True, help="Also print a code that makes the browser it is typed into a clerk's."
)
@on_running_index
def web(program: Program, port: int, as_staff: bool) -> None:
    """Open the web pages on this machine: the public section and the desk.

    \b
    Example:     disclosure web
                 disclosure web --port 8080 --as-staff
    """
    program.take_up_edits_beside(told)
    click.echo(f"http://127.0.0.1:{port}{program.settings.web_path}/")
    if as_staff:
        click.echo(f"{code_for(program, 'staff')}  在 /staff 填这个授权码，再打开 /desk")
    sys.exit(_serve_web(program, port))


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", default="", help="Where it will be found, for sitemap and feed.")
@on_running_index
def site(program: Program, folder: Path, address: str) -> None:
    """Write the public section as plain files, for an office that can only upload files.

    The folder is empty, or was written by this command before. Asking and filing need the program: links to
    them lead to web_url where there is one, and are left out else.

    \b
    Example:     disclosure site public
                 disclosure site public --address https://www.example.gov.cn/xxgk
    """
    from bot.channels.web.static_site import NotOurs, export

    try:
        done = export(program, folder, address)
    except NotOurs:
        fail(f"{folder}: holds other files; name an empty folder", WRONG_USAGE)
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror})", FAILED)
    click.echo(f"{folder}: {done.files} files, {done.documents} documents")
    for name in done.left_out:
        click.echo(f"{name}: left out, it needs --address")


def _serve_web(program: Program, port: int) -> int:
    from bot.channels.web import serve_web

    try:
        return asyncio.run(serve_web(program, port))
    except OSError as error:
        click.echo(f"web_port {port}: cannot listen there ({error.strerror or error}).", err=True)
        return 2


def log_to_file(path: Path) -> None:
    """Keep log lines (ids and event names) out of the conversation on the screen."""
    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
