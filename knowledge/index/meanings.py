"""The vectors in an index file: written once for each text, read whole, compared by brute force.

| table | one row for | columns |
|---|---|---|
| `vectors` | a text | number; name (hash of embedder and text); scale; body (384 signed bytes) |
| `units` | a unit of an entry | entry, sentence (`units.DOCUMENT` … or its place), vector |

A vector is kept by what it is of, so that the next build takes over what it knows and embeds what is new.
Signed bytes instead of floats: a quarter of the size, and the order of the nearest stays the same.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.entry import Entry
from knowledge.meaning.embedder import DIMENSIONS, Embedder, MeaningUnavailable, Vectors
from knowledge.meaning.units import Unit, units_of

TABLES = """
create table vectors (number integer primary key, name blob, scale real, body blob);
create table units (entry integer, sentence integer, vector integer);
"""
_BLOCK = 4096  # vectors that are made floats and compared at one go
_AT_ONCE = 500  # names that are looked up in one query
_FULL = 127.0  # the largest signed byte
_TINY = 1e-6

Numbers = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
_Text = tuple[str, bool]  # a text, and whether it is asked


@dataclass(frozen=True)
class Meaning:
    """What a build needs to embed: the model, files to take vectors over from, and how long it may take.

    `seconds` bounds the embedding of what is new; what is left has no vector until the next build, and is
    found by its words.  `progress` is told how many of how many are done.
    """

    embedder: Embedder
    kept_in: tuple[Path, ...] = ()
    seconds: float = float("inf")
    progress: Progress = field(default=lambda done, of: None)


@dataclass(frozen=True)
class _Packed:
    scale: float
    body: bytes


class MeaningWriter:
    """Gathers the units of the entries of a build, and writes them with their vectors at its end."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._numbers: dict[_Text, int] = {}  # text -> its number
        self._units: list[tuple[int, int, int]] = []

    def add(self, entry_number: int, entry: Entry) -> None:
        """Take in an entry of the build."""
        for unit in units_of(entry):
            if unit.text.strip():
                number = self._numbers.setdefault((unit.text, unit.is_asked), len(self._numbers))
                self._units.append((entry_number, unit.sentence, number))

    def write(self, connection: sqlite3.Connection) -> int:
        """Write all that has a vector; returns how many texts have none yet."""
        names = {text: name_of(*text, self._meaning.embedder) for text in self._numbers}
        vectors = _kept(set(names.values()), self._meaning.kept_in)
        missing = [text for text in self._in_order() if names[text] not in vectors]
        vectors |= self._embedded(missing, names)
        rows = (
            (number, names[text], vectors[names[text]].scale, vectors[names[text]].body)
            for text, number in self._numbers.items()
            if names[text] in vectors
        )
        connection.executemany("insert into vectors values (?, ?, ?, ?)", rows)
        there = {number for text, number in self._numbers.items() if names[text] in vectors}
        connection.executemany(
            "insert into units values (?, ?, ?)", (u for u in self._units if u[2] in there)
        )
        return len(self._numbers) - len(there)

    def _in_order(self) -> list[_Text]:
        """Names before sentences: should the time run out, each entry is at least known by its title."""
        named = {number for _, sentence, number in self._units if sentence < 0}
        return sorted(self._numbers, key=lambda text: self._numbers[text] not in named)

    def _embedded(self, texts: Sequence[_Text], names: Mapping[_Text, bytes]) -> dict[bytes, _Packed]:
        found: dict[bytes, _Packed] = {}
        until = time.monotonic() + self._meaning.seconds
        for done, text in enumerate(texts):
            if time.monotonic() > until:
                break
            self._meaning.progress(done, len(texts))
            try:
                found[names[text]] = _packed(self._vector(*text))
            except MeaningUnavailable:
                break
        if texts:
            self._meaning.progress(len(texts), len(texts))
        return found

    def _vector(self, text: str, is_asked: bool) -> Vectors:
        model = self._meaning.embedder
        return model.question(text) if is_asked else model.passages([text])[0]


