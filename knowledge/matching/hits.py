"""Which of the ranked candidates are looked at closely, and which words of the question one holds."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.matching.decide import Ranked
from knowledge.matching.query import Query


def leading_places(query: Query, ranked: Sequence[Ranked], limit: int) -> list[int]:
    """Which candidates are looked at closely: the first `limit` things.

    Of yearly versions the best and the newest stand for all, so that twelve years of one table leave room
    for what else may be meant; where a year is asked for, each version is a thing of its own.
    """
    found: list[int] = []
    best: set[str] = set()
    newest: dict[str, int] = {}
    for at, one in enumerate(ranked):
        key = "" if query.years else one.entry.version_of
        if key and (key not in newest or (one.entry.year or 0) > (ranked[newest[key]].entry.year or 0)):
            newest[key] = at
        if key not in best and len(found) < limit:
            found.append(at)
            best |= {key} - {""}
    return sorted({*found, *(at for key, at in newest.items() if key in best)})


def matched_words(query: Query, one: Ranked) -> tuple[str, ...]:
    """The content words of the question that the entry holds, in the question's own writing."""
    found = [
        query.text[word.start : word.end]
        for word, held in zip(query.words, one.words, strict=True)
        if held > 0
    ]
    face = one.face
    return tuple(dict.fromkeys(found)) or tuple(
        dict.fromkeys(p for p in _pairs(query) if p in face.text or p in face.sound)
    )


def _pairs(query: Query) -> list[str]:
    return [query.text[i : i + 2] for a, b in query.bare for i in range(a, b - 1)]
