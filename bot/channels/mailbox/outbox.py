"""Messages that wait to be sent: in order per chat, at least once, with every end of it on record.

A message is `waiting`, then `sending` by one process until its lease ends, then `sent`, `undeliverable` (the
person blocked the bot, the chat is gone: staff must know) or `dead` (the server refuses this message: the
program is wrong).  A later message of the same chat starts only after the one before it has ended.
"""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels.payload import outgoing_from_json, outgoing_to_json
from bot.channels.split import TELEGRAM, Limit, split
from bot.desk.ledger import Ledger
from bot.desk.tables import outbox
from bot.dialogue.messages import Address, Outgoing

from .pace import UNPACED, Pace

LEASE = timedelta(seconds=120)  # longer than any send may take, its time-outs included
FIRST_BACK_OFF = timedelta(seconds=1)
LONGEST_BACK_OFF = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=72)  # of network faults; then a person must look

_MOST_HEADS = 200  # chats looked at in one go
_PROCESS = secrets.token_hex(4)  # tells this process from an older one with the same number

_LIMITS: dict[str, Limit] = {"telegram": TELEGRAM}


class OutboxState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    DEAD = "dead"


@dataclass(frozen=True)
class Letter:
    """A message claimed for sending.  `attempt` proves that the claim is still ours."""

    id: int
    attempt: int
    created_at: datetime
    outgoing: Outgoing


@dataclass(frozen=True)
class Claim:
    """What to send now, and after how many seconds it is worth asking again (None = when something comes)."""

    letters: tuple[Letter, ...]
    wait: float | None


@dataclass(frozen=True)
class Stuck:
    """A message that did not arrive, as staff and admins see it: no words of it."""

    id: int
    chat: str
    event: str
    state: OutboxState
    created_at: datetime
    error: str


def enqueue(connection: Connection, outgoing: Outgoing, now: datetime, update_id: int | None = None) -> None:
    """Store a message, cut to the channel's limits; it leaves once the transaction is committed."""
    limit = _LIMITS.get(outgoing.address.channel)
    for piece in split(outgoing, limit) if limit else [outgoing]:
        connection.execute(
            outbox.insert().values(
                channel=piece.address.channel,
                chat=str(piece.address),
                event=piece.event,
                payload=outgoing_to_json(piece),
                created_at=now,
                status=OutboxState.WAITING,
                attempts=0,
                next_try_at=now,
                update_id=update_id,
            )
        )


