"""The index as it is read: by any number of threads, from one file that never changes.

    with Index.open(home / "knowledge.db") as index:
        found = index.candidates(bigrams(question), syllable_bigrams(syllables(question)), limit=30)
        index.by_rowids([candidate.rowid for candidate in found])

A file is replaced, never written to (`build.py`), so it is opened immutable, and an open index goes on
answering from its own file after a swap.  Its tables are in `schema.py`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

from knowledge.entry import Entry, token_of
from knowledge.index.candidates import Budget, Candidate
from knowledge.index.file import IndexFile
from knowledge.index.matcher import Matcher
from knowledge.index.meanings import Meanings
from knowledge.index.stored import entry_of
from knowledge.text.grams import letters_of

_AT_ONCE = 500  # entries that are read in one query
_SHOWN = 20  # repeated ids that are named at most


class Index:
    """A read-only view of one built index; usable from several threads; close it when done."""

    def __init__(self, path: Path, budget: Budget | None = None) -> None:
        self.path = path
        self._file = IndexFile(path)
        self._matcher = Matcher(self._file, budget)

    @classmethod
    def open(cls, path: Path, budget: Budget | None = None) -> Self:
        """Open the index at `path`.  Raises IndexMissing when there is none."""
        return cls(path, budget)

    def close(self) -> None:
        """Release the file; questions under way in other threads must have ended."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._file.size

    @property
    def version(self) -> str:
        """Changes with each build."""
        return self._file.version

    def attachment(self, name: str) -> str:
        """A text that was stored with the index, "" when there is none of that name."""
        return self._file.facts.get(f"attachment:{name}", b"").decode()

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

    # -- meaning --

    @cached_property
    def meanings(self) -> Meanings:
        """What the sentences and names of all entries mean; empty where nothing was embedded."""
        with self._file.lent() as connection:
            return Meanings.read(connection)

    @property
    def without_meaning(self) -> int:
        """How many texts the build had no time to embed: they are found by their words alone."""
        return int(self._file.facts.get("without_meaning", b"0"))

    # -- entries --

    def by_rowids(self, rowids: Sequence[int]) -> list[Entry]:
        """These entries in this order, read in one query."""
        sql = "select number, body from entries where number in (select value from json_each(?))"
        found = dict(self._file.query_among(sql, rowids))
        return [entry_of(found[rowid]) for rowid in rowids]

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this id."""
        found = self._entries("where token = ?", token_of(entry_id))
        return next((entry for entry in found if entry.entry_id == entry_id), None)

    def by_token(self, token: str) -> Entry | None:
        """The entry that a button names; None also for what is no token."""
        return next(iter(self._entries("where token = ?", token)), None) if token.isascii() else None

    def named(self, folded: str, limit: int = 30) -> list[Entry]:
        """Entries with exactly this title or phrasing, spaces and punctuation aside, in index order."""
        sql = "where number in (select entry from names where name = ?) order by number limit ?"
        return self._entries(sql, letters_of(folded), limit)

    def is_named(self, entry_id: str, folded: str) -> bool:
        """Whether this entry is among all those so named."""
        sql = "where token = ? and number in (select entry from names where name = ?)"
        return bool(self._entries(sql, token_of(entry_id), letters_of(folded)))

    def entries(self) -> Iterator[Entry]:
        """All entries in the order they were given."""
        for first in range(0, self.size, _AT_ONCE):
            yield from self._entries("where number >= ? order by number limit ?", first, _AT_ONCE)

    def _entries(self, which: str, *values: int | str) -> list[Entry]:
        rows = self._file.query(f"select body from entries {which}", values)  # noqa: S608 - constants
        return [entry_of(body) for (body,) in rows]

    # -- catalogue --

    def categories(self) -> list[tuple[str, int]]:
        """Categories in order of first appearance, with the number of entries in each."""
        sql = "select category, count(*) from entries where category > '' group by category"
        return list(self._file.query(f"{sql} order by min(number)"))

    def browse(self, category: str, offset: int = 0, limit: int = 10) -> list[Entry]:
        """One page of a category, in index order."""
        return self._entries("where category = ? order by number limit ? offset ?", category, limit, offset)

    # -- checks after a build --

    def given_twice(self) -> list[str]:
        """Ids that more than one entry has; two ids may share a token, though hardly ever."""
        same = "select token from entries group by token having count(*) > 1"
        ids = Counter(entry.entry_id for entry in self._entries(f"where token in ({same} limit {_SHOWN})"))
        return [entry_id for entry_id, times in ids.items() if times > 1]

    def damage(self) -> str:
        """What is wrong with the file, "" for nothing: its pages, or what FTS5 holds in them."""
        try:
            ((found,),) = self._file.query("pragma quick_check(1)")
            held = self._file.query("select count(*), sum(doc) from vocabulary")
            counted = self._file.query("select count(*), sum(entries) from frequencies")
        except sqlite3.DatabaseError as error:
            return str(error)
        if found != "ok":
            return str(found)
        return "" if held == counted else "FTS5 holds other pieces than it was given"
