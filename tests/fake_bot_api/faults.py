"""Things that go wrong between a bot and the server, switched on by a test for chosen calls."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from .refusals import Refusal, too_many


class Kind(Enum):
    REFUSE = "the server refuses, nothing happened"
    DELAY = "the answer comes late"
    CUT = "the connection is cut, nothing happened"
    LOST_ANSWER = "the effect happened, then the connection is cut"
    GARBAGE = "the answer is not JSON, nothing happened"


@dataclass(frozen=True)
class Fault:
    kind: Kind
    refusal: Refusal | None = None
    seconds: float = 0.0

    @classmethod
    def flood(cls, seconds: int) -> Fault:
        return cls(Kind.REFUSE, too_many(seconds))

    @classmethod
    def status(cls, code: int, description: str = "Internal Server Error") -> Fault:
        return cls(Kind.REFUSE, Refusal(code, description))


class Faults:
    """Which calls of which method fail.  Calls are counted from 1, from the moment the fault is set."""

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()
        self._planned: dict[str, dict[int, Fault]] = defaultdict(dict)
        self.met: Counter[str] = Counter()  # how often which method has met which fault

    def plan(self, method: str, fault: Fault, calls: Iterable[int] = (1,)) -> None:
        """Let the next calls of `method` with these ordinals (1 = the very next) meet `fault`."""
        for call in calls:
            self._planned[method][self._calls[method] + call] = fault

    def clear(self) -> None:
        self._planned.clear()

    def next_for(self, method: str) -> Fault | None:
        self._calls[method] += 1
        fault = self._planned[method].pop(self._calls[method], None)
        if fault is not None:
            what = fault.refusal.code if fault.refusal else fault.kind.name.lower().replace("_", " ")
            self.met[f"{method}: {what}"] += 1
        return fault


async def before_effect(fault: Fault | None) -> None:
    """Wait or refuse, as the fault says, before the method does anything."""
    if fault is None:
        return
    if fault.kind is Kind.DELAY:
        await asyncio.sleep(fault.seconds)
    if fault.kind is Kind.REFUSE:
        assert fault.refusal is not None
        raise fault.refusal
