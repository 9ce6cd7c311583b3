"""What goes into an index comes out of it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entry import Citation, Entry, EntryKind
from knowledge.errors import IndexBroken, IndexMissing
from knowledge.index.build import build
from knowledge.index.index import Index
from knowledge.text.grams import bigrams, syllable_bigrams, syllables
from tests.knowledge.bases import entry

BUDGET = Entry(
    entry_id="item:2018-budget",
    path="item:2018-budget",
    kind=EntryKind.ITEM,
    title="2018年部门预算",
    text="收支总表，\n明细表。",
    citation=Citation("年度报告", "三、(二)4", "洲上乡", "洲府发[2018]12号", date(2018, 3, 1), "http://x/y"),
    category="财政信息",
    parent_id="report-2018:三",
    heading_trail=("三、重点领域", "(二)经济发展"),
    phrasings=("预算多少", "今年预算"),
    year=2018,
    version_of="budget",
    fields=(("索引号", "SY-01"), ("文号", "洲府发[2018]12号")),
)

# Half a surrogate pair in a text must do no harm.
WORDS = st.text(max_size=10)
TEXTS = st.one_of(WORDS, st.text(st.characters(codec=None), max_size=10))
ENTRIES = st.builds(
    Entry,
    entry_id=st.text(st.characters(codec="utf-8"), max_size=8),
    path=WORDS,
    kind=st.sampled_from(EntryKind),
    title=WORDS,
    text=TEXTS,
    citation=st.builds(Citation, WORDS, WORDS, WORDS, WORDS, st.none() | st.dates(), WORDS),
    category=WORDS,
    parent_id=WORDS,
    heading_trail=st.lists(WORDS, max_size=2).map(tuple),
    phrasings=st.lists(WORDS, max_size=2).map(tuple),
    year=st.none() | st.integers(1949, 2100),
    version_of=WORDS,
    fields=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ENTRIES, max_size=20, unique_by=lambda each: each.entry_id))
def test_any_entries_come_back_as_they_were_given(tmp_path: Path, entries: list[Entry]) -> None:
    """Every value of every entry, in the order they were given, by number, id and token."""
    report = build(entries, tmp_path / "index.db")
    assert report.entries == len(entries)
    with Index.open(tmp_path / "index.db") as index:
        assert list(index.entries()) == entries
        assert index.by_rowids(range(len(entries))[::-1]) == entries[::-1]
        for each in entries:
            assert index.entry(each.entry_id) == each
            assert index.by_token(each.token) == each


def test_look_ups(tmp_path: Path) -> None:
    """By id, token, name; nothing for what is not there."""
    other = entry("other", "《2018年 部门预算》", "同名")
    report = build([BUDGET, other], tmp_path / "index.db", {"terms": "[]", "weights": "重量"})
    with Index.open(tmp_path / "index.db") as index:
        assert (index.size, index.version) == (2, report.version)
        assert index.entry("nothing") is None
        assert index.by_token("0" * 10) is None
        assert not any(map(index.by_token, ("", "zzzzzzzzzz", "12345", "一二三四五六七八九十", "\ud800")))
        assert index.named("2018年部门预算") == [BUDGET, other]
        assert index.named("今年 预算？") == [BUDGET]
        assert index.named("今年") == index.named("？") == []
        assert (index.attachment("weights"), index.attachment("nothing")) == ("重量", "")


def test_catalogue(tmp_path: Path) -> None:
    """Categories in order of first appearance; entries without one are not browsed or searched."""
    build([entry("a", "路", "一"), BUDGET, entry("b", "2018年部门预算", "没有分类")], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        assert index.categories() == [("财政信息", 1)]
        assert index.browse("财政信息") == [BUDGET]
        assert index.browse("财政信息", offset=1) == index.browse("别的") == []


def test_pages_of_a_category(tmp_path: Path) -> None:
    """Pages follow each other without gap or overlap."""
    entries = [
        Entry(f"e{n}", "", EntryKind.ITEM, f"第{n}项", "", Citation(""), category="事项") for n in range(25)
    ]
    build(entries, tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        pages = [index.browse("事项", offset, 10) for offset in (0, 10, 20)]
    assert [each for page in pages for each in page] == entries


def test_empty_base(tmp_path: Path) -> None:
    """No entries at all: everything answers with nothing."""
    build([], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        assert index.size == 0
        assert index.candidates(bigrams("低保标准"), ["di bao"], limit=5) == []
        assert list(index.entries()) == index.by_rowids([]) == []
        assert index.categories() == []
        assert index.idfs(["低保"])["低保"] == index.largest_idf
        assert index.named("低保") == []


def test_one_entry_and_entries_without_text(tmp_path: Path) -> None:
    """One entry is found; one without any words is kept, and found by nothing."""
    only = entry("only", "低保标准", "每人每月三百元")
    build([only, entry("empty", "", ""), entry("marks", "？", "……")], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        found = index.candidates(bigrams("低保"), syllable_bigrams(syllables("低保")), limit=5)
        assert [candidate.rowid for candidate in found] == [0]
        assert index.size == 3


@pytest.mark.parametrize(
    "question",
    ["", "？" * 100, "😀", "飞船", "a OR b", "低" * 10_000, "\ud800", "0" * 10_000],
    ids=["empty", "marks", "emoji", "unknown", "operators", "long", "half a pair", "digits"],
)
def test_any_question_is_survived(tmp_path: Path, question: str) -> None:
    """Nothing that can be typed raises, and what shares nothing finds nothing."""
    build([entry("a", "低保标准", "每人每月三百元")], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        assert index.candidates(bigrams(question), syllable_bigrams(syllables(question)), limit=5) == []


def test_thousands_of_equal_entries(tmp_path: Path) -> None:
    """A piece that is in every entry, and entries that differ in nothing but their id."""
    entries = [entry(f"e{n}", "关于低保的通知", "关于低保的通知") for n in range(5000)]
    build(entries, tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        found = index.candidates(bigrams("低保通知"), syllable_bigrams(syllables("低保通知")), limit=10)
        assert [candidate.rowid for candidate in found] == list(range(10))
        assert len(index.named("关于低保的通知", limit=7)) == 7
        assert index.entry("e4999") == entries[4999]


def test_every_entry_is_found_by_its_own_words(tmp_path: Path) -> None:
    """Also where all consist of the same few characters."""
    drawn = random.Random(3)
    texts = ["".join(drawn.choices("低保标准道路养护年月日公示通知一二三", k=30)) for _ in range(500)]
    build([entry(f"e{n}", text[:10], text) for n, text in enumerate(texts)], tmp_path / "index.db")
    with Index.open(tmp_path / "index.db") as index:
        for number in range(0, 500, 7):
            found = index.candidates(bigrams(texts[number]), (), limit=1)
            assert index.by_rowids([found[0].rowid])[0].text == texts[number]


def test_no_index_and_no_such_file(tmp_path: Path) -> None:
    """A missing file and one that is no index are told apart."""
    with pytest.raises(IndexMissing, match="disclosure reload"):
        Index.open(tmp_path / "index.db")
    (tmp_path / "index.db").write_bytes(b"no database at all, but quite some text" * 100)
    with pytest.raises(IndexBroken, match="no index"):
        Index.open(tmp_path / "index.db")
