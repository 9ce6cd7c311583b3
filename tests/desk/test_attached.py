"""Files that people send along: known by content, named safely, sealed, erased with what they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.desk import attached
from bot.desk.attached import cleaned_name, kind_of
from bot.desk.errors import InvalidValue, NotFound, VaultError
from bot.desk.kinds import FILE_KINDS
from bot.desk.tables import attachments
from bot.ledger.ledger import Ledger
from bot.record import vault_of
from tests.dialogue.stage import settings_of
from tests.files_for_tests import docx, pdf, picture, with_macros, xlsx

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK, WANG = "telegram:1", "telegram:42"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    settings = settings_of(tmp_path)
    with Ledger.open(settings.ledger_place) as ledger:
        vault_of(settings, ledger)
        yield ledger


def hold(connection: Connection, content: bytes, name: str = "明细.xlsx", sender: str = CLERK) -> str:
    return attached.hold(
        connection, NOW, sender=sender, name=name, content=content, kinds=FILE_KINDS, unnamed="附件1"
    ).token


REAL = {
    "pdf": pdf(),
    "docx": docx(),
    "xlsx": xlsx(),
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
}
FALSE = {
    "a program called a picture": b"MZ\x90\x00" + bytes(200),
    "an archive": b"PK\x03\x04" + bytes(200),
    "a page": b"<html><script>alert(1)</script></html>",
    "Word with macros": with_macros(docx()),
    "half a pdf": pdf()[:-40],
    "half a picture": picture("PNG")[:-20],
    "half a photo": picture("JPEG")[:-2],
    "half a sheet": xlsx()[:-30],
    "an old doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a picture that is a program, too": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "nothing": b"",
}


@pytest.mark.parametrize("kind", REAL)
def test_kinds_by_content(kind: str) -> None:
    """What the usual programs write is known for what it is."""
    assert kind_of(REAL[kind]) == kind


@pytest.mark.parametrize("what", FALSE)
def test_other_content_is_none(what: str) -> None:
    """Whatever it is called: other kinds, damaged files and macros are not taken."""
    assert kind_of(FALSE[what]) == ""


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(content: bytes) -> None:
    """No content makes the look at it fail."""
    for head in (b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        assert kind_of(head + content) in (*FILE_KINDS, "")


NAMES = {
    "2025年 村道 明细.xlsx": "2025年 村道 明细.xlsx",
    "/home/li/秘密/明细.XLSX": "明细.xlsx",
    "C:\\Users\\li\\明细.xls": "明细.xlsx",
    "../../etc/passwd": "passwd.xlsx",
    "发票.pdf.exe": "发票.pdf.exe.xlsx",
    "明细\u202excod.exe": "明细xcod.exe.xlsx",
    "a\x00b\nc.xlsx": "abc.xlsx",
    "": "附件1.xlsx",
    ".xlsx": "附件1.xlsx",
    "...": "附件1.xlsx",
    "CON.xlsx": "附件1.xlsx",
    "很长" * 100: "很长" * 30 + ".xlsx",
}


@pytest.mark.parametrize("given_name", NAMES)
def test_names_are_cleaned(given_name: str) -> None:
    """No path, no hidden direction, no suffix that lies."""
    assert cleaned_name(given_name, "xlsx", "附件1") == NAMES[given_name]


@given(st.text(max_size=200))
def test_any_name_is_safe(name: str) -> None:
    """It is one part of a path, ends in its kind and fits any file system."""
    cleaned = cleaned_name(name, "pdf", "附件1")
    assert Path(cleaned).name == cleaned
    assert cleaned.endswith(".pdf")
    assert len(cleaned.encode()) < 255
    assert cleaned_name(cleaned, "pdf", "附件1") == cleaned


def test_kept_and_erased_with_its_request(ledger: Ledger) -> None:
    """Held, then kept under the key of the number; after that is erased nothing of it is left."""
    with ledger.transaction() as connection:
        token = hold(connection, REAL["xlsx"])
        attached.keep(connection, [token], subject="2026-0001", part=attached.REPLY, sender=CLERK)
    with ledger.transaction() as connection:
        assert attached.content(connection, token) == REAL["xlsx"]
        assert [file.name for file in attached.of(connection, "2026-0001")] == ["明细.xlsx"]
        attached.erase(connection, "2026-0001")
        with pytest.raises(NotFound):
            attached.content(connection, token)


def test_nothing_in_the_clear(ledger: Ledger) -> None:
    """Neither name nor content is in the file of the ledger, held or kept."""
    marked = docx("独一无二的内容")
    with ledger.transaction() as connection:
        kept, held = hold(connection, marked, "王秀英的明细.docx"), hold(connection, REAL["pdf"], "李四.pdf")
        attached.keep(connection, [kept], subject="2026-0001", part=attached.REPLY, sender=CLERK)
        assert held
    path = ledger.engine.url.database
    if ledger.engine.dialect.name != "sqlite" or path is None:
        pytest.skip("the file of the ledger is SQLite's")
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = Path(path).read_bytes()
    for secret in (marked[30:60], REAL["pdf"][:8], "王秀英".encode(), "李四".encode()):
        assert secret not in stored


def test_only_the_sender_keeps(ledger: Ledger) -> None:
    """A token that somebody else learned attaches nothing."""
    with ledger.transaction() as connection:
        token = hold(connection, REAL["pdf"])
        kept = attached.keep(connection, [token], subject="2026-0001", part=attached.REQUEST, sender=WANG)
        assert kept == []
        assert attached.of(connection, "2026-0001") == []


def test_rows_cannot_change_places(ledger: Ledger) -> None:
    """Whoever swaps two files of a request in the database is noticed."""
    with ledger.transaction() as connection:
        tokens = [hold(connection, REAL["pdf"], "甲.pdf"), hold(connection, REAL["png"], "乙.png")]
        attached.keep(connection, tokens, subject="2026-0001", part=attached.REPLY, sender=CLERK)
    with ledger.transaction() as connection:
        rows = {row.token: row for row in connection.execute(sa.select(attachments))}
        for token, other in (tokens, tokens[::-1]):
            mine = attachments.c.token == token
            connection.execute(attachments.update().where(mine).values(content=rows[other].content))
        with pytest.raises(VaultError):
            attached.content(connection, tokens[0])


def test_public_copy_outlives_its_request(ledger: Ledger) -> None:
    """What was published stays; the original goes with the request."""
    with ledger.transaction() as connection:
        token = hold(connection, REAL["pdf"], "明细.pdf")
        attached.keep(connection, [token], subject="2026-0001", part=attached.REPLY, sender=CLERK)
        (public,) = attached.publish(connection, NOW, [token], sender=CLERK)
        attached.erase(connection, "2026-0001")
        assert attached.content(connection, public.token) == REAL["pdf"]
        assert attached.some(connection, [token, public.token]) == [public]


def test_dropping_touches_only_what_is_held(ledger: Ledger) -> None:
    """A form that is given up takes nothing away from a request."""
    with ledger.transaction() as connection:
        kept, held = hold(connection, REAL["pdf"]), hold(connection, REAL["png"])
        attached.keep(connection, [kept], subject="2026-0001", part=attached.REPLY, sender=CLERK)
        attached.drop(connection, [kept, held])
        assert [file.token for file in attached.some(connection, [kept, held])] == [kept]


def test_kinds_of_the_office(ledger: Ledger) -> None:
    """A kind that the settings do not name is not taken."""
    with ledger.transaction() as connection, pytest.raises(InvalidValue):
        attached.hold(
            connection, NOW, sender=CLERK, name="a.png", content=REAL["png"], kinds=("pdf",), unnamed="附件"
        )
