"""`Base`: the only door through which the bot uses the knowledge.

    base = Base.open(home / "knowledge.db")
    base.ask("低保咋申请")                   -> Answer | Suggest | Unknown
    base.ask("那2017年的呢", previous=id)    -> the same question about another year
    base.explain("低保咋申请")               -> why: words, candidates, margin, floors
    base.entry(entry_id) / base.by_token(token)  -> Entry | None
    base.categories(); base.browse(category, offset, limit); base.guide(topic)
    with base.candidate(folder) as new:          a new index beside the live one:
        new.report; new.ask(...); new.go_live()  looked at first, live when it is told to be
    base.roll_back() -> ReloadReport             the index before this one, live again

A question is answered from one index: when the file was replaced, the next question opens the new one.
Whoever shows a Suggest should quote `hit.passage` of the first: one sees at a glance whether it is meant.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from knowledge.entry import Decision, Entry, EntryKind
from knowledge.errors import IndexBroken, IndexMissing
from knowledge.index.build import Built, build, building
from knowledge.index.index import Index
from knowledge.index.swap import roll_back
from knowledge.matching.ask import WEIGHTS_FILE, Asker
from knowledge.matching.decide import Weights
from knowledge.matching.explain import Explained, explained
from knowledge.matching.terms import TermLike, Terms
from knowledge.sources import read_folder

__all__ = ["WEIGHTS_FILE", "Base", "Candidate", "ReloadReport", "build_base", "build_index"]

_ATTACHED = ("terms", "weights", "agency")  # what an index holds beside its entries


@dataclass(frozen=True)
class ReloadReport:
    """What a reload changed: titles of entries, and how many there are now."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    total: int
    has_other_terms: bool = False  # the words of terms.yaml, or accepted ones, are others than before


class Candidate:
    """A new index that answers questions on trial.  Used inside `with base.candidate(...)`, never after."""

    def __init__(self, built: Built, asker: Asker, report: ReloadReport, is_new: bool) -> None:
        """`is_new`: whether anything in it differs from the live one."""
        self._built = built
        self._asker = asker
        self.report = report
        self.is_new = is_new

    def ask(self, text: str) -> Decision:
        """What it would answer; see `Base.ask`."""
        return self._asker.ask(text)

    def entry(self, entry_id: str) -> Entry | None:
        """Its entry of this id."""
        return self._asker.index.entry(entry_id)

    @property
    def version(self) -> str:
        return self._asker.index.version

    def go_live(self, *, keeps_previous: bool = False) -> None:
        """From now on it answers residents, in every program that has this base open.

        `keeps_previous`: `Base.roll_back` still leads to the index that it led to before.
        """
        self._built.go_live(keeps_previous=keeps_previous)


