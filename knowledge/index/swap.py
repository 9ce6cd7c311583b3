"""Where an index is built, how it is checked, and how it takes the place of the one before."""

from __future__ import annotations

import fcntl
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from knowledge.entry import Entry
from knowledge.errors import IndexBroken, IndexMissing
from knowledge.index.index import Index
from knowledge.text.grams import bigrams, letters_of
from knowledge.text.normalize import fold

SAMPLED = 40
_ASKED_PIECES = 80


class Sample:
    """A random but repeatable sample of the entries that pass by."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._random = random.Random(0)  # noqa: S311 - which entries are checked is no secret

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Pass the entries on, keeping each with equal chance."""
        for number, entry in enumerate(entries):
            if number < SAMPLED:
                self.entries.append(entry)
            elif (place := int(self._random.random() * (number + 1))) < SAMPLED:
                self.entries[place] = entry
            yield entry


@contextmanager
def building_site(target: Path, version: str) -> Iterator[Path]:
    """The path of the new file; whatever is still there at the end is removed.

    One build at a time: a second process waits.  So what an earlier build left over when it was killed
    can be told from a build at work, and is removed.
    """
    new = target.with_name(f".{target.name}.{version}.new")
    with _locked(target):
        for left_over in target.parent.glob(f".{target.name}.*.new"):
            left_over.unlink()
        try:
            yield new
        finally:
            new.unlink(missing_ok=True)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Nobody else builds or swaps meanwhile, in this process or another."""
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def swap_in(new: Path, target: Path, *, keeps_previous: bool = False) -> None:
    """Put the new file at `target`; the one that was there stays beside it as `.previous`.

    `keeps_previous`: what is there as `.previous` already stays it, so that a small addition to the live
    index does not use up the one step back.
    """
    with new.open("rb") as file:
        os.fsync(file.fileno())
    if target.exists() and not (keeps_previous and previous_of(target).exists()):
        kept = new.with_name(new.name.removesuffix(".new") + ".kept.new")
        kept.unlink(missing_ok=True)
        os.link(target, kept)
        kept.replace(previous_of(target))
    new.replace(target)
    _sync_folder(target.parent)


def _sync_folder(path: Path) -> None:
    """After a power cut the names still lead to the files they lead to now."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def previous_of(target: Path) -> Path:
    """Where the index before this one is kept."""
    return target.with_name(target.name + ".previous")


def roll_back(target: Path) -> None:
    """Make the previous index live again; the one that was live becomes the previous: this can be undone.

    Raises IndexMissing when there is none, IndexBroken when it cannot be read; then nothing changes.
    """
    previous = previous_of(target)
    with _locked(target):
        if not previous.exists():
            raise IndexMissing(f"there is no previous index at {previous}")
        Index.open(previous).close()
        left = target.with_name(f".{target.name}.left.new")  # should we be killed, the next build removes it
        left.unlink(missing_ok=True)
        if target.exists():
            os.link(target, left)
        os.utime(previous)  # tells when it went live
        previous.replace(target)
        if left.exists():
            left.replace(previous)
        _sync_folder(target.parent)


def check(path: Path, count: int, sample: Sequence[Entry]) -> None:
    """Raise IndexBroken unless the file holds `count` entries of different ids and gives back the sample."""
    with Index.open(path) as index:
        problem = index.damage()
        if problem:
            raise IndexBroken(f"the new index is damaged: {problem}")
        if index.size != count:
            raise IndexBroken(f"the new index holds {index.size} entries, {count} were given")
        twice = index.given_twice()
        if twice:
            raise IndexBroken(f"entry ids must be unique; given more than once: {', '.join(twice)}")
        for entry in sample:
            if index.entry(entry.entry_id) != entry:
                raise IndexBroken(f"entry {entry.entry_id} does not come back as it was given")
            if not _is_found(index, entry):
                raise IndexBroken(f"entry {entry.entry_id} is not found by its own words")


def _is_found(index: Index, entry: Entry) -> bool:
    """Whether the entry, or one with the same words, is among the candidates for its own words.

    Its title alone may be shared by any number of others; then the look-up of names must know it.
    """
    title = fold(entry.title)
    if letters_of(title) and not index.is_named(entry.entry_id, title):
        return False
    pieces = bigrams(title) + bigrams(fold(entry.text))[:_ASKED_PIECES]
    if not pieces:
        return True
    found = index.by_rowids([candidate.rowid for candidate in index.candidates(pieces)])
    return any((each.title, each.text) == (entry.title, entry.text) for each in found)
