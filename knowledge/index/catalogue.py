"""The browsable part of the index: categories, their entries in order, and the staff's search in them.

The search wants every piece and ranks nothing, so FTS5 is right for it; see `knowledge/index/schema.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from knowledge.entry import Entry
from knowledge.text.grams import bigrams
from knowledge.text.normalize import fold


class Catalogue:
    """Gathers the catalogue while an index is built."""

    def __init__(self) -> None:
        self._entries: dict[str, list[int]] = {}  # by category, in order of first appearance
        self._pieces: list[tuple[int, str]] = []

    def add(self, number: int, entry: Entry, names: Sequence[str]) -> None:
        """Take in one entry with its folded title and phrasings."""
        self._entries.setdefault(entry.category, []).append(number)
        numbers = (entry.citation.document_number, *(value for _, value in entry.fields))
        texts = (*names, *(fold(text) for text in numbers))
        self._pieces.append((number, " ".join(piece for text in texts for piece in bigrams(text))))

    def write(self, db: Database) -> None:
        """Write the catalogue's tables."""
        db.table("categories").insert_all(
            {"number": number, "name": name, "entries": len(entries)}
            for number, (name, entries) in enumerate(self._entries.items())
        )
        db.conn.executemany(
            "insert into catalogue values (?, ?)",
            ((n, entry) for n, entries in enumerate(self._entries.values()) for entry in entries),
        )
        db.conn.executemany("insert into catalogue_pieces (rowid, pieces) values (?, ?)", self._pieces)


def catalogue_query(text: str) -> str:
    """An FTS5 query for entries that hold every piece of `text`; "" when there is nothing to look for.

    What stands between spaces may be found in different places.
    """
    pieces = (piece for word in fold(text).split() for piece in bigrams(word))
    return " ".join(f'"{piece}"' for piece in dict.fromkeys(pieces))
