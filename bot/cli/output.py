"""What a command prints: results, progress, one JSON value, and why it failed.

What the terminal cannot show becomes a question mark, and never an error.
A rare character of a name, an emoji: a GBK terminal, LANG=C and some pipes have no code for it, and one
`print` would end the command in the middle of its work.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from typing import Any, NoReturn

import click

FAILED = 1
WRONG_USAGE = 2
DAMAGED = 4  # a restart would not help: systemd does not try (RestartPreventExitStatus)


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say what is wrong on stderr and leave."""
    click.echo(message, err=True)
    sys.exit(code)


def told(line: str) -> None:
    """What takes long says how far it is, beside the result; a service, in its journal."""
    click.echo(line, err=True)


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, Chinese as it is.

    It is escaped where stdout cannot hold it: a program that reads it must get what was meant.
    """
    line = json.dumps(value, ensure_ascii=False)
    click.echo(line if can_print(line) else json.dumps(value))


def never_fail_to_print() -> None:
    """Let stdout and stderr replace what their encoding does not have.

    Without a locale Python takes ASCII, in which nothing that we say can be said; such terminals show UTF-8
    more often than not.  Whoever names an encoding (PYTHONIOENCODING) gets it.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue  # somebody has put a stream of their own there
        if _is_ascii(stream.encoding) and not os.environ.get("PYTHONIOENCODING"):
            reconfigure(encoding="utf-8", errors="replace")
        else:
            reconfigure(errors="replace")


def can_print(text: str) -> bool:
    """Whether stdout shows every character of it as it is."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_ascii(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "ascii"
