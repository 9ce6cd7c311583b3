"""A message that wants two things of different kinds: "着火了！另外预算公开了吗".

Two questions for the knowledge are the knowledge's own to part (`Base.ask`).  Here an intent is one of the
two, or both are intents; each part is then replied to as if it had been sent alone.
"""

from __future__ import annotations

from collections.abc import Set

from bot.dialogue.understanding.intents import IntentKind, intent_of
from bot.dialogue.visit import Visit
from knowledge.entry import Answer, Decision, Suggest
from knowledge.matching.asked import is_question
from knowledge.matching.split import cuts, questions_in
from knowledge.text.normalize import fold

_LONGEST = 2000  # characters that are looked at
STORY = 60  # characters; a longer message tells of something, and asks nothing about requests
_SERIOUS = {
    IntentKind.EMERGENCY,
    IntentKind.REDIRECT,
    IntentKind.HOW_TO,
    IntentKind.STATUS,
    IntentKind.WITHDRAW,
}


def two_things(visit: Visit, text: str) -> list[str]:
    """The two parts of a message that wants two things, else nothing; in a group nothing is said twice."""
    if not visit.is_private:
        return []
    folded = fold(text[:_LONGEST])
    parts = questions_in(folded)
    serious = _SERIOUS if len(folded) <= STORY else _SERIOUS - {IntentKind.HOW_TO}
    if len(parts) == 2 and _are_two(visit, parts[0], parts[1], (Answer, Suggest), serious):
        return parts
    return next((list(pair) for pair in cuts(folded) if _are_two(visit, *pair, (Answer,), serious)), [])


def _are_two(
    visit: Visit, one: str, other: str, found: tuple[type[Decision], ...], serious: Set[IntentKind]
) -> bool:
    """Whether one part has an intent to be taken seriously, and the other an intent too, or is `found`."""
    first, second = (intent_of(part, visit.services.rulebook.rules) for part in (one, other))
    if first is None and second is not None and second.kind in serious:
        return is_question(one) and isinstance(visit.ask(one), found)
    if second is None and first is not None and first.kind in serious:
        return is_question(other) and isinstance(visit.ask(other), found)
    if first is None or second is None or not {first.kind, second.kind} <= serious:
        return False
    another_topic = first.kind is IntentKind.HOW_TO and first.topic != second.topic
    return (first.kind is not second.kind or another_topic) and is_question(one) and is_question(other)
