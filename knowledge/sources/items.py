"""`items.yaml`: the catalogue of disclosed items (公开目录, art. 12).

An item comes from one of two places.  Either the annual report names it: then `report`, `section` and a
`quote` that stands there word for word; or the clerk writes what it holds: then `text`, and as much of art.
12 as is known.  A field that is empty is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge.entry import Citation, Entry, EntryKind
from knowledge.sources.paper import Paper
from knowledge.sources.yaml_file import Row, YamlFile
from knowledge.text.cleaning import clean

# What art. 12 and practice ask of a catalogue, in the order in which it is shown.
FIELDS = {
    "index_number": "索引号",
    "title": "名称",
    "summary": "内容概述",
    "topic": "主题分类",
    "publisher": "发布机构",
    "document_number": "文号",
    "created_on": "生成日期",
    "published_on": "发布日期",
    "in_force": "有效性",
    "link": "链接",
}
DAYS = ("created_on", "published_on")
_KEYS = (
    "id",
    "category",
    "report",
    "agency",
    "section",
    "quote",
    "text",
    "year",
    "version_of",
    "phrasings",
    *FIELDS,
)


@dataclass(frozen=True)
class Items:
    """The items, and the ids of those that quote a report which cannot be read just now."""

    entries: tuple[Entry, ...]
    held: tuple[str, ...] = ()


def read_items(path: Path, reports: Sequence[Paper], *, is_whole: bool = True) -> Items:
    """The items in the order of the categories.  Raises SourceError.

    `is_whole`: all documents were read.  Else a report that is not there may be one that cannot be read, and
    the items that quote it are held back, not blamed.
    """
    file = YamlFile.read(path)
    file.top.only("categories", "items")
    categories = [clean(text.value) for text in file.top.texts("categories")]
    seen: set[str] = set()
    shelf = _Shelf(reports, is_whole)
    items = [_item(row, categories, shelf, seen) for row in file.top.rows("items")]
    file.finish()
    items = [item for item in items if item.entry_id not in shelf.held]
    return Items(tuple(sorted(items, key=lambda item: categories.index(item.category))), tuple(shelf.held))


class _Shelf:
    """The reports that items quote."""

    def __init__(self, reports: Sequence[Paper], is_whole: bool) -> None:
        self.reports, self.is_whole = reports, is_whole
        self.held: list[str] = []

    @property
    def years(self) -> str:
        return "、".join(map(str, sorted({report.year for report in self.reports if report.year})))

    def of(self, year: int, agency: str) -> Paper | None:
        """The report of a year; of several agencies' the one that is named."""
        named = [
            report
            for report in self.reports
            if report.year == year and (not agency or agency in report.agency)
        ]
        return named[0] if named else None


def _item(row: Row, categories: list[str], shelf: _Shelf, seen: set[str]) -> Entry:
    row.only(*_KEYS)
    item_id = row.text("id", required=True)
    if item_id in seen:
        row.problem("id", f"“{item_id}”已经用过", "每条的 id 不同")
    seen.add(item_id)
    category = clean(row.text("category", required=True))
    if category and categories and category not in categories:
        row.problem("category", f"没有“{category}”这一类", "、".join(categories))
    title = clean(row.text("title", required=True))
    known = _known(row)
    entry = Entry(
        entry_id=f"item:{item_id}",
        path=f"item:{item_id}",
        kind=EntryKind.ITEM,
        title=title,
        text=clean(row.text("text")),
        citation=_own_citation(title, known),
        category=category,
        phrasings=tuple(text.value for text in row.texts("phrasings")),
        year=row.number("year"),
        version_of=row.text("version_of"),
        fields=tuple((FIELDS[key], _shown(value)) for key, value in known.items()),
        source=row.file,
    )
    return _from_report(row, entry, shelf)


def _from_report(row: Row, entry: Entry, shelf: _Shelf) -> Entry:
    """The entry with the words of its report section, when it has a `quote`."""
    year, section, quote = row.number("report"), row.text("section"), clean(row.text("quote"))
    if not (year or section or quote):
        if not entry.text:
            row.problem("text", "没有内容", "text: 内容，或 report、section、quote 三项")
        return entry
    for key, value in (("report", year), ("section", section), ("quote", quote)):
        if not value:
            row.problem(key, "缺少这一项", "report、section、quote 三项要写全")
    if not (year and section and quote):
        return entry
    report = shelf.of(year, row.text("agency"))
    if report is None:
        if shelf.is_whole:
            row.problem("report", f"没有 {year} 年的年度报告", shelf.years or "先放入年度报告")
        shelf.held.append(entry.entry_id)
        return entry
    sections = [each for each in report.entries if each.kind is EntryKind.REPORT_SECTION]
    source = next((each for each in sections if each.path == section), None)
    if source is None:
        row.problem("section", f"{year} 年的报告里没有“{section}”", "、".join(e.path for e in sections))
        return entry
    if quote not in source.text:
        row.problem("quote", f"这句话不在报告的“{section}”里", "报告原文，一字不差")
    return replace(
        entry,
        text=quote,
        citation=source.citation,
        parent_id=source.entry_id,
        year=entry.year or year,
        agency=source.agency,
        source=source.source,
    )


def _known(row: Row) -> dict[str, str | date]:
    """The fields of art. 12 that are filled in, in their order."""
    link = row.text("link")
    if link and not link.startswith(("https://", "http://")):
        row.problem("link", "不是网址", "以 https:// 开头的网址")
    read = {key: row.day(key) if key in DAYS else row.text(key) for key in FIELDS}
    return {key: value for key, value in read.items() if value}


def _shown(value: str | date) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value


def _own_citation(title: str, known: Mapping[str, str | date]) -> Citation:
    """The item as its own source, where the clerk wrote it and no report names it."""
    published_on = known.get("published_on")
    return Citation(
        source_title=title if title.startswith("《") else f"《{title}》",
        publisher=str(known.get("publisher", "")),
        document_number=str(known.get("document_number", "")),
        published_on=published_on if isinstance(published_on, date) else None,
        link=str(known.get("link", "")),
    )
