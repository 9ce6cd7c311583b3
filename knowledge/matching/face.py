"""An entry in the form in which it is compared: its text, its title, its sentences, and how they sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
import numpy.typing as npt

from knowledge.entry import Entry
from knowledge.text.normalize import close_up, fold, sentences, sounding, squeeze, utf16

Letters = npt.NDArray[np.int64]

_MOST_SENTENCES = 400  # of one entry that are looked at
_BINS = 256


@dataclass(frozen=True)
class Sentence:
    """A sentence as it stands, folded, and without punctuation."""

    verbatim: str
    folded: str
    text: str


@dataclass(frozen=True)
class Face:
    """An entry in comparable form; made once and kept while the index lives."""

    entry: Entry

    @cached_property
    def text(self) -> str:
        """Names, headings and text, squeezed, each from a line of its own."""
        entry = self.entry
        names = squeeze(" ".join((entry.title, *entry.phrasings)))
        trail = squeeze(" ".join(entry.heading_trail)) if entry.heading_trail else ""
        return f"{names}\n{trail}\n{close_up(self.folded)}"

    @cached_property
    def names(self) -> str:
        """All that the entry and its document are called, squeezed: what stands above each of its
        sentences."""
        entry = self.entry
        return squeeze(
            " ".join((entry.citation.source_title, *entry.heading_trail, entry.title, *entry.phrasings))
        )

    @cached_property
    def head(self) -> str:
        """The title and the heading above it, squeezed."""
        return squeeze(" ".join((*self.entry.heading_trail[-1:], self.entry.title)))

    @cached_property
    def own_text(self) -> str:
        """Title and text, where these are all that is compared; "" where there is more."""
        return "" if self.entry.phrasings or self.entry.heading_trail else self.text.replace("\n\n", "\n")

    @cached_property
    def sound(self) -> str:
        """The text as it sounds."""
        return sounding(self.text)

    def heard_as(self, sound: str) -> None:
        """Take over its sound, which is worked out faster for all candidates together."""
        self.__dict__.setdefault("sound", sound)

    @cached_property
    def folded(self) -> str:
        """The text alone, with its punctuation."""
        return fold(self.entry.text)

    @cached_property
    def title(self) -> str:
        """The title alone, squeezed."""
        return squeeze(self.entry.title)

    @cached_property
    def letters(self) -> Letters:
        """How often each character occurs in the text, characters with equal last bits taken together."""
        return np.bincount(utf16(self.entry.text) & (_BINS - 1), minlength=_BINS)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The quotable pieces of the text."""
        verbatim = list(islice(sentences(self.entry.text), _MOST_SENTENCES))
        folded = list(islice(sentences(self.folded), _MOST_SENTENCES))
        if len(folded) != len(verbatim):  # a sign that folds into a sentence's end, or one that vanishes
            folded = [fold(part) for part in verbatim]
        return tuple(Sentence(*pair, close_up(pair[1])) for pair in zip(verbatim, folded, strict=True))
