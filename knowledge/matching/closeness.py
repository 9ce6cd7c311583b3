"""How close a question is in meaning to the names and sentences of an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knowledge.index.meanings import Meanings
from knowledge.meaning.embedder import Embedder, Vectors
from knowledge.meaning.topics import Asked, Topics, clearly
from knowledge.meaning.units import DOCUMENT, PHRASING, TITLE

_USUAL = 0.2  # the cosine of a question and a text that has something to do with it


@dataclass(frozen=True)
class Close:
    """Of one entry; 0 is the usual, negative farther, 1 about the closest there is."""

    title: float = 0.0  # or a known way to ask for it, whichever is closer
    asked: float = 0.0  # how much it is asked for in a way that is known, 0 to 1
    document: float = 0.0
    best: float = 0.0  # of all its sentences
    sentences: Mapping[int, float] = field(default_factory=dict)

    def of_sentence(self, number: int) -> float:
        """Of the sentence at this place; as far as the entry's names are where it has none of its own."""
        return self.sentences.get(number, min(self.title, self.best))


class Closeness:
    """One question against all entries of an index."""

    def __init__(self, meanings: Meanings, units: Vectors, asked: Asked) -> None:
        """`asked`: the topics that may be asked for."""
        self._meanings = meanings
        self._units = units - _USUAL
        self.asked = asked

    @classmethod
    def of(cls, question: str, meanings: Meanings, embedder: Embedder, topics: Topics) -> Closeness:
        """Embed the question (some 25 ms) and compare."""
        vector = embedder.question(question)
        return cls(meanings, meanings.closeness(vector, topics.centre), topics.asked(vector))

    def nearest(self, limit: int) -> list[int]:
        """The numbers of the entries with the closest units, best first."""
        if not len(self._units):
            return []
        order = np.argsort(-self._units)[: 4 * limit]
        return list(dict.fromkeys(self._meanings.entries[order].tolist()))[:limit]

    def to(self, entry: int) -> Close:
        """To one entry."""
        span = self._meanings.starts.get(entry)
        if span is None:
            return Close()
        sentences: dict[int, float] = {}
        title, document, asked = _FARTHEST, _FARTHEST, _FARTHEST
        for number, near in zip(
            self._meanings.sentences[slice(*span)].tolist(), self._units[slice(*span)].tolist(), strict=True
        ):
            if number >= 0:
                sentences[number] = max(near, sentences.get(number, near))
            elif number == TITLE:
                title = max(title, near)
            elif number == PHRASING:
                asked = max(asked, near)
            elif number == DOCUMENT:
                document = max(document, near)
        title = max(title, asked)
        best = max(sentences.values(), default=title)
        return Close(title, clearly(asked + _USUAL), document, best, sentences)


_FARTHEST = -1.0


def none_of(count: int) -> Sequence[Close]:
    """Where nothing is known of the meaning: the same for all."""
    return [Close()] * count
