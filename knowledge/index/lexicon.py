"""Looks pieces up in the postings of an index, and keeps the ones asked for most recently."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from knowledge.index import bm25
from knowledge.index.candidates import DECODED_IS_KEPT, Term
from knowledge.index.postings import Posting
from knowledge.index.shared_rows import find_shared

_KEPT_BYTES = 32_000_000
_OVERHEAD = 500  # bytes of Python objects for each piece kept


class Lexicon:
    """The pieces of one index; usable from several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[int, Term | None] = OrderedDict()  # None: occurs nowhere
        self._bytes = 0

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
        # What is decoded of a long list lives as long as its question.
        return {
            key: term if term.count <= DECODED_IS_KEPT else term.fresh()
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
        for key in keys:
            if key not in terms:
                terms[key] = self._rare(connection, key)
        return terms

    def _term(self, bound: int, posting: Posting) -> Term:
        idf = bm25.idf(self._size, posting.count)
        return Term(idf, idf * (bm25.K1 + 1) * bound / 255, posting.count, posting)

    def _rare(self, connection: sqlite3.Connection, key: int) -> Term | None:
        row = connection.execute(
            "select first, body from shared_postings where first <= ? order by first desc limit 1", (key,)
        ).fetchone()
        found = find_shared(row[0], row[1], key, self._size) if row else None
        return Term.rare(bm25.idf(self._size, len(found[0])), *found) if found else None

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
    return _OVERHEAD + body + (9 * term.count if term.count <= DECODED_IS_KEPT else 0)
