"""Looks pieces up in the postings of an index, and keeps the ones asked for most recently."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from knowledge.index import bm25
from knowledge.index.postings import Posting
from knowledge.index.shared_rows import find_shared
from knowledge.index.term import GIVEN_IS_KEPT, Term

_KEPT_BYTES = 32_000_000
_OVERHEAD = 500  # bytes of Python objects for each piece kept


class Lexicon:
    """The pieces of one index; usable from several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[int, Term | None] = OrderedDict()  # None: occurs nowhere
        self._bytes = 0
        self._firsts: array[int] | None = None

    def terms(self, connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, Term]:
        """The terms of those keys that occur somewhere."""
        found: dict[int, Term | None] = {}
        missing: list[int] = []
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key]
                else:
                    missing.append(key)
        if missing:
            read = self._read(connection, missing)
            self._keep(read)
            found |= read
        return {
            key: term if term.count <= GIVEN_IS_KEPT else term.for_one_question()
            for key, term in found.items()
            if term
        }

    def _read(self, connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Term | None]:
        marks = ",".join("?" * len(keys))
        rows = connection.execute(
            f"select key, count, form, bound, body from postings where key in ({marks})",  # noqa: S608 - only `?`
            keys,
        ).fetchall()
        terms: dict[int, Term | None] = {
            key: self._term(bound, Posting(count, form, body)) for key, count, form, bound, body in rows
        }
        return terms | self._rare(connection, [key for key in keys if key not in terms])

    def _term(self, bound: int, posting: Posting) -> Term:
        idf = bm25.idf(self._size, posting.count)
        return Term(idf, idf * (bm25.K1 + 1) * bound / 255, posting.count, posting)

    def _rare(self, connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Term | None]:
        """Pieces without a row of their own; each lies, if at all, in the last row that begins before it."""
        firsts = self._first_keys(connection)
        at = [bisect_right(firsts, key) - 1 for key in keys]
        wanted = sorted({firsts[number] for number in at if number >= 0})
        marks = ",".join("?" * len(wanted))
        bodies = dict(
            connection.execute(
                f"select first, body from shared_postings where first in ({marks})",  # noqa: S608 - only `?`
                wanted,
            ).fetchall()
        )
        terms: dict[int, Term | None] = dict.fromkeys(keys)
        for key, number in zip(keys, at, strict=True):
            first = firsts[number] if number >= 0 else 0
            found = find_shared(first, bodies[first], key, self._size) if number >= 0 else None
            if found:
                terms[key] = Term.of_few(bm25.idf(self._size, len(found[0])), *found)
        return terms

    def _first_keys(self, connection: sqlite3.Connection) -> Sequence[int]:
        """Where the shared rows begin: one for some hundred pieces, so that all of them fit in memory."""
        if self._firsts is None:
            rows = connection.execute("select first from shared_postings order by first").fetchall()
            self._firsts = array("q", (first for (first,) in rows))
        return self._firsts

    def _keep(self, terms: dict[int, Term | None]) -> None:
        with self._lock:
            for key, term in terms.items():
                if key not in self._kept:
                    self._kept[key] = term
                    self._bytes += _cost(term)
            while self._bytes > _KEPT_BYTES:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= _cost(dropped)


def _cost(term: Term | None) -> int:
    """Bytes that keeping a term takes, what may be decoded of it included."""
    if term is None:
        return _OVERHEAD
    body = len(term.posting.body) if term.posting else 0
    return _OVERHEAD + body + (12 * term.count if term.count <= GIVEN_IS_KEPT else 0)
