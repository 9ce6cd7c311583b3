"""What can be quoted of an entry: a sentence that fits the question, with its neighbours, and how well it
fits.

    quotes(query, grams, faces, closeness) -> for each face its best few quotations, each with named numbers

A short entry is quoted whole.  Of a longer one each promising sentence is tried with what stands around
it: what follows first, since a sentence is explained by the next more often than by the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entry import Passage
from knowledge.matching.closeness import Close
from knowledge.matching.face import Face, Sentence
from knowledge.matching.needs import lacks
from knowledge.matching.query import Query
from knowledge.matching.rank import Gram, Shares, pieces_held, shares_of, terms_held
from knowledge.matching.slate import Slate
from knowledge.sources.opening import only_announces

LONGEST = 320  # characters of a quotation; more is not read on a phone without losing the thread
_TRIED = 4  # sentences of an entry that are tried as the middle of a quotation
_LAST = 100.0  # of what only announces: it is quoted where there is nothing else
_CLOSE = 6.0  # how much closeness counts beside words when these are chosen


@dataclass(frozen=True)
class Quote:
    """The sentences `first` to `last` of an entry, with the numbers that they add to those of the entry
    (`features.py` says what they mean)."""

    face: Face
    first: int
    last: int
    features: Mapping[str, float]

    @property
    def passage(self) -> Passage:
        """The quotation itself."""
        return Passage(verbatim(self.face, self.first, self.last), self.first)

    @property
    def folded(self) -> str:
        """The same, folded."""
        return "".join(part.folded for part in self.face.sentences[self.first : self.last + 1])

    @property
    def squeezed(self) -> str:
        """And without punctuation."""
        return "".join(part.text for part in self.face.sentences[self.first : self.last + 1])


def quotes(
    query: Query, grams: Sequence[Gram], faces: Sequence[Face], closeness: Sequence[Close]
) -> list[list[Quote]]:
    """The quotations of each face that are tried, at least one each."""
    parts = [part for face in faces for part in face.sentences]
    if not parts:
        return [[_nothing(face)] for face in faces]
    held = _held(query, grams, [part.text for part in parts])
    named = _held(query, grams, [face.names for face in faces])
    found: list[list[Quote]] = []
    at = 0
    for number, (face, close) in enumerate(zip(faces, closeness, strict=True)):
        size = len(face.sentences)
        with_names = np.maximum(held[at : at + size], named[number])
        found.append(_of_face(query, grams, face, with_names, close) if size else [_nothing(face)])
        at += size
    return found


def _nothing(face: Face) -> Quote:
    return Quote(face, 0, -1, {"sentence": 0.0, "quote": 0.0, "close": 0.0, "lacks": 0.0})


def _held(query: Query, grams: Sequence[Gram], texts: Sequence[str]) -> Shares:
    """How much of each piece of the question each text holds (texts × pieces)."""
    slate = Slate(texts)
    return pieces_held(grams, slate, terms_held(query, slate.texts))


def _of_face(query: Query, grams: Sequence[Gram], face: Face, held: Shares, close: Close) -> list[Quote]:
    weights = np.array([gram.weight for gram in grams])
    bare = np.array([gram.bare >= 0 for gram in grams], bool)
    alone = shares_of(held * weights, weights)
    near = np.array([close.of_sentence(number) for number in range(len(face.sentences))])
    worth = alone + _CLOSE * near
    worth[[number for number, part in enumerate(face.sentences) if only_announces(part.verbatim)]] -= _LAST
    best = np.argsort(-worth, kind="stable")[:_TRIED].tolist()
    found: dict[tuple[int, int], Quote] = {}
    for middle in best:
        first, last = window(face.sentences, middle)
        if (first, last) in found:
            continue
        together = held[first : last + 1].max(axis=0)
        folded = "".join(part.folded for part in face.sentences[first : last + 1])
        found[first, last] = Quote(
            face,
            first,
            last,
            {
                "sentence": float(alone[first : last + 1].max()),
                "quote": float(shares_of((together * weights)[None, bare], weights[bare])[0]),
                "close": float(near[first : last + 1].max()),
                "lacks": float(bool(query.needs) and lacks(query.needs, folded)),
            },
        )
    return list(found.values())


def window(parts: Sequence[Sentence], middle: int) -> tuple[int, int]:
    """The first and last sentence of what is quoted around one: as much as fits, what follows first."""
    first = last = middle
    size = len(parts[middle].verbatim)
    while True:
        if last + 1 < len(parts) and size + len(parts[last + 1].verbatim) <= LONGEST:
            last += 1
            size += len(parts[last].verbatim)
        elif first > 0 and size + len(parts[first - 1].verbatim) <= LONGEST:
            first -= 1
            size += len(parts[first].verbatim)
        else:
            return first, last


def verbatim(face: Face, first: int, last: int) -> str:
    """The sentences from `first` to `last` as they stand in the entry; all of it where there are none."""
    text, parts = face.entry.text, face.sentences
    if first == 0 and last in (-1, len(parts) - 1):
        return text
    start = end = 0
    for number, part in enumerate(parts[: last + 1]):  # a sentence may stand there twice: one by one
        at = text.index(part.verbatim, end)
        start = at if number == first else start
        end = at + len(part.verbatim)
    return text[start:end]
