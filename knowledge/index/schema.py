"""The tables of the index file.

| table | one row for | columns |
|---|---|---|
| `meta` | a fact about the index | key (version, entries, lengths, attachment:NAME …), value |
| `entries` | `BLOCK` entries | number of the first / BLOCK; body: JSON lines, compressed |
| `lookups` | some tokens, titles and phrasings, or parents | see `knowledge/index/lookups.py` |
| `categories`, `catalogue` | a category; an entry in it | name and size; category, entry |
| `catalogue_pieces` | an entry in the catalogue | FTS5: bigrams of titles, phrasings, document numbers |
| `postings` | a bigram or syllable bigram | see `knowledge/index/postings.py` |
| `shared_postings` | up to 256 rare ones | see `knowledge/index/shared_rows.py` |

Entries are numbered from 0 in the order they were given; that number is the "rowid" of the rest of the code.

Why ranking does not use FTS5: measured over a million short entries, `ORDER BY bm25()` over a question's
bigrams takes 1.2 s (95 % of it bm25 itself), the postings here a few milliseconds, in half the space.  FTS5
stays where all pieces must occur and nothing is ranked: the staff's search of the catalogue.
"""

from __future__ import annotations

from sqlite_utils import Database

# Changes whenever a reader of the last form could not read the next one; another form is built anew.
FORMAT = b"3"
PAGE_BYTES = 16_384  # what does not fill a page is wasted: a tenth of the file at 4096
BLOCK = 16  # entries in one compressed row: smaller is faster to read, larger is smaller

_OTHER_TABLES = """
create table catalogue (category integer, entry integer, primary key (category, entry)) without rowid;
create virtual table catalogue_pieces using fts5 (pieces, content='', tokenize="unicode61");
"""


def create_tables(db: Database) -> None:
    """Create all tables in an empty file."""
    db.table("meta").create({"key": str, "value": bytes}, pk="key")
    db.table("entries").create({"block": int, "body": bytes}, pk="block")
    db.table("lookups").create({"number": int, "body": bytes}, pk="number")
    db.table("categories").create({"number": int, "name": str, "entries": int}, pk="number")
    db.table("postings").create(
        {"key": int, "count": int, "form": int, "bound": int, "body": bytes}, pk="key"
    )
    db.table("shared_postings").create({"first": int, "last": int, "body": bytes}, pk="first")
    db.executescript(_OTHER_TABLES)
