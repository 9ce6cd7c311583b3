"""One `disclosure run` for a home, and one for a token: the second says so and leaves, the first goes on.

Two programs that poll with one token take each other's updates and get a conflict (409) each.  What this
machine can know is known before Telegram is asked:

- the home: a lock on `run.lock` in it, which also holds where containers share the folder;
- the token: a name of the kernel (an abstract socket), so that two homes with one token are noticed whoever
  they belong to and whatever folder for temporary files they have.  Only Linux has such names.

Both vanish with the process, however it ends.  A conflict from elsewhere is waited out (conflicts.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "run.lock"


class NotAlone(Exception):
    """Somebody else serves; the text says what is served twice, and who has it if that is known."""


@contextmanager
def alone(home: Path, token: str) -> Iterator[None]:
    """Hold the home and the token.  Raises NotAlone."""
    with _home(home), _token(token):
        yield


@contextmanager
def _home(home: Path) -> Iterator[None]:
    with (home / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            process = file.read(20).strip() or "unknown"
            raise NotAlone(
                f"another `disclosure run` (process {process}) already serves the home {home}"
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        with suppress(OSError):
            file.truncate(0)


@contextmanager
def _token(token: str) -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    # The name is seen by everybody on the machine: a hash, from which no token can be made.
    name = f"\0disclosure-bot/{hashlib.sha256(token.encode()).hexdigest()}"
    with socket.socket(socket.AF_UNIX) as claim:
        try:
            claim.bind(name)
        except OSError as error:
            bot = token.partition(":")[0]
            raise NotAlone(
                f"another `disclosure run` on this machine already serves the bot {bot} (telegram_token),"
                " from another home"
            ) from error
        yield
