"""Builds an index: a new file beside its place, checked, swapped in whole.

    cut and spill (chunk by chunk) ─▶ merge and encode (key by key) ─▶ check ─▶ os.replace

On any failure the old file stays and the new one is removed; killed in the middle, only a hidden file is left
over, which the next build removes.  The file that was live before is kept beside it as `.previous`, and
`knowledge.index.swap.roll_back` brings it back.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlite_utils import Database

from knowledge.entry import Entry, token_of
from knowledge.index.blocks import Compressor, dictionary_of, line_of
from knowledge.index.bm25 import length_norms, saturation
from knowledge.index.catalogue import Catalogue
from knowledge.index.chunks import Chunk, Texts, cut, name_keys
from knowledge.index.encoding import Layout, Run, encode
from knowledge.index.lookups import Kind, rows_of
from knowledge.index.schema import BLOCK, FORMAT, PAGE_BYTES, create_tables
from knowledge.index.shared_rows import encode_shared
from knowledge.index.spill import Spill
from knowledge.index.swap import Sample, building_site, check, swap_in
from knowledge.text.grams import all_syllables
from knowledge.text.normalize import fold

CHUNK_ENTRIES = 16_384  # a multiple of BLOCK, at most chunks.LARGEST_CHUNK
CHUNK_CHARACTERS = 4_000_000
_SHOWN = 20  # repeated ids that are named at most


@dataclass(frozen=True)
class BuildReport:
    """What a build made.  `version` is new with each build."""

    entries: int
    seconds: float
    size_bytes: int
    version: str


@dataclass(frozen=True)
class _Prepared:
    """A chunk ready to be put down: postings, and name hashes with their entries."""

    cut: Chunk
    names: npt.NDArray[np.uint64]
    named: npt.NDArray[np.int64]


class Builder:
    """One build into one new file."""

    def __init__(self, db: Database, folder: Path) -> None:
        self._db = db
        self._spill = Spill(folder)
        self._catalogue = Catalogue()
        self._compressor: Compressor | None = None
        self._dictionary = b""
        self._count = 0
        self._blocks = 0
        self._tokens: list[int] = []
        self._children: list[tuple[int, int]] = []
        self._lengths: list[npt.NDArray[np.uint32]] = []
        self._names: list[npt.NDArray[np.int64]] = []

    def close(self) -> None:
        """Remove what is on disk only during the build."""
        self._spill.close()

    def run(self, entries: Iterable[Entry]) -> int:
        """Write everything but `meta`; returns the number of entries."""
        create_tables(self._db)
        waiting: tuple[int, Future[_Prepared]] | None = None
        # One chunk is cut (numpy releases the GIL) while its entries are compressed and the next is folded.
        with ThreadPoolExecutor(1) as pool:
            for chunk in _chunks(entries):
                lines, texts = self._read(chunk)
                following = (self._count - len(chunk), pool.submit(_prepare, texts))
                self._write_blocks(lines)
                if waiting:
                    self._put_down(*waiting)
                waiting = following
            if waiting:
                self._put_down(*waiting)
        self._write_lookups()
        self._write_postings()
        return self._count

    def facts(self) -> dict[str, bytes]:
        """The rows of `meta` that reading needs."""
        return {
            "format": FORMAT,
            "entries": str(self._count).encode(),
            "syllables": " ".join(all_syllables()).encode(),
            "dictionary": self._dictionary,
            "lengths": self._all_lengths().astype("<u2").tobytes(),
        }

    def _read(self, chunk: Sequence[Entry]) -> tuple[list[bytes], list[Texts]]:
        """What has to be done entry by entry, in Python."""
        lines: list[bytes] = []
        texts: list[Texts] = []
        for entry in chunk:
            lines.append(line_of(entry))
            names = [fold(name) for name in (entry.title, *entry.phrasings)]
            body = [fold(text) for text in (*entry.heading_trail, entry.text)]
            texts.append(Texts(names, body))
            self._tokens.append(int(entry.token, 16))
            if entry.parent_id:
                self._children.append((int(token_of(entry.parent_id), 16), self._count))
            if entry.category:
                self._catalogue.add(self._count, entry, names)
            self._count += 1
        return lines, texts

    def _write_blocks(self, lines: Sequence[bytes]) -> None:
        if self._compressor is None:
            self._dictionary = dictionary_of(lines)
            self._compressor = Compressor(self._dictionary)
        blocks = [self._compressor.block(lines[at : at + BLOCK]) for at in range(0, len(lines), BLOCK)]
        self._db.conn.executemany("insert into entries values (?, ?)", enumerate(blocks, self._blocks))
        self._blocks += len(blocks)

    def _put_down(self, first_entry: int, waiting: Future[_Prepared]) -> None:
        prepared = waiting.result()
        self._spill.append(prepared.cut, first_entry)
        self._lengths.append(prepared.cut.lengths)
        pairs = np.stack((prepared.names.astype(np.int64), prepared.named + first_entry), 1)
        self._names.append(pairs[prepared.names > 0])

    def _write_lookups(self) -> None:
        names = np.concatenate(self._names) if self._names else np.empty((0, 2), np.int64)
        children = np.array(self._children, np.int64).reshape(-1, 2)
        tokens = np.array(self._tokens, np.int64)
        for kind, numbers, entries in (
            (Kind.TOKEN, tokens, np.arange(self._count)),
            (Kind.NAME, names[:, 0], names[:, 1]),
            (Kind.PARENT, children[:, 0], children[:, 1]),
        ):
            rows = rows_of(kind, numbers, entries, self._count)
            self._db.conn.executemany("insert into lookups values (?, ?)", rows)
        self._catalogue.write(self._db)

    def same_tokens(self) -> list[int]:
        """Numbers of some entries that have the token of another: two ids in a trillion, or one id twice."""
        tokens = np.array(self._tokens, np.int64)
        order = np.argsort(tokens, kind="stable")
        equal = np.flatnonzero(np.diff(tokens[order]) == 0)[:_SHOWN]
        return sorted({*order[equal].tolist(), *order[equal + 1].tolist()})

    def _write_postings(self) -> None:
        layout = Layout(self._count)
        norms = length_norms(self._all_lengths())
        for run in _one_ahead(self._spill.merged()):
            shared = layout.is_shared(run.counts)
            self._db.conn.executemany(
                "insert into postings values (?, ?, ?, ?, ?)", _rows(run.select(~shared), layout, norms)
            )
            self._db.conn.executemany(
                "insert into shared_postings values (?, ?, ?)", encode_shared(run.select(shared), layout)
            )

    def _all_lengths(self) -> npt.NDArray[np.uint16]:
        lengths = np.concatenate(self._lengths) if self._lengths else np.empty(0, np.uint32)
        return np.minimum(lengths, 65535).astype(np.uint16)


def _chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries in portions of bounded size; all but the last are whole blocks."""
    source = iter(entries)
    chunk: list[Entry] = []
    characters = 0
    while block := list(islice(source, BLOCK)):
        chunk += block
        characters += sum(len(entry.text) for entry in block)
        if len(chunk) >= CHUNK_ENTRIES or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _prepare(texts: list[Texts]) -> _Prepared:
    names = [name for each in texts for name in each.names]
    named = np.repeat(np.arange(len(texts)), [len(each.names) for each in texts])
    return _Prepared(cut(texts), name_keys(names), named)


