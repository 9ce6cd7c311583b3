"""A ledger that an earlier version wrote: sealed at the first opening, proven before and after, once."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk import chain, request_words
from bot.desk.errors import ChainBroken
from bot.desk.model import EventKind, Status
from bot.desk.tables import events
from bot.keyring import attach
from bot.ledger.columns import metadata
from bot.ledger.ledger import Ledger
from bot.ledger.migrations.run import upgrade
from tests.desk.conftest import CLERK, RESIDENT, VAULT, WANG, at, register_of
from tests.ledgers import sqlite_only

pytestmark = sqlite_only  # the earlier version is written out as a file of SQLite

CONTENT = f"本人{WANG.name}的低保审批表"
REPLY = f"{WANG.name}同志：见附件"
PRIVATE = (WANG.name, "低保审批表", "见附件", "几点上班", "八点", "户籍地址")
NOW = at("2025-04-28").astimezone(UTC)


def old_event(connection: Connection, subject: str, kind: EventKind, data: object, role: str) -> None:
    """As the version before recorded it: hashed with its words."""
    end = connection.exec_driver_sql("SELECT length, hash FROM chain").one()
    fields: dict[str, object] = {
        "ordinal": end.length + 1,
        "subject": subject,
        "kind": kind.value,
        "at": NOW,
        "on": NOW.date(),
        "actor": CLERK if role == "officer" else RESIDENT,
        "role": role,
        "article": "",
        "data": data,
        "previous_hash": end.hash,
    }
    row = {**fields, "at": NOW.isoformat(timespec="microseconds"), "on": NOW.date().isoformat()}
    row |= {"data": json.dumps(data, ensure_ascii=False, sort_keys=True), "hash": chain.digest(fields)}
    insert(connection, "events", row)
    connection.exec_driver_sql("UPDATE chain SET length = length + 1, hash = ?", (row["hash"],))


def insert(connection: Connection, table: str, row: dict[str, object]) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))


def old_ledger(path: Path) -> str:
    """The tables of revision 0011 with a served request, an inquiry, a record correction, letters, post."""
    url = f"sqlite:///{path}"
    with Ledger.as_it_is(url) as ledger, ledger.transaction() as connection:
        upgrade(connection, "0011")
        instant, day = NOW.isoformat(timespec="microseconds"), NOW.date().isoformat()
        old_event(
            connection, "2025-0001", EventKind.SUBMITTED,
            {"content": CONTENT, "form": "electronic", "way": "", "intake": "online", "applicant_kind": "NP"},
            "applicant",
        )  # fmt: skip
        old_event(connection, "2025-0001", EventKind.RECEIVED, {"proof": "confirmed"}, "officer")
        old_event(connection, "2025-0001", EventKind.ASSIGNED, {"assignee": CLERK}, "officer")
        drafted = {"outcome": "A", "text": REPLY, "fields": {}}
        old_event(connection, "2025-0001", EventKind.DRAFTED, drafted, "officer")
        reply = {**drafted, "drafted_by": CLERK, "reviewed_by": "", "signed_by": "", "served_on": ""}
        insert(connection, "requests", {
            "number": "2025-0001", "person": RESIDENT, "intake": "online", "applicant_kind": "NP",
            "identity": VAULT.seal(WANG), "applicant_key": VAULT.match_keys(WANG)[0],
            "applicant_masked": "王**", "id_masked": "", "contact_masked": "", "form": "electronic",
            "way": f"寄{WANG.name}", "original_content": CONTENT, "content": CONTENT, "content_hash": "0",
            "submitted_at": instant, "status": "drafted", "received_on": day, "due_on": "2025-05-29",
            "assigned_to": CLERK, "reply": json.dumps({**reply, "method": ""}, ensure_ascii=False),
        })  # fmt: skip
        insert(connection, "inquiries", {
            "number": "Z2025-0001", "person": RESIDENT, "question": "几点上班？", "status": "answered",
            "opened_at": instant, "answer": "八点。", "answered_at": instant,
        })  # fmt: skip
        insert(connection, "record_corrections", {
            "number": "G2025-0001", "applicant_kind": "NP", "applicant_masked": "", "contact_masked": "",
            "record": "户籍地址", "filed_at": instant, "status": "open",
        })  # fmt: skip
        old_event(connection, "G2025-0001", EventKind.RECORD_CORRECTION_ASKED, {}, "applicant")
        letter = {"request_number": "2025-0001", "kind": "reply", "filename": "x", "created_at": instant}
        insert(connection, "letters", {**letter, "content": b"PK" + REPLY.encode()})
        waiting = {"channel": "telegram", "update_key": "1", "chat": RESIDENT, "received_at": instant}
        insert(
            connection, "updates", {**waiting, "payload": json.dumps({"text": CONTENT}, ensure_ascii=False)}
        )
    return url


def everything(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob("ledger.db*"))


def test_what_was_clear_is_sealed_and_proven(tmp_path: Path) -> None:
    """Words, letters and post are gone from file and log, can be read with the key, and the chain proves."""
    path = tmp_path / "ledger.db"
    url = old_ledger(path)
    assert all(word.encode() in everything(path) for word in PRIVATE)
    with Ledger.open(url) as ledger:
        with ledger.reading() as connection:
            former = chain.head(connection)
        attach(ledger, VAULT)
        assert [word for word in PRIVATE if word.encode() in everything(path)] == []
        register = register_of()
        with ledger.reading() as connection:
            assert register.session(connection).requests.verify() == former[0] + 1
            found = register.session(connection).requests.get("2025-0001")
            assert (found.content, found.way, found.status) == (CONTENT, f"寄{WANG.name}", Status.DRAFTED)
            assert found.reply is not None
            assert found.reply.text == REPLY
            again = connection.exec_driver_sql("SELECT content_hash FROM requests").scalar_one()
            assert again == request_words.content_hash(connection, f" {CONTENT}。")
            assert register.session(connection).inquiries.get("Z2025-0001").answer == "八点。"
            assert register.session(connection).record_corrections.get("G2025-0001").record == "户籍地址"
            assert register.session(connection).letters.of("2025-0001")[0].content == b"PK" + REPLY.encode()
            (event,) = chain.events_of(connection, "upkeep")
            assert event.kind is EventKind.CHAIN_REANCHORED
            assert (event.data["events"], event.data["former_head"]) == former
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), ledger.transaction() as connection:
            connection.execute(events.delete())


def test_done_once(tmp_path: Path) -> None:
    """A second start, also after a lost key made new standing keys, finds nothing to do."""
    url = old_ledger(tmp_path / "ledger.db")
    with Ledger.open(url) as ledger:
        attach(ledger, VAULT)
    with Ledger.open(url) as ledger:
        with ledger.transaction() as connection:
            before = chain.head(connection)
            connection.exec_driver_sql("DELETE FROM data_keys WHERE subject = 'mailbox'")
        attach(ledger, VAULT)
        with ledger.reading() as connection:
            assert chain.head(connection) == before


def test_killed_on_the_way_nothing_has_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: the old chain proves, and the next start does all of it."""
    url = old_ledger(tmp_path / "ledger.db")
    with Ledger.open(url) as ledger:
        with monkeypatch.context() as broken:
            broken.setattr(chain, "verify_words", lambda connection: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                attach(ledger, VAULT)
        with ledger.reading() as connection:
            assert chain.verify(connection) == 5
            for table in ("events", "data_keys"):
                sealed = "words IS NOT NULL" if table == "events" else "1 = 1"
                query = f"SELECT count(*) FROM {table} WHERE {sealed}"
                assert connection.exec_driver_sql(query).scalar_one() == 0
        attach(ledger, VAULT)
        with ledger.reading() as connection:
            assert register_of().session(connection).requests.verify() == 6


def test_a_broken_chain_stays_as_evidence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Anchoring it anew would make a forged event true: it is left as it is, and goes on being named."""
    url = old_ledger(tmp_path / "ledger.db")
    with Ledger.open(url) as ledger:
        with ledger.transaction() as connection:
            connection.exec_driver_sql("DROP TRIGGER events_no_update")
            connection.exec_driver_sql("UPDATE events SET actor = 'telegram:9' WHERE ordinal = 2")
        attach(ledger, VAULT)
        with ledger.reading() as connection:
            with pytest.raises(ChainBroken) as caught:
                register_of().session(connection).requests.verify()
            assert caught.value.facts["ordinal"] == 2
            assert register_of().session(connection).requests.get("2025-0001").content == CONTENT
    assert "chain_not_reanchored ordinal=2" in caplog.text


def test_tables_are_those_of_the_program(tmp_path: Path) -> None:
    """Columns that held words are gone, not only empty."""
    with Ledger.open(old_ledger(tmp_path / "ledger.db")) as ledger, ledger.reading() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            assert {c["name"] for c in inspector.get_columns(table.name)} == set(table.c.keys())
