"""Everyday word ↔ official word, compiled so that a question's words find their alternatives at once.

terms = Terms.of([Term(("五保户", "五保老人"), ("农村五保", "特困人员"))])
terms.alternatives("五保户怎么办") -> [Alternative(0, 3, ("农村五保", "特困人员", "五保老人"))]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from knowledge.text.normalize import sounding, squeeze


class TermLike(Protocol):
    """What `sources.terms.Term` has."""

    @property
    def everyday(self) -> tuple[str, ...]: ...

    @property
    def official(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Alternative:
    """The characters `start` to `end` of a question may as well read any of `words`."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """`pairs`: everyday and official words of each term, squeezed."""

    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, terms: Iterable[TermLike]) -> Terms:
        """Compile what `sources` read."""
        return cls(
            tuple((tuple(map(squeeze, term.everyday)), tuple(map(squeeze, term.official))) for term in terms)
        )

    @classmethod
    def from_json(cls, text: str) -> Terms:
        """The inverse of `to_json`; "" gives no terms."""
        return cls(tuple((tuple(a), tuple(b)) for a, b in json.loads(text or "[]")))

    def to_json(self) -> str:
        """For keeping with an index."""
        return json.dumps(self.pairs, ensure_ascii=False)

    @cached_property
    def _others(self) -> dict[str, tuple[str, ...]]:
        """word -> the words of the other side first, then those of its own side."""
        others: dict[str, list[str]] = {}
        for everyday, official in self.pairs:
            for own, other in ((everyday, official), (official, everyday)):
                for word in own:
                    others.setdefault(word, []).extend([*other, *(near for near in own if near != word)])
        return {
            word: tuple(dict.fromkeys(w for w in found if w != word))
            for word, found in others.items()
            if word
        }

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._others), default=0)

    def alternatives(self, text: str) -> list[Alternative]:
        """The longest terms in a squeezed text, from left to right, without overlap."""
        found = []
        at = 0
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 0, -1):
                words = self._others.get(text[at : at + size])
                if words:
                    found.append(Alternative(at, at + size, words))
                    at += size
                    break
            else:
                at += 1
        return found

    @cached_property
    def by_sound(self) -> dict[str, str]:
        """Sound signs of every word of every term -> the word."""
        return {sounding(word): word for word in self._others}
