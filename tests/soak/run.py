"""One soak: a town talks to a bot that is killed again and again; afterwards the books are compared."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.settings import EMBEDDED_KNOWLEDGE
from tests.fake_bot_api import TOKEN, Chat, FakeBotApi, Fault, Kind

from .nursery import AT_ANY_TIME, POINTS
from .town import ADMIN, CLERK, GROUP, Town
from .verdict import Verdict, errands_left, judge, public_replies

_SENDS, _ANSWERS, _POLL = "sendMessage", "answerCallbackQuery", "getUpdates"
_POLL_FAULT_EVERY = 8.0  # seconds
_TIMES, _LONGEST_LIFE = 4, 6000  # deaths at any time after each round of steps; milliseconds
_LATE = 0.1  # seconds, longer than a delay
_FAULTS = (
    (_SENDS, Fault(Kind.DELAY, seconds=0.05)),
    (_SENDS, Fault(Kind.CUT)),
    (_SENDS, Fault.status(500)),
    (_SENDS, Fault.flood(1)),
    (_SENDS, Fault(Kind.LOST_ANSWER)),
    (_SENDS, Fault(Kind.GARBAGE)),
    (_ANSWERS, Fault.status(500)),
    (_POLL, Fault(Kind.DELAY, seconds=0.05)),
    (_POLL, Fault(Kind.CUT)),
    (_POLL, Fault(Kind.LOST_ANSWER)),
    (_POLL, Fault.status(502, "Bad Gateway")),
)


@dataclass
class Soak:
    """The state of one run."""

    home: Path
    api: FakeBotApi
    target: int
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    sent_updates: list[int] = field(default_factory=list)
    disorder: Counter[str] = field(default_factory=Counter)
    begun: list[float] = field(default_factory=list)  # when each life of the bot began
    # When each message of the bot took effect, and its number, by chat.
    arrivals: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.kills.total() >= self.target


async def soak(home: Path, kills: int, residents: int = 4, seed: int = 1) -> Verdict:
    """Run until the bot was killed so often, then to a quiet end, and judge.

    Interrupted, or when somebody waits in vain, it says what it knows by then.
    """
    began = time.monotonic()
    async with FakeBotApi() as api:
        state = Soak(home, api, kills, random.Random(seed))
        _disturb_updates(state)
        _note_arrivals(state)
        town = Town(api, residents, lambda: not state.is_over, lambda: public_replies(home))
        nursery = await _nursery(state)
        mother = asyncio.create_task(_lives(state, nursery))
        trouble = asyncio.create_task(_faults(state))
        living = asyncio.create_task(town.live())
        cut_short: BaseException | None = None
        try:
            await asyncio.wait({living, mother}, return_when=asyncio.FIRST_COMPLETED)
            assert not mother.done(), f"the bot ended by itself: {mother.exception()}"
            await living
            trouble.cancel()
            api.faults.clear()
            await _until_quiet(state)
        except (Exception, asyncio.CancelledError) as error:
            cut_short = error
        finally:
            for task in (trouble, mother, living):
                task.cancel()
            await asyncio.gather(trouble, mother, living, return_exceptions=True)
            await _end(nursery)
        return judge(state.home, api, state, town, time.monotonic() - began, cut_short)


def _disturb_updates(state: Soak) -> None:
    """Now and then an update comes twice, again long after, or before one that somebody else sent first."""
    queue = state.api.world.queue
    add = queue.add_raw
    before: list[dict[str, Any]] = []

    def disturbed(update: dict[str, Any], ahead_of: int = 0) -> None:
        state.sent_updates.append(update["update_id"])
        last = queue.waiting[-1:]
        if last and _chat_of(last[0]) != _chat_of(update) and state.chance.random() < 0.3:
            state.disorder["reordered"] += 1
            ahead_of = 1
        add(update, ahead_of)
        if state.chance.random() < 0.1:
            state.disorder["repeated"] += 1
            add(dict(update))
        if before and state.chance.random() < 0.1:
            state.disorder["repeated late"] += 1
            add(dict(state.chance.choice(before)))
        before.append(update)

    queue.add_raw = disturbed  # type: ignore[method-assign]


def _chat_of(update: dict[str, Any]) -> int:
    message = update.get("message") or update["callback_query"]["message"]
    return int(message["chat"]["id"])


def _note_arrivals(state: Soak) -> None:
    """On the clock of the kills."""
    world = state.api.world
    new_message = world.new_message

    def noted(chat: Chat, sender: dict[str, Any] | None, **content: Any) -> dict[str, Any]:
        message = new_message(chat, sender, **content)
        if sender == world.bot:
            arrival = (time.time(), str(message["message_id"]))
            state.arrivals.setdefault(f"telegram:{chat.id}", []).append(arrival)
        return message

    world.new_message = noted  # type: ignore[method-assign]


async def _nursery(state: Soak) -> Process:
    # A copy: an editor at work on the sources must not disturb a run of many minutes.
    knowledge = shutil.copytree(EMBEDDED_KNOWLEDGE, state.home / "sources")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")},
        # What is judged is what becomes of messages: by meaning, one about a published reply may come closer
        # to a question than "not found".
        "DISCLOSURE_MEANING": "false",
        "DISCLOSURE_HOME": str(state.home),
        "DISCLOSURE_KNOWLEDGE": str(knowledge),
        "DISCLOSURE_TELEGRAM_BASE_URL": state.api.base_url,
        "DISCLOSURE_TELEGRAM_TOKEN": TOKEN,
        "DISCLOSURE_STAFF": f"telegram:{CLERK}",
        "DISCLOSURE_IDENTITY_ON_CHAT": "telegram",
        "DISCLOSURE_ADMINS": f"telegram:{ADMIN}",
        "DISCLOSURE_STAFF_CHAT": f"telegram:{GROUP}",
        "DISCLOSURE_QUIET_HOURS": "03:00-03:01",
        "DISCLOSURE_AGENCY_NAME": "洲上乡人民政府",
        "DISCLOSURE_RECONSIDERATION_BODY": "示例县人民政府",
        "DISCLOSURE_COURT": "示例县人民法院",
        "DISCLOSURE_QUESTIONS_PER_MINUTE": "1000",
        "PYTHONWARNINGS": "ignore",
    }
    with (state.home / "log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.soak.nursery", str(state.home / "kills"),
            stdin=PIPE, stdout=PIPE, stderr=log, env=environment,
            start_new_session=True,  # Ctrl-C is for the driver, which ends the bot in order
        )  # fmt: skip


async def _lives(state: Soak, nursery: Process) -> None:
    """One life after the other, killed at each step in turn; once there were enough, one without a kill."""
    while True:
        point, count = _death(state)
        # What a killed life had written into its connections takes effect before the next one begins.
        await asyncio.sleep(_LATE)
        state.begun.append(time.time())
        status = await _one_life(nursery, point, count)
        assert status == -signal.SIGKILL, f"the bot ended with {status} on its way to {point!r}"
        state.kills[point] += 1


def _death(state: Soak) -> tuple[str, int]:
    """Each step in turn, and after each round of them a while at any time: in the middle of a build, too."""
    if state.is_over:
        return "never", 0
    turn = state.kills.total() % (len(POINTS) + _TIMES)
    if turn >= len(POINTS):
        return AT_ANY_TIME, state.chance.randint(50, _LONGEST_LIFE)
    return POINTS[turn], state.chance.randint(1, 6)


async def _one_life(nursery: Process, point: str, count: int) -> int:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{point} {count}\n".encode())
    await nursery.stdin.drain()
    pid = int(await nursery.stdout.readline())
    try:
        return int(await nursery.stdout.readline())
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        raise


async def _faults(state: Soak) -> None:
    """Polling backs off by itself for seconds, so it meets a fault only now and then."""
    next_poll_fault = 0.0
    while True:
        await asyncio.sleep(state.chance.uniform(0.1, 0.5))
        method, fault = state.chance.choice(_FAULTS)
        if method == _POLL:
            if time.monotonic() < next_poll_fault:
                continue
            next_poll_fault = time.monotonic() + _POLL_FAULT_EVERY
        state.api.faults.plan(method, fault)


async def _until_quiet(state: Soak) -> None:
    """Everything is confirmed, no errand is left, and nothing more is said for longer than between rounds."""
    await state.api.confirmation(deadline=60)
    async with asyncio.timeout(600):
        before = (-1, -1)
        while before != (now := (len(state.api.calls_that_send()), 0)) or errands_left(state.home):
            before = now
            await asyncio.sleep(5)


async def _end(nursery: Process) -> None:
    assert nursery.stdin is not None
    nursery.stdin.close()
    try:
        await asyncio.wait_for(nursery.wait(), 30)
    except TimeoutError:
        nursery.kill()
        await nursery.wait()
