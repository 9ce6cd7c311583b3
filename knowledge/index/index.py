"""The index as it is read: by any number of threads, from one file that never changes.

    with Index.open(home / "knowledge.db") as index:
        found = index.candidates(bigrams(question), syllable_bigrams(syllables(question)), limit=30)
        index.by_rowids([candidate.rowid for candidate in found])

A file is replaced, never written to (`build.py`), so it is opened immutable, and an open index goes on
answering from its own file after a swap.  What it looks up by number is `schema.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from knowledge.entry import Entry, token_of
from knowledge.index.blocks import entry_of, lines_of
from knowledge.index.candidates import Budget, Candidate
from knowledge.index.catalogue import catalogue_query
from knowledge.index.lookups import Kind, find
from knowledge.index.matcher import Matcher
from knowledge.index.readers import Readers
from knowledge.index.schema import BLOCK
from knowledge.text.grams import letters_of, name_key
from knowledge.text.normalize import fold


class Index:
    """A read-only view of one built index; usable from several threads; close it when done."""

    def __init__(self, path: Path, budget: Budget | None = None) -> None:
        self.path = path
        self._readers = Readers(path)
        self._dictionary = self._readers.facts["dictionary"]
        self._matcher = Matcher(self._readers, budget)

    @classmethod
    def open(cls, path: Path, budget: Budget | None = None) -> Self:
        """Open the index at `path`.  Raises IndexMissing when there is none."""
        return cls(path, budget)

    def close(self) -> None:
        """Release the file; questions under way in other threads must have ended."""
        self._readers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._readers.size

    @property
    def version(self) -> str:
        """Changes with each build."""
        return self._readers.version

    def attachment(self, name: str) -> str:
        """A text that was stored with the index, "" when there is none of that name."""
        return self._readers.facts.get(f"attachment:{name}", b"").decode()

    # -- matching --

    @property
    def largest_idf(self) -> float:
        """The idf of a piece that occurs nowhere."""
        return self._matcher.largest_idf

    def idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """idf of each of these bigrams, in one look-up; a bigram that occurs nowhere has the largest."""
        return self._matcher.idfs(pieces)

    def syllable_idfs(self, pieces: Iterable[str]) -> dict[str, float]:
        """The same for syllable bigrams."""
        return self._matcher.syllable_idfs(pieces)

    def candidates(
        self, query_bigrams: Sequence[str], query_syllables: Sequence[str] = (), limit: int = 30
    ) -> list[Candidate]:
        """The entries that share most with the question, best first.

        Each distinct piece counts once.  Without bigrams (a question typed in pinyin) syllables alone rank.
        """
        return self._matcher.candidates(query_bigrams, query_syllables, limit)

    # -- entries --

    def by_rowids(self, rowids: Sequence[int]) -> list[Entry]:
        """These entries in this order, read in one query."""
        blocks = sorted({rowid // BLOCK for rowid in rowids})
        marks = ",".join("?" * len(blocks))
        sql = f"select block, body from entries where block in ({marks})"  # noqa: S608 - marks are `?` alone
        rows = self._readers.query(sql, blocks)
        lines = {block: lines_of(body, self._dictionary) for block, body in rows}
        return [entry_of(lines[rowid // BLOCK][rowid % BLOCK]) for rowid in rowids]

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this id."""
        found = self._numbered(Kind.TOKEN, int(token_of(entry_id), 16))
        return next((entry for entry in found if entry.entry_id == entry_id), None)

    def by_token(self, token: str) -> Entry | None:
        """The entry that a button names; None also for what is no token."""
        if len(token) != 10 or not set(token) <= set("0123456789abcdef"):
            return None
        return next(iter(self._numbered(Kind.TOKEN, int(token, 16))), None)

    def named(self, folded: str, limit: int = 30) -> list[Entry]:
        """Entries with exactly this title or phrasing, spaces and punctuation aside, in index order."""
        letters = letters_of(folded)
        if not letters:
            return []
        found = self._numbered(Kind.NAME, name_key(folded), limit)
        return [
            entry
            for entry in found
            if any(letters_of(fold(name)) == letters for name in (entry.title, *entry.phrasings))
        ]

    def is_named(self, entry_id: str, folded: str) -> bool:
        """Whether this entry is among all those so named."""
        with self._readers.lent() as reader:
            named = find(reader.connection, Kind.NAME, name_key(folded), self.size)
            called = find(reader.connection, Kind.TOKEN, int(token_of(entry_id), 16), self.size)
        return not set(called).isdisjoint(named)

    def children(self, entry_id: str) -> list[Entry]:
        """The entries whose parent this is, in index order."""
        found = self._numbered(Kind.PARENT, int(token_of(entry_id), 16))
        return [entry for entry in found if entry.parent_id == entry_id]

    def _numbered(self, kind: Kind, number: int, limit: int | None = None) -> list[Entry]:
        with self._readers.lent() as reader:
            rowids = find(reader.connection, kind, number, self.size)
        return self.by_rowids(rowids[:limit])

    def entries(self) -> Iterator[Entry]:
        """All entries in the order they were given."""
        for block in range(-(-self.size // BLOCK)):
            rows = self._readers.query("select body from entries where block = ?", (block,))
            yield from map(entry_of, lines_of(rows[0][0], self._dictionary))

    def _looked_up(self, sql: str, values: Sequence[int | str]) -> list[Entry]:
        return self.by_rowids([entry for (entry,) in self._readers.query(sql, values)])

    # -- catalogue --

    def categories(self) -> list[tuple[str, int]]:
        """Categories in order of first appearance, with the number of entries in each."""
        return list(self._readers.query("select name, entries from categories order by number"))

    def browse(self, category: str, offset: int = 0, limit: int = 10) -> list[Entry]:
        """One page of a category, in index order."""
        return self._looked_up(
            "select entry from catalogue where category = (select number from categories where name = ?)"
            " order by entry limit ? offset ?",
            (category, limit, offset),
        )

    def search_catalogue(self, text: str, limit: int = 10) -> list[Entry]:
        """Catalogue entries that hold every piece of `text` in title, phrasings or document numbers."""
        query = catalogue_query(text)
        if not query:
            return []
        return self._looked_up(
            "select rowid from catalogue_pieces where pieces match ? order by rowid limit ?", (query, limit)
        )

    # -- checks after a build --

    def damage(self) -> str:
        """What SQLite finds wrong with the file, "" for nothing."""
        ((found,),) = self._readers.query("pragma quick_check(1)")
        return "" if found == "ok" else str(found)
