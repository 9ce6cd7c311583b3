"""A worker killed with kill -9 at every point between receiving and delivering loses and doubles nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bot.ledger.ledger import Ledger
from tests.ledgers import ledger_url

from .dialogue_for_tests import effects
from .killable_worker import POINTS, SOURCE, lines


def run(folder: Path, point: str, count: int) -> int:
    """Start the worker; its exit status, negative when it was killed."""
    command = [sys.executable, "-m", "tests.channels.killable_worker", str(folder), point, str(count)]
    return subprocess.run(command, timeout=30, check=False).returncode


def test_killed_at_every_point(tmp_path: Path) -> None:
    """One ledger, a kill at each point in turn, then a run to the end: every update has one effect, every
    answer was delivered, and only the one whose delivery could not be recorded was delivered twice."""
    statuses = {point: run(tmp_path, point, 2) for point in POINTS[:-1]}
    assert set(statuses.values()) == {-signal.SIGKILL}, statuses
    assert run(tmp_path, "never", 1) == 0

    with Ledger.open(ledger_url(tmp_path)) as ledger:
        done = effects(ledger)
    assert sorted(done) == sorted(incoming.text for _, incoming in SOURCE)
    delivered = Counter(lines(tmp_path / "delivered"))
    assert set(delivered) == {f"heard_{text}" for text in done}
    assert sorted(delivered.values())[:-1] == [1] * (len(SOURCE) - 1)
    assert max(delivered.values()) == 2
    for chat in range(3):
        in_chat = [line for line in dict.fromkeys(lines(tmp_path / "delivered")) if int(line[-1]) % 3 == chat]
        assert in_chat == sorted(in_chat)
