"""Builds an index: a new file beside its place, checked, swapped in whole.

    entry by entry: stored, named, cut into pieces ─▶ counted ─▶ checked ─▶ os.replace

On any failure the old file stays and the new one is removed; killed in the middle, only a hidden file is left
over, which the next build removes.  The file that was live before is kept beside it as `.previous`, and
`knowledge.index.swap.roll_back` brings it back.
"""

from __future__ import annotations

import secrets
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from knowledge.entry import Entry
from knowledge.index.meanings import Meaning, MeaningWriter
from knowledge.index.pieces import heard, pieces, sounds_known, spelt
from knowledge.index.schema import FORMAT, PAGE_BYTES, create_tables, finish_tables
from knowledge.index.stored import stored
from knowledge.index.swap import Sample, building_site, check, previous_of, swap_in
from knowledge.text.grams import letters_of
from knowledge.text.normalize import fold


@dataclass(frozen=True)
class BuildReport:
    """What a build made.  `version` is new with each build."""

    entries: int
    seconds: float
    size_bytes: int
    version: str


class Builder:
    """One build into one new file."""

    def __init__(self, db: Database, meaning: Meaning | None = None) -> None:
        self._db = db
        self._meanings = MeaningWriter(meaning) if meaning else None
        self._without_meaning = 0
        self._lengths = array("L")

    def run(self, entries: Iterable[Entry]) -> int:
        """Write everything but `meta`; returns the number of entries."""
        create_tables(self._db)
        for number, entry in enumerate(entries):
            self._add(number, entry)
        finish_tables(self._db)
        if self._meanings:
            self._without_meaning = self._meanings.write(self._db.conn)
        return len(self._lengths)

    def facts(self) -> dict[str, bytes]:
        """The rows of `meta` that reading needs."""
        return {
            "format": FORMAT,
            "sounds": sounds_known(),
            "entries": str(len(self._lengths)).encode(),
            "lengths": np.array(self._lengths, "<u4").tobytes(),
            "without_meaning": str(self._without_meaning).encode(),
        }

    def _add(self, number: int, entry: Entry) -> None:
        write = self._db.conn.execute
        names = [fold(name) for name in (entry.title, *entry.phrasings)]
        text = spelt(names, [fold(part) for part in (*entry.heading_trail, entry.text)])
        by_sight = pieces(text)
        write("insert into entries values (?, ?, ?, ?)", (number, entry.token, entry.category, stored(entry)))
        for name in dict.fromkeys(filter(None, map(letters_of, names))):
            write("insert into names values (?, ?)", (name, number))
        write("insert into texts values (?, ?)", (number, text))
        tokens = " ".join((*by_sight, *pieces(heard(text))))
        write("insert into pieces (rowid, piece) values (?, ?)", (number, tokens))
        self._lengths.append(len(by_sight))
        if self._meanings:
            self._meanings.add(number, entry)


@dataclass(frozen=True)
class Built:
    """A new index, whole and checked, beside its place; gone after `building` unless it went live."""

    path: Path
    target: Path
    report: BuildReport

    def go_live(self, *, keeps_previous: bool = False) -> None:
        """Take the place of the index before; that one is kept as `.previous` (see `swap_in`)."""
        swap_in(self.path, self.target, keeps_previous=keeps_previous)


@contextmanager
def building(
    entries: Iterable[Entry],
    target: Path,
    attachments: Mapping[str, str] | None = None,
    meaning: Meaning | None = None,
) -> Iterator[Built]:
    """Build an index of `entries` beside `target`; whoever looked at it decides whether it goes live.

    `attachments` are texts kept with the index and read back with `Index.attachment` (terms, weights), so
    that a question is answered from one consistent set.  With a `meaning` what the texts mean is built in;
    vectors that the index at `target` knows are taken over.  Raises IndexBroken when the new file does not
    hold what was put into it; then, and on any other failure, what was at `target` is untouched.
    """
    started = time.monotonic()
    target.parent.mkdir(parents=True, exist_ok=True)
    version = secrets.token_hex(8)
    with building_site(target, version) as new:
        sample, count = _write(new, entries, version, attachments or {}, _with_known(meaning, target))
        check(new, count, sample)
        report = BuildReport(count, time.monotonic() - started, new.stat().st_size, version)
        yield Built(new, target, report)


def build(
    entries: Iterable[Entry],
    target: Path,
    attachments: Mapping[str, str] | None = None,
    meaning: Meaning | None = None,
) -> BuildReport:
    """`building`, and live at once."""
    with building(entries, target, attachments, meaning) as built:
        built.go_live()
    return built.report


def _with_known(meaning: Meaning | None, target: Path) -> Meaning | None:
    """What the live index and the one before it know need not be embedded again."""
    if meaning is None:
        return None
    return replace(meaning, kept_in=(target, previous_of(target), *meaning.kept_in))


def _write(
    path: Path,
    entries: Iterable[Entry],
    version: str,
    attachments: Mapping[str, str],
    meaning: Meaning | None,
) -> tuple[list[Entry], int]:
    """Fill a new file; returns what is to be checked (see `swap.check`), and the number of entries."""
    sample = Sample()
    with closing(Database(path)) as db:
        # Nobody else sees this file yet: without a journal it is written once, and synced when it is whole.
        db.executescript(f"pragma page_size={PAGE_BYTES}; pragma journal_mode=off; pragma synchronous=off")
        builder = Builder(db, meaning)
        count = builder.run(sample.watch(entries))
        facts = builder.facts() | {"version": version.encode()}
        facts |= {f"attachment:{name}": text.encode() for name, text in attachments.items()}
        db.table("meta").insert_all({"key": key, "value": value} for key, value in facts.items())
        db.conn.commit()
    return sample.entries, count
