"""How long neighbours wait beside people who flood: `python -m tests.bench.load.flood`.

The program exactly as `disclosure run` starts it, Telegram's pace of sending included, but without a limit of
questions a minute, so that nobody's flood ends by itself.  Each flooder writes `--each` messages at once, and
as many again every five seconds; each neighbour asks, waits for the answer, and asks again after a pause.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from tests.fake_bot_api import FakeBotApi, Phone

from .crowd import QUESTIONS
from .measure import served

_NEIGHBOURS, _FIRST = (7, 8, 9), 5000
_EVERY, _PAUSE = 5.0, 3.0  # seconds
_ASKED, _ANSWER = "公开了哪一年的部门决算信息", "2017年度"


@dataclass(frozen=True)
class Flooded:
    """`waits` in seconds; `sent` messages of the flooders in all, and the answers they got meanwhile."""

    flooders: int
    sent: int
    answered: int
    waits: Sequence[float]

    @property
    def median(self) -> float:
        return sorted(self.waits)[len(self.waits) // 2]

    @property
    def longest(self) -> float:
        return max(self.waits)

    def __str__(self) -> str:
        return (
            f"{self.flooders} flooding chats sent {self.sent} messages and got {self.answered} answers;"
            f" neighbours asked {len(self.waits)} times and waited"
            f" {self.median:.2f} s (median), {self.longest:.2f} s (longest)"
        )


async def flood(api: FakeBotApi, flooders: int, each: int) -> None:
    """Until cancelled."""
    phones = [api.phone(_FIRST + number) for number in range(flooders)]
    while True:
        began = time.perf_counter()
        for number in range(each):
            for phone in phones:
                phone.types(QUESTIONS[number % len(QUESTIONS)])
                await asyncio.sleep(0)  # the server serves meanwhile
        await asyncio.sleep(max(began + _EVERY - time.perf_counter(), 0))


async def wait_of(phone: Phone) -> float:
    """Seconds from asking to the delivered answer."""
    began = time.perf_counter()
    phone.types(_ASKED)
    await phone.reads(_ANSWER, deadline=120)
    return time.perf_counter() - began


async def waits_of(phone: Phone, delay: float, until: float) -> list[float]:
    """One neighbour, who begins after a delay so that not all ask at once, and asks once at least."""
    await asyncio.sleep(delay)
    waits = [await wait_of(phone)]
    while time.perf_counter() + _PAUSE < until:
        await asyncio.sleep(_PAUSE)
        waits.append(await wait_of(phone))
    return waits


async def measure_flood(flooders: int, each: int, seconds: float) -> Flooded:
    """A fresh bot, warm, and so many flooders."""
    async with served("ours", chats=16) as (crowd, _):
        api = crowd.api
        flooding = asyncio.create_task(flood(api, flooders, each))
        until = time.perf_counter() + seconds
        delays = [_PAUSE * turn / len(_NEIGHBOURS) for turn in range(len(_NEIGHBOURS))]
        neighbours = [api.phone(number) for number in _NEIGHBOURS]
        waits = await asyncio.gather(
            *(waits_of(phone, delay, until) for phone, delay in zip(neighbours, delays, strict=True))
        )
        flooding.cancel()
        chats = [api.world.chats[_FIRST + number] for number in range(flooders)]
        sent = sum(message["from"]["id"] == chat.id for chat in chats for message in chat.messages.values())
        return Flooded(flooders, sent, sum(len(chat.seen) for chat in chats), list(chain(*waits)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load.flood", description=__doc__)
    parser.add_argument("--flooders", type=int, default=100)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=40.0)
    asked = parser.parse_args()
    print(asyncio.run(measure_flood(asked.flooders, asked.each, asked.seconds)))


if __name__ == "__main__":
    main()
