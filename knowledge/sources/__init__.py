"""A folder of documents and YAML files -> everything the index is built from.

    2019年报.docx, 通知/修路.pdf …   documents of any kind, cut by their outline and tables   -> paper.py
    documents.yaml                 whose and of when, where a text does not say so          -> directions.py
    items.yaml                     the catalogue of disclosed items                         -> items.py
    guide.yaml                     how to request, in plain words                           -> guide.py
    terms.yaml                     everyday word = official word                            -> terms.py

A folder needs none of the YAML files: what every office shares stands in `knowledge/defaults/`, and the
folder's own files add to it, or take the place of what has the same id.  One file that cannot be read keeps
back no other: it is named, and what was live of it stays.  Every file that is not read is named too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from knowledge.documents.reading import Read, read_document
from knowledge.documents.readings import version_of_code
from knowledge.documents.refusal import NO_TEXT
from knowledge.documents.scan import PICTURES, text_of
from knowledge.entry import Entry
from knowledge.errors import SourceError, SourceProblem
from knowledge.sources.directions import FILE as DIRECTIONS_FILE
from knowledge.sources.directions import Direction, read_directions, read_left_out
from knowledge.sources.folder import Found, Listing, Skipped, list_folder
from knowledge.sources.guide import read_guide
from knowledge.sources.items import read_items
from knowledge.sources.paper import Paper, read_paper
from knowledge.sources.section import short_name
from knowledge.sources.terms import Term, read_terms
from knowledge.sources.told import Ask

__all__ = ["DEFAULTS", "Ask", "Knowledge", "Paper", "Skipped", "Term", "read_folder", "version_of_sources"]

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults"
MADE_BY = ("documents", "sources", "text", "entry.py", "errors.py")  # of this package
_T = TypeVar("_T")


@dataclass(frozen=True)
class Knowledge:
    """All that a folder holds.  The order of `entries` is the order of the catalogue."""

    entries: tuple[Entry, ...]
    terms: tuple[Term, ...]
    papers: tuple[Paper, ...]
    files: tuple[str, ...]  # that were read
    problems: tuple[SourceProblem, ...] = ()  # of files that could not be read
    skipped: tuple[Skipped, ...] = ()
    unread: frozenset[str] = frozenset()  # files whose entries stay as they were
    held: frozenset[str] = frozenset()  # ids of items whose report cannot be read: they stay too

    @property
    def reports(self) -> tuple[Paper, ...]:
        """Annual reports, newest first."""
        reports = [paper for paper in self.papers if paper.is_report and paper.year]
        return tuple(sorted(reports, key=lambda paper: -(paper.year or 0)))

    @property
    def reports_twice(self) -> list[tuple[Paper, ...]]:
        """Annual reports of one agency and year of which there is more than one."""
        same: dict[tuple[str, int | None], list[Paper]] = {}
        for paper in self.reports:
            same.setdefault((paper.agency, paper.year), []).append(paper)
        return [tuple(papers) for (agency, _), papers in same.items() if agency and len(papers) > 1]

    @property
    def agency(self) -> str:
        """Of the newest report; "" without one."""
        return next((paper.agency for paper in self.reports if paper.agency), "")

    @property
    def agencies(self) -> tuple[str, ...]:
        """Whose documents there are, the most frequent first."""
        counted = Counter(paper.agency for paper in self.papers if paper.agency)
        return tuple(agency for agency, _ in counted.most_common())

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What the texts do not tell, file by file."""
        return tuple(ask for paper in self.papers for ask in paper.asks)

    def stays(self, entry: Entry) -> bool:
        """Whether a live entry is of a file that cannot be read now, so that it stays as it was."""
        kind = entry.entry_id.partition(":")[0]
        file = {"item": "items.yaml", "guide": "guide.yaml"}.get(kind, entry.source)
        return file in self.unread or entry.entry_id in self.held


@cache
def version_of_sources() -> str:
    """Changes with all code that makes entries of files: an upgrade makes another index of a folder."""
    return version_of_code(*MADE_BY)


