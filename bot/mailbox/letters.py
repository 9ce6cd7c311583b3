"""A message on its way, and the ways in which an attempt to send it can end.

    held, merged: a notice that became a line of a digest (digesting.py)
    waiting ─▶ sending ─┬─▶ sent
       ▲                ├─▶ undeliverable   the person blocked the bot, the chat is gone: staff must know
       │                ├─▶ dead            the server refuses this message: the program is wrong
       └── put back ◀───┘                   too fast, no network, the chat moved

The functions below are pure: they say what is to be written down, `Outbox.record` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.messages import Outgoing

FIRST_BACK_OFF = timedelta(seconds=1)
LONGEST_BACK_OFF = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)  # of network faults; then a person must look


class OutboxState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    MERGED = "merged"
    UNDELIVERABLE = "undeliverable"
    DEAD = "dead"


DIGEST = "staff_digest"  # the event of a digest; it keeps its words, which are numbers, to be added to
UNFINISHED = (OutboxState.WAITING, OutboxState.SENDING)
STUCK = (OutboxState.UNDELIVERABLE, OutboxState.DEAD)


@dataclass(frozen=True)
class Letter:
    """A message claimed for sending.  `attempt` proves that the claim is still ours."""

    id: int
    attempt: int
    created_at: datetime
    outgoing: Outgoing


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: columns to write, messages to add, the new address of a chat that moved."""

    letter: Letter
    values: Mapping[str, object]
    notices: tuple[Outgoing, ...] = ()
    moves_to: str = ""


def sent(letter: Letter, remote_id: str, now: datetime) -> Outcome:
    """It arrived.  Its words are erased: what was said is in the chat and in the record."""
    values: dict[str, object] = {"status": OutboxState.SENT, "payload": None}
    if letter.outgoing.marks:
        return Outcome(letter, values)  # a mark is no message: it does not count towards the pace
    values |= {"remote_id": remote_id, "sent_at": now}
    if letter.outgoing.event == DIGEST:
        del values["payload"]
    confirms = letter.outgoing.confirms
    if confirms is None:
        return Outcome(letter, values)
    mark = Outgoing(confirms.address, "delivered", (), marks=confirms.message_id)
    return Outcome(letter, values, (mark,))


def put_back(letter: Letter, error: str, now: datetime, after: timedelta | None = None) -> Outcome:
    """Try again: after the time the server asked for, else backing off; dead after three days of it."""
    if after is None and now - letter.created_at > GIVE_UP_AFTER:
        return dead(letter, error)
    delay = _back_off(letter.attempt) if after is None else after
    return Outcome(letter, {"status": OutboxState.WAITING, "next_try_at": now + delay, "error": error})


def undeliverable(letter: Letter, error: str, notices: tuple[Outgoing, ...] = ()) -> Outcome:
    """The person cannot be reached here; `notices` tell staff, stored in the same transaction."""
    return Outcome(letter, {"status": OutboxState.UNDELIVERABLE, "error": error}, notices)


def dead(letter: Letter, error: str) -> Outcome:
    """The server will never take this message."""
    return Outcome(letter, {"status": OutboxState.DEAD, "error": error})


def moved(letter: Letter, address: str, now: datetime) -> Outcome:
    """A group became a supergroup: this message and all that wait behind it go to the new address."""
    values = {"status": OutboxState.WAITING, "next_try_at": now, "error": "chat moved"}
    return Outcome(letter, values, moves_to=address)


def _back_off(attempt: int) -> timedelta:
    """1, 2, 4, 8 ... seconds, at most five minutes."""
    doublings = min(attempt - 1, 12)
    return min(FIRST_BACK_OFF * (1 << doublings), LONGEST_BACK_OFF)
