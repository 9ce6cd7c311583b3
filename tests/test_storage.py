"""What a disk may do to the ledger: said in one sentence, with what to do; what was confirmed is kept."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.ledger import ledger as ledger_module
from tests.ledgers import sqlite_only

pytestmark = sqlite_only


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that has been used once."""
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCLOSURE_TELEGRAM_TOKEN", "123:abc")
    assert run("ask", "预算").exit_code == 0
    return tmp_path / "home"


def told(result: Result) -> str:
    """One sentence, no traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("garbage", [b"no database ", b"\x00"], ids=["text", "zeros"])
def test_a_ruined_file_names_restore(home: Path, garbage: bytes) -> None:
    """Not a database any more: exit code 4, which the unit does not restart, and the way out."""
    (home / "ledger.db").write_bytes(garbage * 9000)
    for command in (("ask", "预算"), ("run",), ("keys", "check")):
        done = run(*command)
        assert (done.exit_code, "disclosure restore" in told(done)) == (4, True), command


def test_a_damaged_page_stops_the_service(home: Path) -> None:
    """Garbage in the middle of a file that opens well: noticed when the service starts."""
    path = home / "ledger.db"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        root = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'letters'").fetchone()[0]
        size = plain.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))
    done = run("run")
    assert (done.exit_code, "disclosure restore" in told(done)) == (4, True)


def test_the_unit_does_not_restart_it() -> None:
    """systemd would else start it every five seconds."""
    unit = (Path(__file__).parents[1] / "deploy" / "disclosure-bot.service").read_text(encoding="utf-8")
    (line,) = [line for line in unit.splitlines() if line.startswith("RestartPreventExitStatus=")]
    assert {"2", "3", "4"} <= set(line.partition("=")[2].split())


def test_a_lock_of_another_program_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that keeps the ledger open for writing: waited for, then said; nothing is lost."""
    monkeypatch.setattr(ledger_module, "BUSY_SECONDS", 1)
    with closing(sqlite3.connect(home / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE").close()
        done = run("outbox", "--retry-failed")
        assert done.exit_code == 0 or "another program" in told(done)
        done = run("reload")
        assert (done.exit_code, "another program" in told(done)) == (1, True)
    assert run("reload").exit_code == 0


@pytest.mark.parametrize("name", ["a%20b", "a?b", "a#b", "政务 公开"])
def test_any_path_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A `%` or `?` in the path once put the ledger elsewhere."""
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path / name))
    assert run("ask", "预算").exit_code == 0
    assert (tmp_path / name / "ledger.db").stat().st_size > 0
    assert [each.name for each in tmp_path.iterdir()] == [name]
    copy = tmp_path / name / "copy of %?.db"
    assert run("backup", str(copy)).exit_code == 0
    assert copy.exists()


def test_everything_is_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the umask, and also what an earlier version made."""
    before = os.umask(0)
    try:
        home = tmp_path / "home"
        home.mkdir(mode=0o777)
        (home / "chat.log").write_text("", encoding="utf-8")
        monkeypatch.setenv("DISCLOSURE_HOME", str(home))
        assert run("ask", "预算").exit_code == 0
        assert run("backup", str(home / "copy.db")).exit_code == 0
        modes = {path.name: oct(path.stat().st_mode & 0o077) for path in (home, *home.rglob("*"))}
    finally:
        os.umask(before)
    assert {name: mode for name, mode in modes.items() if mode != "0o0"} == {}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own; only root may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a disk of its own")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(path: Path) -> None:
    """Until there is no room for a page any more."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


def test_full_and_read_only_disks_are_named(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room: said, and with room again all goes on.  Read-only: said."""
    monkeypatch.setenv("DISCLOSURE_HOME", str(small_disk / "home"))
    assert run("ask", "预算").exit_code == 0
    ballast = small_disk / "ballast"
    _fill(ballast)
    done = run("reload")
    assert (done.exit_code, "the disk is full" in told(done)) == (1, True)
    ballast.unlink()
    assert "The record is whole" in run("requests", "verify").output
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = run("reload")
    assert (done.exit_code, "read-only" in told(done)) == (1, True)
