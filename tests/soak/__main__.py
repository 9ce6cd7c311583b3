"""`make soak`: kill the bot at every step and at any time, again and again, and count.

`--plant NAME` lets the bot make a fault on purpose; the verdict must then be WRONG, and the exit code is 0
when it is.  Ctrl-C prints what is known by then, once the bot has ended in order; another one changes
nothing.  The exit code is 130 when nothing was wrong so far.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

from .planting import FAULTS
from .run import soak
from .verdict import Verdict

_INTERRUPTED = 130  # exit code, as a shell gives it
_SIGNS = (signal.SIGINT, signal.SIGTERM)


def _say_that_it_ends() -> None:
    print("ending in order, a moment ...", file=sys.stderr, flush=True)


async def _interruptible(folder: Path, asked: argparse.Namespace) -> Verdict:
    """The first Ctrl-C ends the soak, which then judges what there is; afterwards none disturbs it."""
    loop = asyncio.get_running_loop()
    soaking = asyncio.create_task(soak(folder, asked.kills, asked.residents, asked.seed))

    def end() -> None:
        for sign in _SIGNS:
            loop.add_signal_handler(sign, _say_that_it_ends)
        soaking.cancel()

    for sign in _SIGNS:
        loop.add_signal_handler(sign, end)
    try:
        return await soaking
    finally:
        for sign in _SIGNS:
            loop.remove_signal_handler(sign)
            signal.signal(sign, signal.SIG_IGN)  # it is judged: all that is left is to print it


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--residents", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", choices=sorted(FAULTS), help="a fault that must be noticed")
    asked = parser.parse_args()
    if asked.plant:
        os.environ["SOAK_PLANTED"] = asked.plant
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            verdict = asyncio.run(_interruptible(Path(folder), asked))
        except asyncio.CancelledError:
            print("INTERRUPTED: before anything had happened")
            sys.exit(_INTERRUPTED)
        print(verdict)
        if verdict.complaints and not asked.plant:
            print((Path(folder) / "log").read_text(encoding="utf-8")[-5000:], file=sys.stderr)
    if verdict.is_interrupted and not verdict.complaints:
        sys.exit(_INTERRUPTED)
    sys.exit(bool(verdict.complaints) is not bool(asked.plant))


if __name__ == "__main__":
    main()
