"""An entry in the form in which it is compared: its text, its title, its sentences, and how they sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Protocol

from knowledge.entry import Entry
from knowledge.text.normalize import fold, sentences, sounding, squeeze

_MOST_SENTENCES = 400  # of one entry that are looked at


class Comparable(Protocol):
    """A text with its sound signs."""

    @property
    def text(self) -> str: ...

    @property
    def sound(self) -> str: ...


@dataclass(frozen=True)
class Piece:
    """The plainest Comparable."""

    text: str
    sound: str


@dataclass(frozen=True)
class Sentence:
    """A sentence as it stands and in comparable form."""

    verbatim: str

    @cached_property
    def folded(self) -> str:
        return fold(self.verbatim)

    @cached_property
    def text(self) -> str:
        return squeeze(self.verbatim)

    @cached_property
    def sound(self) -> str:
        return sounding(self.text)


@dataclass(frozen=True)
class Face:
    """An entry in comparable form; made once and kept while the index lives."""

    entry: Entry

    @cached_property
    def title(self) -> str:
        return squeeze(" ".join((self.entry.title, *self.entry.phrasings)))

    @cached_property
    def text(self) -> str:
        entry = self.entry
        return self.title + "\n" + squeeze(" ".join(entry.heading_trail)) + "\n" + squeeze(entry.text)

    @cached_property
    def sound(self) -> str:
        return sounding(self.text)

    @cached_property
    def folded(self) -> str:
        """The text alone, with its punctuation."""
        return fold(self.entry.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The quotable pieces of the text."""
        return tuple(Sentence(part) for part in islice(sentences(self.entry.text), _MOST_SENTENCES))

    @cached_property
    def skips(self) -> frozenset[str]:
        """Every pair of characters that stand one apart."""
        return frozenset(map(str.__add__, self.text, self.text[2:]))
