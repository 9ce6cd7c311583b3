"""`disclosure`: what an operator types.  A file is a command.

Output meant for programs goes to stdout as one JSON value with `--json`; progress and errors go to stderr.
Exit codes: 0 done; 1 the thing asked for failed (a broken source, a failed check); 2 wrong usage or setting;
3 another program serves this home; 4 the ledger is damaged.
"""

from __future__ import annotations

import os

import click

from bot.cli.lazy import LazyGroup
from bot.cli.output import never_fail_to_print

__all__ = ["main"]

SUMMARIES = {
    "annual-report": "Count the year for the annual report (art. 50) in the national format",
    "ask": "Ask one question, as a resident with a fresh chat would; nothing is kept.",
    "backup": "Copy the ledger to FILE while the program runs, and prove the copy.",
    "chat": "Talk to the bot in the terminal.",
    "check": "Do all that `reload` does, but do not swap the index in.",
    "due": "Compute the day by which a request received on a given day must be answered, with the proof.",
    "evaluate": "Score the bot against a file of questions.",
    "fit": "Fit the weights of the matching to the questions of several offices, and print both.",
    "health": "Say when the service last made its rounds and heard from Telegram",
    "keys": "The keys that open names, id numbers and contacts.",
    "ocr": "Recognise the text of a scan (pdf, png, jpg), for a person to correct.",
    "outbox": "List messages that did not arrive and messages that the bot failed to answer.",
    "poster": "Make the QR code for a poster",
    "reload": "Rebuild the index from the knowledge folder, examine it, and swap it in.",
    "requests": "Look into the register of formal requests.",
    "restore": "Put the backup FILE (and FILE.key, if there is one) in the place of the ledger.",
    "retention": "Show which personal data have outlived their term (settings ..._kept_days)",
    "run": "Serve residents until stopped",
    "site": "Write the public section as plain files, for an office that can only upload files.",
    "staff": "Colleagues and their roles.",
    "stats": "Say what was asked, how it was answered, and what was missed most",
    "web": "Open the web pages on this machine: the public section and the desk.",
}


@click.group(
    cls=LazyGroup,
    package=__name__,
    summaries=SUMMARIES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="disclosure-bot", prog_name="disclosure")
def main() -> None:
    """Answers residents from what their township has disclosed, and files what is not answered.

    \b
    Try it:      disclosure chat
    Run it:      DISCLOSURE_TELEGRAM_TOKEN=... disclosure run
    """
    os.umask(0o077)  # what the program writes is its owner's alone: index, logs, letters, backups
    never_fail_to_print()
