"""The vault's keys and the ledger they belong to: opening both together, and changing the key.

    key at hand?            sealed rows in the ledger?
    no                      no    -> a key is made, readable by its owner alone
    no                      yes   -> VaultError: nobody could ever read them again; no key is made
    opens the newest row    yes   -> the vault
    does not open it        yes   -> VaultError: this is another ledger's key

A new key comes first in line, the old ones stay for reading, then every sealed row is sealed anew, a few in
each transaction.  Stopped anywhere on the way, everything can be read; `reseal` goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain
from bot.desk.errors import VaultError
from bot.desk.ledger import Ledger
from bot.desk.model import EventKind, Role
from bot.desk.tables import conversations, record_corrections, requests
from bot.desk.vault import Vault

UPKEEP = "upkeep"  # the subject of events that belong to no single request
_AT_ONCE = 100  # rows in one transaction


def open_vault(ledger: Ledger, key_file: Path, keys: str = "") -> Vault:
    """The vault of this ledger, from `keys` (newest first) or else from the file.

    Raises VaultError; its `setting` names what the operator has to look at.
    """
    setting = "identity_key" if keys.strip() else "key_file"
    with ledger.reading() as connection:
        token = _newest_token(connection)
    if setting == "key_file" and token and not key_file.exists():
        raise VaultError("vault_key_missing", setting=setting, path=key_file)
    try:
        vault = Vault.from_text(keys) if setting == "identity_key" else Vault.open(key_file)
    except VaultError as error:
        raise VaultError(error.text_id, setting=setting, path=key_file) from error
    if token and not vault.opens(token):
        raise VaultError("vault_key_wrong", setting=setting, path=key_file)
    return vault


def _newest_token(connection: Connection) -> str:
    """Something that was sealed last, "" when nothing is: a request before a half-filled form."""
    identity = (
        sa.select(requests.c.identity)
        .where(requests.c.identity.is_not(None))
        .order_by(requests.c.submitted_at.desc())
        .limit(1)
    )
    found = connection.execute(identity).scalar()
    if found:
        return str(found)
    states = sa.select(conversations.c.state).order_by(conversations.c.updated_at.desc()).limit(_AT_ONCE)
    return next((str(state["sealed"]) for state in connection.scalars(states) if "sealed" in state), "")


def sealed_with_old_keys(connection: Connection, vault: Vault) -> int:
    """How many rows are not under the newest key yet, those that no key opens included."""
    sealed = (*_identities(connection), *_record_corrections(connection), *_memories(connection))
    tokens = (token for _, token in sealed)
    return sum(not vault.is_newest(token) for token in tokens)


def reseal(ledger: Ledger, vault: Vault) -> int:
    """Seal everything under the newest key; how many rows it was.  What no key opens is left as it is."""
    total = 0
    while True:
        with ledger.transaction() as connection:
            done = _reseal_some(connection, vault)
        total += done
        if not done:
            return total


def _reseal_some(connection: Connection, vault: Vault) -> int:
    done = 0
    for number, token in _identities(connection):
        if done < _AT_ONCE and not vault.is_newest(token) and vault.opens(token):
            key = vault.match_keys(vault.unseal(token))[0]
            new = {"identity": vault.reseal(token), "applicant_key": key}
            connection.execute(requests.update().where(requests.c.number == number).values(**new))
            done += 1
    for number, token in _record_corrections(connection):
        if done < _AT_ONCE and not vault.is_newest(token) and vault.opens(token):
            mine = record_corrections.c.number == number
            values = {"sealed": vault.reseal(token)}
            connection.execute(record_corrections.update().where(mine).values(**values))
            done += 1
    for address, token in _memories(connection):
        if done < _AT_ONCE and not vault.is_newest(token) and vault.opens(token):
            _change_memory(connection, address, vault.reseal(token))
            done += 1
    return done


def _change_memory(connection: Connection, address: str, token: str) -> None:
    """What a chat remembers, sealed anew; "" forgets it."""
    mine = conversations.c.address == address
    state = dict(connection.execute(sa.select(conversations.c.state).where(mine)).scalar_one())
    del state["sealed"]
    if token:
        state["sealed"] = token
    connection.execute(conversations.update().where(mine).values(state=state))


def unreadable(connection: Connection, vault: Vault) -> tuple[list[str], list[str]]:
    """Requests (and record corrections) and chats whose sealed data no key at hand opens."""
    files = (*_identities(connection), *_record_corrections(connection))
    return (
        [number for number, token in files if not vault.opens(token)],
        [address for address, token in _memories(connection) if not vault.opens(token)],
    )


def give_up_unreadable(connection: Connection, vault: Vault, now: datetime, zone: ZoneInfo) -> list[str]:
    """After a key was lost for good: forget what it had sealed, on record; the numbers of the requests.

    Their letters, which hold name and contact, stay: the office goes on with them.
    """
    numbers, addresses = unreadable(connection, vault)
    for number in numbers:
        connection.execute(requests.update().where(requests.c.number == number).values(identity=None))
        mine = record_corrections.c.number == number
        connection.execute(record_corrections.update().where(mine).values(sealed=None))
    for address in addresses:
        _change_memory(connection, address, "")
    if numbers or addresses:
        chain.append(
            connection,
            subject=UPKEEP,
            kind=EventKind.DATA_ERASED,
            at=now,
            on=now.astimezone(zone).date(),
            actor="",
            role=Role.PROGRAM,
            data={"reason": "key_lost", "requests": numbers, "chats": len(addresses)},
        )
    return numbers


def _identities(connection: Connection) -> Iterator[tuple[str, str]]:
    query = sa.select(requests.c.number, requests.c.identity).where(requests.c.identity.is_not(None))
    for row in connection.execute(query.order_by(requests.c.number)).all():
        yield row.number, row.identity


def _record_corrections(connection: Connection) -> Iterator[tuple[str, str]]:
    query = sa.select(record_corrections.c.number, record_corrections.c.sealed)
    kept = query.where(record_corrections.c.sealed.is_not(None)).order_by(record_corrections.c.number)
    for row in connection.execute(kept).all():
        yield row.number, row.sealed


def _memories(connection: Connection) -> Iterator[tuple[str, str]]:
    query = sa.select(conversations.c.address, conversations.c.state).order_by(conversations.c.address)
    for row in connection.execute(query).all():
        if "sealed" in row.state:
            yield row.address, row.state["sealed"]