class Base:
    """An index at a path, always the newest; usable from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._mark = _mark(path)
        self._asker = Asker(Index.open(path))

    @classmethod
    def open(cls, index_path: Path) -> Self:
        """Raises IndexMissing or IndexBroken when none can be read: build one with `build_base`."""
        return cls(index_path)

    def close(self) -> None:
        """Close the index file."""
        self._asker.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _current(self) -> Asker:
        """The asker of the file that is there now; an index in use stays readable until its last question."""
        mark = _mark(self._path)
        if mark != self._mark and mark is not None:
            with self._lock:
                if mark != self._mark:
                    self._asker, self._mark = Asker(Index.open(self._path)), mark
        return self._asker

    def ask(self, text: str, previous: str = "") -> Decision:
        """Find what answers.  `previous` is the entry last shown in the chat, for follow-up questions."""
        return self._current().ask(text, previous)

    def explain(self, text: str) -> list[Explained]:
        """Why `ask` decides as it does: one explanation for each question of the message."""
        return explained(self._current(), text)

    @property
    def version(self) -> str:
        """Changes with each swap."""
        return self._current().index.version

    @property
    def size(self) -> int:
        """Number of entries."""
        return self._current().index.size

    @property
    def agency(self) -> str:
        """The agency that the newest report names, "" when there is no report."""
        return self._current().index.attachment("agency")

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this id."""
        return self._current().index.entry(entry_id)

    def by_token(self, token: str) -> Entry | None:
        """The entry that a button names."""
        return self._current().index.by_token(token)

    def guide(self, topic: str) -> Entry | None:
        """The guide entry of this id in guide.yaml."""
        return self.entry(f"guide:{topic}")

    def categories(self) -> list[tuple[str, int]]:
        """Categories with the number of entries, in catalogue order."""
        return self._current().index.categories()

    def browse(self, category: str, offset: int = 0, limit: int = 10) -> list[Entry]:
        """One page of a category."""
        return self._current().index.browse(category, offset, limit)

    @property
    def live_since(self) -> datetime:
        """When this index was built or brought back."""
        return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)

    @contextmanager
    def candidate(
        self,
        folder: Path,
        extra_entries: Iterable[Entry] = (),
        office: Mapping[str, str] | None = None,
        extra_terms: Iterable[TermLike] = (),
        extra_phrasings: Mapping[str, Sequence[str]] | None = None,
    ) -> Iterator[Candidate]:
        """A new index of the folder, beside the live one.  Raises SourceError, and the old index stays.

        `extra_phrasings`: further ways to ask for an entry, by its id.
        """
        knowledge = read_folder(folder, office or {})
        entries = _with_phrasings([*knowledge.entries, *extra_entries], extra_phrasings or {})
        attachments = _attachments([*knowledge.terms, *extra_terms], knowledge.agency)
        with self._candidate(entries, attachments) as candidate:
            yield candidate

    def reload(
        self, folder: Path, extra_entries: Iterable[Entry] = (), office: Mapping[str, str] | None = None
    ) -> ReloadReport:
        """Build from the folder and go live at once, unexamined.  Raises SourceError, and nothing changes."""
        with self.candidate(folder, extra_entries, office) as candidate:
            candidate.go_live()
        return candidate.report

    @contextmanager
    def republished(
        self, replies: Iterable[Entry], extra_phrasings: Mapping[str, Sequence[str]] | None = None
    ) -> Iterator[Candidate]:
        """The live index with these published replies in place of its own; no file of the folder is read."""
        replies = _with_phrasings(replies, extra_phrasings or {})
        index = self._current().index
        kept = [entry for entry in index.entries() if entry.kind is not EntryKind.PUBLISHED_REPLY]
        attachments = {name: index.attachment(name) for name in _ATTACHED}
        with self._candidate([*kept, *replies], attachments) as candidate:
            yield candidate

    @contextmanager
    def _candidate(self, entries: Sequence[Entry], attachments: Mapping[str, str]) -> Iterator[Candidate]:
        with building(entries, self._path, attachments) as built, Index.open(built.path) as index:
            live = self._current().index  # nobody else swaps while this is built
            before = list(live.entries())
            is_new = before != list(entries) or any(
                live.attachment(name) != attachments[name] for name in _ATTACHED
            )
            report = _compared(before, entries, live.attachment("terms") != attachments["terms"])
            yield Candidate(built, Asker(index), report, is_new)

    def roll_back(self) -> ReloadReport:
        """Make the index before this one live again; doing it twice undoes it.

        Raises IndexMissing when none is kept, IndexBroken when it cannot be read; then nothing changes.
        """
        left = self._current().index
        before, terms = list(left.entries()), left.attachment("terms")
        roll_back(self._path)
        live = self._current().index
        return _compared(before, list(live.entries()), live.attachment("terms") != terms)


def build_base(
    folder: Path,
    target: Path,
    extra_entries: Iterable[Entry] = (),
    office: Mapping[str, str] | None = None,
    extra_terms: Iterable[TermLike] = (),
    extra_phrasings: Mapping[str, Sequence[str]] | None = None,
) -> ReloadReport:
    """Read a folder of sources and build the index at `target`, whether or not there was one."""
    knowledge = read_folder(folder, office or {})
    entries = _with_phrasings([*knowledge.entries, *extra_entries], extra_phrasings or {})
    try:
        with Index.open(target) as index:
            before = list(index.entries())
    except (IndexMissing, IndexBroken):
        before = []
    build_index(entries, [*knowledge.terms, *extra_terms], target, agency=knowledge.agency)
    return _compared(before, entries)


def build_index(
    entries: Iterable[Entry], terms: Iterable[TermLike], target: Path, *, agency: str = ""
) -> None:
    """Build an index with terms and weights beside the entries, so that each question sees one set."""
    build(entries, target, _attachments(terms, agency))


def _with_phrasings(entries: Iterable[Entry], extra: Mapping[str, Sequence[str]]) -> list[Entry]:
    return [
        replace(entry, phrasings=tuple(dict.fromkeys((*entry.phrasings, *extra[entry.entry_id]))))
        if entry.entry_id in extra
        else entry
        for entry in entries
    ]


def _attachments(terms: Iterable[TermLike], agency: str) -> dict[str, str]:
    weights = WEIGHTS_FILE.read_text(encoding="utf-8")
    Weights.from_yaml(weights)
    return dict(zip(_ATTACHED, (Terms.of(terms).to_json(), weights, agency), strict=True))


def _compared(before: Sequence[Entry], after: Sequence[Entry], has_other_terms: bool = False) -> ReloadReport:
    old, new = ({entry.entry_id: entry for entry in entries} for entries in (before, after))
    return ReloadReport(
        added=tuple(entry.title for key, entry in new.items() if key not in old),
        changed=tuple(entry.title for key, entry in new.items() if key in old and old[key] != entry),
        removed=tuple(entry.title for key, entry in old.items() if key not in new),
        total=len(new),
        has_other_terms=has_other_terms,
    )


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Tells one file from another at the same path; None while there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
