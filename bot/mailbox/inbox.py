"""Updates: received once, handled once, in order per chat."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql, sqlite

from bot.ledger.ledger import Ledger
from bot.mailbox.payload import Json, incoming_to_json
from bot.mailbox.sealed import incoming_of, sealed_payload
from bot.mailbox.tables import updates
from bot.messages import Address, Incoming, Outgoing, SentFile, Turn, Urgency

from . import moves, topics
from .outbox import enqueue
from .turns import lately_at, turn_of

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
# How long a chat rests after the first and the second failure: what was locked or away may be back.
REST_SECONDS = (0.2, 1.0)
# What is replied to may not be on record yet: how long that is waited for, and between two looks.
_PATIENCE, _LOOK_AGAIN = timedelta(seconds=10), 0.05

_TYPED_AHEAD = 3  # messages: what people send without waiting for an answer; more is a flood

FETCHING = "fetching"  # the status of an update whose file the channel is to bring

_Claimed = Row[tuple[int, str, int, datetime, int]]
Clock = Callable[[], datetime]
Apology = Callable[[Connection, Incoming, str], Outgoing]
# In which topic of the chat the answer to a person stands who asked elsewhere.
Pointer = Callable[[Connection, Address, str], Outgoing]
# Whether the dialogue will look at the file of this message; nothing else of anybody is ever fetched.
WantsFile = Callable[[Connection, Incoming, datetime], bool]


# Statements are built once: building one takes longer than running it.
# SQLite and PostgreSQL know the same ON CONFLICT; SQLAlchemy spells it per database.
_RECEIVE: Mapping[str, sa.Executable] = {
    "sqlite": sqlite.insert(updates).on_conflict_do_nothing().returning(updates.c.id),
    "postgresql": postgresql.insert(updates).on_conflict_do_nothing().returning(updates.c.id),
}
_CLOSE = (
    sa.update(updates)
    .where(updates.c.id == sa.bindparam("of_id"))
    .values(status=sa.bindparam("new_status"), handled_at=sa.bindparam("now"))
)
_CLOSE_AND_ERASE = _CLOSE.values(payload=None)


def _oldest(*more: sa.ColumnElement[bool]) -> sa.Select[tuple[int, str, int, datetime, int]]:
    """The pending updates to handle next, each of another chat: none of its chat is before it, so a chat
    keeps its order.  Chats take turns (turns.py): one that sends a hundred messages waits for its own, and
    not the others for it.

    The rows stay locked until the transaction ends.  Where another worker holds the head of a chat, it is
    skipped, and its successors are no heads yet, so nobody handles a chat's second message beside its first.
    """
    # A chat whose file is being fetched waits for it.
    chats = (
        sa.select(sa.func.min(updates.c.id).label("head"), sa.func.count().label("waiting"))
        .where(updates.c.status.in_(("pending", FETCHING)), *more)
        .group_by(updates.c.chat)
        .subquery("chats")
    )
    before = updates.alias("before")
    turn = turn_of(updates.c.chat, chats.c.waiting, before.c.chat, before.c.handled_at)
    is_resting = updates.c.chat.in_(sa.bindparam("resting", expanding=True))
    return (
        sa.select(updates.c.id, updates.c.payload, updates.c.attempts, updates.c.received_at, chats.c.waiting)
        .join(chats, updates.c.id == chats.c.head)
        .where(updates.c.channel == sa.bindparam("of_channel"), updates.c.status == "pending", ~is_resting)
        .order_by(turn.level, turn.served_at.asc().nulls_first(), updates.c.id)
        .limit(sa.bindparam("most"))
        .with_for_update(skip_locked=True, of=updates)
    )


_OLDEST = _oldest()
_OLDEST_OF_CHAT = _oldest(updates.c.chat == sa.bindparam("of_chat"))


class Handler(Protocol):
    """The dialogue, as the mailbox sees it."""

    def handle(self, connection: Connection, incoming: Incoming, now: datetime) -> Turn:
        """Answer one message; every effect goes through `connection`."""


@dataclass(frozen=True)
class Arrival:
    """An update as a channel got it: `key` tells it from all others of the channel."""

    key: str
    chat: str
    payload: Json


@dataclass(frozen=True)
class Handled:
    """What became of one update.  `attempts_left` is 0 once it is done with, well or not.

    `of_flood`: its chat has sent much more than it could have read answers to.
    """

    update_id: int
    incoming: Incoming
    failed: bool = False
    attempts_left: int = 0
    of_flood: bool = False


@dataclass(frozen=True)
class Failed:
    """An update that failed three times, as operators see it: no words of it."""

    id: int
    chat: str
    received_at: datetime
    error: str


def receive(connection: Connection, channel: str, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Store updates; how many were new.  With those whose key was seen before nothing is done.

    Committed, they will be handled, whatever happens to this process.
    """
    if not arrivals:
        return 0
    rows = [
        {
            "channel": channel,
            "update_key": arrival.key,
            "chat": arrival.chat,
            "payload": sealed_payload(connection, arrival.payload),
            "received_at": now,
            "status": "pending",
            "attempts": 0,
        }
        for arrival in arrivals
    ]
    return len(connection.execute(_RECEIVE[connection.dialect.name], rows).all())