def name_of(text: str, is_asked: bool, embedder: Embedder) -> bytes:
    """What the vector of a text is kept by."""
    side = "\0?" if is_asked else ""
    return hashlib.blake2b(
        f"{embedder.name}{side}\0{text}".encode("utf-8", "replace"), digest_size=12
    ).digest()


def _kept(names: set[bytes], files: Iterable[Path]) -> dict[bytes, _Packed]:
    """The vectors of these names in earlier index files; what cannot be read holds none."""
    found: dict[bytes, _Packed] = {}
    for path in files:
        wanted = sorted(names - found.keys())
        if not wanted or not path.is_file():
            continue
        try:
            with closing(
                sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            ) as file:
                for start in range(0, len(wanted), _AT_ONCE):
                    found |= _looked_up(file, wanted[start : start + _AT_ONCE])
        except sqlite3.DatabaseError:
            continue
    return found


def _looked_up(file: sqlite3.Connection, names: Sequence[bytes]) -> dict[bytes, _Packed]:
    marks = ",".join("?" * len(names))
    sql = f"select name, scale, body from vectors where name in ({marks})"  # noqa: S608 - marks are `?` alone
    return {name: _Packed(scale, body) for name, scale, body in file.execute(sql, names)}


def _packed(vector: Vectors) -> _Packed:
    scale = float(np.abs(vector).max()) / _FULL or 1.0
    return _Packed(scale, np.rint(vector / scale).astype(np.int8).tobytes())


class Meanings:
    """The vectors of an open index, in memory (some 400 bytes a text)."""

    def __init__(
        self, units: Sequence[tuple[int, int, int]], rows: Sequence[tuple[int, float, bytes]]
    ) -> None:
        numbers = np.array([number for number, _, _ in rows], np.int64)
        place = {number: at for at, number in enumerate(numbers.tolist())}
        self._scales = np.array([scale for _, scale, _ in rows], np.float32)
        self._bodies = np.frombuffer(b"".join(body for _, _, body in rows), np.int8).reshape(-1, DIMENSIONS)
        self.entries: Numbers = np.array([entry for entry, _, _ in units], np.int64)
        self.sentences: Numbers = np.array([sentence for _, sentence, _ in units], np.int64)
        self._vectors: Numbers = np.array([place[vector] for _, _, vector in units], np.int64)
        self._from_centre: Vectors | None = None

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> Meanings:
        """All of a file; empty where nothing was embedded."""
        units = connection.execute(
            "select entry, sentence, vector from units order by entry, rowid"
        ).fetchall()
        rows = connection.execute("select number, scale, body from vectors order by number").fetchall()
        return cls(units, rows)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def starts(self) -> dict[int, tuple[int, int]]:
        """For each entry where its units begin and end."""
        if not len(self):
            return {}
        firsts = np.flatnonzero(np.diff(self.entries, prepend=-1))
        ends = [*firsts[1:].tolist(), len(self)]
        return {int(self.entries[a]): (a, b) for a, b in zip(firsts.tolist(), ends, strict=True)}

    def closeness(self, question: Vectors, centre: Vectors) -> Vectors:
        """How close each unit is to a question's vector: the cosine of both as seen from `centre`.

        All texts of this model lie in one narrow cone, and some are near to everything; seen from the
        middle of what is usually asked they part.
        """
        seen = question - centre
        seen = seen / np.linalg.norm(seen)
        near = self._products(seen) - float(centre @ seen)
        found: Vectors = (near / self._distances(centre))[self._vectors].astype(np.float32)
        return found

    def _distances(self, centre: Vectors) -> Vectors:
        """How far each vector is from the centre; worked out once, for there is one centre."""
        if self._from_centre is None:
            squares = 1.0 - 2.0 * self._products(centre) + float(centre @ centre)
            self._from_centre = np.sqrt(np.maximum(squares, _TINY))
        return self._from_centre

    def _products(self, vector: Vectors) -> Vectors:
        products = [
            self._bodies[at : at + _BLOCK].astype(np.float32) @ vector
            for at in range(0, len(self._bodies), _BLOCK)
        ]
        found: Vectors = np.concatenate(products) * self._scales if products else np.zeros(0, np.float32)
        return found


__all__ = ["TABLES", "Meaning", "MeaningWriter", "Meanings", "Unit", "name_of"]
