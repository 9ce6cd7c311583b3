"""Data keys: what people wrote lies under a key of its own request, so that erasing the key erases the words.

    key file (vault) ──wraps──▶ data key of 2026-0001 ──seals──▶ content, reply, letters, words in the chain
                     ──wraps──▶ data key of Z2026-0001 …          (one row of `data_keys` each)
                     ──wraps──▶ "mailbox", "likeness"             (standing: they are never erased)

The vault that opens them travels with the connections of its ledger (`keyring.attach`), so that no act has to
hand it on.  A ledger without one refuses to seal: nothing is ever written in the clear for want of a key.
Sealed with AES-256-GCM, bound to its subject: words moved to another request do not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine

from bot.desk.errors import VaultError
from bot.desk.tables import data_keys
from bot.desk.vault import Vault
from bot.ledger.memory import remembered

MAILBOX = "mailbox"  # updates that wait and messages to send
LIKENESS = "likeness"  # tells whether two requests want the same, without keeping what in the clear
STANDING = (MAILBOX, LIKENESS)

_OPTION = "disclosure_keys"
_KEY_BYTES, _NONCE_BYTES = 32, 12
_VERSION = b"\x01"  # of the sealed form; no .docx and no JSON begins with it
_WRAPPED = sa.select(data_keys.c.wrapped).where(data_keys.c.subject == sa.bindparam("of_subject"))
# As text, which both databases read: for the dialects' own `insert` each start would import every driver.
_INSERT = sa.text(
    "INSERT INTO data_keys (subject, wrapped) VALUES (:subject, :wrapped) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class DataKeys:
    """The vault of a ledger and its standing keys, which are opened once."""

    vault: Vault
    standing: Mapping[str, bytes]

    def __repr__(self) -> str:
        """A key must not reach a log through a traceback."""
        return "DataKeys()"


def attach(engine: Engine, keys: DataKeys) -> None:
    """From now on all connections of this ledger can seal and unseal."""
    engine.update_execution_options(**{_OPTION: keys})


def on(connection: Connection, keys: DataKeys) -> Connection:
    """The same connection, which can seal before its ledger can."""
    return connection.execution_options(**{_OPTION: keys})


def _attached(connection: Connection) -> DataKeys:
    keys = connection.get_execution_options().get(_OPTION)
    if not isinstance(keys, DataKeys):
        raise VaultError("vault_not_attached")
    return keys


def make(connection: Connection, vault: Vault, subject: str) -> bytes:
    """The key of a subject, a new one where it has none; two programs that make it at once get the same."""
    found = _wrapped(connection, subject)
    if found is None:
        wrapped = vault.seal_text(secrets.token_urlsafe(_KEY_BYTES))
        connection.execute(_INSERT, {"subject": subject, "wrapped": wrapped})
        found = connection.execute(_WRAPPED, {"of_subject": subject}).scalar_one()
    return _unwrapped(vault, found)


def seal(connection: Connection, subject: str, plain: bytes) -> bytes:
    """Sealed with the key of the subject."""
    keys = _attached(connection)
    key = keys.standing.get(subject) or make(connection, keys.vault, subject)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, subject.encode())


def unseal(connection: Connection, subject: str, sealed: bytes) -> bytes | None:
    """What was sealed; None once its key is erased.  VaultError when it was changed."""
    key = _key(connection, subject)
    return None if key is None else _opened(key, subject, sealed)


def seal_text(connection: Connection, subject: str, plain: str) -> str:
    return base64.b64encode(seal(connection, subject, plain.encode())).decode()


def unseal_text(connection: Connection, subject: str, sealed: str) -> str | None:
    plain = unseal(connection, subject, _bytes_of(sealed))
    return None if plain is None else plain.decode()


def is_sealed(stored: str | bytes) -> bool:
    """Whether this is one of ours: what an earlier version kept in the clear begins with `{` or `PK`."""
    return stored.startswith("A") if isinstance(stored, str) else stored.startswith(_VERSION)


class Opener:
    """Opens many texts of one subject with one look at its key."""

    def __init__(self, connection: Connection, subject: str) -> None:
        self._subject = subject
        self._key = _key(connection, subject)

    def text(self, sealed: str) -> str | None:
        """None once the key is erased; VaultError when another key sealed it or it was changed."""
        return None if self._key is None else _opened(self._key, self._subject, _bytes_of(sealed)).decode()


def erase(connection: Connection, subject: str) -> None:
    """Whatever this key sealed can never be read again.  Record it (an event) in the same transaction."""
    connection.execute(data_keys.delete().where(data_keys.c.subject == subject))


def exists(connection: Connection, subject: str) -> bool:
    return _wrapped(connection, subject) is not None


def keyed_hash(connection: Connection, text: str) -> str:
    """Equal for equal texts of this ledger, and nothing to try guesses against without its key."""
    key = _attached(connection).standing[LIKENESS]
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _key(connection: Connection, subject: str) -> bytes | None:
    keys = _attached(connection)
    if subject in keys.standing:
        return keys.standing[subject]
    wrapped = _wrapped(connection, subject)
    return None if wrapped is None else _unwrapped(keys.vault, wrapped)


def _wrapped(connection: Connection, subject: str) -> str | None:
    def read() -> str | None:
        return connection.execute(_WRAPPED, {"of_subject": subject}).scalar()

    return remembered(connection, ("data_key", subject), ("data_keys",), read)


def _unwrapped(vault: Vault, wrapped: str) -> bytes:
    text = vault.unseal_text(wrapped)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _bytes_of(sealed: str) -> bytes:
    try:
        return base64.b64decode(sealed, validate=True)
    except ValueError as error:
        raise VaultError("vault_cannot_decrypt") from error


def _opened(key: bytes, subject: str, sealed: bytes) -> bytes:
    if not sealed.startswith(_VERSION):
        raise VaultError("vault_cannot_decrypt")
    body = sealed[len(_VERSION) :]
    try:
        return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], subject.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError("vault_cannot_decrypt") from error
