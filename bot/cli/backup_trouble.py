"""What may be wrong with a backup or with the place it goes to, each in one sentence."""

from __future__ import annotations

from typing import NoReturn

from bot.cli.output import fail
from bot.desk.backup import BackupError

_TROUBLE = {
    "not_sqlite": "{path}: only a SQLite ledger can be copied here; PostgreSQL has pg_dump and pg_restore.",
    "missing": "{path}: there is no such file.",
    "exists": "{path} exists already and was not touched.",
    "damaged": "{path} is damaged or no SQLite file. Nothing was changed.",
    "in_use": "{path} is in use: stop the program first. Nothing was changed.",
    "key_exists": "{path} holds another key than the backup's; without the right one, names cannot be read. "
    "Nothing was changed.",
}


def leave(error: BackupError) -> NoReturn:
    """Say it on stderr and leave."""
    fail(_TROUBLE[error.reason].format(path=error.path))
