"""The vault: identity data encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA256), key rotation.

The key file holds one key a line, the newest first.  New data are encrypted with the first; every key can
decrypt.  To rotate: `add_key(path)`, seal the ledger anew (`keyring.reseal`), then drop the old lines.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.desk.applicants import from_plain, to_plain
from bot.desk.errors import VaultError
from bot.desk.identity import normal_id
from bot.desk.model import Applicant

_OWNER_ONLY = 0o600


class Vault:
    """Encrypts and decrypts applicants with the keys given, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises VaultError when there is no key or one is not a Fernet key."""
        if not keys:
            raise VaultError("vault_without_key")
        try:
            self._newest = Fernet(keys[0])
            self._fernet = MultiFernet([Fernet(key) for key in keys])
            self._secrets = [base64.urlsafe_b64decode(key) for key in keys]
        except (ValueError, binascii.Error) as error:
            raise VaultError("vault_key_malformed") from error

    @classmethod
    def open(cls, key_file: Path) -> Vault:
        """Keys from the file; it is made, readable by its owner alone, when it does not exist."""
        if not key_file.exists():
            _create(key_file)
        return cls(_read(key_file))

    @classmethod
    def from_text(cls, text: str) -> Vault:
        """Keys from an environment variable: separated by commas or spaces, newest first."""
        return cls(text.replace(",", " ").split())

    @property
    def has_old_keys(self) -> bool:
        return len(self._secrets) > 1

    def opens(self, token: str) -> bool:
        """Whether a key at hand fits."""
        return _fits(self._fernet, token)

    def is_newest(self, token: str) -> bool:
        """Whether the newest key alone opens it."""
        return _fits(self._newest, token)

    def seal(self, applicant: Applicant) -> str:
        """The applicant as an encrypted token."""
        plain = to_plain(applicant)
        return self._fernet.encrypt(json.dumps(plain, ensure_ascii=False).encode()).decode()

    def unseal(self, token: str) -> Applicant:
        """The applicant in the clear; VaultError when no key at hand fits or the token was changed."""
        try:
            plain = json.loads(self._fernet.decrypt(token))
        except InvalidToken as error:
            raise VaultError("vault_cannot_decrypt") from error
        return from_plain(plain)

    def seal_text(self, text: str) -> str:
        """Any text as an encrypted token: a half-filled form holds the same data as a request."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal_text(self, token: str) -> str:
        """The text in the clear; VaultError when no key at hand fits or the token was changed."""
        try:
            return self._fernet.decrypt(token).decode()
        except InvalidToken as error:
            raise VaultError("vault_cannot_decrypt") from error

    def reseal(self, token: str) -> str:
        """The same data under the newest key."""
        try:
            return self._fernet.rotate(token).decode()
        except InvalidToken as error:
            raise VaultError("vault_cannot_decrypt") from error

    def match_keys(self, applicant: Applicant) -> tuple[str, ...]:
        """Keyed hashes that tell whether two requests have one applicant, by each key, newest first.

        Keyed, because the few billion possible ID numbers could be tried out against a bare hash.
        """
        identity = normal_id(applicant.id_number) or f"{applicant.name}|{applicant.contact}"
        return self._keyed(f"applicant|{applicant.kind.value}|{identity}")

    def code_keys(self, code: str) -> tuple[str, ...]:
        """Keyed hashes of a one-time code, by each key, newest first."""
        return self._keyed(f"code|{code}")

    def _keyed(self, message: str) -> tuple[str, ...]:
        return tuple(hmac.new(key, message.encode(), hashlib.sha256).hexdigest() for key in self._secrets)


def _fits(fernet: Fernet | MultiFernet, token: str) -> bool:
    try:
        fernet.decrypt(token)
    except InvalidToken:
        return False
    return True


def new_key() -> str:
    """A fresh key, as it stands in the file."""
    return Fernet.generate_key().decode()


def add_key(key_file: Path) -> None:
    """Put a new key on top of the file; the old ones stay readable until they are dropped."""
    lines = [new_key(), *_read(key_file)]
    _replace(key_file, lines)


def drop_old_keys(key_file: Path) -> None:
    """Keep only the newest key; do it after everything has been re-encrypted."""
    _replace(key_file, _read(key_file)[:1])


def _read(key_file: Path) -> list[str]:
    try:
        return key_file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise VaultError("vault_key_unreadable", path=key_file) from error


def _write_beside(key_file: Path, lines: Sequence[str]) -> Path:
    """A new file with the right mode from its first byte on."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    beside = key_file.with_name(f".{key_file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return beside


def _create(key_file: Path) -> None:
    """Two programs may start at once: a hard link makes one key win, whole."""
    beside = _write_beside(key_file, [new_key()])
    try:
        os.link(beside, key_file)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _replace(key_file: Path, lines: Sequence[str]) -> None:
    _write_beside(key_file, lines).replace(key_file)
