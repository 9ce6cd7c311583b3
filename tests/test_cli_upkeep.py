"""Keys, retention and health, as an operator uses them."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from bot.cli import main
from bot.desk.model import Applicant, ApplicantKind, EventKind
from bot.desk.tables import requests
from bot.jobs.heartbeat import Heartbeat
from bot.ledger.ledger import Ledger
from bot.program import Program
from bot.settings import load_settings

WANG = Applicant(ApplicantKind.NATURAL_PERSON, "王小明", "11010519491231002X", "13812341234")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=typed)


def file_request(days_ago: int = 0, then: Callable[[Program, str, datetime], None] | None = None) -> str:
    """A request filed that long ago, by the program in this home."""
    now = datetime.now(UTC) - timedelta(days=days_ago)
    with Program.open(load_settings()) as program:
        with program.ledger.transaction() as connection:
            filed = program.register.session(connection, now, "telegram:42").intake.submit(
                applicant=WANG, content="决算"
            )
        if then is not None:
            then(program, filed.number, now)
    return filed.number


def withdraw(program: Program, number: str, now: datetime) -> None:
    with program.ledger.transaction() as connection:
        program.register.session(connection, now, "telegram:42").replies.withdraw(number)


def name_in(home: Path, number: str) -> str:
    with Program.open(load_settings()) as program, program.ledger.reading() as connection:
        return program.register.session(connection).requests.applicant_for_letters(number).name


# ---- keys
def test_rotation_from_file(home: Path) -> None:
    """The file holds one new key afterwards, and everything opens."""
    number = file_request()
    before = (home / "identity.key").read_text()
    done = run("keys", "rotate")
    assert (done.exit_code, done.stdout.splitlines()[0][:19]) == (0, "4 rows sealed anew.")
    after = (home / "identity.key").read_text()
    assert (len(after.split()), after == before) == (1, False)
    assert name_in(home, number) == "王小明"
    assert run("keys", "check").exit_code == 0


def test_interrupted_rotation_goes_on(home: Path) -> None:
    """A second call finishes with the two keys that are there, instead of making a third."""
    from bot.desk.vault import add_key

    number = file_request()
    add_key(home / "identity.key")
    newest = (home / "identity.key").read_text().split()[0]
    assert "4 rows are still sealed with an old key." in run("keys", "check").output
    assert run("keys", "rotate").exit_code == 0
    assert (home / "identity.key").read_text().split() == [newest]
    assert name_in(home, number) == "王小明"


def test_rotation_from_the_variable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New key first, the old behind it; then the old one is not needed, and no file was made."""
    old, new = (run("keys", "new").stdout.strip() for _ in range(2))
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEY", old)
    number = file_request()
    assert "put the new key in front" in run("keys", "rotate").output
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEY", f"{new},{old}")
    assert "Take the old key out of identity_key" in run("keys", "rotate").output
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEY", new)
    assert name_in(home, number) == "王小明"
    assert not (home / "identity.key").exists()


def test_rotation_waits_for_the_program_to_stop(home: Path) -> None:
    """A running program would go on sealing with the old key."""
    file_request()
    key = (home / "identity.key").read_text()
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger, ledger.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM chain").all()
        done = run("keys", "rotate")
    assert (done.exit_code, "stop the program first" in done.output) == (1, True)
    assert (home / "identity.key").read_text() == key


