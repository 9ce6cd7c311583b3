"""The index file: built beside its place, checked, swapped in whole; read by any number of threads.

report = build(entries, home / "knowledge.db", attachments={"terms": ..., "weights": ...})
with Index.open(home / "knowledge.db") as index:
    index.candidates(bigrams(text), syllable_bigrams(syllables(text)), limit=30)
"""

from __future__ import annotations

import json
import math
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from knowledge.candidates import Candidate
from knowledge.entry import Citation, Entry, EntryKind
from knowledge.errors import IndexMissing
from knowledge.grams import bigrams, syllable_bigrams, syllables

K1, B, NAME_WEIGHT = 1.2, 0.7, 2


def _fold(text: str) -> str:
    try:
        from knowledge.normalize import fold
    except ImportError:
        import unicodedata

        from opencc import OpenCC

        return str(OpenCC("t2s").convert(unicodedata.normalize("NFKC", text).lower()))
    return fold(text)


@dataclass(frozen=True)
class BuildReport:
    """What a build made."""

    entries: int
    seconds: float
    size_bytes: int
    version: str


def build(
    entries: Iterable[Entry], target: Path, attachments: Mapping[str, str] | None = None
) -> BuildReport:
    """Build an index of `entries` at `target`; on any failure what was there stays.

    `attachments` are texts kept with the index and read back with `Index.attachment`, so that a question
    is answered from one consistent set.
    """
    started = time.monotonic()
    target.parent.mkdir(parents=True, exist_ok=True)
    version = secrets.token_hex(8)
    temporary = target.with_name(f".{target.name}.{version}")
    db = Database(temporary)
    try:
        rows = [
            {
                "rowid": number,
                "entry_id": entry.entry_id,
                "token": entry.token,
                "category": entry.category,
                "parent_id": entry.parent_id,
                "body": json.dumps(asdict(entry), ensure_ascii=False, default=str),
            }
            for number, entry in enumerate(entries)
        ]
        db.table("entries").create(
            {"rowid": int, "entry_id": str, "token": str, "category": str, "parent_id": str, "body": str},
            pk="rowid",
        )
        db.table("entries").insert_all(rows)
        db.table("entries").create_index(["entry_id"], unique=True)
        db.table("meta").insert_all(
            [{"key": "version", "value": version}]
            + [{"key": f"attachment:{name}", "value": text} for name, text in (attachments or {}).items()],
            pk="key",
        )
        db.close()
        size = temporary.stat().st_size
        os.replace(temporary, target)
    finally:
        db.close()
        temporary.unlink(missing_ok=True)
    return BuildReport(len(rows), time.monotonic() - started, size, version)


def _entry_of(body: str) -> Entry:
    values: dict[str, Any] = json.loads(body)
    citation = values["citation"]
    if citation["published_on"]:
        citation["published_on"] = date.fromisoformat(citation["published_on"])
    values["citation"] = Citation(**citation)
    values["kind"] = EntryKind(values["kind"])
    values["heading_trail"] = tuple(values["heading_trail"])
    values["phrasings"] = tuple(values["phrasings"])
    values["fields"] = tuple((label, value) for label, value in values["fields"])
    return Entry(**values)


