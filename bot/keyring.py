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
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.adoption import adopt
from bot.desk import attached, chain, data_keys
from bot.desk.chain import UPKEEP
from bot.desk.data_keys import DataKeys
from bot.desk.errors import VaultError
from bot.desk.model import EventKind, Role
from bot.desk.tables import data_keys as wrapped_keys
from bot.desk.tables import inquiries, letters, record_correction_letters, record_corrections, requests
from bot.desk.vault import Vault
from bot.dialogue.tables import conversations
from bot.ledger.ledger import Ledger
from bot.mailbox.tables import outbox, updates

_AT_ONCE = 100  # rows in one transaction


def open_vault(ledger: Ledger, key_file: Path, keys: str = "") -> Vault:
    """The vault of this ledger, from `keys` (newest first) or else from the file; the ledger can seal with it
    from then on.

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
    try:
        attach(ledger, vault)
    except VaultError as error:
        raise VaultError("vault_key_wrong", setting=setting, path=key_file) from error
    return vault


def attach(ledger: Ledger, vault: Vault) -> None:
    """All connections of the ledger seal with this vault.  The first time, what lay in the clear is sealed.

    The standing keys are committed before anybody uses them: what is sealed with one that a rolled back
    transaction made could never be opened.
    """
    with ledger.reading() as connection:
        known = all(data_keys.exists(connection, subject) for subject in data_keys.STANDING)
    adopted = 0
    with ledger.reading() if known else ledger.transaction() as connection:
        standing = {subject: data_keys.make(connection, vault, subject) for subject in data_keys.STANDING}
        keys = DataKeys(vault, standing)
        if not known:
            with_keys = data_keys.on(connection, keys)
            adopted = adopt(with_keys, datetime.now(UTC))
    data_keys.attach(ledger.engine, keys)
    if adopted:
        ledger.compact()


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
    token = next((str(state["sealed"]) for state in connection.scalars(states) if "sealed" in state), "")
    newest = sa.select(wrapped_keys.c.wrapped).order_by(wrapped_keys.c.id.desc()).limit(1)
    return token or str(connection.execute(newest).scalar() or "")


def sealed_with_old_keys(connection: Connection, vault: Vault) -> int:
    """How many rows are not under the newest key yet, those that no key opens included."""
    sealed = (
        *_identities(connection),
        *_record_corrections(connection),
        *_memories(connection),
        *_data_keys(connection),
    )
    tokens = (token for _, token in sealed)
    return sum(not vault.is_newest(token) for token in tokens)


def reseal(ledger: Ledger, vault: Vault) -> int:
    """Seal everything under the newest key; how many rows it was.  What no key opens is left as it is.

    What was written is not touched: only the data keys that open it are wrapped anew.
    """
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
    for subject, token in _data_keys(connection):
        if done < _AT_ONCE and not vault.is_newest(token) and vault.opens(token):
            mine = wrapped_keys.c.subject == subject
            connection.execute(wrapped_keys.update().where(mine).values(wrapped=vault.reseal(token)))
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
    """Requests, inquiries and record corrections, and chats, whose sealed data no key at hand opens."""
    files = (*_identities(connection), *_record_corrections(connection), *_data_keys(connection))
    lost = {number for number, token in files if not vault.opens(token)}
    return (
        sorted(lost - set(data_keys.STANDING)),
        [address for address, token in _memories(connection) if not vault.opens(token)],
    )


def give_up_unreadable(connection: Connection, vault: Vault, now: datetime, zone: ZoneInfo) -> list[str]:
    """After a key was lost for good: forget what it had sealed, on record; the numbers of the requests.

    Identity, words, letters, messages on their way: nobody can read them any more.  Numbers, days and
    outcomes stay.
    """
    numbers, addresses = unreadable(connection, vault)
    lost = [subject for subject, token in _data_keys(connection) if not vault.opens(token)]
    for subject in lost:
        _give_up_words(connection, subject)
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


def _give_up_words(connection: Connection, subject: str) -> None:
    """Whatever the data key of this subject had sealed."""
    data_keys.erase(connection, subject)
    if subject == data_keys.MAILBOX:
        for table in (updates, outbox):
            unsent = table.c.payload.is_not(None)
            status = "failed" if table is updates else "dead"
            connection.execute(table.update().where(unsent).values(payload=None, status=status))
        attached.erase(connection, "")
        return
    for table in (requests, inquiries, record_corrections):
        connection.execute(table.update().where(table.c.number == subject).values(words=None))
    connection.execute(letters.delete().where(letters.c.request_number == subject))
    attached.erase(connection, subject)
    kept = record_correction_letters
    connection.execute(kept.delete().where(kept.c.number == subject))


def _data_keys(connection: Connection) -> Iterator[tuple[str, str]]:
    query = sa.select(wrapped_keys.c.subject, wrapped_keys.c.wrapped).order_by(wrapped_keys.c.id)
    for row in connection.execute(query).all():
        yield row.subject, row.wrapped


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