def read_folder(folder: Path, office: Mapping[str, str], read: Read = read_document) -> Knowledge:
    """Read a folder.  `office` holds what is configured of `guide.OFFICE_SETTINGS`; other keys are ignored,
    and the agency's name comes from the newest report when it is not configured.

    Raises SourceError only where the folder itself cannot be read.  `read` reads one document.
    """
    listing = list_folder(folder)
    reading = _Reading()
    directions, doubtful = _directions(listing, reading)
    papers = _papers(listing, directions, doubtful, reading, read)
    papers = _told_apart(papers)
    whole = Knowledge((), (), tuple(papers), ())
    known_office = {"agency_name": whole.agency}
    known_office |= {name: value for name, value in office.items() if value.strip()}
    items = reading.yaml(
        partial(read_items, reports=whole.reports, is_whole=not reading.unread), "items.yaml", listing
    )
    guide = reading.yaml(partial(read_guide, office=known_office), "guide.yaml", listing)
    terms = reading.yaml(read_terms, "terms.yaml", listing)
    shared = _overridden(read_guide(DEFAULTS / "guide.yaml", known_office), guide or [])
    entries = [
        *(items.entries if items else ()),
        *(entry for paper in _in_order(papers) for entry in paper.entries),
        *_without(shared, listing, reading),
    ]
    return replace(
        whole,
        entries=tuple(entries),
        terms=(*read_terms(DEFAULTS / "terms.yaml"), *(terms or ())),
        files=tuple(reading.files),
        problems=tuple(reading.problems),
        skipped=(*_without_confirmed(listing), *reading.confirmed),
        unread=frozenset(reading.unread),
        held=frozenset(items.held) if items else frozenset(),
    )


class _Reading:
    """Reads file after file and keeps the problems, so that all of them can be shown at once."""

    def __init__(self) -> None:
        self.problems: list[SourceProblem] = []
        self.files: list[str] = []
        self.unread: set[str] = set()
        self.confirmed: list[Skipped] = []  # scans whose text somebody has confirmed

    def one(self, read: Callable[[], _T], source: str, text: str = "") -> _T | None:
        """What `read` gives for a file, None where it cannot be read.

        `text` is the file that holds its text, should it be a scan.
        """
        try:
            result = read()
        except SourceError as error:
            if text and any(problem.reason == NO_TEXT for problem in error.problems):
                self.confirmed.append(Skipped(source, f"扫描件，文字在 {text}", is_mistaken=False))
                return None
            self.problems += [replace(problem, file=source) for problem in error.problems]
            self.unread.add(source)
            return None
        except OSError as error:
            self.problems.append(SourceProblem(source, None, "", f"打不开（{error.strerror}）", "能读的文件"))
            self.unread.add(source)
            return None
        self.files.append(source)
        return result

    def yaml(self, read: Callable[[Path], _T], name: str, listing: Listing) -> _T | None:
        """One of the files that an admin writes; None where there is none."""
        found = listing.yaml.get(name)
        return None if found is None else self.one(lambda: read(found.path), name)


def _directions(listing: Listing, reading: _Reading) -> tuple[dict[str, Direction], str]:
    """What documents.yaml says; and, where it cannot be read, its text: of what it names nothing is known."""
    found = listing.yaml.get(DIRECTIONS_FILE)
    if found is None:
        return {}, ""
    directions = reading.one(lambda: read_directions(found.path), DIRECTIONS_FILE)
    if directions is None:
        return {}, found.path.read_bytes().decode("utf-8", "replace") if found.path.is_file() else ""
    known = {document.source for document in listing.documents}
    for direction in directions.values():
        if direction.file not in known:
            problem = SourceProblem(
                DIRECTIONS_FILE, direction.line, "file", f"没有“{direction.file}”这个文件", "文件夹里的文件名"
            )
            reading.problems.append(problem)
    return directions, ""


def _papers(
    listing: Listing, directions: Mapping[str, Direction], doubtful: str, reading: _Reading, read: Read
) -> list[Paper]:
    papers = []
    texts = {found.source for found in listing.documents}
    for found in listing.documents:
        said = directions.get(found.source)
        if said is not None and said.leave_out:
            continue
        if found.source in doubtful:  # the broken file may say that it is to be left out
            reading.unread.add(found.source)
            continue
        text = text_of(found.source)
        paper = reading.one(
            partial(_paper, found, said, read), found.source, text if text in texts - {found.source} else ""
        )
        if paper is not None:
            papers.append(paper)
    return papers


def _without_confirmed(listing: Listing) -> list[Skipped]:
    """Pictures are not read; of one whose text lies beside it that is said."""
    texts = {found.source for found in listing.documents}
    return [
        replace(each, reason=f"扫描件，文字在 {text}", is_mistaken=False)
        if (text := text_of(each.file)) in texts and each.file.lower().endswith(PICTURES)
        else each
        for each in listing.skipped
    ]


def _paper(found: Found, said: Direction | None, read: Read) -> Paper:
    return read_paper(read(found.path, found.source), said)


