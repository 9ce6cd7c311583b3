"""Somebody's annual report, checked and told in sentences.

The desk knows what a report must be, the knowledge reads documents of any kind; neither knows the other, so
that they meet here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bot.desk.annual_report.checking.check import ReadReport, check_report, read_report
from bot.desk.annual_report.checking.finding import Finding
from bot.desk.annual_report.checking.rows import Place
from bot.desk.annual_report.national_format import TABLE_NUMBERS
from bot.dialogue.words import Words
from bot.messages import Language
from knowledge.documents.bounded import BoundedReader
from knowledge.documents.document import Document
from knowledge.documents.reading import Read
from knowledge.documents.refusal import refusal

_PAPER, _WORD = ".pdf", ".docx"
_WORKBOOKS = (".xlsx", ".xls", ".et", ".csv")
_BY_LINE = (".txt", ".md", _PAPER)


@dataclass(frozen=True)
class Told:
    """A finding in sentences."""

    rule: str
    where: str
    what: str
    expected: str
    line: int | None = None


def in_a_child(path: Path, source: str) -> Document:
    """Somebody's file is read in a process of its own, within limits.  Raises SourceError."""
    if not path.exists():
        raise refusal(source, "没有这个文件", "文件的路径")
    with BoundedReader() as reader:
        return reader.read(path, source)


def read(path: Path, read_one: Read = in_a_child) -> ReadReport:
    """A report in a file.  Raises SourceError.  On paper only what is ruled is exact."""
    suffix = path.suffix.lower()
    document = read_one(path, path.name)
    exact = suffix != _PAPER or bool(document.tables)
    return read_report(document.blocks, exact=exact, tables_only=suffix in _WORKBOOKS)


def lint(
    path: Path,
    *,
    year: int | None = None,
    previous: Path | None = None,
    agency: str = "",
    read_one: Read = in_a_child,
) -> list[Finding]:
    """Every finding in a report.  Raises SourceError for either file."""
    before = read(previous, read_one) if previous else None
    return check_report(read(path, read_one), year=year, previous=before, agency=agency)


def lint_own(content: bytes, *, year: int) -> list[Finding]:
    """The same for a Word file of our own, before anybody gets it."""
    from knowledge.documents.docx import read_docx  # with the libraries that it needs

    return check_report(read_report(read_docx(BytesIO(content), f"report{_WORD}").blocks), year=year)


def mistakes(findings: Sequence[Finding]) -> list[Finding]:
    """Of a draft of ours, without what it leaves to the clerk: prose to write, figures to enter."""
    return [finding for finding in findings if finding.rule not in ("unfinished", "not_a_number")]


def told_of_word_file(words: Words, finding: Finding, language: Language) -> Told:
    """A finding of `lint_own` in the words of a language."""
    return told(words, finding, Path(_WORD), language)


def is_paper(path: Path) -> bool:
    """Whether the file is one in which the layout was lost, so that a finding may be a slip of ours."""
    return path.suffix.lower() == _PAPER


def told(words: Words, finding: Finding, path: Path, language: Language = Language.SIMPLIFIED) -> Told:
    """The finding in the words of a language; `path` is the report, in whose kind places are named."""

    def say(event: str, facts: Mapping[str, object]) -> str:
        return words.say(event, language, **facts)

    return Told(
        rule=finding.rule,
        where=_Where(words, language, path.suffix.lower() in _BY_LINE).of(finding),
        what=say(_event(finding), finding.facts),
        expected=say(f"lint_{finding.rule}_expected", finding.facts),
        line=finding.place.line or None if finding.place else None,
    )


def _event(finding: Finding) -> str:
    """Only Table 3 may be in the format of 2019: then no words of it are named."""
    is_table_3_alone = finding.rule == "old_2019" and finding.facts.get("words") == "/"
    return "lint_old_2019_rows" if is_table_3_alone else f"lint_{finding.rule}"


@dataclass(frozen=True)
class _Where:
    """Names places: in a text file by line, elsewhere by paragraph or by table and row."""

    words: Words
    language: Language
    by_line: bool

    def of(self, finding: Finding) -> str:
        place = self._place(finding.place)
        if not finding.table:
            return place or self._say("lint_whole")
        english = self.language is Language.ENGLISH
        number = finding.table if english else TABLE_NUMBERS[finding.table]
        names: dict[str, object] = {"number": number, "row": finding.row, "column": finding.column}
        if finding.row:
            event = "lint_cell" if finding.column else "lint_table_row"
            return self._say(event, place=place, **names).lstrip("，, ")
        if finding.column:
            return self._say("lint_table_column", number=number, column=finding.column)
        return self._say("lint_table", place=place, **names).lstrip("，, ")

    def _place(self, place: Place | None) -> str:
        if place is None:
            return ""
        if place.table:
            return self._say("lint_row", table=place.table, row=place.row)
        return self._say("lint_line" if self.by_line else "lint_paragraph", line=place.line)

    def _say(self, event: str, /, **values: object) -> str:
        return self.words.say(event, self.language, **values)
