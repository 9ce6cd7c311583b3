"""A worker that kills itself at a chosen point: `python -m tests.channels.killable_worker FOLDER POINT N`.

It receives the updates of a source that redelivers what was not acknowledged, handles them and "sends" the
answers by appending to a file.  At the N-th time it reaches POINT it kills itself, as `kill -9` would.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, event

from bot.mailbox.inbox import Inbox
from bot.mailbox.outbox import Outbox
from bot.mailbox.pace import UNPACED
from bot.messages import Incoming, Turn

from .dialogue_for_tests import Repeater, apologise, open_ledger, put_in, typed

SOURCE = [(str(number), typed(f"m{number}", chat=str(number % 3))) for number in range(9)]
POINTS = (
    "received, not committed",
    "received, not acknowledged",
    "claimed, not handled",
    "handled, not committed",
    "handled, not sent",
    "sending, not sent",
    "sent, not recorded",
    "never",
)


class Executioner:
    """Kills this process at the N-th time a point is reached."""

    def __init__(self, point: str, count: int) -> None:
        self._point = point
        self._count = count
        self._seen: Counter[str] = Counter()
        self.before_commit = ""  # what the next commit would make lasting

    def reach(self, point: str) -> None:
        self._seen[point] += 1
        if point == self._point and self._seen[point] == self._count:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_commit(self, connection: Connection) -> None:
        self.reach(self.before_commit)


class Dialogue(Repeater):
    def __init__(self, executioner: Executioner) -> None:
        super().__init__()
        self._executioner = executioner

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        self._executioner.reach("claimed, not handled")
        return super().handle(connection, incoming, now)


def append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def work(folder: Path, executioner: Executioner) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    with open_ledger(folder) as ledger:
        event.listen(ledger.engine, "commit", executioner.on_commit)
        inbox = Inbox(ledger, Dialogue(executioner), apologise, now)
        outbox = Outbox(ledger, "telegram", now, UNPACED)
        outbox.release_dead_senders()
        acknowledged = lines(folder / "acknowledged")
        for key, incoming in [pair for pair in SOURCE if pair[0] not in acknowledged]:
            executioner.before_commit = "received, not committed"
            put_in(inbox, key, incoming)
            executioner.reach("received, not acknowledged")
            append(folder / "acknowledged", key)
        executioner.before_commit = "handled, not committed"
        while inbox.handle_next("telegram") is not None:
            executioner.reach("handled, not sent")
        executioner.before_commit = ""
        while letters := outbox.claim(2).letters:
            for letter in letters:
                executioner.reach("sending, not sent")
                append(folder / "delivered", letter.outgoing.text.replace(" ", "_"))
                executioner.reach("sent, not recorded")
                outbox.sent(letter, "1")


if __name__ == "__main__":
    work(Path(sys.argv[1]), Executioner(sys.argv[2], int(sys.argv[3])))
