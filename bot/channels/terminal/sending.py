"""`/attach FILE`: a file of this machine goes along with what is being written.

Nothing is read unless somebody at this terminal names it, and no more of it than is taken.
"""

from __future__ import annotations

import re
from pathlib import Path

from bot.messages import SentFile, Trouble

MEGABYTE = 1024 * 1024
_ATTACH = re.compile(r"(?:/attach|附件|附上|附)[\s:：]+(?P<path>\S.*)", re.IGNORECASE)
# 附件 2 is no path: a word that Chinese puts before one needs something that looks like a file.
_A_PATH = re.compile(r"[/\\~]|\.[A-Za-z0-9]{2,5}['\"]?$")


def path_in(text: str) -> Path | None:
    """The file that is to go along, None for any other text.

    Quotes and backslashes of a shell are taken off.
    """
    found = _ATTACH.fullmatch(text.strip())
    if found is None:
        return None
    named = found["path"].strip()
    is_command = text.lstrip().lower().startswith("/attach")
    if not is_command and not _A_PATH.search(named):
        return None
    if len(named) > 1 and named[0] == named[-1] and named[0] in "'\"":
        named = named[1:-1]
    try:
        path = Path(named).expanduser()
        return path if path.exists() else Path(re.sub(r"\\(.)", r"\1", named)).expanduser()
    except (RuntimeError, OSError, ValueError):  # ~ of nobody, a name too long, a NUL
        return Path("/nowhere") / "file"


def read_file(path: Path, most: int) -> SentFile:
    """The file as it is sent; what cannot be read or is larger than `most` bytes comes with its trouble."""
    try:
        if not path.is_file():
            return SentFile(path.name, trouble=Trouble.NO_SUCH_FILE)
        size = path.stat().st_size
        if size > most:
            return SentFile(path.name, size, trouble=Trouble.TOO_BIG)
        content = path.read_bytes()
    except (OSError, ValueError):
        return SentFile(path.name, trouble=Trouble.NO_SUCH_FILE)
    return SentFile(path.name, len(content), content=content)
