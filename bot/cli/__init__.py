"""`disclosure`: what an operator types.

Output meant for programs goes to stdout as one JSON value with `--json`; progress and errors go to stderr.
Exit codes: 0 done; 1 the thing asked for failed (a broken source, a failed check); 2 wrong usage or setting;
3 another program serves this home; 4 the ledger is damaged.
"""

from __future__ import annotations

import os

import click

from bot.cli.counting import stats
from bot.cli.due import due
from bot.cli.evaluating import evaluate
from bot.cli.fitting import fit
from bot.cli.inviting import staff
from bot.cli.keeping import backup, outbox, restore
from bot.cli.keys import keys
from bot.cli.knowing import ask, check, reload
from bot.cli.poster import poster
from bot.cli.recognising import ocr
from bot.cli.reporting import annual_report
from bot.cli.requesting import requests
from bot.cli.retaining import retention
from bot.cli.streams import never_fail_to_print
from bot.cli.talking import chat, run, site, web
from bot.cli.watching import health

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="disclosure-bot", prog_name="disclosure")
def main() -> None:
    """Answers residents from what their township has disclosed, and files what is not answered.

    \b
    Try it:      disclosure chat
    Run it:      DISCLOSURE_TELEGRAM_TOKEN=... disclosure run
    """
    os.umask(0o077)  # what the program writes is its owner's alone: index, logs, letters, backups
    never_fail_to_print()


for command in (chat, run, web, ask, reload, check, stats, evaluate, fit, requests, due, annual_report, ocr):
    main.add_command(command)
for command in (backup, restore, outbox, poster, site, retention, keys, health, staff):
    main.add_command(command)
