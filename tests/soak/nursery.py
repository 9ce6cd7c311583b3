"""Lives of the bot, each of which may kill itself at a chosen step: `python -m tests.soak.nursery LOG`.

A line `POINT N` on stdin starts a life that kills itself, as `kill -9` would, when it reaches POINT for the
N-th time; `never 0` lives until SIGTERM.  Its number is printed, and at its end its exit status.  Lives are
forked from one process that has imported everything, so that one costs a fraction of a second.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from telegram import Update

from bot.channels.telegram import channel_of
from bot.channels.telegram.application import Polling
from bot.channels.telegram.discretion import be_discreet
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.sender import Sender
from bot.dialogue.conversation import Conversation
from bot.jobs import scheduler as rounds
from bot.mailbox import letters
from bot.mailbox.delivery import Postman
from bot.mailbox.inbox import Handled, Inbox
from bot.mailbox.letters import Letter, Outcome
from bot.mailbox.outbox import Claim, Outbox
from bot.mailbox.pace import UNPACED
from bot.messages import Incoming, Outgoing, Turn
from bot.program import Program
from bot.settings import load_settings

from . import planting

POINTS = (
    "received, not stored",
    "stored, not acknowledged",
    "acknowledged",
    "claimed, not handled",
    "handled, not committed",
    "committed, not sent",
    "sending, not sent",
    "sent, not recorded",
    "recorded",
)
AT_ANY_TIME = "at any time"  # N is then a number of milliseconds


class Executioner:
    """Kills this process at the N-th time a point is reached.

    Its last word is a line of JSON: the point, and the chats of messages whose sending had begun and was not
    on record yet, so that the judge knows exactly which confirmations died with it.
    """

    def __init__(self, point: str, count: int, log: Path) -> None:
        self._point, self._count, self._log = point, count, log
        self._seen: Counter[str] = Counter()
        self.in_hand: dict[int, str] = {}  # letter -> chat

    def reach(self, point: str) -> None:
        self._seen[point] += 1
        if point == self._point and self._seen[point] == self._count:
            self._kill()

    def watch_the_clock(self) -> None:
        """From a thread of its own, so that no line of the program is safe."""
        if self._point == AT_ANY_TIME:
            alarm = threading.Timer(self._count / 1000, self._kill)
            alarm.daemon = True
            alarm.start()

    def _kill(self) -> None:
        word = {"point": self._point, "in_hand": sorted(self.in_hand.copy().values())}
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(word)}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def watch_what_comes_in(executioner: Executioner) -> None:
    put, store, ask = Intake.put, Intake._store, Polling.do_request
    unacknowledged = False

    async def watched_put(self: Intake, item: object) -> None:
        executioner.reach("received, not stored")
        await put(self, item)

    def watched_store(self: Intake, batch: Sequence[Update]) -> None:
        nonlocal unacknowledged
        store(self, batch)
        unacknowledged = True
        executioner.reach("stored, not acknowledged")

    async def watched_request(self: Polling, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        nonlocal unacknowledged
        answer = await ask(self, *args, **kwargs)
        if unacknowledged:
            unacknowledged = False
            executioner.reach("acknowledged")
        return answer

    Intake.put, Intake._store = watched_put, watched_store  # type: ignore[method-assign]
    Polling.do_request = watched_request  # type: ignore[method-assign]  # may die before the real one


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

    Conversation.handle, Inbox.handle_some = watched_handle, watched_some  # type: ignore[method-assign]  # may die around the real ones


def watch_what_goes_out(executioner: Executioner) -> None:
    send, claim, deliver = Sender.send, Outbox.claim, Postman._deliver

    async def watched_send(self: Sender, outgoing: Outgoing) -> str:
        executioner.reach("sending, not sent")
        remote_id = await send(self, outgoing)
        executioner.reach("sent, not recorded")
        return remote_id

    def watched_claim(
        self: Outbox, most: int, chat: str = "", ended: Sequence[Outcome] = (), **how: bool
    ) -> Claim:
        claimed = claim(self, most, chat, ended, **how)
        for outcome in ended:
            executioner.in_hand.pop(outcome.letter.id, None)
        if ended:
            executioner.reach("recorded")
        return claimed

    async def watched_deliver(self: Postman, letter: Letter) -> None:
        executioner.in_hand[letter.id] = str(letter.outgoing.address)
        await deliver(self, letter)

    Sender.send, Outbox.claim = watched_send, watched_claim  # type: ignore[method-assign]
    Postman._deliver = watched_deliver  # type: ignore[method-assign]


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
    executioner.watch_the_clock()
    if planted := os.environ.get("SOAK_PLANTED"):
        planting.plant(planted)
    rounds.EVERY = 2.0
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
