"""Faults planted on purpose, each of which the verdict must notice: `python -m tests.soak --plant NAME`.

A judge that lets everything pass is worth nothing, so this is how it is judged itself.  Only a life of the
soak ever calls `plant`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels.telegram.sender import Sender
from bot.dialogue import doing, questions
from bot.dialogue.errands import ErrandKind
from bot.jobs import scheduler as rounds
from bot.jobs import worker as errands
from bot.mailbox import inbox, outbox, tables
from bot.mailbox.letters import Outcome
from bot.mailbox.outbox import Claim, Outbox
from bot.messages import Document, Outgoing, Urgency

_ENQUEUE = outbox.enqueue
_ONE_IN = 5


def plant(name: str) -> None:
    """Raises KeyError for a fault that is not known."""
    FAULTS[name]()


def _with_enqueue(enqueue: Callable[..., None]) -> None:
    for module in (inbox, rounds, errands, outbox):
        module.enqueue = enqueue  # type: ignore[attr-defined]  # the fault itself


def _enqueue_twice() -> None:
    def twice(*what: Any, **how: Any) -> None:
        _ENQUEUE(*what, **how)
        _ENQUEUE(*what, **how)

    _with_enqueue(twice)


def _lose_one_in_some() -> None:
    count = itertools.count(1)

    def sometimes(connection: Connection, outgoing: Outgoing, *what: Any, **how: Any) -> None:
        # An answer that never comes is noticed by whoever waits for it, after minutes: not the point here.
        if outgoing.urgency is Urgency.ANSWER or next(count) % _ONE_IN:
            _ENQUEUE(connection, outgoing, *what, **how)

    _with_enqueue(sometimes)


def _swap_order() -> None:
    claim, waiting = Outbox.claim, tables.outbox.c

    def swapped(self: Outbox, most: int, chat: str = "", ended: Sequence[Outcome] = (), **how: bool) -> Claim:
        with self._ledger.transaction() as connection:
            rows = connection.execute(
                sa.select(waiting.id, waiting.chat, waiting.payload)
                .where(waiting.status == "waiting", waiting.event != "delivered")
                .order_by(waiting.id)
            ).all()
            for first, second in itertools.pairwise(rows):
                if first.chat == second.chat:
                    for row, payload in ((first, second.payload), (second, first.payload)):
                        changed = sa.update(tables.outbox).where(waiting.id == row.id)
                        connection.execute(changed.values(payload=payload))
                    break
        return claim(self, most, chat, ended, **how)

    Outbox.claim = swapped  # type: ignore[method-assign]  # the fault itself


def _letter_of_somebody_else() -> None:
    send, others = Sender.send, dict[str, Document]()

    async def mixed_up(self: Sender, outgoing: Outgoing) -> str:
        if outgoing.document is not None:
            kind = outgoing.document.filename.rpartition("_")[0]
            before = others.setdefault(kind, outgoing.document)
            document = Document(outgoing.document.filename, before.content)
            outgoing = replace(outgoing, document=document)
        return await send(self, outgoing)

    Sender.send = mixed_up  # type: ignore[method-assign]  # the fault itself


def _effect_twice() -> None:
    record = questions.record

    def twice(*what: Any, **how: Any) -> Any:
        record(*what, **how)
        return record(*what, **how)

    questions.record = twice


def _publication_lost() -> None:
    doing._DOERS[ErrandKind.PUBLISH] = lambda *what: lambda connection, now: []  # and no new index


def _mark_left_out() -> None:
    async def nothing(self: Sender, outgoing: Outgoing) -> str:
        return ""

    Sender._mark = nothing  # type: ignore[method-assign]  # the fault itself


def _news_twice() -> None:
    def twice(connection: Connection, outgoing: Outgoing, *what: Any, **how: Any) -> None:
        for _ in range(2 if outgoing.urgency is Urgency.NEWS else 1):
            _ENQUEUE(connection, outgoing, *what, **how)

    _with_enqueue(twice)


FAULTS: dict[str, Callable[[], None]] = {
    "enqueue-twice": _enqueue_twice,
    "lose-one-in-five": _lose_one_in_some,
    "swap-order": _swap_order,
    "letter-of-somebody-else": _letter_of_somebody_else,
    "effect-twice": _effect_twice,
    "publication-lost": _publication_lost,
    "mark-left-out": _mark_left_out,
    "news-twice": _news_twice,
}
