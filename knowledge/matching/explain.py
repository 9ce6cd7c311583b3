"""Why a question is decided as it is, for the people who look after the base.

explained(asker, "预算公开了没有,另外申请要不要钱")  -> one Explained for each question of the message
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.entry import Answer, Hit, Unknown
from knowledge.matching.ask import Asker
from knowledge.matching.decide import Reason, decide, reason_of, same_thing
from knowledge.matching.face import Face
from knowledge.matching.query import Query
from knowledge.matching.split import questions_in
from knowledge.text.normalize import fold


@dataclass(frozen=True)
class Explained:
    """One question: how it was read, the candidates best first, and why it was decided so.

    `ceiling` below 1 caps the probability of an answer; `read_as` are the words that were looked for, with
    what else would do (`五保户 = 农村五保`); `rivals[i]` is the place of the best candidate that is another
    thing than candidate i, None when there is none.
    """

    asked: str
    read_as: tuple[str, ...]
    decision: str  # answer, suggest, unknown
    reason: Reason
    ceiling: float
    hits: tuple[Hit, ...]
    rivals: tuple[int | None, ...]
    answer_floor: float
    suggest_floor: float


def explained(asker: Asker, text: str) -> list[Explained]:
    """Each question of the message by itself."""
    return [_one(asker, part) for part in questions_in(fold(text))]


def _one(asker: Asker, text: str) -> Explained:
    query, hits, ceiling = asker.weighed(text)
    decision = decide(query, hits, ceiling, asker.weights)
    shown = decision.near if isinstance(decision, Unknown) else decision.hits
    shown += decision.also if isinstance(decision, Answer) else ()
    return Explained(
        asked=text,
        read_as=_read_as(query),
        decision=type(decision).__name__.lower(),
        reason=reason_of(query, shown, ceiling, asker.weights),
        ceiling=ceiling,
        hits=shown,
        rivals=tuple(_rival(shown, at) for at in range(len(shown))),
        answer_floor=asker.weights.answer_floor,
        suggest_floor=asker.weights.suggest_floor,
    )


def _read_as(query: Query) -> tuple[str, ...]:
    words = dict.fromkeys(query.text[word.start : word.end] for word in query.words)
    others = {query.text[a.start : a.end]: a.words for a in query.alternatives}
    plain = [word for word in words if word not in others]
    return (*plain, *(f"{word} = {'、'.join(same[:_OTHERS])}" for word, same in others.items()))


_OTHERS = 4  # other words for a word, of sometimes a dozen


def _rival(hits: Sequence[Hit], at: int) -> int | None:
    own = Face(hits[at].entry)
    return next(
        (other for other in range(at + 1, len(hits)) if not same_thing(own, Face(hits[other].entry))), None
    )