class Inbox:
    """The updates of one ledger, handled by one dialogue.  Usable from several threads."""

    def __init__(
        self,
        ledger: Ledger,
        handler: Handler,
        apology: Apology,
        clock: Clock,
        pointer: Pointer | None = None,
        wants_file: WantsFile | None = None,
    ) -> None:
        """`apology` makes the sentence for somebody whose message failed three times, with a reference.

        `wants_file`: of a channel that fetches files, and calls `to_fetch` and `fetched`.
        """
        self._ledger = ledger
        self._handler = handler
        self._apology = apology
        self._clock = clock
        self._pointer = pointer
        self._wants_file = wants_file
        self._resting: dict[str, float] = {}
        self._resting_lock = threading.Lock()

    def receive(self, channel: str, *arrivals: Arrival) -> int:
        """Store updates in one transaction: when this returns, they are on the disk.  How many were new."""
        with self._ledger.transaction() as connection:
            return receive(connection, channel, arrivals, self._clock())

    def handle_next(self, channel: str, chat: str = "") -> Handled | None:
        """Handle the oldest pending update of the channel (of the chat, if given); None = nothing to do."""
        handled = self.handle_some(channel, 1, chat)
        return handled[0] if handled else None

    def handle_some(
        self, channel: str, most: int, chat: str = "", *, something_waits: bool = False
    ) -> list[Handled]:
        """Handle up to `most` of the oldest pending updates, each of another chat, in one transaction.

        Under load one commit, which waits for the disk, serves several people.  Should one of them fail, all
        are taken back and handled alone, so that only the failing one is counted.  Who knows that
        `something_waits` saves the look beforehand, which else spares an idle program the write lock.

        Raises what the database raises when it cannot be reached; never what the dialogue raises.
        """
        lately, resting = lately_at(self._clock()), self._resting_chats()
        where: dict[str, object] = {"of_channel": channel, "resting": resting, "most": most, "lately": lately}
        oldest = _OLDEST_OF_CHAT if chat else _OLDEST
        if chat:
            where["of_chat"] = chat
        if not something_waits:
            with self._ledger.reading() as connection:
                if connection.execute(oldest, where).first() is None:
                    return []
        claimed: Sequence[_Claimed] = ()
        try:
            with self._ledger.transaction() as connection:
                claimed = _few_of_floods(connection.execute(oldest, where).all())
                done = [self._handle(connection, row) for row in claimed]
                return [handled for handled in done if handled is not None]
        except Exception as error:
            if not claimed:
                raise
            if len(claimed) == 1:
                return [self._count_failure(claimed[0].id, error)]
        return [handled for _ in claimed for handled in self.handle_some(channel, 1, chat)]

    def seconds_until_rested(self) -> float | None:
        """When the next chat may be tried again after a failure, None when none is resting."""
        with self._resting_lock:
            return max(min(self._resting.values()) - time.monotonic(), 0.0) if self._resting else None

    def _handle(self, connection: Connection, claimed: _Claimed) -> Handled | None:
        """None: it stays pending for a moment, for what it replies to is just being sent."""
        said, now = incoming_of(connection, claimed.payload), self._clock()
        is_fresh = bool(said.reply_to) and now - claimed.received_at < _PATIENCE
        if is_fresh and topics.may_arrive_yet(connection, str(said.address), said.reply_to, now):
            self._rest(str(said.address), _LOOK_AGAIN)
            return None
        incoming = _located(connection, said)
        if self._is_to_be_fetched(connection, incoming, now):
            self._close(connection, claimed.id, FETCHING, now, keep_payload=True)
            return None
        turn = self._handler.handle(connection, incoming, now)
        for outgoing in self._placed(connection, incoming, turn.outgoing):
            is_answer = outgoing.address == incoming.address
            answers = incoming.message_id if is_answer and not incoming.button else ""
            if is_answer:
                outgoing = replace(outgoing, urgency=Urgency.ANSWER)
            enqueue(connection, outgoing, now, update_id=claimed.id, answers=answers)
        self._close(connection, claimed.id, "handled", now)
        return Handled(claimed.id, incoming, of_flood=claimed.waiting > _TYPED_AHEAD)

    def _is_to_be_fetched(self, connection: Connection, incoming: Incoming, now: datetime) -> bool:
        """Its chat waits until the file is there: what follows (确认提交) is about the form with it."""
        if self._wants_file is None or incoming.file is None or not incoming.file.is_elsewhere:
            return False
        return self._wants_file(connection, incoming, now)

    def to_fetch(self, channel: str) -> list[tuple[int, SentFile]]:
        """Updates whose files the channel is to bring, the oldest first."""
        query = sa.select(updates.c.id, updates.c.payload).where(updates.c.status == FETCHING)
        with self._ledger.reading() as connection:
            rows = connection.execute(query.where(updates.c.channel == channel).order_by(updates.c.id)).all()
            found = [(row.id, incoming_of(connection, row.payload).file) for row in rows]
        return [(of_id, file) for of_id, file in found if file is not None]

    def fetched(self, update_id: int, file: SentFile) -> None:
        """The file with its content or its trouble, into the stored update: it is handled now."""
        with self._ledger.transaction() as connection:
            mine = sa.and_(updates.c.id == update_id, updates.c.status == FETCHING)
            row = connection.execute(sa.select(updates.c.payload).where(mine)).one_or_none()
            if row is None:
                return
            incoming = replace(incoming_of(connection, row.payload), file=file)
            payload = sealed_payload(connection, incoming_to_json(incoming))
            values = {"payload": payload, "status": "pending", "handled_at": None}
            connection.execute(sa.update(updates).where(mine).values(**values))

    def _placed(
        self, connection: Connection, incoming: Incoming, said: Sequence[Outgoing]
    ) -> Iterator[Outgoing]:
        """An answer stays in the topic in which was asked, unless it is about something with its own topic:
        then it goes there, and who asked elsewhere is told where.
        """
        elsewhere: dict[str, None] = {}
        for outgoing in said:
            if outgoing.address != incoming.address or outgoing.marks:
                yield outgoing
                continue
            if outgoing.subject and outgoing.subject != incoming.subject:
                elsewhere[outgoing.subject] = None
            subject = outgoing.subject or incoming.subject
            yield replace(outgoing, subject=subject, thread=incoming.thread)
        if self._pointer is None or not elsewhere:
            return
        if topics.has_topics(connection, str(incoming.address)):
            for subject in elsewhere:
                pointer = self._pointer(connection, incoming.address, subject)
                yield replace(pointer, subject=incoming.subject, thread=incoming.thread)

    def _count_failure(self, update_id: int, error: Exception) -> Handled:
        """In a transaction of its own: the one in which it failed is gone with all its effects."""
        reason = type(error).__name__  # its text may hold what the person wrote
        with self._ledger.transaction() as connection:
            row = connection.execute(
                sa.update(updates)
                .where(updates.c.id == update_id, updates.c.status == "pending")
                .values(attempts=updates.c.attempts + 1, error=reason)
                .returning(updates.c.attempts, updates.c.payload, updates.c.chat)
            ).one()
            incoming = incoming_of(connection, row.payload)
            left = MOST_ATTEMPTS - row.attempts
            logger.error("update_failed update=%s attempt=%s error=%s", update_id, row.attempts, reason)
            logger.debug("update_failed update=%s", update_id, exc_info=error)
            if left <= 0:
                self._apologise(connection, incoming, update_id)
                self._close(connection, update_id, "failed", self._clock(), keep_payload=True)
        if left > 0:
            self._rest(row.chat, REST_SECONDS[row.attempts - 1])
        return Handled(update_id, incoming, failed=True, attempts_left=max(left, 0))

    def _apologise(self, connection: Connection, incoming: Incoming, update_id: int) -> None:
        """Without a sentence the chat still goes on: a failing apology must not hold up the next message."""
        try:
            with connection.begin_nested():
                apology = replace(self._apology(connection, incoming, str(update_id)), urgency=Urgency.ANSWER)
                enqueue(connection, apology, self._clock(), update_id=update_id)
        except Exception as error:
            logger.error("apology_failed update=%s error=%s", update_id, type(error).__name__)

    def _close(
        self, connection: Connection, update_id: int, status: str, now: datetime, keep_payload: bool = False
    ) -> None:
        """A handled update keeps no words; a failed one keeps them, so that it can be tried again."""
        statement = _CLOSE if keep_payload else _CLOSE_AND_ERASE
        connection.execute(statement, {"of_id": update_id, "new_status": status, "now": now})

    def _rest(self, chat: str, seconds: float) -> None:
        with self._resting_lock:
            self._resting[chat] = time.monotonic() + seconds

    def _resting_chats(self) -> list[str]:
        now = time.monotonic()
        with self._resting_lock:
            self._resting = {chat: until for chat, until in self._resting.items() if until > now}
            return list(self._resting)

    def failed(self) -> list[Failed]:
        """Everything that could not be handled, oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                sa.select(updates)
                .where(updates.c.status == "failed", updates.c.payload.is_not(None))  # NULL: erased since
                .order_by(updates.c.id)
            ).all()
        return [Failed(row.id, row.chat, row.received_at, row.error or "") for row in rows]

    def retry_failed(self, update_id: int) -> bool:
        """Put an update that failed three times back in line; False when it is not in that state."""
        with self._ledger.transaction() as connection:
            result = connection.execute(
                sa.update(updates)
                .where(updates.c.id == update_id, updates.c.status == "failed")
                .where(updates.c.payload.is_not(None))
                .values(status="pending", attempts=0, handled_at=None)
            )
            return result.rowcount == 1


def _few_of_floods(rows: Sequence[_Claimed]) -> Sequence[_Claimed]:
    """One turn of who floods in a commit: while it lasts, nothing that comes in can be stored."""
    return [row for number, row in enumerate(rows) if not number or row.waiting <= _TYPED_AHEAD]


def _located(connection: Connection, incoming: Incoming) -> Incoming:
    """Where its chat is by now, and which request the place or the message replied to is about."""
    chat = moves.present(connection, str(incoming.address))
    address = incoming.address if chat == str(incoming.address) else Address.parse(chat)
    subject = topics.subject_of(connection, str(incoming.address), incoming.reply_to, incoming.thread)
    return replace(incoming, address=address, subject=subject)
