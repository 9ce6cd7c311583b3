"""The decision on a message with two questions: made of those on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from knowledge.entry import Answer, Decision, Hit, Suggest
from knowledge.matching.asked import content_weight
from knowledge.matching.decide import SHOWN, Weights, same_thing
from knowledge.matching.face import Face
from knowledge.text.normalize import squeeze


def together(
    parts: Sequence[tuple[str, Decision]], whole: Callable[[], Decision], weights: Weights
) -> Decision:
    """The decision on a message with two questions, from those on each; `whole` asks the message undivided.

    Both answers; else the answer to one, and the other left as `rest`; else what fits either.  Where a part
    leads nowhere by itself the message may ask one thing after all: then the undivided question is heard.
    """
    sure = [decision.hits[0] for _, decision in parts if isinstance(decision, Answer)]
    if len(sure) == len(parts):
        return Answer(_each_once(sure))
    if len(sure) == 1:
        return _half(sure[0], *_open_part(parts), whole, weights)
    found = whole()
    rows = [decision.hits for _, decision in parts if isinstance(decision, Suggest)]
    if isinstance(found, Answer) or len(rows) < len(parts):
        return found
    mixed = _each_once([hit for pair in zip_longest(*rows) for hit in pair if hit is not None])
    return Suggest(mixed[:SHOWN], leads=len(_each_once([hits[0] for hits in rows])))


def _half(
    sure: Hit, part: str, decision: Decision, whole: Callable[[], Decision], weights: Weights
) -> Decision:
    """One part is answered by `sure`; the other, `part`, is not."""
    if isinstance(decision, Suggest):
        lead = decision.hits[0]
        if lead.score < weights.suggest_floor or not same_thing(Face(sure.entry), Face(lead.entry)):
            return Answer((sure,), rest=(part,))
        return Answer(_each_once([sure, lead]) if sure.entry == lead.entry else (sure,))
    found = whole()
    alone = content_weight(squeeze(part)) >= _OWN_TOPIC and not isinstance(found, Answer)
    return Answer((sure,), rest=(part,)) if alone else found


_OWN_TOPIC = 0.6  # content of a question that is worth to be called "not found" by itself


def _open_part(parts: Sequence[tuple[str, Decision]]) -> tuple[str, Decision]:
    return next((part, decision) for part, decision in parts if not isinstance(decision, Answer))


def _each_once(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """In this order, without the same passage of the same entry twice."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        found.setdefault((hit.entry.entry_id, hit.passage.ordinal), hit)
    return tuple(found.values())