def _told_apart(papers: Sequence[Paper]) -> list[Paper]:
    """Reports of several agencies, or two files of one report, get keys of their own.

    A folder of one agency keeps the short keys `report-2018`: buttons and confirmed answers name them.
    """
    papers = _one_name_each(papers)
    agencies = {short_name(paper.agency) for paper in papers if paper.is_report}
    used: set[str] = set()
    result = []
    for paper in papers:
        key = paper.key
        if key.startswith("report-") and len(agencies) > 1:
            key = f"report-{short_name(paper.agency)}-{paper.year}"
        if key in used:
            key = f"{key}~{paper.file}"
        used.add(key)
        result.append(paper if key == paper.key else _with_key(paper, key))
    return result


def _one_name_each(papers: Sequence[Paper]) -> list[Paper]:
    """`洪泽区人民政府` and `淮安市洪泽区人民政府` are one agency: the fuller name stands for both."""
    stated = {paper.agency for paper in papers if paper.agency}
    # 清水镇人民政府 stands for 清水镇, and for its office.
    by_fullness = sorted(stated, key=lambda agency: (not agency.endswith("办公室"), len(agency)))
    names = {short_name(agency): agency for agency in by_fullness}
    fuller = {name: names[_fuller(name, names)] for name in names}
    whole = [fuller.get(short_name(paper.agency), "") or _named_first(paper, fuller) for paper in papers]
    return [
        _with_agency(paper, agency) if agency and agency != paper.agency else paper
        for paper, agency in zip(papers, whole, strict=True)
    ]


def _named_first(paper: Paper, names: Mapping[str, str]) -> str:
    """The agency of this folder with whose name a document of nobody begins: 清水镇公益性墓地管理办法."""
    if paper.agency:
        return ""
    named = [name for name in names if len(name) > 2 and paper.title.startswith(name)]
    return names[max(named, key=len)] if named else ""


def _fuller(name: str, names: Iterable[str]) -> str:
    """The one name that says more than `name`; itself where there is none, or more than one."""
    others = [other for other in names if other.endswith(name) and other != name and "、" not in other]
    if len(name) < 3 or name[0] in _LEVELS or not others:
        return name
    longest = max(others, key=len)
    return longest if all(longest.endswith(other) for other in others) else name


_LEVELS = "省市县区乡镇"  # `市商务局` may be that of any city


def _with_agency(paper: Paper, agency: str) -> Paper:
    old, new = f":{short_name(paper.agency)}:", f":{short_name(agency)}:"
    entries = tuple(
        replace(entry, agency=agency, version_of=entry.version_of.replace(old, new, 1))
        for entry in paper.entries
    )
    return replace(paper, agency=agency, entries=entries)


def _with_key(paper: Paper, key: str) -> Paper:
    old = re.compile(rf"^{re.escape(paper.key)}:")
    entries = tuple(
        replace(
            entry,
            entry_id=old.sub(lambda _: f"{key}:", entry.entry_id),
            path=old.sub(lambda _: f"{key}:", entry.path),
            parent_id=old.sub(lambda _: f"{key}:", entry.parent_id),
        )
        for entry in paper.entries
    )
    return replace(paper, key=key, entries=entries)


def _in_order(papers: Sequence[Paper]) -> list[Paper]:
    """Reports first, the newest before the older; then the other documents by name."""
    return sorted(
        papers, key=lambda paper: (not paper.is_report, -(paper.year or 0) if paper.is_report else 0)
    )


def _without(guide: Sequence[Entry], listing: Listing, reading: _Reading) -> list[Entry]:
    """The guide without the entries that documents.yaml takes away."""
    found = listing.yaml.get(DIRECTIONS_FILE)
    if found is None or DIRECTIONS_FILE in reading.unread:
        return list(guide)
    left_out = read_left_out(found.path).guide
    known = {entry.entry_id.removeprefix("guide:") for entry in guide}
    reading.problems += [
        SourceProblem(
            DIRECTIONS_FILE, line, "guide", f"公开指南里没有“{topic}”这一条", "、".join(sorted(known))
        )
        for topic, line in left_out.items()
        if topic not in known
    ]
    return [entry for entry in guide if entry.entry_id.removeprefix("guide:") not in left_out]


def _overridden(default: Sequence[Entry], own: Sequence[Entry]) -> list[Entry]:
    """The program's guide with the office's own entries in place of those with the same id, new ones last."""
    by_id = {entry.entry_id: entry for entry in own}
    known = {entry.entry_id for entry in default}
    own_phrasings = {phrasing for entry in own for phrasing in entry.phrasings}
    kept = [
        by_id.get(entry.entry_id)
        or replace(entry, phrasings=tuple(each for each in entry.phrasings if each not in own_phrasings))
        for entry in default
    ]
    return [*kept, *(entry for entry in own if entry.entry_id not in known)]