class Outbox:
    """The messages of one channel in one ledger, as one process sends them."""

    def __init__(
        self,
        ledger: Ledger,
        channel: str,
        clock: Callable[[], datetime],
        pace: Pace = UNPACED,
        lease: timedelta = LEASE,
    ) -> None:
        self._ledger = ledger
        self._channel = channel
        self._clock = clock
        self._pace = pace
        self._lease = lease
        self._sender = f"{platform.node()[:30]}/{os.getpid()}/{_PROCESS}"

    def claim(self, most: int, chat: str = "") -> Claim:
        """Take up to `most` messages, each the first unfinished one of its chat."""
        with self._ledger.reading() as connection:
            now = self._clock()
            if not connection.execute(_heads(self._channel, chat).limit(1)).first():
                return Claim((), None)  # the usual case costs no write lock
        with self._ledger.transaction() as connection:
            now = self._clock()
            return self._claim(connection, most, chat, now)

    def _claim(self, connection: Connection, most: int, chat: str, now: datetime) -> Claim:
        budget = self._pace.budget(connection, self._channel, now)
        letters: list[Letter] = []
        waits: list[float] = []
        heads = connection.execute(_heads(self._channel, chat).with_for_update(skip_locked=True)).all()
        for row in heads:
            free = row.next_try_at or now
            if free <= now:
                free = self._pace.free_at(connection, self._channel, row.chat, now)
            if free > now:
                waits.append((free - now).total_seconds())
            elif len(letters) >= budget:
                waits.append(0.1)
            elif len(letters) < most:
                letters.append(self._take(connection, row, now))
        return Claim(tuple(letters), min(waits, default=None))

    def _take(self, connection: Connection, row: sa.Row[tuple[object, ...]], now: datetime) -> Letter:
        attempt = row.attempts + 1
        connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == row.id)
            .values(
                status=OutboxState.SENDING,
                attempts=attempt,
                next_try_at=now + self._lease,
                sender=self._sender,
            )
        )
        # The address of the row, for a chat may have moved since the message was written.
        outgoing = replace(outgoing_from_json(row.payload), address=Address.parse(row.chat))
        return Letter(row.id, attempt, row.created_at, outgoing)

    def sent(self, letter: Letter, remote_id: str) -> None:
        """It arrived.  Its words are erased: what was said is in the chat and in the record."""
        self._end(letter, status=OutboxState.SENT, remote_id=remote_id, sent_at=self._clock(), payload=None)

    def put_back(self, letter: Letter, error: str, after: timedelta | None = None) -> None:
        """Try again: after the time the server asked for, else backing off; dead after three days of it."""
        now = self._clock()
        if after is None and now - letter.created_at > GIVE_UP_AFTER:
            self.dead(letter, error)
            return
        delay = _back_off(letter.attempt) if after is None else after
        self._end(letter, status=OutboxState.WAITING, next_try_at=now + delay, error=error)

    def undeliverable(self, letter: Letter, error: str, notices: tuple[Outgoing, ...] = ()) -> None:
        """The person cannot be reached here; `notices` tell staff, stored in the same transaction."""
        self._end(letter, notices, status=OutboxState.UNDELIVERABLE, error=error)

    def dead(self, letter: Letter, error: str) -> None:
        """The server will never take this message."""
        self._end(letter, status=OutboxState.DEAD, error=error)

    def moved(self, letter: Letter, address: str) -> None:
        """A group became a supergroup: this message and all that wait behind it go to the new address."""
        old, unfinished = str(letter.outgoing.address), (OutboxState.WAITING, OutboxState.SENDING)
        self._end(letter, status=OutboxState.WAITING, next_try_at=self._clock(), error="chat moved")
        with self._ledger.transaction() as connection:
            connection.execute(
                sa.update(outbox)
                .where(outbox.c.chat == old, outbox.c.status.in_(unfinished))
                .values(chat=address)
            )

    def release_dead_senders(self) -> int:
        """At start: free what processes of this machine that are gone were sending; how many.

        What another machine was sending becomes free when its lease ends.
        """
        mine, own_pid = platform.node()[:30], os.getpid()
        with self._ledger.transaction() as connection:
            rows = connection.execute(
                sa.select(outbox.c.id, outbox.c.sender).where(
                    outbox.c.channel == self._channel, outbox.c.status == OutboxState.SENDING
                )
            ).all()
            freed = [row.id for row in rows if _is_gone(row.sender or "", mine, own_pid, self._sender)]
            for row_id in freed:
                connection.execute(
                    sa.update(outbox)
                    .where(outbox.c.id == row_id)
                    .values(status=OutboxState.WAITING, next_try_at=self._clock())
                )
        return len(freed)

    def stuck(self) -> list[Stuck]:
        """Everything that did not arrive, oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                sa.select(outbox)
                .where(outbox.c.status.in_((OutboxState.UNDELIVERABLE, OutboxState.DEAD)))
                .where(outbox.c.channel == self._channel)
                .order_by(outbox.c.id)
            ).all()
        return [
            Stuck(row.id, row.chat, row.event, OutboxState(row.status), row.created_at, row.error or "")
            for row in rows
        ]

    def resend(self, letter_id: int) -> bool:
        """Put a message that did not arrive back in line; False when it is not in that state."""
        with self._ledger.transaction() as connection:
            result = connection.execute(
                sa.update(outbox)
                .where(
                    outbox.c.id == letter_id,
                    outbox.c.status.in_((OutboxState.UNDELIVERABLE, OutboxState.DEAD)),
                )
                .values(status=OutboxState.WAITING, attempts=0, next_try_at=self._clock())
            )
            return result.rowcount == 1

    def _end(self, letter: Letter, notices: tuple[Outgoing, ...] = (), **values: object) -> None:
        """Write the end of an attempt, unless the lease ran out and somebody else has the message now."""
        with self._ledger.transaction() as connection:
            result = connection.execute(
                sa.update(outbox)
                .where(
                    outbox.c.id == letter.id,
                    outbox.c.status == OutboxState.SENDING,
                    outbox.c.attempts == letter.attempt,
                )
                .values(sender=None, **values)
            )
            if result.rowcount == 1:
                for notice in notices:
                    enqueue(connection, notice, self._clock())


def _back_off(attempt: int) -> timedelta:
    """1, 2, 4, 8 ... seconds, at most five minutes."""
    doublings = min(attempt - 1, 12)
    return min(FIRST_BACK_OFF * (1 << doublings), LONGEST_BACK_OFF)


def _heads(channel: str, chat: str) -> sa.Select[tuple[object, ...]]:
    """The first unfinished message of each chat, those first that have been due longest.

    A message that another worker is sending stays the head of its chat, with its lease as `next_try_at`.
    """
    unfinished = (OutboxState.WAITING, OutboxState.SENDING)
    first = sa.select(sa.func.min(outbox.c.id)).where(
        outbox.c.channel == channel, outbox.c.status.in_(unfinished)
    )
    if chat:
        first = first.where(outbox.c.chat == chat)
    return (
        sa.select(outbox)
        .where(outbox.c.id.in_(first.group_by(outbox.c.chat)))
        .order_by(outbox.c.next_try_at, outbox.c.id)
        .limit(_MOST_HEADS)
    )


def _is_gone(sender: str, machine: str, own_pid: int, own_sender: str) -> bool:
    """Whether the process that claimed a message cannot be alive any more."""
    node, _, rest = sender.partition("/")
    pid = rest.partition("/")[0]
    if node != machine or not pid.isdecimal():
        return False
    if int(pid) == own_pid:
        return sender != own_sender  # a container restarts with the same process number
    with suppress(PermissionError):  # alive, somebody else's
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
    return False
