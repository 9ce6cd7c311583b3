"""What the terminal cannot show becomes a question mark, and never an error.

A rare character of a name, an emoji: a GBK terminal, LANG=C and some pipes have no code for it, and one
`print` would end the command in the middle of its work.
"""

from __future__ import annotations

import codecs
import os
import sys


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
