"""A sign of life that is missed from OUTSIDE when it stops: this program cannot report its own death.

    a round succeeded ─┬─▶ a row of the ledger, with when Telegram last answered ─▶ `disclosure health`
                       └─ Telegram answers ─▶ GET heartbeat_url ─▶ a watcher that expects it

The address belongs to a watcher of the office's choice that raises the alarm when nobody calls for some
minutes (a dead man's switch).  Nothing is sent with the call.  A watcher that is down, slow or gone is logged
and otherwise ignored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.jobs.tables import heartbeats
from bot.ledger.ledger import Ledger
from bot.threads import to_its_end

logger = logging.getLogger(__name__)

ROUND_IS_LATE = timedelta(minutes=3)  # a round is made each minute
POLL_IS_LATE = timedelta(minutes=5)  # a long poll takes most of a minute, and is written with the next round
_WATCHER_ANSWERS_WITHIN = 10.0  # seconds


@dataclass(frozen=True)
class Beat:
    """When a service last made its rounds and last heard from its channel."""

    service: str
    round_at: datetime
    heard_at: datetime | None

    def trouble(self, now: datetime) -> list[str]:
        """What is late by now: `round_is_late`, `poll_is_late`."""
        late = ["round_is_late"] if now - self.round_at > ROUND_IS_LATE else []
        if self.heard_at is None or now - self.heard_at > POLL_IS_LATE:
            late.append("poll_is_late")
        return late


class Heartbeat:
    """`await beat()` after each round that succeeded."""

    def __init__(
        self,
        ledger: Ledger,
        service: str,
        clock: Callable[[], datetime],
        poll_age: Callable[[], float | None],
        url: str = "",
    ) -> None:
        """`poll_age`: seconds since the channel last answered, None before the first time."""
        self._ledger = ledger
        self._service = service
        self._clock = clock
        self._poll_age = poll_age
        self._url = url

    async def beat(self) -> None:
        """Write it down, and call the watcher as long as the channel answers."""
        now, age = self._clock(), self._poll_age()
        heard_at = None if age is None else now - timedelta(seconds=age)
        beat = Beat(self._service, now, heard_at)
        await to_its_end(self._write, beat)
        if self._url and not beat.trouble(now):
            await self._call()

    def _write(self, beat: Beat) -> None:
        mine = heartbeats.c.service == beat.service
        values = {"round_at": beat.round_at, "heard_at": beat.heard_at}
        with self._ledger.transaction() as connection:
            changed = connection.execute(heartbeats.update().where(mine).values(**values))
            if not changed.rowcount:
                connection.execute(heartbeats.insert().values(service=beat.service, **values))

    async def _call(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=_WATCHER_ANSWERS_WITHIN) as client:
                answer = await client.get(self._url)
            if answer.is_error:
                logger.warning("heartbeat_refused status=%d", answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            logger.warning("heartbeat_failed error=%s", type(error).__name__)


def beats(connection: Connection) -> list[Beat]:
    """The last sign of life of each service."""
    rows = connection.execute(sa.select(heartbeats).order_by(heartbeats.c.service))
    return [Beat(row.service, row.round_at, row.heard_at) for row in rows]
