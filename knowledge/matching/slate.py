"""Texts side by side, so that all pieces of a question are looked for in all of them by a few numpy calls.

    slate = Slate(["低保标准", "采砂许可", "低保低保"])
    slate.counts(["低保", "许可"])    -> [[1, 0], [0, 1], [2, 0]]     (texts × pieces)
    slate.counts_and_apart(["低标"])  -> [[0], [0], [0]], [[True], [False], [False]]   one between the two

A question has some twenty pieces and twenty candidates.  Asking each pair alone costs more than everything
else in ranking; here each character is looked at once, whatever the number of pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from knowledge.text.normalize import Codes, sound_table, text_of, utf16

Counts = npt.NDArray[np.int64]
Held = npt.NDArray[np.bool_]

_BORDER = "\n\n"  # between two texts; no question holds it, and no pair reaches over it
_BASIC_PLANE = 1 << 16


class Slate:
    """`texts` must be squeezed (a single line break may part their sections)."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "".join(text + _BORDER for text in texts)
        sizes = [len(text) + len(_BORDER) for text in texts]
        codes = utf16(joined)
        if len(codes) != len(joined):
            sizes = [len(utf16(text)) + len(_BORDER) for text in texts]
        self._spell(codes, sizes)
        self.texts = texts

    def _spell(self, codes: Codes, sizes: Sequence[int]) -> None:
        self._codes = codes
        self._sizes = sizes  # codes of each text, its border included

    @cached_property
    def texts(self) -> Sequence[str]:
        """The texts themselves."""
        ends = accumulate(self._sizes, initial=0)
        return [text_of(self._codes[start : end - len(_BORDER)]) for start, end in pairwise(ends)]

    @cached_property
    def lengths(self) -> Counts:
        """Characters of each text."""
        return np.array([len(text) for text in self.texts], np.int64)

    @cached_property
    def _owners(self) -> Counts:
        """Which text each code belongs to."""
        return np.arange(len(self._sizes)).repeat(self._sizes)

    @cached_property
    def by_ear(self) -> Slate:
        """The same texts as sound signs."""
        heard = Slate.__new__(Slate)
        heard._spell(sound_table()[self._codes], self._sizes)
        return heard

    def counts(self, pieces: Sequence[str]) -> Counts:
        """How often each piece occurs in each text (texts × pieces)."""
        return self._with_others(pieces, self._pairs(pieces, (1,))[0])

    def counts_and_apart(self, pieces: Sequence[str]) -> tuple[Counts, Held]:
        """`counts`; and whether a pair's characters stand one apart (False for pieces that are no pairs)."""
        together, apart = self._pairs(pieces, (1, 2))
        return self._with_others(pieces, together), apart > 0

    def _with_others(self, pieces: Sequence[str], found: Counts) -> Counts:
        """Fill in the pieces that are no pairs."""
        for number, piece in enumerate(pieces):
            if not _is_pair(piece):
                found[:, number] = [text.count(piece) for text in self.texts]
        return found

    def _pairs(self, pieces: Sequence[str], steps: Sequence[int]) -> list[Counts]:
        """For each step how often the second character of a pair stands so far behind the first."""
        pairs = list(dict.fromkeys(filter(_is_pair, pieces)))
        if not pairs or not self._sizes:
            return [np.zeros((len(self._sizes), len(pieces)), np.int64) for _ in steps]
        room = len(pairs) + 1  # the last column stays empty: for pieces that are no pairs
        alphabet = list(dict.fromkeys("".join(pairs)))
        spelt = _spelt(self._codes, alphabet)
        place = {character: number for number, character in enumerate(alphabet, 1)}
        table = [room] * (len(alphabet) + 1) ** 2
        for number, pair in enumerate(pairs):
            table[place[pair[0]] * (len(alphabet) + 1) + place[pair[1]]] = number
        which = np.array(table)
        column = {piece: number for number, piece in enumerate(pairs)}
        columns = [column.get(piece, room - 1) for piece in pieces]
        at = spelt.nonzero()[0]
        firsts, owners = spelt[at].astype(np.int64) * (len(alphabet) + 1), self._owners[at] * room
        found = []
        for step in steps:
            seen = which[firsts + spelt[at + step]]
            flat = (owners + seen)[seen < room]
            counted = np.bincount(flat, minlength=len(self._sizes) * room)
            found.append(counted.reshape(len(self._sizes), room)[:, columns])
        return found


def _spelt(codes: Codes, alphabet: Sequence[str]) -> Codes:
    """For each code the number of its letter, from 1 on; 0 for what is not in the alphabet."""
    letters = np.zeros(_BASIC_PLANE, np.uint16)
    letters[utf16("".join(alphabet))] = np.arange(1, len(alphabet) + 1)
    return letters[codes]


def _is_pair(piece: str) -> bool:
    return len(piece) == 2 and max(piece) <= "\uffff"
