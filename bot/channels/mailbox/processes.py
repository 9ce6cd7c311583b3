"""Which process is sending a message: named in its row, so that a restart knows what to free."""

from __future__ import annotations

import os
import platform
import secrets
from contextlib import suppress

_THIS_START = secrets.token_hex(4)  # tells this process from an older one with the same number


def own_name() -> str:
    """Machine, process number, start."""
    return f"{machine()}/{os.getpid()}/{_THIS_START}"


def machine() -> str:
    return platform.node()[:30]


def is_gone(sender: str) -> bool:
    """Whether the process that claimed a message was of this machine and cannot be alive any more."""
    node, _, rest = sender.partition("/")
    pid = rest.partition("/")[0]
    if node != machine() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return sender != own_name()  # a container restarts with the same process number
    with suppress(PermissionError):  # alive, somebody else's
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
    return False
