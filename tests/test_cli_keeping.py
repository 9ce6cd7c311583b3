"""Backup, restore and the outbox, as an operator uses them."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from bot.cli import main
from bot.keyring import open_vault
from bot.ledger.ledger import Ledger
from bot.mailbox.letters import dead
from bot.mailbox.outbox import Outbox, enqueue
from bot.mailbox.tables import outbox, updates
from bot.messages import Address, Outgoing, Part


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    """A ledger with a request in it, open, as while the bot runs."""
    run("ask", "预算")
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as opened:
        open_vault(opened, home / "identity.key")
        file_request(opened)
        yield opened


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def file_request(ledger: Ledger) -> None:
    """One event in the chain is enough to be missed when it is lost."""
    from bot.desk import chain
    from bot.desk.model import EventKind, Role

    now = datetime.now(UTC)
    with ledger.transaction() as connection:
        chain.append(
            connection,
            subject="Z2026-0001",
            kind=next(iter(EventKind)),
            at=now,
            on=now.date(),
            actor="terminal:1",
            role=next(iter(Role)),
        )


def test_backup_while_in_use_then_restore_and_answer(ledger: Ledger, home: Path, tmp_path: Path) -> None:
    """A copy taken under an open ledger is whole; put into an empty home the program verifies and answers."""
    copy = tmp_path / "copies" / "ledger.db"
    done = run("backup", str(copy), "--with-key")
    assert done.exit_code == 0, done.output
    assert "whole, 1 events" in done.output
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE(Path(f"{copy}.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in copy.parent.iterdir()) == ["ledger.db", "ledger.db.key"]

    key = (home / "identity.key").read_bytes()
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("DISCLOSURE_HOME", str(tmp_path / "new"))
        assert run("restore", str(copy)).exit_code == 0
        assert (tmp_path / "new" / "identity.key").read_bytes() == key
        assert "The record is whole: 1 events." in run("requests", "verify").output
        assert json.loads(run("ask", "公开了哪一年的部门决算信息", "--json").stdout)["outcome"] == "answer"


def test_backup_warns_of_the_key_and_overwrites_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """Without the key the operator is told so; a second backup of that name is refused."""
    copy = tmp_path / "ledger.db"
    assert "The key is not in it" in run("backup", str(copy)).output
    before = copy.read_bytes()
    again = run("backup", str(copy))
    assert (again.exit_code, copy.read_bytes()) == (1, before)
    assert "exists already" in again.output


def test_restore_touches_no_ledger_unless_forced_and_idle(ledger: Ledger, home: Path, tmp_path: Path) -> None:
    """A live ledger is refused; forced, still while somebody uses it; then the old one is kept beside."""
    copy = tmp_path / "ledger.db"
    run("backup", str(copy))
    file_request(ledger)
    assert "exists already" in run("restore", str(copy)).output
    with ledger.reading() as connection:
        connection.execute(sa.select(updates.c.id)).all()
        assert "in use" in run("restore", str(copy), "--force").output
    ledger.close()
    assert "The record is whole: 2 events." in run("requests", "verify").output
    done = run("restore", str(copy), "--force")
    assert done.exit_code == 0, done.output
    assert "The record is whole: 1 events." in run("requests", "verify").output
    kept = home / "ledger.db.before-restore-1"
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT length FROM chain").fetchone() == (2,)


def test_damaged_or_tampered_backup_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    """What is no database, and what the chain disowns, never becomes the ledger."""
    copy = tmp_path / "ledger.db"
    run("backup", str(copy))
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("UPDATE chain SET length = 7")
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_bytes(b"no database " * 1000)
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("DISCLOSURE_HOME", str(tmp_path / "new"))
        assert "not whole" in run("restore", str(copy)).output
        assert "damaged" in run("restore", str(rubbish)).output
        assert "no such file" in run("restore", str(tmp_path / "nothing.db")).output
        assert not (tmp_path / "new" / "ledger.db").exists()


def test_outbox_lists_resends_and_retries(ledger: Ledger) -> None:
    """A message that was refused and an update that failed are listed without words and put back in line."""
    now = datetime.now(UTC)
    with ledger.transaction() as connection:
        said = Outgoing(Address("telegram", "42"), "answer_found", (Part("机密内容"),))
        enqueue(connection, said, now)
        connection.execute(
            updates.insert().values(
                channel="telegram", update_key="1:1", chat="telegram:42", received_at=now, status="failed",
                attempts=3, error="KeyError", payload="{}",
            )
        )  # fmt: skip
    box = Outbox(ledger, "telegram", lambda: datetime.now(UTC))
    box.record(dead(box.claim(1).letters[0], "Bad Request: BUTTON_DATA_INVALID"))

    listed = json.loads(run("outbox", "--json").stdout)
    assert [(s["state"], s["event"]) for s in listed["stuck"]] == [("dead", "answer_found")]
    assert [f["error"] for f in listed["failed"]] == ["KeyError"]
    assert "机密" not in run("outbox").output
    assert run("outbox", "--resend", str(listed["stuck"][0]["id"])).exit_code == 0
    assert run("outbox", "--resend", "999").exit_code == 1
    assert "1 put back in line." in run("outbox", "--retry-failed").output
    assert run("outbox").output == "Nothing is stuck.\n"
    with ledger.reading() as connection:
        assert connection.scalars(sa.select(outbox.c.status)).all() == ["waiting"]
        assert connection.scalars(sa.select(updates.c.status)).all() == ["pending"]


def test_key_in_the_setting_is_named(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key file the reminder names the setting, and nothing asks for a file after a restore."""
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEY", run("keys", "new").stdout.strip())
    run("ask", "预算")
    copy = tmp_path / "ledger.db"
    assert "Keep a copy of identity_key (DISCLOSURE_IDENTITY_KEY)" in run("backup", str(copy)).stderr
    refused = run("backup", str(tmp_path / "other.db"), "--with-key")
    assert (refused.exit_code, refused.stderr) == (1, "The key is in identity_key, not in a file.\n")
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "new"))
    done = run("restore", str(copy))
    assert (done.exit_code, done.stderr) == (0, "")
