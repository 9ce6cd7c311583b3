"""How fast a channel may send, computed from what the outbox says was sent: true for all workers together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.mailbox.tables import outbox

from .letters import OutboxState

# Built once: building a statement takes longer than running it.
_SENT_LATELY = (
    sa.select(outbox.c.sent_at)
    .where(
        outbox.c.channel == sa.bindparam("of_channel"),
        outbox.c.chat == sa.bindparam("of_chat"),
        outbox.c.sent_at > sa.bindparam("since"),
    )
    .order_by(outbox.c.sent_at.desc())
    .limit(sa.bindparam("most"))
)
_UNDER_WAY = (
    sa.select(sa.func.count())
    .select_from(outbox)
    .where(
        outbox.c.channel == sa.bindparam("of_channel"),
        outbox.c.status == OutboxState.SENDING,
        outbox.c.next_try_at > sa.bindparam("now"),
    )
)
_SENT_SINCE = (
    sa.select(sa.func.count())
    .select_from(outbox)
    .where(outbox.c.channel == sa.bindparam("of_channel"), outbox.c.sent_at > sa.bindparam("since"))
)


@dataclass(frozen=True)
class Pace:
    """Telegram's limits by default: a message a second in a chat, 30 a second in all, 20 a minute a group."""

    chat_interval: timedelta = timedelta(seconds=1)
    per_second: int = 30
    group_per_minute: int = 20
    minute: timedelta = timedelta(minutes=1)
    # Of those of a second, which neither news nor a chat that gets much may have: the others' answers leave
    # at once.
    kept_free: int = 6

    def free_at(self, connection: Connection, channel: str, chat: str, now: datetime) -> datetime:
        """The earliest moment at which a message may go to `chat` (an address); `now` = at once."""
        if self.chat_interval <= timedelta(0):
            return now
        count = self.group_per_minute if is_group(chat) else 1
        since = now - (self.minute if is_group(chat) else self.chat_interval)
        asked = {"of_channel": channel, "of_chat": chat, "since": since, "most": count}
        last = connection.scalars(_SENT_LATELY, asked).all()
        free = last[0] + self.chat_interval if last else now
        if is_group(chat) and len(last) == self.group_per_minute:
            free = max(free, last[-1] + self.minute)
        return max(free, now)

    def left_this_minute(self, connection: Connection, chat: str, now: datetime) -> int:
        """How many more messages a group may get in the minute that ends now."""
        asked = {"of_chat": chat, "since": now - self.minute, "most": self.group_per_minute}
        channel = chat.partition(":")[0]
        sent = connection.scalars(_SENT_LATELY, {"of_channel": channel, **asked}).all()
        return self.group_per_minute - len(sent)

    def budget(self, connection: Connection, channel: str, now: datetime) -> int:
        """How many messages may start now, over all chats and workers."""
        since = {"of_channel": channel, "since": now - timedelta(seconds=1)}
        busy = int(connection.execute(_SENT_SINCE, since).scalar_one())
        busy += int(connection.execute(_UNDER_WAY, {"of_channel": channel, "now": now}).scalar_one())
        return max(self.per_second - busy, 0)


def is_group(chat: str) -> bool:
    """Telegram's groups have negative numbers."""
    return chat.partition(":")[2].startswith("-")


TELEGRAM_PACE = Pace()
UNPACED = Pace(timedelta(0), per_second=10**6, group_per_minute=10**6)
