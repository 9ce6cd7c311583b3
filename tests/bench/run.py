"""Runs the systems side by side at one size: each question is put to each of them in turn."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np

from tests.bench.corpus import Question, questions, write
from tests.bench.exact import Exact
from tests.bench.systems import SYSTEMS, Contestant

WARM_UP = 15  # questions of each kind that are asked first and not counted; those that count are asked once


@dataclass
class Row:
    """One line of the table: one way of asking at one size."""

    entries: int
    way: str
    times: dict[int, float] = field(default_factory=dict)  # milliseconds by number of the question
    worked: dict[int, float] = field(default_factory=dict)  # of these the processor's: what load leaves alone
    firsts: dict[int, int] = field(default_factory=dict)  # best entry by number of the question
    same_first: float | None = None
    known_found: float | None = None
    built_per_second: float | None = None
    megabytes: float | None = None
    peak_mb: float | None = None
    resident_mb: float | None = None

    def percentile(self, which: float, of: Sequence[int] | None = None) -> float:
        """Milliseconds; over the questions `of`, all by default."""
        times = [self.times[number] for number in (of or self.times) if number in self.times]
        return float(np.percentile(times, which))

    @property
    def worked_p99(self) -> float:
        """Milliseconds of the processor, 99th percentile."""
        return float(np.percentile(list(self.worked.values()), 99))


class Worker:
    """A system that waits for questions in its own process."""

    def __init__(self, name: str, lines: Path, folder: Path) -> None:
        self.name = name
        self.most = SYSTEMS[name].most_questions
        command = [sys.executable, "-m", "tests.bench.worker", name, "ask", str(lines), str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in: IO[str] = self._process.stdin
        self._out: IO[str] = self._process.stdout
        assert self._out.readline() == "ready\n"

    def ask(self, text: str) -> tuple[int, float, float]:
        """Number of the best entry, milliseconds, and those that the processor worked for it."""
        self._in.write(json.dumps(text) + "\n")
        self._in.flush()
        first, milliseconds, worked = json.loads(self._out.readline())
        return int(first), float(milliseconds), float(worked)

    def close(self) -> float:
        """End it; returns the memory it held, in MB."""
        self._in.close()
        resident = float(json.loads(self._out.readline())["resident_mb"])
        self._out.close()
        self._process.wait()
        return resident


def run_size(count: int, each: int, folder: Path) -> list[Row]:
    """All systems that are asked at this size; progress goes to standard error."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = folder / "entries.txt"
    say(f"{count:,} entries: drawing them")
    write(lines, count)
    asked = questions(count, each)
    chosen = {name: each for name, each in SYSTEMS.items() if count <= each.largest and each.is_there}
    for name in SYSTEMS.keys() - chosen.keys():
        say(f"{count:,} entries: without {name}, {_why_not(SYSTEMS[name])}")
    folders = {name: folder / (each.built_by or name).replace(" ", "_") for name, each in chosen.items()}
    built = {
        name: _build(name, lines, folders[name], count) for name, each in chosen.items() if not each.built_by
    }
    say(f"{count:,} entries: asking {len(asked)} questions")
    workers = [Worker(name, lines, folders[name]) for name in chosen]
    _ask(workers, questions(count, WARM_UP, seed=12), count)
    rows = _ask(workers, asked, count)
    for worker, row in zip(workers, rows, strict=True):
        row.resident_mb = worker.close()
        if worker.name in built:
            row.built_per_second, row.megabytes, row.peak_mb = built[worker.name]
    _judge(rows, asked, lines)
    return rows


def _why_not(system: Contestant) -> str:
    return "too slow for so many" if system.is_there else f"{system.package} is not installed"


def _build(name: str, lines: Path, folder: Path, count: int) -> tuple[float, float, float]:
    """Entries a second, megabytes on disk, most megabytes of memory."""
    say(f"{count:,} entries: building {name}")
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.bench.worker", name, "build", str(lines), str(folder)]
    done = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    )
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return count / done["seconds"], size / 1e6, done["peak_mb"]


def _ask(workers: Sequence[Worker], asked: Sequence[Question], count: int) -> list[Row]:
    rows = [Row(count, worker.name) for worker in workers]
    for number, question in enumerate(asked):
        for worker, row in zip(workers, rows, strict=True):
            if worker.most < len(asked) and number % -(-len(asked) // worker.most):
                continue
            row.firsts[number], row.times[number], row.worked[number] = worker.ask(question.text)
    return rows


def _judge(rows: Sequence[Row], asked: Sequence[Question], lines: Path) -> None:
    """Compare ours with exact scoring, and all with the entries that the questions were made from."""
    exact = Exact(lines, [question.text for question in asked])
    for row in rows:
        known = [row.firsts[n] == asked[n].entry for n in row.firsts if asked[n].entry >= 0]
        row.known_found = sum(known) / len(known) if known else None
        if row.way == "ours":
            same = [exact.is_first(asked[number].text, first) for number, first in row.firsts.items()]
            row.same_first = sum(same) / len(same)


def say(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)
