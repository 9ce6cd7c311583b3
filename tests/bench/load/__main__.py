"""The load test from the command line: a table, and the goals with what was measured beside them.

Latency is counted from the moment when a person's question is with the server until the answer is; the fake
adds no delay of its own.  On a machine with other work to do, the column "% waiting for a core" says how much
of the time the bot could not run: processor time is right then, latency and answers a second are not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from .flood import Flooded, measure_flood
from .measure import Measured, measure_saturation, measure_steady

RESULTS = Path("bench-results")
_HEAD = (
    "bot", "load", "answers/s", "p50 ms", "p99 ms", "% of a core", "ms of it an answer",
    "% waiting for a core", "MB", "MB growth", "not answered",
)  # fmt: skip
_STEADY, _ECHO, _OURS = 1, 3, 4  # rows
_PACED = 0.8  # of the rate: at the very limit of Telegram a queue never empties again, whoever serves it
_P99 = 150  # ms
_CORE = 0.25
_GROWTH = 5  # MB
_FLOODS = ((1, 100), (100, 20))  # chats, and how many messages each of them writes every five seconds
_NEIGHBOUR = 1.0  # second, half of the time


async def run(rate: float, minutes: float, seconds: float) -> list[Measured]:
    """Echo bot and ours in turn."""
    return [
        await measure_steady("echo", rate, min(minutes * 60, seconds)),
        await measure_steady("ours-unpaced", rate, minutes * 60),
        await measure_steady("ours", rate * _PACED, min(minutes * 60, seconds)),
        await measure_saturation("echo", seconds),
        await measure_saturation("ours-unpaced", seconds),
    ]


async def run_floods(seconds: float) -> list[Flooded]:
    """One chat, then a hundred."""
    return [await measure_flood(chats, each, seconds) for chats, each in _FLOODS]


def table(rows: Sequence[Measured]) -> str:
    """In Markdown."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|" + "---|" * len(_HEAD)]
    for row in rows:
        cells = (
            row.way, row.load, f"{row.rate:.1f}", f"{row.wait(0.5):.0f}", f"{row.wait(0.99):.0f}",
            f"{row.core:.0%}", f"{1000 * row.processor / max(len(row.waits), 1):.1f}",
            f"{row.in_line / row.seconds:.0%}",
            f"{row.resident[-1]:.0f}", f"{row.growth:+.1f}", str(row.unanswered),
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def goals(rows: Sequence[Measured], floods: Sequence[Flooded]) -> str:
    """What the specification asks for, and what was seen."""
    steady, share = rows[_STEADY], rows[_OURS].rate / rows[_ECHO].rate
    growth = f"{steady.growth:+.1f} MB in {steady.seconds:.0f} s"
    asked = (
        (steady.wait(0.99) < _P99, f"p99 at {steady.load} below {_P99} ms", f"{steady.wait(0.99):.0f} ms"),
        (steady.core < _CORE, f"less than {_CORE:.0%} of a core at {steady.load}", f"{steady.core:.0%}"),
        (steady.growth < _GROWTH, f"memory flat, below {_GROWTH} MB", growth),
        (share >= 0.5, "saturation at least half of the echo bot's", f"{share:.0%}"),
        *(
            (
                flooded.median < _NEIGHBOUR,
                f"neighbours of {flooded.flooders} flooding chats wait below {_NEIGHBOUR:g} s (median)",
                f"{flooded.median:.2f} s",
            )
            for flooded in floods
        ),
    )
    return "\n".join(f"{'met   ' if met else 'MISSED'}  {goal}: {found}" for met, goal, found in asked)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--rate", type=float, default=30.0, help="questions a second (Telegram's limit: 30)")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long at this rate (default: 1)")
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="how long at saturation, and each flood (default: 20)"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help=f"where to write (default: {RESULTS})")
    asked = parser.parse_args()
    rows = asyncio.run(run(asked.rate, asked.minutes, asked.seconds))
    floods = asyncio.run(run_floods(asked.seconds))
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    beside = "\n".join(map(str, floods))
    text = (
        f"{table(rows)}\n\n{beside}\n\n{goals(rows, floods)}\nload average {loads} on {os.cpu_count()} cores"
    )
    asked.results.mkdir(parents=True, exist_ok=True)
    (asked.results / "load.md").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
