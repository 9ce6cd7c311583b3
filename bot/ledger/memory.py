"""What a transaction has read and may take as read, until it writes to a table that it was read from.

A turn asks for the same request, its events and its key again and again: each asks the ledger once.

On SQLite alone, where a transaction sees one state from its beginning to its end.  Elsewhere (READ COMMITTED)
somebody who waited for a lock must read anew what was done meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

Read = TypeVar("Read")

_WRITTEN = re.compile(r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
_CHANGES_NOTHING = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")
_MEMORY = "disclosure_memory"


def remembered(
    connection: Connection, key: Hashable, tables: tuple[str, ...], read: Callable[[], Read]
) -> Read:
    """What `read` gives, read once in a transaction as long as nobody writes to one of `tables` in it.

    `key` names what is read, all that it depends on included; what is given must not be changed.
    """
    memory = connection.info.get(_MEMORY)
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = (tables, read())
    found: Read = memory[key][1]
    return found


def is_remembered(connection: Connection, key: Hashable, value: object) -> bool:
    """Whether `value` is what was read under this key, and still holds."""
    memory = connection.info.get(_MEMORY) or {}
    return key in memory and memory[key][1] is value


def keep(connection: Connection, key: Hashable, tables: tuple[str, ...], value: object) -> None:
    """For who has written and knows what `read` would give now."""
    memory = connection.info.get(_MEMORY)
    if memory is not None:
        memory[key] = (tables, value)


def remember_within_transactions(engine: Engine) -> None:
    """Let the connections of an engine of SQLite remember."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "commit", _end)
    event.listen(engine, "rollback", _end)
    event.listen(engine, "rollback_savepoint", _undo)
    event.listen(engine, "before_cursor_execute", _look_at)


def _begin(connection: Connection) -> None:
    connection.info[_MEMORY] = {}


def _end(connection: Connection) -> None:
    connection.info.pop(_MEMORY, None)


def _undo(connection: Connection, name: str, context: None) -> None:
    if _MEMORY in connection.info:
        connection.info[_MEMORY] = {}


def _look_at(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
    memory = connection.info.get(_MEMORY)
    if not memory or statement.lstrip()[:9].upper().startswith(_CHANGES_NOTHING):
        return
    written = _WRITTEN.match(statement)
    for key in [key for key, (tables, _) in memory.items() if written is None or written[1] in tables]:
        del memory[key]
