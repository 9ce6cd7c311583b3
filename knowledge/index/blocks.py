"""Entries as they lie in the file: JSON lines, sixteen to a compressed block.

GB 18030 writes a Chinese character in two bytes where UTF-8 needs three, and holds all of Unicode;
a dictionary of sample lines lets a short block compress like a long one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from knowledge.entry import Citation, Entry, EntryKind

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_KINDS = tuple(EntryKind)
_DICTIONARY_BYTES = 32_000  # deflate looks back 32 KB at most
_DICTIONARY_FROM = 1_000  # entries; below, a dictionary would be larger than what it saves


def line_of(entry: Entry) -> bytes:
    """One entry as a JSON list, without the empty values at its end.

    Put together by hand, because it is done for each entry of a build, and most have no more than the `head`.
    """
    quoted = encode_basestring
    head = (
        f"[{quoted(entry.entry_id)},{quoted(entry.title)},{quoted(entry.text)},"
        f"{_KINDS.index(entry.kind)},{_citation_json(entry.citation)}"
    )
    rest = (
        entry.category,
        _path_value(entry),
        entry.parent_id,
        entry.heading_trail,
        entry.phrasings,
        entry.fields,
        entry.year,
        entry.version_of,
    )
    line = f"{head},{_ENCODER.encode(_without_empty_end(rest))[1:]}" if any(rest) else head + "]"
    try:
        return line.encode("gb18030")
    except UnicodeEncodeError:  # half a surrogate pair: escaped, JSON can hold it
        return json.dumps(json.loads(line), separators=(",", ":")).encode()


def entry_of(line: bytes) -> Entry:
    """The entry of one line."""
    values = json.loads(line.decode("gb18030"))
    values += [0] * (13 - len(values))
    entry_id, title, text, kind, citation, category, path, parent, trail, phrasings, fields, year, same = (
        values
    )
    return Entry(
        entry_id=entry_id,
        path={0: entry_id, 1: ""}.get(path, path),
        kind=_KINDS[kind],
        title=title or "",
        text=text or "",
        citation=_citation(citation),
        category=category or "",
        parent_id=parent or "",
        heading_trail=tuple(trail or ()),
        phrasings=tuple(phrasings or ()),
        year=year if year else None,
        version_of=same or "",
        fields=tuple((label, value) for label, value in fields or ()),
    )


def _path_value(entry: Entry) -> str | int:
    """The path, 0 where it is the id (nearly always, and 0 costs nothing), 1 for none."""
    return 0 if entry.path == entry.entry_id else entry.path or 1


@lru_cache(maxsize=256)
def _citation_json(citation: Citation) -> str:
    """The citation as a JSON list; the entries of one document share it."""
    published_on = citation.published_on.isoformat() if citation.published_on else ""
    values = (
        citation.source_title,
        citation.section,
        citation.publisher,
        citation.document_number,
        published_on,
        citation.link,
    )
    return _ENCODER.encode(_without_empty_end(values))


def _without_empty_end(values: Sequence[Any]) -> Sequence[Any]:
    end = len(values)
    while end and not values[end - 1]:
        end -= 1
    return values[:end]


def _citation(values: list[str]) -> Citation:
    title, section, publisher, number, published_on, link = values + [""] * (6 - len(values))
    return Citation(
        title, section, publisher, number, date.fromisoformat(published_on) if published_on else None, link
    )


def dictionary_of(lines: Sequence[bytes]) -> bytes:
    """Sample lines, evenly spread, as the dictionary of all blocks; b"" for a small index."""
    if len(lines) < _DICTIONARY_FROM:
        return b""
    step = max(1, sum(map(len, lines)) // _DICTIONARY_BYTES)
    return b"\n".join(lines[::step])[-_DICTIONARY_BYTES:]


class Compressor:
    """Compresses blocks with one dictionary; the prepared state is copied, not made again."""

    def __init__(self, dictionary: bytes) -> None:
        self._prepared = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, dictionary)

    def block(self, lines: Sequence[bytes]) -> bytes:
        """The compressed block of some lines."""
        deflate = self._prepared.copy()
        return deflate.compress(b"\n".join(lines)) + deflate.flush()


def lines_of(block: bytes, dictionary: bytes) -> list[bytes]:
    """The lines of a compressed block."""
    inflate = zlib.decompressobj(-15, dictionary)
    return (inflate.decompress(block) + inflate.flush()).split(b"\n")
