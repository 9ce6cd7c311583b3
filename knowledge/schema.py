"""The tables of the index file.

| table | one row for | columns |
|---|---|---|
| `meta` | a fact about the index | key, value: version, entries, syllables, lengths, dictionary, attachment:NAME |
| `entries` | `BLOCK` entries | number of the first / BLOCK; body: JSON lines, compressed |
| `tokens`, `names`, `children` | an entry's token, a title or phrasing, an entry below another | a number to look up; entry |
| `categories`, `catalogue` | a category; an entry in it | name and size; category, entry |
| `catalogue_pieces` | an entry in the catalogue | FTS5 over the bigrams of its title, phrasings and document numbers |
| `postings`, `shared_postings` | a bigram or syllable bigram; up to 256 rare ones | see `knowledge/postings.py` |

Entries are numbered from 0 in the order they were given; that number is the "rowid" of the rest of the
code.  Plain tables are sqlite-utils'; those of two integers are WITHOUT ROWID, which it does not offer and
which halves them.

Why ranking does not use FTS5: measured over a million short entries, `ORDER BY bm25()` over a question's
bigrams takes 1.2 s (95 % of it bm25 itself), the postings here a few milliseconds, in half the space.  FTS5
stays where all pieces must occur and nothing is ranked: the staff's search of the catalogue.
"""

from __future__ import annotations

from sqlite_utils import Database

PAGE_BYTES = 8192  # long postings are read page by page; more would waste space in a small index
BLOCK = 16  # entries in one compressed row: smaller is faster to read, larger is smaller

_INTEGER_TABLES = """
create table tokens (token integer, entry integer, primary key (token, entry)) without rowid;
create table names (name integer, entry integer, primary key (name, entry)) without rowid;
create table children (parent integer, entry integer, primary key (parent, entry)) without rowid;
create table catalogue (category integer, entry integer, primary key (category, entry)) without rowid;
create virtual table catalogue_pieces using fts5 (pieces, content='', tokenize="unicode61");
"""


def create_tables(db: Database) -> None:
    """Create all tables in an empty file."""
    db.table("meta").create({"key": str, "value": bytes}, pk="key")
    db.table("entries").create({"block": int, "body": bytes}, pk="block")
    db.table("categories").create({"number": int, "name": str, "entries": int}, pk="number")
    db.table("postings").create(
        {"key": int, "count": int, "form": int, "bound": int, "body": bytes}, pk="key"
    )
    db.table("shared_postings").create({"first": int, "last": int, "body": bytes}, pk="first")
    db.executescript(_INTEGER_TABLES)
