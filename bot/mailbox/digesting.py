"""When a group would get more than Telegram lets through, its notices are merged into one digest.

    waiting notice ── nearly full, and not the only one ──▶ held ── a digest may be sent ──▶ merged
                                                                          │
                     a line of a digest that is sent once and then changed in place ◀─────┘

Only notices on the bot's own account are held (`Outgoing.brief` says them in a line): the answer to somebody
who pressed a button keeps its place, and the last messages of a minute are kept free for it.  A digest is
changed at most four times a minute, for a change counts like a message.  Nothing is lost: a held notice ends
as a line, and what it was about is in the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.mailbox.sealed import outgoing_of
from bot.mailbox.tables import outbox
from bot.messages import Address, Outgoing

from .letters import DIGEST, UNFINISHED, OutboxState
from .pace import Pace, is_group

Digest = Callable[[Connection, Address, Sequence[str]], Outgoing]

KEPT_FREE = 6  # of a group's messages a minute, for the answers to people
MOST_LINES = 40
_CHANGED_FOR = 5  # minutes during which new lines go into the old digest

_CHATS = (
    sa.select(outbox.c.chat, outbox.c.status)
    .where(
        outbox.c.channel == sa.bindparam("of_channel"),
        outbox.c.status.in_((OutboxState.WAITING, OutboxState.HELD)),
    )
    .group_by(outbox.c.chat, outbox.c.status)
    .having(sa.or_(sa.func.count() > 1, outbox.c.status == OutboxState.HELD))
)


def crowded_groups(connection: Connection, channel: str) -> list[str]:
    """Groups in which something is held, or more than one message waits."""
    rows = connection.execute(_CHATS, {"of_channel": channel}).all()
    return list(dict.fromkeys(row.chat for row in rows if is_group(row.chat)))


def hold(connection: Connection, chat: str, pace: Pace, now: datetime) -> None:
    """Hold the notices of a group that has had nearly all of its messages of this minute."""
    if pace.left_this_minute(connection, chat, now) > KEPT_FREE:
        return
    notices = [row.id for row in _rows(connection, chat, OutboxState.WAITING) if _line(connection, row)]
    if len(notices) > 1 or (notices and _rows(connection, chat, OutboxState.HELD)):
        _set(connection, notices, status=OutboxState.HELD)


def merge(connection: Connection, chat: str, pace: Pace, now: datetime, digest: Digest) -> Outgoing | None:
    """The digest that has come due, with a line for each held notice; None while there is nothing to say or
    the last one is too fresh.
    """
    held = _rows(connection, chat, OutboxState.HELD)
    if not held:
        return None
    last = connection.execute(
        sa.select(outbox)
        .where(outbox.c.chat == chat, outbox.c.event == DIGEST)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).first()
    if last is not None and (last.status in UNFINISHED or (last.sent_at or now) > now - pace.minute / 4):
        return None
    before, place = _to_go_on(connection, last, now - pace.minute * _CHANGED_FOR)
    lines = [*before, *(_line(connection, row) for row in held)]
    if len(lines) > MOST_LINES:
        lines, place = lines[len(before) :], ""
    _set(connection, [row.id for row in held], status=OutboxState.MERGED, payload=None)
    said = digest(connection, Address.parse(chat), lines)
    return Outgoing(said.address, DIGEST, said.parts, said.buttons, edits=place, brief="\n".join(lines))


def _to_go_on(
    connection: Connection, last: sa.Row[tuple[object, ...]] | None, since: datetime
) -> tuple[list[str], str]:
    """The lines of a digest that is still fresh, and the message to change."""
    if last is None or not (last.payload and last.remote_id) or last.sent_at < since:
        return [], ""
    return outgoing_of(connection, last.payload).brief.split("\n"), last.remote_id


def _rows(connection: Connection, chat: str, status: OutboxState) -> Sequence[sa.Row[tuple[object, ...]]]:
    return connection.execute(
        sa.select(outbox)
        .where(outbox.c.chat == chat, outbox.c.status == status)
        .order_by(outbox.c.id)
        .with_for_update(skip_locked=True)
    ).all()


def _line(connection: Connection, row: sa.Row[tuple[object, ...]]) -> str:
    return outgoing_of(connection, row.payload).brief if row.event != DIGEST else ""


def _set(connection: Connection, ids: Sequence[int], **values: object) -> None:
    connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(**values))