class Index:
    """A read-only view of one built index; usable from several threads; close it when done."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise IndexMissing(f"there is no index at {path}; build it with `disclosure reload`")
        self.path = path
        self._lock = threading.Lock()
        db = Database(path)
        try:
            self._meta = {row["key"]: row["value"] for row in db.table("meta").rows}
            self._entries = [
                _entry_of(row["body"]) for row in db.query("select body from entries order by rowid")
            ]
        finally:
            db.close()
        self._fields = [self._read_field(i) for i in (0, 1)]

    def _read_field(self, which: int) -> tuple[dict[str, dict[int, float]], list[int]]:
        postings: dict[str, dict[int, float]] = {}
        lengths = []
        for rowid, entry in enumerate(self._entries):
            weights: Counter[str] = Counter()
            cut = bigrams if which == 0 else lambda text: syllable_bigrams(syllables(text))
            name: set[str] = set()
            for text in (entry.title, *entry.phrasings):
                name.update(cut(_fold(text)))
            for text in (*entry.heading_trail, entry.text):
                weights.update(cut(_fold(text)))
            for gram in name:
                weights[gram] += NAME_WEIGHT
            for gram, weight in weights.items():
                postings.setdefault(gram, {})[rowid] = weight
            lengths.append(sum(weights.values()))
        return postings, lengths

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the index at `path`.  Raises IndexMissing when there is none."""
        return cls(path)

    def close(self) -> None:
        """Release the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self._entries)

    @property
    def version(self) -> str:
        """Changes with each build."""
        return str(self._meta["version"])

    def attachment(self, name: str) -> str:
        """A text that was stored with the index, "" when there is none of that name."""
        return str(self._meta.get(f"attachment:{name}", ""))

    # -- matching --

    @property
    def largest_idf(self) -> float:
        """The idf of a piece that occurs nowhere."""
        return self._idf(0)

    def idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf of each of these bigrams, in one look-up; a bigram that occurs nowhere has the largest."""
        return {piece: self._idf(len(self._fields[0][0].get(piece, ()))) for piece in pieces}

    def syllable_idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """The same for syllable bigrams."""
        return {piece: self._idf(len(self._fields[1][0].get(piece, ()))) for piece in pieces}

    def _idf(self, count: int) -> float:
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))

    def candidates(
        self, query_bigrams: Sequence[str], query_syllables: Sequence[str] = (), limit: int = 30
    ) -> list[Candidate]:
        """The entries that share most with the question, best first.

        Each distinct piece counts once.  Without bigrams (a question typed in pinyin) syllables alone rank.
        """
        b, bsum = self._scores(0, query_bigrams)
        s, ssum = self._scores(1, query_syllables)
        found = [
            Candidate(
                rowid,
                b.get(rowid, 0.0),
                s.get(rowid, 0.0),
                b.get(rowid, 0.0) / bsum,
                s.get(rowid, 0.0) / ssum,
            )
            for rowid in b.keys() | s.keys()
        ]
        found.sort(key=lambda c: (-(c.bigram_share + 0.5 * c.syllable_share), c.rowid))
        return found[:limit]

    def _scores(self, which: int, pieces: Sequence[str]) -> tuple[dict[int, float], float]:
        postings, lengths = self._fields[which]
        average = sum(lengths) / len(lengths) if lengths else 1
        scores: dict[int, float] = {}
        total = 0.0
        for piece in dict.fromkeys(pieces):
            found = postings.get(piece, {})
            idf = self._idf(len(found))
            total += idf
            for rowid, weight in found.items():
                norm = K1 * (1 - B + B * lengths[rowid] / average)
                scores[rowid] = scores.get(rowid, 0.0) + idf * weight * (K1 + 1) / (weight + norm)
        return scores, total or 1.0

    # -- entries --

    def by_rowids(self, rowids: Sequence[int]) -> list[Entry]:
        """These entries in this order, read in one query."""
        return [self._entries[rowid] for rowid in rowids]

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this id."""
        return next((entry for entry in self._entries if entry.entry_id == entry_id), None)

    def by_token(self, token: str) -> Entry | None:
        """The entry that a button names."""
        return next((entry for entry in self._entries if entry.token == token), None)

    def named(self, folded: str) -> list[Entry]:
        """Entries whose folded title or phrasing is exactly this (in index order)."""
        return [e for e in self._entries if folded in {_fold(text) for text in (e.title, *e.phrasings)}]

    def children(self, entry_id: str) -> list[Entry]:
        """The entries whose parent this is, in index order."""
        return [entry for entry in self._entries if entry.parent_id == entry_id]

    def entries(self) -> Iterator[Entry]:
        """All entries in the order they were given."""
        return iter(self._entries)

    # -- catalogue --

    def categories(self) -> list[tuple[str, int]]:
        """Categories in order of first appearance, with the number of entries in each."""
        return list(Counter(entry.category for entry in self._entries if entry.category).items())

    def browse(self, category: str, offset: int = 0, limit: int = 10) -> list[Entry]:
        """One page of a category, in index order."""
        return [entry for entry in self._entries if entry.category == category][offset : offset + limit]

    def search_catalogue(self, text: str, limit: int = 10) -> list[Entry]:
        """Catalogue entries whose title, phrasing or document number holds every piece of `text`."""
        wanted = set(bigrams(_fold(text)))
        return [
            entry
            for entry in self._entries
            if entry.category
            and wanted
            and wanted <= {g for t in (entry.title, *entry.phrasings) for g in bigrams(_fold(t))}
        ][:limit]
