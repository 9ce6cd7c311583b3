"""The web pages served until stopped, alone."""

from __future__ import annotations

import asyncio
import sys
from typing import NoReturn

from bot.channels.web import serve_web
from bot.cli.output import WRONG_USAGE, fail
from bot.program import Program


def serve_web_or_leave(program: Program, port: int) -> NoReturn:
    """Serve until stopped, then leave with what serving came to; a port that is taken is a wrong setting."""
    try:
        sys.exit(asyncio.run(serve_web(program, port)))
    except OSError as error:
        fail(f"web_port {port}: cannot listen there ({error.strerror or error}).", WRONG_USAGE)
