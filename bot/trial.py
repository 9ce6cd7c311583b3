"""Questions asked on trial: through the whole dialogue, as a resident with a fresh chat, and nothing is kept.

For `disclosure ask` and for the evaluation.  The turn happens in a transaction of the real ledger that is
rolled back, so what is tried is exactly what a resident would get.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.dialogue import chats
from bot.dialogue.memory import Memory
from bot.dialogue.messages import Address, Incoming, Outgoing, Turn
from bot.program import Program
from knowledge.entry import Answer, Unknown

AUTO = "auto"


def ask_once(program: Program, text: str, language: str = AUTO) -> dict[str, Any]:
    """What a resident would get for `text`.

    Returns `outcome`, `entries` (each `path`, `title`, `text`, `score`, `citation`), `text` (all that is
    seen, labels of buttons included) and `offers_filing`.  `language` is `zh-Hans`, `zh-Hant` or `en`, as
    if the resident had chosen it, or `auto`.
    """
    address = Address("trial", "resident")
    now = datetime.now(UTC)
    incoming = Incoming(address=address, person=address, at=now, text=text)
    with program.ledger.reading() as connection:
        if language != AUTO:
            chats.save(connection, incoming, Memory(language=language, language_chosen=True), now)
        turn = program.conversation.handle(connection, incoming, now)
    return as_seen(turn, address)


def as_seen(turn: Turn, address: Address) -> dict[str, Any]:
    """A turn as plain values, with the messages to `address` alone."""
    return {
        "outcome": turn.outcome.value,
        "entries": [
            {
                "path": quoted.path,
                "title": quoted.title,
                "text": quoted.text,
                "score": round(quoted.score, 4),
                "citation": quoted.citation,
            }
            for quoted in turn.entries
        ],
        "text": "\n\n".join(_seen(message) for message in turn.outgoing if message.address == address),
        "offers_filing": turn.offers_filing,
    }


def _seen(message: Outgoing) -> str:
    rows = [" ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return "\n".join([message.text, *rows])


def explain_once(program: Program, text: str) -> dict[str, Any]:
    """Why the knowledge decides as it does: the decision and, best first, what it weighed.

    Each candidate has its `score` (a probability), the `features` it is made of, the `matched` words and the
    `passage` that would be quoted.
    """
    decision = program.base.ask(text)
    weighed = decision.near if isinstance(decision, Unknown) else decision.hits
    also = decision.also if isinstance(decision, Answer) else ()
    return {
        "decision": type(decision).__name__.lower(),
        "candidates": [
            {
                "path": hit.entry.path,
                "title": hit.entry.title,
                "score": round(hit.score, 4),
                "matched": list(hit.matched),
                "passage": hit.passage.text,
                "features": {name: round(value, 4) for name, value in hit.features},
            }
            for hit in (*weighed, *also)
        ],
    }
