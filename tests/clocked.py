"""`disclosure` on another day: `python -m tests.clocked 2026-09-14T10:00 chat --as staff`.

The program itself has no such switch: whoever could set its clock could set the day of a receipt.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def main() -> None:
    """The first argument is the time at the office when it starts, the rest is the command."""
    start = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    started = time.monotonic()
    from bot.channels.terminal import chat, session
    from bot.cli import main as disclosure

    def now() -> datetime:
        return start + timedelta(seconds=time.monotonic() - started)

    for module in (session, chat):
        vars(module)["utc_now"] = now
    sys.argv[:2] = ["disclosure"]
    disclosure()


if __name__ == "__main__":
    main()
