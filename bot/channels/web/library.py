"""The disclosed documents as a reader browses them: grouped by document, in columns, by year and agency.

The index knows entries (sections, items, cells); a page shows the document that they were cut from.  Grouped
once for each version of the index.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.base import Base
from knowledge.entry import Entry, EntryKind, token_of


class Column(StrEnum):
    """The five columns of the notice on the disclosure section (国办公开办函〔2019〕61号)."""

    GUIDE = "guide"  # 政府信息公开指南
    RULES = "rules"  # 政府信息公开制度
    DISCLOSED = "disclosed"  # 法定主动公开内容
    REPORTS = "reports"  # 政府信息公开年报
    ON_REQUEST = "request"  # 依申请公开


_RULES = ("制度", "办法", "规定", "规则", "细则", "条例")


@dataclass
class DocumentPage:
    """One document: its entries in their order; `token` names it in an address."""

    token: str
    title: str
    column: Column
    entries: list[Entry] = field(default_factory=list)

    @property
    def sections(self) -> Sequence[Entry]:
        """What is read from top to bottom; cells and sums of tables are shown as tables' rows."""
        return [entry for entry in self.entries if entry.kind is not EntryKind.FACT]

    @property
    def facts(self) -> Sequence[Entry]:
        return [entry for entry in self.entries if entry.kind is EntryKind.FACT]

    @property
    def year(self) -> int | None:
        return next((entry.year for entry in self.entries if entry.year), None)

    @property
    def agency(self) -> str:
        return next((entry.agency for entry in self.entries if entry.agency), "")

    @property
    def document_number(self) -> str:
        return next((e.citation.document_number for e in self.entries if e.citation.document_number), "")

    @property
    def published_on(self) -> date | None:
        return next((e.citation.published_on for e in self.entries if e.citation.published_on), None)

    @property
    def category(self) -> str:
        return next((entry.category for entry in self.entries if entry.category), "")

    @property
    def kind(self) -> str:
        """What it is: the name of the kind of its first entry; of a table alone, "fact"."""
        return self.entries[0].kind.value

    def says(self, words: str) -> bool:
        """Whether its title or its text holds these words."""
        return words in self.title or any(
            words in entry.title or words in entry.text for entry in self.entries
        )

    @property
    def source(self) -> str:
        """The file it was read from, relative to the knowledge folder."""
        return self.entries[0].source


@dataclass(frozen=True)
class Library:
    """All documents of one version of the index."""

    documents: tuple[DocumentPage, ...]
    by_token: dict[str, DocumentPage]
    of_entry: dict[str, DocumentPage]  # by the token of an entry

    @classmethod
    def of(cls, base: Base) -> Library:
        grouped: dict[tuple[str, str], DocumentPage] = {}
        of_entry: dict[str, DocumentPage] = {}
        for entry in base.entries():
            key, title = _document_of(entry)
            page = grouped.get(key)
            if page is None:
                page = grouped[key] = DocumentPage(token_of("\n".join(key)), title, _column(entry, title))
            page.entries.append(entry)
            of_entry[entry.token] = page
        documents = tuple(sorted(grouped.values(), key=lambda page: -(page.year or 0)))
        return cls(documents, {page.token: page for page in documents}, of_entry)

    def in_column(self, column: Column) -> list[DocumentPage]:
        return [page for page in self.documents if page.column is column]


def _document_of(entry: Entry) -> tuple[tuple[str, str], str]:
    """What tells the document of an entry from others, and its title.

    Items of items.yaml stand under their category; a published reply is a document by itself.
    """
    if entry.kind is EntryKind.PUBLISHED_REPLY:
        return ("", entry.entry_id), entry.title
    if entry.entry_id.startswith("item:") and entry.category:
        return ("item", entry.category), entry.category
    title = entry.citation.source_title.strip("《》") or entry.title
    return (entry.source, title), title


def _column(entry: Entry, title: str) -> Column:
    if entry.kind is EntryKind.GUIDE:
        return Column.GUIDE
    if entry.kind is EntryKind.REPORT_SECTION or (entry.kind is EntryKind.FACT and "年度报告" in title):
        return Column.REPORTS
    if "信息公开" in title and title.endswith(_RULES):
        return Column.RULES
    return Column.DISCLOSED


class Shelves:
    """The library of the index that answers now; thread-safe."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._version = ""
        self._library = Library((), {}, {})

    def now(self) -> Library:
        """Grouped anew after a reload."""
        with self._lock:
            version = self._base.version
            if version != self._version:
                self._library, self._version = Library.of(self._base), version
            return self._library
