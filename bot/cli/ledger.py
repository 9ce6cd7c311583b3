"""The record for a command; what may be wrong with the ledger or with its key, each in one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot.cli.output import DAMAGED, WRONG_USAGE, fail
from bot.cli.settings import settings_or_leave
from bot.desk.errors import VaultError
from bot.desk.notices import CalendarError
from bot.ledger.errors import LedgerDamaged, Refused
from bot.ledger.ledger import damage_named, sqlite_code
from bot.record import Record

_KEY_TROUBLE = {
    "vault_key_missing": "{path} does not exist, but the ledger holds data sealed with that key. "
    "Put your copy of it there, or give the key in DISCLOSURE_IDENTITY_KEY. No new key was made. "
    "If it is lost for good: `disclosure keys lost`.",
    "vault_key_wrong": "this key does not open what the ledger holds: it is another one's, or out of date. "
    "Nothing was changed. If the right one is lost for good: `disclosure keys lost`.",
    "vault_key_malformed": "this is no key; `disclosure keys new` prints one.",
    "vault_key_unreadable": "{path} cannot be read.",
    "vault_without_key": "{path} holds no key; put your copy of it there.",
}


def key_trouble(error: VaultError) -> str:
    """What is wrong with the key, and which setting to look at."""
    setting = str(error.facts.get("setting", "key_file"))
    trouble = _KEY_TROUBLE.get(error.text_id)
    if trouble is None:
        return f"{setting}: identity data cannot be decrypted with the keys at hand."
    where = f"{setting} (DISCLOSURE_{setting.upper()})"
    return f"{where}: {trouble.format(path=error.facts.get('path', ''))}"


_STORAGE = {
    sqlite3.SQLITE_BUSY: "another program holds it for longer than 30 s. Nothing was changed; try again.",
    sqlite3.SQLITE_READONLY: "it cannot be written: the file, its folder or the disk is read-only. "
    "Nothing was changed.",
    sqlite3.SQLITE_FULL: "the disk is full. What was confirmed before is kept; make room and start again.",
    sqlite3.SQLITE_IOERR: "the disk is full or fails. What was confirmed before is kept; look at the disk.",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: look at the folder, its owner, and for a read-only disk.",
    sqlite3.SQLITE_PERM: "it cannot be opened: look at the folder, its owner, and for a read-only disk.",
}


@contextmanager
def storage_trouble_told() -> Iterator[None]:
    """Turns what the disk may do to a ledger into one sentence; a damaged one has an exit code of its own."""
    try:
        with damage_named(None):
            yield
    except LedgerDamaged as error:
        path = error.facts["path"] or "the ledger"
        fail(f"{path} is damaged. Put a backup in its place: disclosure restore BACKUP --force", DAMAGED)
    except DBAPIError as error:
        told = _STORAGE.get(sqlite_code(error) or 0)
        if told is None:
            raise
        fail(f"The ledger: {told}")


def with_record(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the open record of the office, without its knowledge."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> None:
        try:
            with storage_trouble_told(), Record.open(settings_or_leave()) as record:
                function(record, *args, **kwargs)
        except VaultError as error:
            fail(key_trouble(error), WRONG_USAGE)
        except (CalendarError, Refused) as error:
            fail(str(error))

    return command
