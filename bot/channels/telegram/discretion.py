"""What may be written to the log: no token, no word of anybody's message.

httpx writes each address at INFO, and the address holds the token; PTB writes parameters at DEBUG and an
answer it could not read at ERROR.  So their loggers speak from WARNING on, and what they say is reduced to
the sentence without its values.  Should the token appear anywhere else, it is blotted out.
"""

from __future__ import annotations

import logging
import traceback

from bot.channels.logs import JsonLines

_TALKATIVE = ("httpx", "httpcore", "telegram", "tornado")


class Discretion(logging.Filter):
    """For a handler: changes records, lets all of them pass."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        talkative = record.name.partition(".")[0] in _TALKATIVE
        said = record.msg if talkative else record.getMessage()
        trace = _where(record.exc_info) if record.exc_info else ""
        text = f"{said}{trace}"
        record.msg = text.replace(self._token, "(token)") if self._token else text
        record.args = ()
        record.exc_info = record.exc_text = None
        return True


def _where(exc_info: tuple[object, ...] | bool) -> str:
    """The trace without the exception's own text, which may quote a message."""
    if not isinstance(exc_info, tuple) or not isinstance(exc_info[1], BaseException):
        return ""
    error = exc_info[1]
    return f"\n{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}"


def be_discreet(token: str) -> None:
    """Put the filter on all handlers there are; without any, log JSON lines to stderr from INFO on."""
    if not logging.getLogger().handlers:
        to_stderr = logging.StreamHandler()
        to_stderr.setFormatter(JsonLines())
        logging.basicConfig(level=logging.INFO, handlers=[to_stderr])
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Discretion(token))
