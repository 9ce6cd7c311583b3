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

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self, TypeVar

from knowledge.documents.reading import Read, read_document
from knowledge.entry import Decision, Entry, EntryKind
from knowledge.errors import KnowledgeError, SourceProblem
from knowledge.index.build import Built, build, building
from knowledge.index.index import Index
from knowledge.index.meanings import Meaning
from knowledge.index.swap import previous_of, roll_back
from knowledge.matching.ask import WEIGHTS_FILE, Asker
from knowledge.matching.decide import Weights
from knowledge.matching.explain import Explained, explained
from knowledge.matching.terms import TermLike, Terms
from knowledge.meaning.embedder import Embedder
from knowledge.sources import Ask, Knowledge, read_folder

__all__ = ["WEIGHTS_FILE", "Base", "Candidate", "ReloadReport", "build_base", "build_index"]

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_ATTACHED = ("terms", "weights", "agency", "asks")  # what an index holds beside its entries


@dataclass(frozen=True)
class ReloadReport:
    """What a reload changed: titles of entries, and how many there are now."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    total: int
    has_other_terms: bool = False  # the words of terms.yaml, or accepted ones, are others than before
    problems: tuple[SourceProblem, ...] = ()  # of files that could not be read, where a base was first built


class Candidate:
    """A new index that answers questions on trial.  Used inside `with base.candidate(...)`, never after."""

    def __init__(
        self,
        built: Built,
        asker: Asker,
        report: ReloadReport,
        is_new: bool,
        knowledge: Knowledge | None = None,
        replaces_damage: bool = False,
    ) -> None:
        """`is_new`: whether anything in it differs from the live one; `knowledge`: the folder as it was read,
        with what could not be; None where no folder was.  `replaces_damage`: the file that it replaces is no
        index any more, and never becomes the one to roll back to."""
        self._replaces_damage = replaces_damage
        self._built = built
        self._asker = asker
        self.report = report
        self.is_new = is_new
        self.knowledge = knowledge

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
        self._built.go_live(keeps_previous=keeps_previous or self._replaces_damage)


class Base:
    """An index at a path, always the newest; usable from several threads."""

    def __init__(self, path: Path, meaning: Meaning | None = None) -> None:
        self._path = path
        self._meaning = meaning
        self._lock = threading.Lock()
        self._mark = _mark(path)
        self._damaged: object = None  # the mark of the file that turned out to be damaged
        self._asker = self._opened(path)

    @classmethod
    def open(cls, index_path: Path, meaning: Meaning | None = None) -> Self:
        """Raises IndexMissing or IndexBroken when none can be read: build one with `build_base`.

        With a `meaning` questions are also found by what they mean, where the index was built with one.
        """
        return cls(index_path, meaning)

    def _opened(self, path: Path) -> Asker:
        return Asker(Index.open(path), self.embedder)

    @property
    def embedder(self) -> Embedder | None:
        """What reads texts by meaning, None where words alone decide."""
        return self._meaning.embedder if self._meaning else None

    @staticmethod
    def is_whole(index_path: Path) -> bool:
        """Whether there is an index that this version can read, every page of it."""
        try:
            with Index.open(index_path) as index:
                return not index.damage()
        except (KnowledgeError, ValueError, sqlite3.DatabaseError):
            return False

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
                    self._take_up(mark)
        return self._asker

    def _take_up(self, mark: tuple[int, int, int]) -> None:
        """The file that is there now; should it be damaged, the index that was open goes on answering."""
        self._mark = mark
        try:
            self._asker = self._opened(self._path)
        except (KnowledgeError, ValueError, sqlite3.DatabaseError):
            self._damaged = mark
            logger.error("index.damaged at=swap")

    @property
    def is_damaged(self) -> bool:
        """Whether the file must be built anew; the version before answers meanwhile, where there is one."""
        self._current()
        return self._damaged is not None and self._damaged == self._mark

    def _look(self, look: Callable[[Asker], _T]) -> _T:
        """Ask the index; when it fails because its file is damaged, ask the version before it."""
        asker = self._current()
        try:
            return look(asker)
        except Exception:
            if not asker.index.damage():
                raise
        return look(self._before(asker))

    def _before(self, broken: Asker) -> Asker:
        """Answers until the file is another one.  Raises IndexMissing or IndexBroken when there is none."""
        with self._lock:
            if self._asker is broken:
                logger.error("index.damaged version=%s", broken.index.version)
                self._damaged = self._mark
                self._asker = self._opened(previous_of(self._path))
            return self._asker

    def ask(self, text: str, previous: str = "", *, today: date | None = None, agency: str = "") -> Decision:
        """Find what answers.  `previous` is the entry last shown in the chat, for follow-up questions.

        `today` is the day of asking, from which 去年 is told; `agency` the one that was chosen in the chat.
        """
        return self._look(lambda asker: asker.ask(text, previous, today=today, agency=agency))

    def explain(self, text: str) -> list[Explained]:
        """Why `ask` decides as it does: one explanation for each question of the message."""
        return self._look(lambda asker: explained(asker, text))

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

    @property
    def asks(self) -> list[Ask]:
        """What the texts of the documents do not tell, and an admin is asked."""
        stored = self._current().index.attachment("asks")
        return [Ask(file, field, tuple(guesses)) for file, field, guesses in json.loads(stored or "[]")]

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of this id."""
        return self._look(lambda asker: asker.index.entry(entry_id))

    def by_token(self, token: str) -> Entry | None:
        """The entry that a button names."""
        return self._look(lambda asker: asker.index.by_token(token))

    def entries(self) -> Iterator[Entry]:
        """Everything that is disclosed, in the order of the catalogue; facts and short notes included."""
        return self._look(lambda asker: asker.index.entries())

    def guide(self, topic: str) -> Entry | None:
        """The guide entry of this id in guide.yaml."""
        return self.entry(f"guide:{topic}")

    def categories(self) -> list[tuple[str, int]]:
        """Categories with the number of entries, in catalogue order."""
        return self._look(lambda asker: asker.index.categories())

    def browse(self, category: str, offset: int = 0, limit: int = 10) -> list[Entry]:
        """One page of a category."""
        return self._look(lambda asker: asker.index.browse(category, offset, limit))

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
        read: Read = read_document,
    ) -> Iterator[Candidate]:
        """A new index of the folder, beside the live one.  Raises SourceError where the folder itself cannot
        be read.  Of a file that cannot be read, what is live of it is part of the new index too.

        `extra_phrasings`: further ways to ask for an entry, by its id.  `read` reads one document.
        """
        knowledge = read_folder(folder, office or {}, read)
        live = self._whole()
        stay = _staying(knowledge, live.entries() if live else ())
        entries = _with_phrasings([*_woven(knowledge.entries, stay), *extra_entries], extra_phrasings or {})
        attachments = _attachments([*knowledge.terms, *extra_terms], knowledge.agency, knowledge.asks)
        if live and "terms.yaml" in knowledge.unread:
            attachments["terms"] = live.attachment("terms")
        with self._candidate(entries, attachments, knowledge) as candidate:
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
    def _candidate(
        self, entries: Sequence[Entry], attachments: Mapping[str, str], knowledge: Knowledge | None = None
    ) -> Iterator[Candidate]:
        with (
            building(entries, self._path, attachments, self._meaning) as built,
            Index.open(built.path) as index,
        ):
            live = self._whole()  # nobody else swaps while this is built
            before = list(live.entries()) if live else []
            held = {name: live.attachment(name) if live else "" for name in _ATTACHED}
            differs = before != list(entries) or any(held[name] != attachments[name] for name in _ATTACHED)
            report = _compared(before, entries, held["terms"] != attachments["terms"])
            is_damaged = self.is_damaged
            yield Candidate(
                built, Asker(index, self.embedder), report, differs or is_damaged, knowledge, is_damaged
            )

    def _whole(self) -> Index | None:
        """The live index, or the one before when its file is damaged; None when neither can be read."""
        asker = self._current()
        if not asker.index.damage():
            return asker.index
        try:
            return self._before(asker).index
        except (KnowledgeError, ValueError, sqlite3.DatabaseError):
            return None

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
    read: Read = read_document,
    meaning: Meaning | None = None,
) -> ReloadReport:
    """Read a folder of sources and build the index at `target`, whether or not there was one."""
    knowledge = read_folder(folder, office or {}, read)
    before: list[Entry] = []
    if Base.is_whole(target):
        with Index.open(target) as index:
            before = list(index.entries())
    stay = _staying(knowledge, before)
    entries = _with_phrasings([*_woven(knowledge.entries, stay), *extra_entries], extra_phrasings or {})
    build_index(entries, [*knowledge.terms, *extra_terms], target, agency=knowledge.agency, meaning=meaning)
    return replace(_compared(before, entries), problems=knowledge.problems)


