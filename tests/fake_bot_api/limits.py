"""Telegram's pace: 1 message a second in a chat, 30 a second in all, 20 a minute in a group."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .refusals import too_many


@dataclass
class Limits:
    """Refuse with 429 what comes too fast.  `minute` may be shortened so that a test need not wait.

    `tolerance` forgives the jitter of a loopback connection: two messages sent 1.0 s apart may arrive
    0.99 s apart.
    """

    chat_interval: float = 1.0
    per_second: int = 30
    group_per_minute: int = 20
    minute: float = 60.0
    tolerance: float = 0.05
    _sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _all: deque[float] = field(default_factory=deque)

    @classmethod
    def none(cls) -> Limits:
        return cls(chat_interval=0.0, per_second=10**9, group_per_minute=10**9)

    def admit(self, chat: int, now: float) -> None:
        """Count one message to `chat` (negative = a group); raise the refusal when it is one too many."""
        sent = self._sent[chat]
        while sent and sent[0] <= now - self.minute:
            sent.popleft()
        while self._all and self._all[0] <= now - 1.0:
            self._all.popleft()
        if sent and now - sent[-1] < self.chat_interval - self.tolerance:
            raise too_many(max(1, math.ceil(self.chat_interval)))
        if len(self._all) >= self.per_second:
            raise too_many(1)
        if chat < 0 and len(sent) >= self.group_per_minute:
            raise too_many(max(1, math.ceil(sent[0] + self.minute - now)))
        sent.append(now)
        self._all.append(now)
