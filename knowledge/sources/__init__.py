"""A folder of documents and YAML files -> everything the index is built from.

    report_2018.txt, 2019年报告.docx …   annual reports, recognised by what they say   -> report.py
    items.yaml                          the catalogue of disclosed items              -> items.py
    guide.yaml                          how to request, in plain words                -> guide.py
    terms.yaml                          everyday word = official word                 -> terms.py
    any other .txt .md .html .docx .pdf a disclosed document, cut by its outline      -> papers.py

Files of other kinds and files that begin with `.`, `_`, `~` or `README` are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.entry import Entry
from knowledge.errors import SourceError, SourceProblem
from knowledge.sources.documents import READERS, read_document
from knowledge.sources.report import AnnualReport, ReportFigure, read_report
from knowledge.sources.terms import Term

__all__ = ["AnnualReport", "Knowledge", "ReportFigure", "Term", "read_folder"]


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
    """Read a folder.  `office` holds what is configured of `guide.OFFICE_SETTINGS`; other keys are ignored.

    Raises SourceError with all problems of all files.  Nothing else is raised for what an admin may have
    put there.
    """
    documents = []
    problems: list[SourceProblem] = []
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in READERS)
    for path in files:
        try:
            documents.append(read_document(path))
        except SourceError as error:
            problems += error.problems
    reports = []
    for document in documents:
        try:
            reports.append(read_report(document))
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(problems)
    return Knowledge(
        entries=tuple(entry for report in reports for entry in report.entries),
        terms=(),
        reports=tuple(reports),
        files=tuple(path.name for path in files),
    )