@pytest.mark.parametrize("command", [("requests", "list"), ("keys", "check"), ("keys", "rotate")])
def test_missing_or_wrong_key_names_the_setting(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """No command goes on with it, none makes a new key over the old rows, and none prints a key."""
    file_request()
    (home / "identity.key").rename(home / "away.key")
    missing = run(*command)
    assert missing.exit_code == 2
    assert "key_file (DISCLOSURE_KEY_FILE)" in missing.output
    assert "No new key was made" in missing.output
    assert not (home / "identity.key").exists()
    other = run("keys", "new").stdout.strip()
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEY", other)
    wrong = run(*command)
    assert wrong.exit_code == 2
    assert "identity_key (DISCLOSURE_IDENTITY_KEY)" in wrong.output
    assert other not in wrong.output
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEY", "rubbish-key")
    malformed = run(*command)
    assert (malformed.exit_code, "rubbish-key" in malformed.output) == (2, False)


def test_lost_key_is_given_up_only_when_confirmed(home: Path) -> None:
    """Asked first; then the program starts again, and the request is still there."""
    number = file_request()
    (home / "identity.key").unlink()
    assert run("keys", "lost", typed="n\n").exit_code == 1
    assert not (home / "identity.key").exists()
    done = run("keys", "lost", "--yes")
    assert (done.exit_code, done.stdout) == (0, f"Identity given up for lost: {number}.\n")
    assert number in run("requests", "list").output
    assert run("requests", "verify").exit_code == 0
    assert run("keys", "check").exit_code == 0


# ---- retention
def test_retention_shows_then_erases(home: Path) -> None:
    """The dry run changes nothing; --erase does it once; the chain proves."""
    number = file_request(days_ago=4000, then=withdraw)
    file_request(days_ago=10, then=withdraw)
    shown = json.loads(run("retention", "--json").stdout)
    assert shown["identities"] == {"kept_days": 3653, "expired": [number], "erased": 0}
    assert f"identities   kept 3653 days       1 expired    {number}" in run("retention").output
    assert name_in(home, number) == "王小明"
    erased = json.loads(run("retention", "--erase", "--json").stdout)
    assert erased["identities"]["erased"] == 1
    assert run("requests", "verify").stdout == "The record is whole: 5 events.\n"
    again = json.loads(run("retention", "--erase", "--json").stdout)
    assert [kind["erased"] for kind in again.values()] == [0] * 5


ERASE_ONE_BY_ONE = """
from datetime import UTC, datetime
from bot.jobs import retention
from bot.program import Program
from bot.settings import load_settings

retention.AT_ONCE = 1
with Program.open(load_settings()) as program:
    while True:
        with program.ledger.transaction() as connection:
            program.jobs.retention.erase_some(connection, datetime.now(UTC))
        print("one", flush=True)
"""


def erased() -> dict[str, int]:
    """How often each request's erasure is on record; it must say what the row says, and the chain proves."""
    with Program.open(load_settings()) as program, program.ledger.reading() as connection:
        program.register.session(connection).requests.verify()
        rows = connection.execute(sa.select(requests.c.number, requests.c.identity)).all()
        counts = {
            row.number: sum(
                event.kind is EventKind.IDENTITY_ERASED
                for event in program.register.session(connection).requests.history(row.number)
            )
            for row in rows
        }
    assert all((row.identity is None) == bool(counts[row.number]) for row in rows)
    return counts


def test_killed_while_erasing(home: Path) -> None:
    """SIGKILL in the middle: what was erased is on record, the rest is whole and erased by the next run."""
    then = datetime.now(UTC) - timedelta(days=4000)
    with Program.open(load_settings()) as program, program.ledger.transaction() as connection:
        for n in range(80):
            filed = program.register.session(connection, then, "telegram:42").intake.submit(
                applicant=WANG, content=f"决算{n}"
            )
            program.register.session(connection, then, "telegram:42").replies.withdraw(filed.number)
    with subprocess.Popen(
        [sys.executable, "-c", ERASE_ONE_BY_ONE], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(5):
            assert child.stdout.readline() == "one\n"
        child.kill()
    assert 5 <= sum(erased().values()) < 80
    assert run("retention", "--erase").exit_code == 0
    assert set(erased().values()) == {1}


def test_retention_off_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """0 = for ever."""
    file_request(days_ago=4000, then=withdraw)
    monkeypatch.setenv("DISCLOSURE_IDENTITY_KEPT_DAYS", "0")
    assert "identities   kept for ever        0 expired" in run("retention").output


# ---- health
def beat(home: Path, seconds_ago: float, heard_ago: float | None = None) -> None:
    """As the service writes it after a round."""
    now = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        asyncio.run(Heartbeat(ledger, "telegram", lambda: now, lambda: heard_ago).beat())


@pytest.mark.parametrize(
    ("seconds_ago", "heard_ago", "trouble"),
    [
        (5, 20.0, []),
        (120, 100.0, []),
        (200, 20.0, ["round_is_late"]),
        (10, 400.0, ["poll_is_late"]),
        (10, None, ["poll_is_late"]),
        (4000, 1.0, ["poll_is_late", "round_is_late"]),
    ],
)
def test_health_by_exit_code(
    home: Path, seconds_ago: float, heard_ago: float | None, trouble: list[str]
) -> None:
    """0 while rounds are made and Telegram answers, else 1 with what is late."""
    beat(home, seconds_ago, heard_ago)
    done = run("health", "--json")
    assert (done.exit_code, json.loads(done.stdout)["trouble"]) == (1 if trouble else 0, trouble)
    said = re.match(r"telegram: made its rounds (\d+) s ago, heard ", run("health").stdout)
    assert said is not None
    assert seconds_ago <= int(said[1]) < seconds_ago + 60  # a busy machine takes its time


def test_health_creates_nothing(home: Path) -> None:
    """Never started: not well, and no ledger appears by looking."""
    done = run("health")
    assert (done.exit_code, done.output) == (1, "Not well: never_ran.\n")
    assert not home.exists()
