"""The short form of `make soak`."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from subprocess import PIPE

import pytest

from .soak.expected import OWN, Expected
from .soak.nursery import POINTS
from .soak.run import soak
from .soak.verdict import Verdict


async def test_killed_at_every_step_under_faults(tmp_path: Path) -> None:
    """A kill at each step while the town asks, files and answers: nothing is lost, nothing doubled."""
    verdict = await soak(tmp_path, kills=len(POINTS), residents=2)
    assert verdict.complaints == (), f"{verdict}\n{(tmp_path / 'log').read_text(encoding='utf-8')[-3000:]}"


async def interrupted(folder: Path) -> Verdict:
    """What is said when Ctrl-C comes in the middle of the first answers."""
    soaking = asyncio.create_task(soak(folder, kills=len(POINTS), residents=2))
    async with asyncio.timeout(240):
        while sent_so_far(folder) < 6 and not soaking.done():  # noqa: ASYNC110  # another process sends
            await asyncio.sleep(0.1)
    soaking.cancel()
    return await soaking


def sent_so_far(folder: Path) -> int:
    with suppress(sqlite3.OperationalError):  # no ledger yet
        path = f"file:{folder / 'ledger.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM outbox WHERE status = 'sent'").fetchone()[0])
    return 0


async def test_interrupted_soak_tells_no_false_losses(tmp_path: Path) -> None:
    """It says what it knows; what was still to come is not lost."""
    verdict = await interrupted(tmp_path)
    assert verdict.complaints == (), f"{verdict}\n{(tmp_path / 'log').read_text(encoding='utf-8')[-3000:]}"
    assert verdict.is_interrupted
    assert "INTERRUPTED" in str(verdict)
    counts = {name: int(str(count)) for name, count in verdict.counts.items()}
    assert counts["messages that arrived"] >= 6
    assert counts["messages expected"] >= counts["messages that arrived"]


def test_impatient_ctrl_c_is_told_what_is_known(tmp_path: Path) -> None:
    """Pressed again while the soak ends, and once more: the verdict all the same, and no traceback."""
    command = [sys.executable, "-m", "tests.soak", "--kills", "9", "--residents", "2"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, env=environment) as driver:
        until = time.monotonic() + 240
        while driver.poll() is None and time.monotonic() < until:
            if any(sent_so_far(folder) >= 2 for folder in tmp_path.glob("soak-*")):
                break
            time.sleep(0.1)
        for pause in (0.0, 0.05, 1.0):
            time.sleep(pause)
            driver.send_signal(signal.SIGINT)
        told, complaints = driver.communicate(timeout=120)
    assert "INTERRUPTED" in told
    assert "messages that arrived" in told
    assert "Traceback" not in complaints, complaints
    assert driver.returncode == 130, told


async def test_interrupted_soak_tells_a_true_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has gone wrong by then is told."""
    monkeypatch.setenv("SOAK_PLANTED", "enqueue-twice")
    verdict = await interrupted(tmp_path)
    assert verdict.is_interrupted
    assert any("nothing caused" in complaint for complaint in verdict.complaints), verdict


@pytest.mark.parametrize(
    ("arrived", "wrong"),
    [
        (["a1", "n1", "a2", "n2"], []),
        (["n1", "a1", "n2", "a2"], []),
        (["a1", "a1", "n1", "a2", "n2"], ["nothing caused 'a1'"]),
        (["a1", "a2", "n2"], ["out of order", "never came (2026-0001): ['n1']"]),
        (["a2", "a1", "n1", "n2"], ["out of order"]),
        (["a1", "n1", "a2", "n2", "x"], ["nothing caused 'x'"]),
        ([], ["never came (own acts)", "never came (2026-0001)"]),
    ],
    ids=["as said", "interleaved", "twice", "lost", "swapped", "out of nothing", "nothing at all"],
)
def test_judge_sees_what_is_wrong_in_a_chat(arrived: list[str], wrong: list[str]) -> None:
    """Two causes may be interleaved; each keeps its order and its count."""
    expected = Expected()
    expected.say(1, OWN, "a1", "a2")
    expected.say(1, "2026-0001", "n1", "n2")
    told, missing = expected.compare(1, arrived)
    found = told + missing
    assert len(found) == len(wrong), found
    assert all(part in each for part, each in zip(wrong, found, strict=True)), found
