"""What people did, compared with what the ledger holds and what arrived on their phones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.desk import chain
from bot.desk.ledger import Ledger
from bot.desk.tables import events, outbox, questions, requests, updates
from tests.fake_bot_api import FakeBotApi

from .confirmations import causes
from .nursery import POINTS

if TYPE_CHECKING:
    from .run import Soak
    from .town import Town

BOT = 7_000_000_001
MARK = "delivered"  # a thumb on what staff wrote: no message, so that it has no number in the chat


@dataclass(frozen=True)
class Verdict:
    """The counts, and what does not fit; `complaints` empty = nothing was lost and nothing doubled."""

    counts: dict[str, object]
    complaints: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{name:44} {value}" for name, value in self.counts.items()]
        return "\n".join([*lines, *(f"WRONG: {complaint}" for complaint in self.complaints)])


def judge(home: Path, api: FakeBotApi, soak: Soak, town: Town, seconds: float) -> Verdict:
    """Compare.  The bot must have ended."""
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger, ledger.reading() as connection:
        handled = Counter(connection.scalars(sa.select(updates.c.status)).all())
        keys = connection.scalars(sa.select(updates.c.update_key)).all()
        letters = Counter(connection.scalars(sa.select(outbox.c.status)).all())
        sent = connection.execute(sa.select(outbox.c.chat, outbox.c.remote_id, outbox.c.event)).all()
        places = {(row.chat, row.remote_id) for row in sent if row.event != MARK}
        marks = Counter(row.chat for row in sent if row.event == MARK)
        numbers = connection.scalars(sa.select(requests.c.number)).all()
        asked = connection.execute(sa.select(sa.func.count()).select_from(questions)).scalar_one()
        histories = {
            number: Counter(
                connection.scalars(sa.select(events.c.kind).where(events.c.subject == number)).all()
            )
            for number in numbers
        }
        proven = chain.verify(connection)
    arrived = [
        (f"telegram:{chat.id}", str(message["message_id"]), message.get("text", ""))
        for chat in api.world.chats.values()
        for message in chat.messages.values()
        if message["from"]["id"] == BOT
    ]
    seen = {(chat, number) for chat, number, _ in arrived}
    reacted = Counter({f"telegram:{chat.id}": len(chat.reacted) for chat in api.world.chats.values()})
    surplus = [(chat, number, text) for chat, number, text in arrived if (chat, number) not in places]
    recorded = {(chat, text) for chat, number, text in arrived if (chat, number) in places}
    cut, killed, unexplained = causes([(chat, number) for chat, number, _ in surplus], home, api, soak)
    expected = {f"{BOT}:{update}" for update in soak.sent_updates}
    checks = {
        "every update was stored once": sorted(keys) == sorted(expected),
        "every update was handled": set(handled) == {"handled"},
        "every question was recorded once": asked == town.done["questions"],
        "every filed request is there once": sorted(numbers) == sorted(town.filed),
        "every request was served": town.done["served"] == len(town.filed),
        "all requests have the same history, no event twice": len(
            {str(sorted(h.items())) for h in histories.values()}
        )
        == 1
        and all(count == 1 for history in histories.values() for count in history.values()),
        "every message was delivered": set(letters) == {"sent"},
        "what is on record as sent has arrived": places <= seen,
        "what staff wrote got a mark once it had arrived": marks.total() > 0 and marks == reacted,
        "what came twice is a repetition": all((chat, text) in recorded for chat, _, text in surplus),
        "nothing came twice unless just its confirmation was lost": unexplained == 0,
        "the bot was killed at every step": len(soak.kills) >= min(soak.target, len(POINTS)),
    }
    counts: dict[str, object] = {
        "kills": soak.kills.total(),
        **{f"  {point}": soak.kills[point] for point in POINTS},
        "faults met": api.faults.met.total(),
        **{f"  {name}": count for name, count in sorted(api.faults.met.items())},
        "updates sent": len(expected),
        **{f"  {name}": count for name, count in sorted(soak.disorder.items())},
        "questions / requests / events": f"{asked} / {len(numbers)} / {proven}",
        "messages in the outbox": letters.total(),
        "messages that arrived twice": len(surplus),
        "  the server's answer was cut": cut,
        "  killed between effect and record": killed,
        "  for no such reason": unexplained,
        "seconds": round(seconds),
    }
    return Verdict(counts, tuple(name for name, holds in checks.items() if not holds))
