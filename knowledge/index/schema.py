"""The tables of the index file.

| table | one row for | columns |
|---|---|---|
| `meta` | a fact about the index | key (version, entries, lengths, attachment:NAME …), value |
| `entries` | an entry | number, token, category, body (see `stored.py`) |
| `names` | a title or phrasing | name without spaces and punctuation, entry |
| `pieces` | an entry | FTS5 without its content: a token for each piece, as often as it counts |
| `occurrences` | a token of an entry | FTS5's own view of that: term, doc |
| `frequencies` | a piece | in how many entries it is, counted by FTS5 |
| `texts` | an entry | entry, text: that its pieces were cut from (see `pieces.py`) |
| `vectors`, `units` | what a text means; a sentence or name | see `meanings.py` |

Entries are numbered from 0 in the order they were given; that number is the "rowid" of the rest of the code.

FTS5 keeps the postings and `matcher.py` ranks: measured over 100,000 short entries, `order by bm25()` over a
question's bigrams takes 10 to 40 ms, reading the same postings from `occurrences` 1 to 6 ms.
"""

from __future__ import annotations

from sqlite_utils import Database

from knowledge.index.meanings import TABLES

# Changes whenever a reader of the last form could not read the next one; another form is built anew.
FORMAT = b"7"
PAGE_BYTES = 16_384
_HASH_BYTES = 64_000_000  # of new postings that FTS5 gathers before it writes them

# `ascii`: whatever is no ASCII punctuation is part of a token; `columnsize`: `meta` knows the lengths.
_OTHER_TABLES = """
create virtual table pieces using fts5 (piece, content='', columnsize=0, detail=full, tokenize='ascii');
create virtual table occurrences using fts5vocab (pieces, instance);
create virtual table vocabulary using fts5vocab (pieces, row);
create table frequencies (piece text primary key, entries integer) without rowid;
"""
_WHEN_FILLED = """
insert into pieces (pieces) values ('optimize');
insert into frequencies select term, doc from vocabulary;
"""


def create_tables(db: Database) -> None:
    """Create all tables in an empty file."""
    db.table("meta").create({"key": str, "value": bytes}, pk="key")
    db.table("entries").create({"number": int, "token": str, "category": str, "body": bytes}, pk="number")
    db.table("names").create({"name": str, "entry": int})
    db.table("texts").create({"entry": int, "text": str}, pk="entry")
    db.executescript(_OTHER_TABLES + TABLES)
    db.execute("insert into pieces (pieces, rank) values ('hashsize', ?)", [_HASH_BYTES])


def finish_tables(db: Database) -> None:
    """Make what was filled in quick to look up."""
    db.executescript(_WHEN_FILLED)
    db.table("entries").create_index(["token"])
    db.table("entries").create_index(["category"])
    db.table("names").create_index(["name"])
