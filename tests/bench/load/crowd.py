"""People who ask, and how long each waits for the answer."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.fake_bot_api import Chat, FakeBotApi

# Whole questions, each answered by one message: quotations, choices, "not there", small talk, the guide.
QUESTIONS = (
    "公开了哪一年的部门决算信息？",
    "低保政策公开了吗？",
    "2018年公开了多少条政府信息？",
    "财政预算和决算公开了没有？",
    "采砂许可证发给哪个老板了？",
    "怎么申请公开政府信息？",
    "扶贫工作信息公开了什么？",
    "敬老院几点开饭？",
    "五保户的政策在哪里能看到？",
    "医疗救助政策是怎么公开的？",
    "重大建设项目的审批信息公开了吗？",
    "申请要不要钱？",
    "政策解读有什么要求？",
    "存在什么问题？",
    "今天天气怎么样？",
    "2018年修路花了多少钱？",
)


@dataclass
class Crowd:
    """Residents of one world.  `again` is called when somebody was answered."""

    api: FakeBotApi
    size: int
    first: int = 1000
    waits: list[float] = field(default_factory=list)  # seconds from asking to the delivered answer
    # When each chat asked what it has no answer to yet; answers come in order.
    _asked_at: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _asked: int = 0
    _until: float = 0.0  # while it lasts, who is answered asks again

    def __post_init__(self) -> None:
        self._nobody_waits = asyncio.Event()
        self._phones = [self.api.phone(self.first + number) for number in range(self.size)]
        show = self.api.world.show

        async def watched(chat: Chat, message: dict[str, Any], file: tuple[str, bytes] | None = None) -> None:
            await show(chat, message, file)
            self._is_answered(chat.id)

        self.api.world.show = watched  # type: ignore[method-assign]  # listens to the real one

    @property
    def waiting(self) -> int:
        """How many questions have no answer yet."""
        return sum(map(len, self._asked_at.values()))

    def ask(self, number: int) -> None:
        """Somebody asks the next question."""
        phone = self._phones[number % self.size]
        self._nobody_waits.clear()
        self._asked_at[phone.chat.id].append(time.perf_counter())
        # Each round through the questions begins at another one, so that no chat asks the same again.
        phone.types(QUESTIONS[(self._asked + self._asked // len(QUESTIONS)) % len(QUESTIONS)])
        self._asked += 1

    def _is_answered(self, chat: int) -> None:
        if not self._asked_at[chat]:
            return
        now = time.perf_counter()
        self.waits.append(now - self._asked_at[chat].popleft())
        if now < self._until:
            self.ask(chat - self.first)
        if not self.waiting:
            self._nobody_waits.set()

    async def ask_steadily(self, rate: float, seconds: float) -> None:
        """`rate` questions a second, evenly, each chat in its turn."""
        began = time.perf_counter()
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
            self.ask(number)
        await self.rest()

    async def ask_at_once(self, seconds: float) -> None:
        """Everybody asks, and again as soon as he is answered."""
        self._until = time.perf_counter() + seconds
        for number in range(self.size):
            self.ask(number)
        await asyncio.sleep(seconds)

    async def rest(self, deadline: float = 30.0) -> None:
        """Until everybody has been answered; whoever has not by then stays in `waiting`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                await self._nobody_waits.wait()

    async def warm_up(self, deadline: float = 180.0) -> None:
        """Ask everything once: what is loaded at the first use is loaded now."""
        for number in range(max(len(QUESTIONS), 32)):
            self.ask(number)
            await self.rest(deadline)
            assert not self.waiting, "the bot does not answer; its log is above"
        self.waits.clear()
