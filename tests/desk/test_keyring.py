"""The keys and their ledger: no new key over sealed rows, rotation that may stop anywhere, a lost key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk import chain
from bot.desk.errors import VaultError
from bot.desk.model import EventKind
from bot.desk.register import Register
from bot.desk.tables import requests
from bot.desk.vault import Vault, add_key, drop_old_keys, new_key
from bot.dialogue.tables import conversations
from bot.keyring import _reseal_some, give_up_unreadable, open_vault, reseal, sealed_with_old_keys, unreadable
from bot.ledger.ledger import Ledger
from tests.desk.conftest import OFFICE, RESIDENT, WANG, at
from tests.ledgers import ledger_url

NOW = at("2025-04-25")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One that no key has opened yet."""
    with Ledger.open(ledger_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "identity.key"


def register_with(ledger: Ledger, vault: Vault) -> Register:
    from bot.desk.calendar import WorkingCalendar

    return Register(OFFICE, WorkingCalendar(), vault)


def furnish(ledger: Ledger, vault: Vault, count: int = 3) -> list[str]:
    """Requests and one chat with a half-filled form."""
    register = register_with(ledger, vault)
    with ledger.transaction() as connection:
        connection.execute(
            conversations.insert().values(
                address=RESIDENT,
                person=RESIDENT,
                state={"language_chosen": False, "sealed": vault.seal_text("半张表")},
                updated_at=NOW,
            )
        )
        return [
            register.session(connection, NOW, RESIDENT)
            .intake.submit(applicant=WANG, content=f"决算{n}")
            .number
            for n in range(count)
        ]


def dies_in_the_middle(ledger: Ledger, vault: Vault) -> None:
    with ledger.transaction() as connection:
        _reseal_some(connection, vault)
        raise OSError("power cut")


def test_first_start_makes_a_key(ledger: Ledger, key_file: Path) -> None:
    """An empty ledger has nothing to lose."""
    open_vault(ledger, key_file)
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_missing_key_is_not_made_anew(ledger: Ledger, key_file: Path) -> None:
    """With sealed rows in the ledger a missing file is an error that names the setting, and stays missing."""
    furnish(ledger, open_vault(ledger, key_file))
    key_file.unlink()
    with pytest.raises(VaultError, match="vault_key_missing") as caught:
        open_vault(ledger, key_file)
    assert caught.value.facts["setting"] == "key_file"
    assert not key_file.exists()


def test_a_half_filled_form_is_reason_enough(ledger: Ledger, key_file: Path) -> None:
    """Not only requests: what somebody has typed so far is sealed, too."""
    furnish(ledger, open_vault(ledger, key_file), count=0)
    key_file.unlink()
    with pytest.raises(VaultError, match="vault_key_missing"):
        open_vault(ledger, key_file)


def test_wrong_key_is_named(ledger: Ledger, key_file: Path) -> None:
    """Another ledger's key, in the file or in the variable."""
    furnish(ledger, open_vault(ledger, key_file))
    with pytest.raises(VaultError, match="vault_key_wrong") as caught:
        open_vault(ledger, key_file, new_key())
    assert caught.value.facts["setting"] == "identity_key"
    key_file.write_text(new_key())
    with pytest.raises(VaultError, match="vault_key_wrong") as caught:
        open_vault(ledger, key_file)
    assert caught.value.facts["setting"] == "key_file"


def test_key_from_the_variable_needs_no_file(ledger: Ledger, key_file: Path) -> None:
    """Given as text, no file is made or read."""
    text = new_key()
    numbers = furnish(ledger, open_vault(ledger, key_file, text))
    vault = open_vault(ledger, key_file, f"{new_key()}, {text}")
    with ledger.reading() as connection:
        assert (
            register_with(ledger, vault).session(connection).requests.applicant_for_letters(numbers[0])
            == WANG
        )
    assert not key_file.exists()


@pytest.mark.parametrize("given", ["abc", "x" * 44])
def test_malformed_key_names_its_setting(ledger: Ledger, key_file: Path, given: str) -> None:
    """No key at all is told apart from the wrong one."""
    with pytest.raises(VaultError, match="vault_key_malformed") as caught:
        open_vault(ledger, key_file, given)
    assert caught.value.facts["setting"] == "identity_key"


def test_rotation_seals_everything_anew(ledger: Ledger, key_file: Path) -> None:
    """Afterwards the new key alone opens requests and forms, and repeats are still found."""
    numbers = furnish(ledger, open_vault(ledger, key_file))
    add_key(key_file)
    assert (
        reseal(ledger, open_vault(ledger, key_file)) == 2 * len(numbers) + 3
    )  # identity, data key; chat, standing keys
    drop_old_keys(key_file)
    vault = open_vault(ledger, key_file)
    register = register_with(ledger, vault)
    with ledger.transaction() as connection:
        assert sealed_with_old_keys(connection, vault) == 0
        assert register.session(connection).requests.applicant_for_letters(numbers[0]) == WANG
        sealed = connection.execute(sa.select(conversations.c.state)).scalar_one()["sealed"]
        assert vault.unseal_text(sealed) == "半张表"
        again = register.session(connection, NOW, RESIDENT).intake.submit(applicant=WANG, content="决算1")
        assert again.repeat_of == (numbers[1],)
        register.session(connection).requests.verify()
    assert reseal(ledger, vault) == 0


def test_stopped_in_the_middle_everything_can_be_read(
    ledger: Ledger, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch is done, the next one dies with its transaction: old and new rows open, and it goes on."""
    numbers = furnish(ledger, open_vault(ledger, key_file), count=5)
    add_key(key_file)
    monkeypatch.setattr("bot.keyring._AT_ONCE", 2)
    vault = open_vault(ledger, key_file)
    with ledger.transaction() as connection:
        assert _reseal_some(connection, vault) == 2
    with pytest.raises(OSError, match="power cut"):
        dies_in_the_middle(ledger, vault)
    reopened = open_vault(ledger, key_file)
    with ledger.reading() as connection:
        register = register_with(ledger, reopened)
        assert {
            register.session(connection).requests.applicant_for_letters(number).name for number in numbers
        } == {WANG.name}
        assert sealed_with_old_keys(connection, reopened) == 11
    assert reseal(ledger, reopened) == 11


def test_lost_key_is_given_up_on_record(ledger: Ledger, key_file: Path) -> None:
    """What nobody can open is forgotten, what can be opened stays, and the chain proves."""
    numbers = furnish(ledger, open_vault(ledger, key_file), count=2)
    add_key(key_file)
    vault = open_vault(ledger, key_file)
    with ledger.transaction() as connection:
        register = register_with(ledger, vault)
        kept = register.session(connection, NOW, RESIDENT).intake.submit(applicant=WANG, content="预算")
    drop_old_keys(key_file)
    vault = Vault.open(key_file)
    with ledger.transaction() as connection:
        assert unreadable(connection, vault) == (numbers, [RESIDENT])
        assert give_up_unreadable(connection, vault, NOW, OFFICE.zone) == numbers
        assert unreadable(connection, vault) == ([], [])
        left = connection.scalars(sa.select(requests.c.number).where(requests.c.identity.is_not(None))).all()
        assert left == [kept.number]
    register = register_with(ledger, open_vault(ledger, key_file))
    with ledger.transaction() as connection:
        (event,) = chain.events_of(connection, "upkeep")
        assert event.kind is EventKind.DATA_ERASED
        assert event.data == {"reason": "key_lost", "requests": numbers, "chats": 1}
        register.session(connection).requests.verify()
        assert [register.session(connection).requests.get(number).content for number in numbers] == ["", ""]
        assert register.session(connection).requests.get(kept.number).content == "预算"
        assert give_up_unreadable(connection, vault, NOW, OFFICE.zone) == []
        assert len(chain.events_of(connection, "upkeep")) == 1
