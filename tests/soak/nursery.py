"""Lives of the bot, each of which may kill itself at a chosen step: `python -m tests.soak.nursery LOG`.

A line `POINT N` on stdin starts a life that kills itself, as `kill -9` would, when it reaches POINT for the
N-th time; `never 0` lives until SIGTERM.  Its number is printed, and at its end its exit status.  Lives are
forked from one process that has imported everything, so that one costs a fraction of a second.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from telegram import Update

from bot.channels.mailbox import UNPACED, Handled, Inbox, Outbox, Outcome, letters
from bot.channels.mailbox.delivery import Postman
from bot.channels.mailbox.outbox import Claim
from bot.channels.telegram import channel_of
from bot.channels.telegram.discretion import be_discreet
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.sender import Sender
from bot.dialogue.conversation import Conversation
from bot.dialogue.messages import Incoming, Outgoing, Turn
from bot.program import Program
from bot.settings import load_settings

POINTS = (
    "received, not stored",
    "stored, not confirmed",
    "claimed, not handled",
    "handled, not committed",
    "committed, not sent",
    "sending, not sent",
    "sent, not recorded",
    "recorded",
)


class Executioner:
    """Kills this process at the N-th time a point is reached, and notes what the postman had in hand."""

    def __init__(self, point: str, count: int, log: Path) -> None:
        self._point, self._count, self._log = point, count, log
        self._seen: Counter[str] = Counter()
        self.postman: Postman | None = None

    def reach(self, point: str) -> None:
        self._seen[point] += 1
        if point == self._point and self._seen[point] == self._count:
            in_hand = len(self.postman._tasks) + len(self.postman._ended) if self.postman else 0
            with self._log.open("a", encoding="utf-8") as file:
                file.write(f"{in_hand} {point}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def watch_what_comes_in(executioner: Executioner) -> None:
    put, store = Intake.put, Intake._store

    async def watched_put(self: Intake, item: object) -> None:
        executioner.reach("received, not stored")
        await put(self, item)

    def watched_store(self: Intake, batch: Sequence[Update]) -> None:
        store(self, batch)
        executioner.reach("stored, not confirmed")

    Intake.put, Intake._store = watched_put, watched_store  # type: ignore[method-assign]


def watch_the_dialogue(executioner: Executioner) -> None:
    handle, handle_some = Conversation.handle, Inbox.handle_some

    def watched_handle(self: Conversation, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        executioner.reach("claimed, not handled")
        done = handle(self, connection, incoming, now)
        executioner.reach("handled, not committed")
        return done

    def watched_some(self: Inbox, channel: str, most: int, chat: str = "", **how: bool) -> list[Handled]:
        handled = handle_some(self, channel, most, chat, **how)
        if handled:
            executioner.reach("committed, not sent")
        return handled

    Conversation.handle, Inbox.handle_some = watched_handle, watched_some  # type: ignore[method-assign]


def watch_what_goes_out(executioner: Executioner) -> None:
    send, claim, run = Sender.send, Outbox.claim, Postman.run

    async def watched_send(self: Sender, outgoing: Outgoing) -> str:
        executioner.reach("sending, not sent")
        remote_id = await send(self, outgoing)
        executioner.reach("sent, not recorded")
        return remote_id

    def watched_claim(
        self: Outbox, most: int, chat: str = "", ended: Sequence[Outcome] = (), **how: bool
    ) -> Claim:
        claimed = claim(self, most, chat, ended, **how)
        if ended:
            executioner.reach("recorded")
        return claimed

    async def watched_run(self: Postman) -> None:
        executioner.postman = self
        await run(self)

    Sender.send, Outbox.claim = watched_send, watched_claim  # type: ignore[method-assign]
    Postman.run = watched_run  # type: ignore[method-assign]


async def serve(program: Program) -> int:
    """As `disclosure run` does, without Telegram's pace."""
    channel = channel_of(program, UNPACED)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, channel.ask_to_stop)
    try:
        await channel.start()
        return await channel.finished()
    finally:
        await channel.stop()


def live(point: str, count: int, log: Path) -> int:
    executioner = Executioner(point, count, log)
    watch_what_comes_in(executioner)
    watch_the_dialogue(executioner)
    watch_what_goes_out(executioner)
    letters.FIRST_BACK_OFF, letters.LONGEST_BACK_OFF = timedelta(seconds=0.05), timedelta(seconds=1)
    settings = load_settings()
    be_discreet(settings.telegram_token.get_secret_value())
    with Program.open(settings) as program:
        return asyncio.run(serve(program))


def main() -> None:
    log = Path(sys.argv[1])
    for line in sys.stdin:
        point, _, count = line.strip().rpartition(" ")
        child = os.fork()
        if child == 0:
            os._exit(live(point, int(count), log))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
