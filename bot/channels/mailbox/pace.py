"""How fast a channel may send, computed from what the outbox says was sent: true for all workers together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.desk.tables import outbox


@dataclass(frozen=True)
class Pace:
    """Telegram's limits by default: a message a second in a chat, 30 a second in all, 20 a minute a group."""

    chat_interval: timedelta = timedelta(seconds=1)
    per_second: int = 30
    group_per_minute: int = 20
    minute: timedelta = timedelta(minutes=1)

    def free_at(self, connection: Connection, channel: str, chat: str, now: datetime) -> datetime:
        """The earliest moment at which a message may go to `chat` (an address); `now` = at once."""
        if self.chat_interval <= timedelta(0):
            return now
        sent = sa.select(outbox.c.sent_at).where(
            outbox.c.channel == channel, outbox.c.chat == chat, outbox.c.sent_at.is_not(None)
        )
        count = self.group_per_minute if is_group(chat) else 1
        last = connection.scalars(sent.order_by(outbox.c.sent_at.desc()).limit(count)).all()
        free = last[0] + self.chat_interval if last else now
        if is_group(chat) and len(last) == self.group_per_minute:
            free = max(free, last[-1] + self.minute)
        return max(free, now)

    def budget(self, connection: Connection, channel: str, now: datetime) -> int:
        """How many messages may start now, over all chats and workers."""
        recent = sa.or_(
            outbox.c.sent_at > now - timedelta(seconds=1),
            sa.and_(outbox.c.status == "sending", outbox.c.next_try_at > now),
        )
        query = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.channel == channel, recent)
        return max(self.per_second - int(connection.execute(query).scalar_one()), 0)


def is_group(chat: str) -> bool:
    """Telegram's groups have negative numbers."""
    return chat.partition(":")[2].startswith("-")


TELEGRAM_PACE = Pace()
UNPACED = Pace(timedelta(0), per_second=10**6, group_per_minute=10**6)
