"""One bot under one load, measured from outside."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fake_bot_api import TOKEN, FakeBotApi

from .crowd import Crowd

_TICKS = os.sysconf("SC_CLK_TCK")
_SAMPLES = 1.0  # seconds between two looks at the memory


@dataclass
class Measured:
    """What was seen.  Times in seconds, memory in MB."""

    way: str
    load: str
    seconds: float
    waits: list[float]
    unanswered: int
    processor: float  # seconds of processor time
    in_line: float = 0.0  # seconds in which its main thread was ready to run and had no core
    resident: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def core(self) -> float:
        """Share of one core."""
        return self.processor / self.seconds

    def wait(self, share: float) -> float:
        """Milliseconds that this share of all waited at most."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")

    @property
    def growth(self) -> float:
        """MB by which the memory grew from the second tenth of the time to the last."""
        tenth = max(len(self.resident) // 10, 1)
        early, late = self.resident[tenth : 2 * tenth] or self.resident[:1], self.resident[-tenth:]
        return sum(late) / len(late) - sum(early) / len(early)


async def measure_steady(way: str, rate: float, seconds: float) -> Measured:
    """So many questions a second, for so long."""
    async with served(way, chats=round(rate * 10)) as (crowd, process):
        return await _watched(way, f"{rate:g}/s", process, crowd, crowd.ask_steadily(rate, seconds))


async def measure_saturation(way: str, seconds: float, chats: int = 64) -> Measured:
    """As many as it can answer."""
    async with served(way, chats) as (crowd, process):
        return await _watched(way, "saturation", process, crowd, crowd.ask_at_once(seconds))


async def _watched(
    way: str, load: str, process: Process, crowd: Crowd, work: Coroutine[Any, Any, None]
) -> Measured:
    began, used, in_line = time.perf_counter(), processor_of(process.pid), _in_line(process.pid)
    resident: list[float] = []
    watching = asyncio.create_task(_watch(process.pid, resident))
    await work
    watching.cancel()
    seconds, used = time.perf_counter() - began, processor_of(process.pid) - used
    in_line = _in_line(process.pid) - in_line
    waits = list(crowd.waits)
    await crowd.rest()
    return Measured(way, load, seconds, waits, crowd.waiting, used, in_line, resident)


async def _watch(pid: int, resident: list[float]) -> None:
    while True:
        resident.append(_resident(pid))
        await asyncio.sleep(_SAMPLES)


def processor_of(pid: int) -> float:
    """Seconds of processor time that a process has used, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _in_line(pid: int) -> float:
    """Seconds for which the main thread has waited for a core; Linux counts them."""
    path = Path(f"/proc/{pid}/schedstat")
    return int(path.read_text().split()[1]) / 1e9 if path.exists() else 0.0


def _resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


@asynccontextmanager
async def served(way: str, chats: int) -> AsyncIterator[tuple[Crowd, Process]]:
    """A bot at work in a fresh home, warm, and the people around it."""
    with tempfile.TemporaryDirectory(prefix="load-") as home:
        # A token of its own: a second bench on this machine is not the same bot.
        token = f"{TOKEN}_{secrets.token_hex(8)}"
        async with FakeBotApi(token=token) as api:
            crowd = Crowd(api, chats)
            with (Path(home) / "log").open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.bench.load.bots", way,
                    env=_environment(home, api.base_url, token), stdout=log, stderr=log,
                )  # fmt: skip
            try:
                await crowd.warm_up()
                yield crowd, process
            except AssertionError:
                print((Path(home) / "log").read_text(encoding="utf-8")[-3000:], file=sys.stderr)
                raise
            finally:
                if process.returncode is None:
                    process.send_signal(signal.SIGTERM)
                await process.wait()


def _environment(home: str, base_url: str, token: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DISCLOSURE_") or name == "DISCLOSURE_MEANING"  # tests go without
    }
    return {
        **kept,
        "DISCLOSURE_HOME": home,
        "DISCLOSURE_TELEGRAM_BASE_URL": base_url,
        "DISCLOSURE_TELEGRAM_TOKEN": token,
        "DISCLOSURE_QUESTIONS_PER_MINUTE": "100000",  # the crowd is not one person who floods
        "NO_PROXY": "127.0.0.1",
        "PYTHONWARNINGS": "ignore",
    }