def _one_ahead(runs: Iterator[Run]) -> Iterator[Run]:
    """The next run is merged in another thread while one is written."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, runs, None)
        while run := following.result():
            following = pool.submit(next, runs, None)
            yield run


def _rows(run: Run, layout: Layout, norms: npt.NDArray[np.float32]) -> list[tuple[int, int, int, int, bytes]]:
    """Rows of `postings` in order of key.  `bound`: the piece's largest saturation in 255ths, rounded up."""
    if not len(run.keys):
        return []
    saturations = saturation(run.weights, norms[run.ids])
    largest = np.maximum.reduceat(saturations, np.cumsum(run.counts) - run.counts)
    bounds = dict(
        zip(run.keys.tolist(), np.minimum(np.ceil(largest * 255), 255).astype(int).tolist(), strict=True)
    )
    rows = [
        (key, posting.count, posting.form, bounds[key], posting.body) for key, posting in encode(run, layout)
    ]
    return sorted(rows, key=lambda row: row[0])


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
    entries: Iterable[Entry], target: Path, attachments: Mapping[str, str] | None = None
) -> Iterator[Built]:
    """Build an index of `entries` beside `target`; whoever looked at it decides whether it goes live.

    `attachments` are texts kept with the index and read back with `Index.attachment` (terms, weights), so
    that a question is answered from one consistent set.  Raises IndexBroken when the new file does not hold
    what was put into it; then, and on any other failure, what was at `target` is untouched.
    """
    started = time.monotonic()
    target.parent.mkdir(parents=True, exist_ok=True)
    version = secrets.token_hex(8)
    with building_site(target, version) as new:
        sample, doubtful, count = _write(new, entries, version, attachments or {})
        check(new, count, sample, doubtful)
        report = BuildReport(count, time.monotonic() - started, new.stat().st_size, version)
        yield Built(new, target, report)


def build(
    entries: Iterable[Entry], target: Path, attachments: Mapping[str, str] | None = None
) -> BuildReport:
    """`building`, and live at once."""
    with building(entries, target, attachments) as built:
        built.go_live()
    return built.report


def _write(
    path: Path, entries: Iterable[Entry], version: str, attachments: Mapping[str, str]
) -> tuple[list[Entry], list[int], int]:
    """Fill a new file; returns what is to be checked (see `swap.check`), and the number of entries."""
    sample = Sample()
    with closing(Database(path)) as db:
        # Nobody else sees this file yet: without a journal it is written once, and synced when it is whole.
        db.executescript(f"pragma page_size={PAGE_BYTES}; pragma journal_mode=off; pragma synchronous=off")
        with closing(Builder(db, path.parent)) as builder:
            count = builder.run(sample.watch(entries))
            facts = builder.facts() | {"version": version.encode()}
            doubtful = builder.same_tokens()
        facts |= {f"attachment:{name}": text.encode() for name, text in attachments.items()}
        db.table("meta").insert_all({"key": key, "value": value} for key, value in facts.items())
        db.conn.commit()
    return sample.entries, doubtful, count
