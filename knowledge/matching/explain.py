"""Why a question is decided as it is, for the people who look after the base.

explained(asker, "预算公开了没有,另外申请要不要钱")  -> one Explained for each question of the message
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from knowledge.entry import Answer, Decision, Hit, Unknown
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
    counted: Mapping[str, float] = field(default_factory=dict)  # what each feature counts; {}: by words alone


def explained(asker: Asker, text: str) -> list[Explained]:
    """Each question of the message by itself; a cell of a table is asked for by the message as a whole."""
    figure = asker.scope.figure(text, datetime.now(UTC).date())
    if figure is not None:
        return [_cell(asker, text, figure)]
    return [_one(asker, part) for part in questions_in(fold(text))]


def _cell(asker: Asker, text: str, figure: Decision) -> Explained:
    shown = figure.near if isinstance(figure, Unknown) else figure.hits
    weights = asker.meant.weights if asker.meant else asker.weights
    return Explained(
        asked=text,
        read_as=tuple(dict.fromkeys(word for hit in shown for word in hit.matched)),
        decision=type(figure).__name__.lower(),
        reason=Reason.NO_SUCH_YEAR if isinstance(figure, Unknown) else Reason.CELL,
        ceiling=1.0,
        hits=shown,
        rivals=(None,) * len(shown),
        answer_floor=weights.answer_floor,
        suggest_floor=weights.suggest_floor,
    )


def _one(asker: Asker, text: str) -> Explained:
    query, hits, ceiling = asker.weighed(text)
    judged = asker.by_meaning(query)
    weights = asker.meant.weights if asker.meant and judged else asker.weights
    decision = judged.decision if judged else decide(query, hits, ceiling, asker.weights)
    shown = decision.near if isinstance(decision, Unknown) else decision.hits
    shown += decision.also if isinstance(decision, Answer) else ()
    return Explained(
        asked=text,
        read_as=_read_as(query),
        decision=type(decision).__name__.lower(),
        reason=judged.reason if judged else reason_of(query, shown, ceiling, weights),
        ceiling=1.0 if judged else ceiling,
        hits=shown,
        rivals=tuple(_rival(shown, at) for at in range(len(shown))),
        answer_floor=weights.answer_floor,
        suggest_floor=weights.suggest_floor,
        counted=weights.rank if judged else {},
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
