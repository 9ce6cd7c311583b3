"""Small bases for the tests of matching."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from knowledge.base import Base, build_index
from knowledge.entry import Citation, Entry, EntryKind
from knowledge.sources.terms import Term

TERMS = (
    Term(("五保户", "五保老人"), ("农村五保", "特困人员")),
    Term(("几多",), ("多少",)),
    Term(("低保",), ("最低生活保障",)),
)


def entry(
    key: str,
    title: str,
    text: str,
    *,
    kind: EntryKind = EntryKind.PUBLISHED_REPLY,
    parent_id: str = "",
    year: int | None = None,
    version_of: str = "",
    phrasings: tuple[str, ...] = (),
) -> Entry:
    """An entry whose path is its id."""
    return Entry(
        entry_id=key,
        path=key,
        kind=kind,
        title=title,
        text=text,
        citation=Citation(title),
        parent_id=parent_id,
        year=year,
        version_of=version_of,
        phrasings=phrasings,
    )


TOWNSHIP = (
    entry("fire", "春季森林防火通知", "三月至五月为森林防火期，禁止在林区烧荒。发现火情请拨打12119。"),
    entry("insurance", "居民医疗保险缴费通告", "2019年度个人缴费标准为每人220元，可以由村委会代收。"),
    entry("roads", "农村公路养护管理办法", "县道由县交通局负责养护，乡道由乡政府负责，村道由村委会负责。"),
    entry("aid", "社会救助政策", "公开最低生活保障、农村五保、特困人员救助供养、医疗救助等政策。"),
    entry("pigs", "生猪养殖污染治理方案", "禁养区内的养殖场限期关闭，限养区内的养殖场建设沼气池。"),
    entry("flood", "防汛值班安排", "汛期实行二十四小时值班，水库每两小时报告一次水位。"),
    entry(
        "budget-2018", "2018年财政预算", "2018年财政预算收支汇总表和明细表。", year=2018, version_of="budget"
    ),
    entry(
        "budget-2017", "2017年财政预算", "2017年财政预算收支汇总表和明细表。", year=2017, version_of="budget"
    ),
)


def open_base(folder: Path, entries: Iterable[Entry] = TOWNSHIP) -> Base:
    """Build and open; the caller closes it."""
    path = folder / "knowledge.db"
    build_index(entries, TERMS, path)
    return Base.open(path)
