"""Questions asked on trial: through the whole dialogue, as a resident with a fresh chat, and nothing is kept.

For `disclosure ask` and for the evaluation.  The turn happens in a transaction of the real ledger that is
rolled back, so what is tried is exactly what a resident would get.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.dialogue import chats
from bot.dialogue.memory import Memory
from bot.dialogue.understanding.intents import intent_of
from bot.dialogue.understanding.rulebook import Rulebook
from bot.messages import Address, Incoming, Outgoing, Turn
from bot.program import Program
from knowledge.matching.explain import Explained
from knowledge.matching.features import EXPLAINED

AUTO = "auto"


def ask_once(program: Program, text: str, language: str = AUTO) -> dict[str, Any]:
    """What a resident would get for `text`.

    Returns `outcome`, `entries` (each `path`, `title`, `text`, `score`, `citation`,
    `quoted`: what of the text is shown, `source`: its file), `text` (all that is
    seen, labels of buttons included) and `offers_filing`.  `language` is `zh-Hans`, `zh-Hant` or `en`, as
    if the resident had chosen it, or `auto`.
    """
    address = Address("trial", "resident")
    now = datetime.now(UTC)
    incoming = Incoming(address=address, person=address, at=now, text=text)
    with program.ledger.trial() as connection:
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
                "quoted": quoted.quoted,
                "source": quoted.source,
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
    """Why a message is replied to as it is.

    `intent`: the rule of intents.yaml that takes it, None when the knowledge is asked.  `questions`: each
    question of the message, how it was `read_as`, the `decision` with its `reason`, and the `candidates`,
    best first.  Each of these has its `score` (a probability), the `matched` words, the `passage` that would
    be quoted, the `second` (the best that is another thing), the `margin` over it, all `features`, and
    `counts`: what each of them adds to its place, the weightiest first, with what it says.
    """
    found = intent_of(text, Rulebook(program.settings.knowledge).rules)
    return {
        "intent": found.rule if found else None,
        "decision": type(program.base.ask(text)).__name__.lower(),
        "questions": [_question(one) for one in program.base.explain(text)],
    }


def _question(one: Explained) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "read_as": list(one.read_as),
        "decision": one.decision,
        "reason": one.reason.value,
        "floors": {"answer": one.answer_floor, "suggest": one.suggest_floor},
        "ceiling": one.ceiling,
        "candidates": [_candidate(one, at) for at in range(len(one.hits))],
    }


_WORTH_SAYING = 0.1


def _candidate(one: Explained, at: int) -> dict[str, Any]:
    hit, rival = one.hits[at], one.rivals[at]
    features = {name: round(value, 4) for name, value in hit.features}
    return {
        "path": hit.entry.path,
        "title": hit.entry.title,
        "score": round(hit.score, 4),
        "matched": list(hit.matched),
        "passage": hit.passage.text,
        "counts": [
            {"feature": name, "adds": round(adds, 2), "says": EXPLAINED[name]}
            for name, adds in sorted(
                ((name, weight * features.get(name, 0.0)) for name, weight in one.counted.items()),
                key=lambda pair: -abs(pair[1]),
            )
            if abs(adds) >= _WORTH_SAYING
        ],
        "margin": features.get("margin"),
        "second": one.hits[rival].entry.path if rival is not None else None,
        "features": features,
    }
