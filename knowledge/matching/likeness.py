"""How much two questions ask the same: 0 to 1, symmetric, 1 for the same words.  Pure.

Both are folded and freed of question phrases; what they share in characters and in pairs of characters counts
alike, so that 村口桥加固 and 村口那座桥去年加固 are close while 修路 and 修桥 are not.  Questions that name
different numbers (another year, another group) never ask the same.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from knowledge.matching.asked import bare_spans
from knowledge.text.grams import bigrams
from knowledge.text.normalize import fold, squeeze

SAME = 0.55  # from here on two questions are taken to ask the same; people decide in the end

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Bare:
    """A question without its phrases, ready to be compared with many."""

    characters: Counter[str]
    pairs: Counter[str]
    numbers: frozenset[str]


def bare(text: str) -> Bare:
    """Prepare a question."""
    squeezed = squeeze(fold(text))
    left = "".join(squeezed[start:end] for start, end in bare_spans(squeezed))
    characters = Counter(character for character in left if character.isalnum())
    return Bare(characters, Counter(bigrams(left)), frozenset(_DIGITS.findall(left)))


def likeness(one: Bare, other: Bare) -> float:
    """How much they ask the same."""
    if one.numbers and other.numbers and one.numbers != other.numbers:
        return 0.0
    return (_shared(one.characters, other.characters) + _shared(one.pairs, other.pairs)) / 2


def _shared(one: Counter[str], other: Counter[str]) -> float:
    """Dice: twice what both have, of all that they have."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
