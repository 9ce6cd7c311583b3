"""From a situation in plain words to an outcome of Table 3, in one or two taps.  Pure."""

from __future__ import annotations

from bot.desk.model import Outcome

# What a clerk finds, in the order in which it is worth asking; each leads to one outcome or to a second list.
SITUATIONS: dict[str, tuple[Outcome, ...]] = {
    "already_public": (Outcome.DISCLOSED,),
    "give": (Outcome.DISCLOSED,),
    "part": (Outcome.PARTLY_DISCLOSED,),
    "withhold": tuple(outcome for outcome in Outcome if outcome.code.startswith("C")),
    "unavailable": tuple(outcome for outcome in Outcome if outcome.code.startswith("D")),
    "not_processed": tuple(outcome for outcome in Outcome if outcome.code.startswith("E")),
}


def outcomes_of(situation: str) -> tuple[Outcome, ...]:
    """The outcomes that a situation may have, () for one that does not exist."""
    return SITUATIONS.get(situation, ())


def outcome_of(code: str) -> Outcome | None:
    """The outcome of a reply with this code; the endings without a reply (F) are no choice here."""
    try:
        outcome = Outcome(code)
    except ValueError:
        return None
    return outcome if outcome.is_reply else None