def _staying(knowledge: Knowledge, live: Iterable[Entry]) -> list[Entry]:
    """What is live of the files that cannot be read now."""
    if not (knowledge.unread or knowledge.held):
        return []
    known = {entry.entry_id for entry in knowledge.entries}
    return [entry for entry in live if entry.entry_id not in known and knowledge.stays(entry)]


def _woven(entries: Sequence[Entry], stay: Sequence[Entry]) -> list[Entry]:
    """In the order of the catalogue, whichever file could not be read: items, documents, guide."""
    if not stay:
        return list(entries)
    order = {"item": 0, "guide": 2}
    return sorted([*entries, *stay], key=lambda entry: order.get(entry.entry_id.partition(":")[0], 1))


def build_index(
    entries: Iterable[Entry],
    terms: Iterable[TermLike],
    target: Path,
    *,
    agency: str = "",
    meaning: Meaning | None = None,
) -> None:
    """Build an index with terms and weights beside the entries, so that each question sees one set."""
    build(entries, target, _attachments(terms, agency), meaning)


def _with_phrasings(entries: Iterable[Entry], extra: Mapping[str, Sequence[str]]) -> list[Entry]:
    return [
        replace(entry, phrasings=tuple(dict.fromkeys((*entry.phrasings, *extra[entry.entry_id]))))
        if entry.entry_id in extra
        else entry
        for entry in entries
    ]


def _attachments(terms: Iterable[TermLike], agency: str, asks: Sequence[Ask] = ()) -> dict[str, str]:
    weights = WEIGHTS_FILE.read_text(encoding="utf-8")
    Weights.from_yaml(weights)
    asked = json.dumps([[ask.file, ask.field, ask.guesses] for ask in asks], ensure_ascii=False)
    return dict(zip(_ATTACHED, (Terms.of(terms).to_json(), weights, agency, asked), strict=True))


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
