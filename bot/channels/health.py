"""Whether the service is well, told over HTTP on this machine alone: no word and no name of anybody.

| path | answer |
|---|---|
| `/health` | 200 as long as the program can answer at all: restart it when this fails |
| `/ready` | 200 when updates come in and the index answers, else 503, with what is wrong |
| `/metrics` | the figures, as Prometheus reads them |
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.ledger.ledger import Ledger
from bot.mailbox.letters import UNFINISHED, OutboxState
from bot.mailbox.tables import outbox, updates

logger = logging.getLogger(__name__)

POLL_IS_LATE = 120.0  # seconds: three long polls and a pause between
_ANSWER_WITHIN = 5.0
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Figures:
    """The state at one moment; seconds, None = not known (yet)."""

    updates: dict[str, int]
    outbox: dict[str, int]
    oldest_letter_seconds: float
    poll_age_seconds: float | None
    index_version: str
    index_entries: int

    @property
    def trouble(self) -> list[str]:
        """Names of what keeps the service from being ready."""
        found = []
        if self.poll_age_seconds is None or self.poll_age_seconds > POLL_IS_LATE:
            found.append("poll_is_late")
        if not self.index_entries:
            found.append("index_is_empty")
        return found


class Health:
    """Collects the figures and serves them; `poll_age` gives the seconds since Telegram last answered."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], datetime],
        poll_age: Callable[[], float | None],
        index: Callable[[], tuple[str, int]],
    ) -> None:
        """`index` gives version and number of entries of the index that answers now."""
        self._ledger = ledger
        self._clock = clock
        self._poll_age = poll_age
        self._index = index
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> int:
        """Serve; returns the port (0 asks for a free one)."""
        self._server = await asyncio.start_server(self._answer, _HOST, port)
        found: int = self._server.sockets[0].getsockname()[1]
        logger.info("health_started port=%d", found)
        return found

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def figures(self) -> Figures:
        """In a thread: reads the ledger."""
        now = self._clock()
        with self._ledger.reading() as connection:
            by_status = [_count_by_status(connection, table) for table in (updates, outbox)]
            oldest = connection.execute(
                sa.select(sa.func.min(outbox.c.created_at)).where(outbox.c.status.in_(UNFINISHED))
            ).scalar()
        age = (now - oldest).total_seconds() if oldest else 0.0
        version, entries = self._index()
        return Figures(by_status[0], by_status[1], age, self._poll_age(), version, entries)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                head = await reader.readuntil(b"\r\n\r\n")
                status, kind, body = await self._page(head.split(b" ")[1].decode("latin-1"))
                phrase = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}; charset=utf-8\r\n"
                length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                writer.write(f"{phrase}{length}".encode() + body)
                await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, IndexError, ValueError):
            pass  # not HTTP, or gone
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _page(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        if path == "/health":
            return HTTPStatus.OK, "text/plain", b"alive\n"
        if path not in ("/ready", "/metrics"):
            return HTTPStatus.NOT_FOUND, "text/plain", b"/health /ready /metrics\n"
        try:
            figures = await asyncio.to_thread(self.figures)
        except Exception as error:
            logger.error("health_failed error=%s", type(error).__name__)
            return HTTPStatus.SERVICE_UNAVAILABLE, "application/json", b'{"trouble": ["ledger"]}\n'
        if path == "/metrics":
            return HTTPStatus.OK, "text/plain; version=0.0.4", prometheus(figures).encode()
        status = HTTPStatus.SERVICE_UNAVAILABLE if figures.trouble else HTTPStatus.OK
        state = {
            "trouble": figures.trouble,
            "index": figures.index_version,
            "outbox_age": figures.oldest_letter_seconds,
        }
        return status, "application/json", json.dumps(state).encode() + b"\n"


def _count_by_status(connection: Connection, table: sa.Table) -> dict[str, int]:
    query = sa.select(table.c.status, sa.func.count()).group_by(table.c.status)
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def prometheus(figures: Figures) -> str:
    """The text format of Prometheus, version 0.0.4."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: Figures) -> Iterator[str]:
    yield "# TYPE disclosure_updates gauge"
    for status in ("pending", "fetching", "handled", "failed"):
        yield f'disclosure_updates{{status="{status}"}} {figures.updates.get(status, 0)}'
    yield "# TYPE disclosure_outbox gauge"
    for status in OutboxState:
        yield f'disclosure_outbox{{status="{status}"}} {figures.outbox.get(status, 0)}'
    yield "# TYPE disclosure_outbox_oldest_seconds gauge"
    yield f"disclosure_outbox_oldest_seconds {figures.oldest_letter_seconds:.3f}"
    if figures.poll_age_seconds is not None:
        yield "# TYPE disclosure_poll_age_seconds gauge"
        yield f"disclosure_poll_age_seconds {figures.poll_age_seconds:.3f}"
    yield "# TYPE disclosure_index_entries gauge"
    yield f'disclosure_index_entries{{version="{figures.index_version}"}} {figures.index_entries}'
