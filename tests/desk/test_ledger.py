"""The ledger: transactions really are, two writers take turns, migrations lead to the tables."""

from __future__ import annotations

import importlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import bot
from bot.desk.tables import letters, numbers
from bot.dialogue.tables import conversations, people
from bot.ledger.columns import metadata
from bot.ledger.errors import LedgerTooNew
from bot.ledger.ledger import Ledger
from bot.ledger.migrations import HEAD
from bot.ledger.migrations.run import configuration, upgrade

NOW = datetime(2026, 11, 24, 3, 20, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as opened:
        yield opened


def _last(ledger: Ledger) -> int:
    with ledger.reading() as connection:
        return int(connection.execute(sa.select(numbers.c.last)).scalar_one())


def test_migrations_lead_to_tables(ledger: Ledger) -> None:
    """After all steps Alembic finds nothing to change, and it does look at the tables of every room."""
    for module in sorted(Path(bot.__file__).parent.rglob("tables.py")):
        importlib.import_module(
            ".".join(("bot", *module.relative_to(Path(bot.__file__).parent).with_suffix("").parts))
        )
    assert len(metadata.tables) > 10
    with ledger.transaction() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_step() -> None:
    """The constant that spares the import of Alembic names the newest step."""
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_rows_survive_the_upgrade_from_the_first_step(url: str) -> None:
    """A ledger of the first shape, with rows, opens today and still has them."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        connection.execute(numbers.insert().values(series="2026", last=7))
    engine.dispose()
    with Ledger.open(url) as ledger:
        assert _last(ledger) == 7


def test_newer_ledger_is_not_touched(url: str) -> None:
    """An older program that meets a newer ledger says so instead of writing into it."""
    with Ledger.open(url) as ledger, ledger.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerTooNew):
        Ledger.open(url)


def test_failed_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DDL is rolled back with everything else: a failing step leaves no half-made table."""
    from bot.ledger.migrations import run

    def upgrade_and_fail(connection: sa.Connection) -> None:
        upgrade(connection)
        raise OSError("power cut")

    monkeypatch.setattr(run, "upgrade", upgrade_and_fail)
    with pytest.raises(OSError, match="power cut"):
        Ledger.open(url)
    engine = sa.create_engine(url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_error_rolls_everything_back(ledger: Ledger) -> None:
    """What was written before the error, in any table, is gone."""

    def write_and_fail() -> None:
        with ledger.transaction() as connection:
            connection.execute(numbers.insert().values(series="2026", last=1))
            connection.execute(
                people.insert().values(person="telegram:1", address="telegram:1", first_seen_at=NOW)
            )
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        write_and_fail()
    with ledger.reading() as connection:
        assert connection.execute(sa.select(numbers)).all() == []
        assert connection.execute(sa.select(people)).all() == []


def test_reading_keeps_one_state_and_waits_for_nobody(ledger: Ledger) -> None:
    """A reader sees the same rows twice although a writer has committed in between."""
    with ledger.transaction() as connection:
        connection.execute(numbers.insert().values(series="2026", last=1))
    with ledger.reading() as reader:
        before = reader.execute(sa.select(numbers.c.last)).scalar_one()
        with ledger.transaction() as writer:
            writer.execute(numbers.update().values(last=2))
        assert reader.execute(sa.select(numbers.c.last)).scalar_one() == before
    assert _last(ledger) == 2


def test_writing_while_reading_is_not_kept(ledger: Ledger) -> None:
    """`reading` is for reading: what somebody writes there is rolled back."""
    with ledger.reading() as connection:
        connection.execute(numbers.insert().values(series="2026", last=1))
    with ledger.reading() as connection:
        assert connection.execute(sa.select(numbers)).all() == []


def test_trial_keeps_nothing_and_meets_no_other_writer(ledger: Ledger) -> None:
    """Who writes in `reading` after somebody else has is refused; a trial makes the other wait."""
    with ledger.transaction() as connection:
        connection.execute(numbers.insert().values(series="2026", last=1))
    with ledger.trial() as connection:
        assert connection.execute(sa.select(numbers.c.last)).scalar_one() == 1
        other = threading.Thread(target=_count_up, args=(ledger, 1))
        other.start()
        other.join(0.2)
        assert other.is_alive()
        connection.execute(numbers.update().values(last=100))
    other.join(10)
    assert _last(ledger) == 2


def _count_up(ledger: Ledger, times: int) -> None:
    for _ in range(times):
        with ledger.transaction() as connection:
            last = connection.execute(sa.select(numbers.c.last)).scalar_one()
            connection.execute(numbers.update().values(last=last + 1))


def test_threads_take_turns(ledger: Ledger) -> None:
    """Read-then-write from four threads loses no increment."""
    with ledger.transaction() as connection:
        connection.execute(numbers.insert().values(series="2026", last=0))
    threads = [threading.Thread(target=_count_up, args=(ledger, 15)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _last(ledger) == 60


COUNTING_PROGRAM = """
import sys
from bot.ledger.ledger import Ledger
from tests.desk.test_ledger import _count_up
with Ledger.open(sys.argv[1]) as ledger:
    _count_up(ledger, 15)
"""


def test_processes_take_turns(url: str) -> None:
    """Two programs that open (one of them migrates) and count on one file lose no increment."""
    with Ledger.open(url) as ledger, ledger.transaction() as connection:
        connection.execute(numbers.insert().values(series="2026", last=0))
    programs = [
        subprocess.Popen([sys.executable, "-c", COUNTING_PROGRAM, url], cwd=Path(__file__).parents[2])
        for _ in range(2)
    ]
    assert [program.wait(timeout=60) for program in programs] == [0, 0]
    with Ledger.open(url) as ledger:
        assert _last(ledger) == 30


def test_two_programs_may_create_it_at_once(url: str) -> None:
    """Opening a new ledger from several threads at once makes one good ledger."""
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            Ledger.open(url).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_waits_for_a_writer_of_a_file_not_yet_in_wal(tmp_path: Path) -> None:
    """SQLite refuses to switch to WAL beside a writer without waiting; opening waits all the same."""
    path = tmp_path / "ledger.db"
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("CREATE TABLE other (x)")
    writer.execute("BEGIN IMMEDIATE")
    ending = threading.Timer(0.2, writer.execute, ["COMMIT"])
    ending.start()
    Ledger.open(f"sqlite:///{path}").close()
    ending.join()
    writer.close()
    reader = sqlite3.connect(path)
    assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    reader.close()


def test_foreign_keys_hold(ledger: Ledger) -> None:
    """SQLite checks them only when asked to; it is asked on every connection."""
    with pytest.raises(sa.exc.IntegrityError), ledger.transaction() as connection:
        connection.execute(
            letters.insert().values(
                request_number="2026-0001", kind="receipt", filename="a", content=b"", created_at=NOW
            )
        )


def test_values_come_back_as_they_went_in(ledger: Ledger) -> None:
    """Instants come back aware and equal, JSON as plain data."""
    with ledger.transaction() as connection:
        connection.execute(
            conversations.insert().values(
                address="telegram:1", person="telegram:1", state={"步": [1, None]}, updated_at=NOW
            )
        )
    with ledger.reading() as connection:
        row = connection.execute(sa.select(conversations)).one()
    assert (row.state, row.updated_at, row.language) == ({"步": [1, None]}, NOW, "")


def test_time_without_zone_is_refused(ledger: Ledger) -> None:
    """A naive time would be off by eight hours; it cannot get in."""
    with pytest.raises(sa.exc.StatementError), ledger.transaction() as connection:
        connection.execute(
            people.insert().values(
                person="p",
                address="a",
                first_seen_at=datetime(2026, 1, 1),  # noqa: DTZ001
            )
        )
