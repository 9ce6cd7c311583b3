"""`disclosure run`: the bot as a service, on Telegram, on the web, or on both."""

from __future__ import annotations

import sys

import click

from bot.cli.opening import on_running_index, warn_of_remedies
from bot.cli.output import told
from bot.cli.serving import serve_web_or_leave
from bot.program import Program


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
        serve_web_or_leave(program, web_port)
    from bot.channels.telegram import run_telegram

    beside = []
    if web_port:
        from bot.channels.web import WebChannel

        beside.append(WebChannel(program))
    sys.exit(run_telegram(program, beside))
