"""An entry cut into what has a meaning of its own: its title, its ways to be asked, its sentences.

Short units are told apart better and cost less (24 ms for a title, 380 ms for 190 characters).  The name of
the document is a unit of its own and not put in front of each sentence: measured by leaving one folder out,
both find the same, and one vector serves the whole document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.entry import Entry, EntryKind
from knowledge.text.normalize import sentences

LONGEST = 80  # characters of a unit
_SHORTEST = 12  # a shorter piece says nothing alone, and goes with the next
_MOST = 400  # units of one entry
_STOPS = "，,、：: "

DOCUMENT, TITLE, PHRASING = -1, -2, -3


@dataclass(frozen=True)
class Unit:
    """`sentence` is its place among the sentences of the entry, or DOCUMENT, TITLE, PHRASING.

    A known way to ask `is_asked`: it is compared as one question with another.
    """

    sentence: int
    text: str
    is_asked: bool = False


def units_of(entry: Entry) -> Iterator[Unit]:
    """All units of an entry, its names first."""
    yield Unit(DOCUMENT, entry.citation.source_title.strip("《》"))
    yield Unit(TITLE, entry.title)
    for phrasing in entry.phrasings:  # those of a fact are names of what it counts, and no questions
        yield Unit(PHRASING, phrasing, is_asked=entry.kind is not EntryKind.FACT)
    if entry.kind is EntryKind.GUIDE:
        return  # written as people speak, its sentences are close to whatever they ask
    found = 0
    for number, sentence in enumerate(sentences(entry.text)):
        for piece in pieces_of(sentence):
            yield Unit(number, piece)
            found += 1
            if found >= _MOST:
                return


def pieces_of(sentence: str) -> Sequence[str]:
    """A sentence, cut at its commas where it is longer than a unit."""
    pieces: list[str] = []
    rest = sentence
    while len(rest) > LONGEST:
        stop = max(rest.rfind(mark, _SHORTEST, LONGEST) for mark in _STOPS)
        at = stop + 1 if stop > 0 else LONGEST
        pieces.append(rest[:at])
        rest = rest[at:]
    if pieces and len(rest) < _SHORTEST:
        pieces[-1] += rest
    elif rest:
        pieces.append(rest)
    return pieces
