"""Messages that wait to be sent: in order per chat, at least once, with every end of it on record.

A message is claimed by one process until its lease ends; a later message of the same chat is given out only
after the one before it has ended.  What states there are is drawn in `letters.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.ledger.ledger import Ledger
from bot.mailbox.sealed import outgoing_of, sealed_outgoing
from bot.mailbox.split import TELEGRAM, Limit, split
from bot.mailbox.tables import outbox
from bot.messages import Address, Outgoing, Urgency

from . import digesting, moves
from .letters import STUCK, UNFINISHED, Letter, OutboxState, Outcome, sent
from .pace import UNPACED, Pace
from .turns import lately_at, turn_of

LEASE = timedelta(seconds=120)  # longer than any send may take, its time-outs included

_BEHIND = 2  # seconds of sending that wait already: more answers need not be made in a hurry
_OVER_BUDGET = 0.05  # seconds until it is worth asking again when all chats together are too fast
_MOST_HEADS = 200  # chats looked at in one go

_LIMITS: dict[str, Limit] = {"telegram": TELEGRAM}


def _unfinished(*more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.channel == sa.bindparam("of_channel"), outbox.c.status.in_(UNFINISHED), *more)


def _heads(*more: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    """The first unfinished message of each chat, in the order in which they should leave:

    1. what is due before what is not: a message that another worker is sending stays the head of its chat,
       with its lease as `next_try_at`;
    2. answers before notices before news.  A chat is as urgent as the most urgent of its messages, so that an
       answer does not wait behind the news before it;
    3. chats in turn (turns.py), so that one with a hundred answers does not keep the others waiting.  Of news
       nobody waits for any: there the oldest is next, which is cheaper to find.
    """
    chats = (
        sa.select(
            sa.func.min(outbox.c.id).label("head"),
            sa.func.min(outbox.c.urgency).label("urgency"),
            sa.func.count().label("waiting"),
        )
        .where(_unfinished(*more))
        .group_by(outbox.c.chat)
        .subquery("chats")
    )
    before = outbox.alias("before")
    is_later = sa.case((outbox.c.next_try_at > sa.bindparam("now"), 1), else_=0)
    is_awaited = chats.c.urgency < Urgency.NEWS.value
    turn = turn_of(outbox.c.chat, chats.c.waiting, before.c.chat, before.c.sent_at)
    level = sa.case((is_awaited, turn.level), else_=0)
    served_at = sa.case((is_awaited, turn.served_at), else_=None)
    return (
        sa.select(
            outbox.c.id,
            outbox.c.chat,
            outbox.c.attempts,
            outbox.c.next_try_at,
            outbox.c.created_at,
            chats.c.urgency,
            level.label("level"),
        )
        .join(chats, outbox.c.id == chats.c.head)
        .order_by(
            is_later,
            chats.c.urgency,
            level,
            served_at.asc().nulls_first(),
            outbox.c.next_try_at,
            outbox.c.id,
        )
        .limit(_MOST_HEADS)
        .with_for_update(skip_locked=True, of=outbox)
    )


# Statements are built once: building one takes longer than running it.
_HEADS = _heads()
_HEADS_OF_CHAT = _heads(outbox.c.chat == sa.bindparam("of_chat"))
_IS_UNFINISHED = sa.select(outbox.c.id).where(_unfinished()).limit(1)
_IS_UNFINISHED_OF_CHAT = sa.select(outbox.c.id).where(_unfinished(outbox.c.chat == sa.bindparam("of_chat")))
_ANSWERS_WAIT = sa.select(sa.func.count()).select_from(
    sa.select(outbox.c.id)
    .where(_unfinished(outbox.c.urgency == Urgency.ANSWER.value))
    .limit(sa.bindparam("most"))
    .subquery()
)
# Where the answer to a message stands by now, in what may have been several messages or edits of one.
_PLACES = (
    sa.select(outbox.c.remote_id)
    .where(
        outbox.c.chat == sa.bindparam("of_chat"),
        outbox.c.answers == sa.bindparam("of_message"),
        outbox.c.status == OutboxState.SENT,
        outbox.c.remote_id.is_not(None),
    )
    .distinct()
)
_ENQUEUE = outbox.insert()
_TAKE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("of_id"))
    .values(
        status=OutboxState.SENDING,
        attempts=sa.bindparam("attempt"),
        next_try_at=sa.bindparam("lease"),
        sender=sa.bindparam("taker"),
    )
    .returning(outbox.c.payload)
)


@cache
def _end(columns: tuple[str, ...]) -> sa.Update:
    """Write these columns, unless the lease ran out and somebody else has the message now."""
    return (
        sa.update(outbox)
        .where(
            outbox.c.id == sa.bindparam("of_id"),
            outbox.c.status == OutboxState.SENDING,
            outbox.c.attempts == sa.bindparam("attempt"),
        )
        .values(sender=None, **{name: sa.bindparam(f"new_{name}") for name in columns})
    )


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
    subject: str = ""  # the number it is about


def enqueue(
    connection: Connection,
    outgoing: Outgoing,
    now: datetime,
    update_id: int | None = None,
    answers: str = "",
) -> None:
    """Store a message, cut to the channel's limits; it leaves once the transaction is committed.

    `answers` is the person's message in the same chat that it answers.
    """
    limit = _LIMITS.get(outgoing.address.channel)
    chat = moves.present(connection, str(outgoing.address))
    for piece in split(outgoing, limit) if limit else [outgoing]:
        values = {
            "channel": piece.address.channel,
            "chat": chat,
            "event": piece.event,
            "payload": sealed_outgoing(connection, piece),
            "created_at": now,
            "status": OutboxState.WAITING,
            "attempts": 0,
            "next_try_at": now,
            "update_id": update_id,
            "answers": answers or None,
            "subject": piece.subject,
            "urgency": piece.urgency,
        }
        connection.execute(_ENQUEUE, values)


class Outbox:
    """The messages of one channel in one ledger, as one process sends them."""

    def __init__(
        self,
        ledger: Ledger,
        channel: str,
        clock: Callable[[], datetime],
        pace: Pace = UNPACED,
        lease: timedelta = LEASE,
        tell_moved: moves.Tell = moves.tell_nobody,
        digest: digesting.Digest | None = None,
    ) -> None:
        """`tell_moved` makes the messages about a group that has a new address, `digest` what merges the
        notices to a group that would get too many; without it they wait.
        """
        self._ledger = ledger
        self._channel = channel
        self._clock = clock
        self._pace = pace
        self._lease = lease
        self._tell_moved = tell_moved
        self._digest = digest
        self._digested_at: datetime | None = None

    def claim(
        self, most: int, chat: str = "", ended: Sequence[Outcome] = (), *, something_waits: bool = False
    ) -> Claim:
        """Take up to `most` messages, each the first unfinished one of its chat.

        `ended` is recorded in the same transaction: at full speed one commit serves many messages.  Who knows
        that `something_waits` saves the look beforehand, which else spares an idle program the write lock.
        """
        if not ended and not something_waits and not self._has_unfinished(chat):
            return Claim((), None)
        with self._ledger.transaction() as connection:
            now = self._clock()
            self._record(connection, ended, now)
            self._merge_notices(connection, now)
            return self._claim(connection, most, chat, now)

    def record(self, *ended: Outcome) -> None:
        """Write down how attempts ended."""
        with self._ledger.transaction() as connection:
            self._record(connection, ended, self._clock())

    def record_in(self, connection: Connection, *ended: Outcome) -> None:
        """The same in the caller's transaction: for a channel whose delivery is a row of the same ledger."""
        self._record(connection, ended, self._clock())

    def sent(self, letter: Letter, remote_id: str) -> None:
        """Write down that a message arrived."""
        self.record(sent(letter, remote_id, self._clock()))

    def _merge_notices(self, connection: Connection, now: datetime) -> None:
        """Once in the time of a message of one chat: sooner nothing can have changed."""
        due = self._digested_at is None or now - self._digested_at >= self._pace.chat_interval
        if self._digest is None or not due:
            return
        self._digested_at = now
        for chat in digesting.crowded_groups(connection, self._channel):
            digesting.hold(connection, chat, self._pace, now)
            merged = digesting.merge(connection, chat, self._pace, now, self._digest)
            if merged is not None:
                enqueue(connection, merged, now)

    def _heads(
        self, connection: Connection, chat: str, now: datetime
    ) -> Sequence[sa.Row[tuple[object, ...]]]:
        where = {"of_channel": self._channel, "now": now, "lately": lately_at(now)}
        if chat:
            return connection.execute(_HEADS_OF_CHAT, {**where, "of_chat": chat}).all()
        return connection.execute(_HEADS, where).all()

    def _has_unfinished(self, chat: str) -> bool:
        statement = _IS_UNFINISHED_OF_CHAT if chat else _IS_UNFINISHED
        where = {"of_channel": self._channel, **({"of_chat": chat} if chat else {})}
        with self._ledger.reading() as connection:
            if connection.execute(statement, where).first() is not None:
                return True
            return self._digest is not None and bool(digesting.crowded_groups(connection, self._channel))

    def is_behind(self) -> bool:
        """Whether more answers wait than can leave in the next seconds."""
        most = self._pace.per_second * _BEHIND
        with self._ledger.reading() as connection:
            found = connection.execute(_ANSWERS_WAIT, {"of_channel": self._channel, "most": most})
            return int(found.scalar_one()) >= most

    def _claim(self, connection: Connection, most: int, chat: str, now: datetime) -> Claim:
        budget = self._pace.budget(connection, self._channel, now)
        if budget <= 0:
            return Claim((), _OVER_BUDGET)
        letters: list[Letter] = []
        waits: list[float] = []
        for row in self._heads(connection, chat, now):
            if len(letters) >= most:
                break  # whoever has a free hand next asks again
            leaves_room = row.urgency == Urgency.NEWS or row.level > 0
            kept_free = self._pace.kept_free if leaves_room else 0
            if len(letters) >= budget - kept_free:
                waits.append(_OVER_BUDGET)
                break
            free = row.next_try_at or now
            if free <= now:
                free = self._pace.free_at(connection, self._channel, row.chat, now)
            if free > now:
                waits.append((free - now).total_seconds())
            else:
                letters.append(self._take(connection, row, now))
        return Claim(tuple(letters), min(waits, default=None))

    def _take(self, connection: Connection, row: sa.Row[tuple[object, ...]], now: datetime) -> Letter:
        attempt = row.attempts + 1
        lease = now + self._lease
        taken = {"of_id": row.id, "attempt": attempt, "lease": lease, "taker": self._ledger.holder.name}
        payload = connection.execute(_TAKE, taken).scalar_one()
        # The address of the row, for a chat may have moved since the message was written.
        outgoing = replace(outgoing_of(connection, payload), address=Address.parse(row.chat))
        if outgoing.replaces:
            outgoing = replace(outgoing, edits=_place_of(connection, row.chat, outgoing.replaces))
        return Letter(row.id, attempt, row.created_at, outgoing)

    def _record(self, connection: Connection, ended: Sequence[Outcome], now: datetime) -> None:
        for outcome in ended:
            letter, values = outcome.letter, outcome.values
            written = {f"new_{name}": value for name, value in values.items()}
            result = connection.execute(
                _end(tuple(values)), {"of_id": letter.id, "attempt": letter.attempt, **written}
            )
            if outcome.moves_to:
                self.move(connection, str(letter.outgoing.address), outcome.moves_to, now)
            if result.rowcount == 1:
                for notice in outcome.notices:
                    enqueue(connection, notice, now)

    def move(self, connection: Connection, old: str, new: str, now: datetime) -> None:
        """A group has a new address: whatever waits for the old one goes there."""
        if moves.move(connection, old, new, now):
            for message in self._tell_moved(connection, old, new):
                enqueue(connection, message, now)

    def release_dead_senders(self) -> int:
        """At start: free what programs of this home that are gone were sending; how many.

        What a program of another home was sending becomes free when its lease ends.
        """
        with self._ledger.transaction() as connection:
            rows = connection.execute(
                sa.select(outbox.c.id, outbox.c.sender).where(
                    outbox.c.channel == self._channel, outbox.c.status == OutboxState.SENDING
                )
            ).all()
            freed = [row.id for row in rows if self._ledger.holder.is_gone(row.sender or "")]
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
                .where(outbox.c.status.in_(STUCK), outbox.c.payload.is_not(None))  # NULL: erased since
                .where(outbox.c.channel == self._channel)
                .order_by(outbox.c.id)
            ).all()
        return [
            Stuck(
                row.id,
                row.chat,
                row.event,
                OutboxState(row.status),
                row.created_at,
                row.error or "",
                row.subject,
            )
            for row in rows
        ]

    def resend(self, letter_id: int) -> bool:
        """Put a message that did not arrive back in line; False when it is not in that state."""
        with self._ledger.transaction() as connection:
            result = connection.execute(
                sa.update(outbox)
                .where(
                    outbox.c.id == letter_id,
                    outbox.c.status.in_(STUCK),
                    outbox.c.payload.is_not(None),
                )
                .values(status=OutboxState.WAITING, attempts=0, next_try_at=self._clock())
            )
            return result.rowcount == 1


def _place_of(connection: Connection, chat: str, answered: str) -> str:
    """The one message to edit, "" when the answer was none or several: then it is said anew.

    Asked when the message leaves: whatever was before it in the chat has ended by then.
    """
    places = connection.scalars(_PLACES, {"of_chat": chat, "of_message": answered}).all()
    return str(places[0]) if len(places) == 1 else ""
