"""The entries of an index in comparable form; those looked at most recently are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from knowledge.index.index import Index
from knowledge.matching.face import Face

_KEPT = 2048  # faces
_KEPT_CHARACTERS = 3_000_000  # of their entries' texts, together; each is kept in several forms


class Faces:
    """The faces of one index; usable from several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = Lock()
        self._kept: OrderedDict[int, Face] = OrderedDict()
        self._characters = 0

    def of(self, rowids: Sequence[int]) -> list[Face]:
        """The entries of these numbers, in this order; those not at hand are read in one query."""
        with self._lock:
            at_hand = {rowid: self._kept[rowid] for rowid in rowids if rowid in self._kept}
            for rowid in at_hand:
                self._kept.move_to_end(rowid)
        missing = [rowid for rowid in rowids if rowid not in at_hand]
        made = dict(zip(missing, map(Face, self._index.by_rowids(missing)), strict=True)) if missing else {}
        self._keep(made)
        found = at_hand | made
        return [found[rowid] for rowid in rowids]

    def _keep(self, made: dict[int, Face]) -> None:
        with self._lock:
            for rowid, face in made.items():
                if rowid not in self._kept:
                    self._kept[rowid] = face
                    self._characters += len(face.entry.text)
            while len(self._kept) > _KEPT or self._characters > _KEPT_CHARACTERS:
                _, dropped = self._kept.popitem(last=False)
                self._characters -= len(dropped.entry.text)
