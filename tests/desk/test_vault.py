"""The vault: identity at rest is unreadable without the key, keys can be rotated, the file is private."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.desk.errors import VaultError
from bot.desk.model import Applicant, ApplicantKind
from bot.desk.vault import Vault, add_key, drop_old_keys

WANG = Applicant(ApplicantKind.NATURAL_PERSON, "王小明", "11010519491231002X", "13812341234")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "identity.key"


def test_sealed_is_unreadable_and_comes_back(key_file: Path) -> None:
    """Nothing of the applicant is in the token; the same key opens it in a later run."""
    token = Vault.open(key_file).seal(WANG)
    assert [part for part in ("王小明", "11010519491231002X", "13812341234") if part in token] == []
    assert Vault.open(key_file).unseal(token) == WANG


def test_key_file_is_private(key_file: Path) -> None:
    """Made at first use, readable and writable by its owner alone, also after a rotation."""
    Vault.open(key_file)
    add_key(key_file)
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["identity.key"]


def test_another_key_cannot_open(key_file: Path, tmp_path: Path) -> None:
    """A lost key file means lost identities, said as such and not as a traceback of the library."""
    token = Vault.open(key_file).seal(WANG)
    with pytest.raises(VaultError, match="vault_cannot_decrypt"):
        Vault.open(tmp_path / "other.key").unseal(token)


def test_rotation(key_file: Path) -> None:
    """Old tokens open beside a new key; resealed ones open with the new key alone."""
    old = Vault.open(key_file)
    token = old.seal(WANG)
    add_key(key_file)
    both = Vault.open(key_file)
    assert both.unseal(token) == WANG
    resealed = both.reseal(token)
    drop_old_keys(key_file)
    only_new = Vault.open(key_file)
    assert only_new.unseal(resealed) == WANG
    with pytest.raises(VaultError):
        only_new.unseal(token)


def test_same_person_matches_across_rotation(key_file: Path) -> None:
    """Hashes by the old key are still among those looked for; another person's are not."""
    before = Vault.open(key_file).match_keys(WANG)
    add_key(key_file)
    after = Vault.open(key_file).match_keys(
        Applicant(WANG.kind, "王小明", "11010519491231002x", "another contact")
    )
    assert after[1:] == before
    other = Applicant(WANG.kind, "王小明", "440524188001010014", WANG.contact)
    assert set(Vault.open(key_file).match_keys(other)).isdisjoint(after)


def test_keys_from_environment(key_file: Path) -> None:
    """The text of the file works as a variable, too."""
    token = Vault.open(key_file).seal(WANG)
    assert Vault.from_text(key_file.read_text()).unseal(token) == WANG


@pytest.mark.parametrize(("text", "text_id"), [("", "vault_without_key"), ("abc", "vault_key_malformed")])
def test_bad_key_is_named(text: str, text_id: str) -> None:
    """No key and no proper key are told apart."""
    with pytest.raises(VaultError) as caught:
        Vault.from_text(text)
    assert caught.value.text_id == text_id


def test_programs_starting_at_once_share_one_key(key_file: Path) -> None:
    """First use in several threads at once makes one key, and all of them use it."""
    tokens: list[str] = []
    threads = [
        threading.Thread(target=lambda: tokens.append(Vault.open(key_file).seal(WANG))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vault = Vault.open(key_file)
    assert [vault.unseal(token) for token in tokens] == [WANG] * 8


def test_applicant_does_not_print_itself() -> None:
    """A traceback or a log line with an applicant in it shows no identity."""
    assert repr(WANG) == "Applicant(kind=NP)"
