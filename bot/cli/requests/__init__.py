"""`disclosure requests`: the register, looked into from the shell.  A file is a command."""

from __future__ import annotations

import click

from bot.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    package=__name__,
    summaries={
        "intake": "Enter a request made at the counter, by post, by fax or orally, from a YAML file",
        "list": "Open requests, the most urgent first.",
        "show": "One request with its history.",
        "verify": "Prove that no event of the record was changed, removed or slipped in.",
    },
)
def requests() -> None:
    """Look into the register of formal requests.

    \b
    Example:     disclosure requests list
                 disclosure requests show 2026-0001 --clock
    """
