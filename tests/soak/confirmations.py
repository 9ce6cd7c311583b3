"""Which messages had to come twice: those whose confirmation was lost, one by one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fake_bot_api import FakeBotApi

if TYPE_CHECKING:
    from .run import Soak

Message = tuple[str, str]  # address of the chat, Telegram's number of the message


def causes(surplus: list[Message], home: Path, api: FakeBotApi, soak: Soak) -> tuple[int, int, int]:
    """Of the messages that took effect and are not on record as sent: how many because the server's answer
    was cut, how many because a kill came before the record, how many for neither reason."""
    lost = {(f"telegram:{chat}", str(number)) for chat, number in api.unanswered}
    killed = died_with_a_kill(home / "kills", soak.arrivals, soak.begun)
    by_cut = sum(message in lost for message in surplus)
    by_kill = sum(message in killed - lost for message in surplus)
    return by_cut, by_kill, len(surplus) - by_cut - by_kill


def died_with_a_kill(
    log: Path, arrivals: dict[str, list[tuple[float, str]]], begun: list[float]
) -> set[Message]:
    """A chat has one message under way at a time.  So a kill explains one message of each chat that it had in
    hand: the last that took effect there before the next life began.

    `arrivals` has the time and number of each message, by chat; `begun` when each life began.
    """
    found: set[Message] = set()
    if not log.exists():
        return found  # nobody was killed
    ends_of_lives = [*begun[1:], math.inf]  # the last of an interrupted soak may have killed itself, too
    for line, ends in zip(log.read_text(encoding="utf-8").splitlines(), ends_of_lives, strict=False):
        for chat in json.loads(line)["in_hand"]:
            before = [number for at, number in arrivals.get(chat, ()) if at < ends]
            found |= {(chat, before[-1])} if before else set()
    return found
