"""A folder of documents and YAML files -> everything the index is built from.

    report_2018.txt, 2019年报告.docx …   annual reports, recognised by what they say   -> report.py
    items.yaml                          the catalogue of disclosed items              -> items.py
    guide.yaml                          how to request, in plain words                -> guide.py
    terms.yaml                          everyday word = official word                 -> terms.py
    any other .txt .md .html .docx .pdf a disclosed document, cut by its outline      -> papers.py

Files of other kinds and files that begin with `.`, `_`, `~` or `README` are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import TypeVar

from knowledge.entry import Entry
from knowledge.errors import SourceError, SourceProblem
from knowledge.sources.documents import READERS, read_document
from knowledge.sources.guide import read_guide
from knowledge.sources.items import read_items
from knowledge.sources.papers import read_paper
from knowledge.sources.report import AnnualReport, ReportFigure, is_report, read_report
from knowledge.sources.terms import Term, read_terms

__all__ = ["AnnualReport", "Knowledge", "ReportFigure", "Term", "read_folder"]

_YAML_FILES = ("items.yaml", "guide.yaml", "terms.yaml", "intents.yaml")
_READ_ELSEWHERE = (
    "intents.yaml",
)  # how residents greet, thank, complain: part of the bot, not of its sources
_NOT_READ = (".", "_", "~", "README")
_UNREADABLE = (".doc", ".wps", ".rtf", ".xls", ".xlsx", ".et", ".ppt", ".pptx", ".ofd")


@dataclass(frozen=True)
class Knowledge:
    """All that a folder holds.  The order of `entries` is the order of the catalogue."""

    entries: tuple[Entry, ...]
    terms: tuple[Term, ...]
    reports: tuple[AnnualReport, ...]  # newest first
    files: tuple[str, ...]  # names of the files that were read

    @property
    def newest(self) -> AnnualReport | None:
        return self.reports[0] if self.reports else None

    @property
    def agency(self) -> str:
        """Of the newest report; "" without a report."""
        return self.newest.agency if self.newest else ""

    @property
    def year(self) -> int | None:
        return self.newest.year if self.newest else None

    @property
    def period(self) -> tuple[date | None, date | None]:
        """First and last day of the statistics of the newest report."""
        return (self.newest.period_from, self.newest.period_to) if self.newest else (None, None)

    @property
    def figures(self) -> tuple[ReportFigure, ...]:
        """Of the newest report."""
        return self.newest.figures if self.newest else ()


def read_folder(folder: Path, office: Mapping[str, str]) -> Knowledge:
    """Read a folder.  `office` holds what is configured of `guide.OFFICE_SETTINGS`; other keys are ignored,
    and the agency's name comes from the newest report when it is not configured.

    Raises SourceError with all problems of all files.  Nothing else is raised for what an admin may have
    put there.
    """
    reading = _Reading()
    files = _files(folder, reading)
    documents = reading.each(read_document, [path for path in files if path.suffix.lower() in READERS])
    reports = reading.each(read_report, [document for document in documents if is_report(document)])
    papers = reading.each(read_paper, [document for document in documents if not is_report(document)])
    reports.sort(key=lambda report: report.year, reverse=True)
    _note_same_year(reports, reading)
    # A quote can only be looked up when every report was read; the folder is refused in any case.
    by_year = None if reading.problems else {report.year: report for report in reports}
    known_office = {"agency_name": reports[0].agency if reports else ""}
    known_office |= {name: value for name, value in office.items() if value.strip()}
    items = reading.each(partial(read_items, reports=by_year), _named("items.yaml", files))
    guides = reading.each(partial(read_guide, office=known_office), _named("guide.yaml", files))
    terms = reading.each(read_terms, _named("terms.yaml", files))
    entries = [*chain(*items, *(report.entries for report in reports), *papers, *guides)]
    if not entries:
        reading.note(folder.name, "文件夹里没有可用的资料", "年度报告或 items.yaml")
    reading.finish()
    return Knowledge(
        entries=tuple(entries),
        terms=tuple(chain(*terms)),
        reports=tuple(reports),
        files=tuple(path.name for path in files),
    )


_T = TypeVar("_T")
_R = TypeVar("_R")


class _Reading:
    """Reads file after file and keeps the problems, so that all of them can be shown at once."""

    def __init__(self) -> None:
        self.problems: list[SourceProblem] = []

    def each(self, read: Callable[[_T], _R], things: Iterable[_T]) -> list[_R]:
        """What `read` gives for each thing that can be read."""
        results = []
        for thing in things:
            try:
                results.append(read(thing))
            except SourceError as error:
                self.problems += error.problems
        return results

    def note(self, file: str, reason: str, expected: str) -> None:
        self.problems.append(SourceProblem(file, None, "", reason, expected))

    def finish(self) -> None:
        if self.problems:
            raise SourceError(self.problems)


def _files(folder: Path, reading: _Reading) -> list[Path]:
    """The files to read, by name.  One that was surely meant to be read, but cannot be, is noted."""
    files = []
    try:
        present = sorted(folder.iterdir())
    except OSError:
        reading.note(str(folder), "文件夹打不开", "存放资料的文件夹")
        return []
    for path in present:
        suffix = path.suffix.lower()
        if path.name.startswith(_NOT_READ) or not path.is_file():
            continue
        if suffix in READERS or path.name in _YAML_FILES:
            files.append(path)
        elif suffix in (".yaml", ".yml"):
            reading.note(path.name, "不认识这个文件名", "、".join(_YAML_FILES))
        elif suffix in _UNREADABLE:
            reading.note(path.name, f"读不了 {suffix} 文件", "另存为 docx、pdf、html 或 txt")
    return [path for path in files if path.name not in _READ_ELSEWHERE]


def _named(name: str, files: Iterable[Path]) -> list[Path]:
    return [path for path in files if path.name == name]


def _note_same_year(reports: list[AnnualReport], reading: _Reading) -> None:
    for newer, older in pairwise(reports):
        if newer.year == older.year:
            reading.note(newer.file, f"和 {older.file} 都是 {newer.year} 年的年度报告", "每年只留一份")
