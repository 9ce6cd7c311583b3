"""`make soak`: kill the bot at every step, again and again, and count."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from .run import soak


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--residents", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        verdict = asyncio.run(soak(Path(folder), asked.kills, asked.residents, asked.seed))
        print(verdict)
        if verdict.complaints:
            print((Path(folder) / "log").read_text(encoding="utf-8")[-5000:], file=sys.stderr)
    sys.exit(1 if verdict.complaints else 0)


if __name__ == "__main__":
    main()
