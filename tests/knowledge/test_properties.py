"""What holds for every base and every input: the properties that matching promises.

Normalising twice is once.  The exact title or phrasing of an entry finds it first.  An unrelated entry turns
no right answer into a wrong one.  No input raises, and none is answered that shares nothing with the base.
A question is answered from one index, also while that is replaced.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.base import Base, build_base, build_index
from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Suggest, Unknown
from knowledge.matching.split import cuts, questions_in, without_courtesies
from knowledge.sources import read_folder
from knowledge.text.normalize import fold, sounding, squeeze
from tests.knowledge.bases import TERMS, TOWNSHIP, entry, open_base

EMBEDDED = Path(__file__).parents[2] / "knowledge" / "zhoushang"
seeded = settings(max_examples=100, deadline=None, derandomize=True)
few = settings(seeded, max_examples=15)

# Half surrogate pairs and NUL included, which hypothesis leaves out or seldom draws.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
LIKE_A_QUESTION = st.text(
    "低保预算公路村道养护申请吗呢什么多少你好谢请问另外还有"
    "?？，,。 \n1、2.()《》“”\"'*^:-AND0OR9\x00\ud800🙂",
    max_size=120,
)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    path = tmp_path_factory.mktemp("embedded") / "knowledge.db"
    build_base(EMBEDDED, path)
    with Base.open(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    with open_base(tmp_path_factory.mktemp("township")) as opened:
        yield opened


def hits_of(decision: Decision) -> tuple[Hit, ...]:
    return decision.near if isinstance(decision, Unknown) else decision.hits


# ---- normalising twice is once ---------------------------------------------------------------------------
@seeded
@given(ANY_TEXT | LIKE_A_QUESTION)
def test_normalising_twice_is_once(text: str) -> None:
    """Each step from a message to what is compared."""
    folded = fold(text)
    assert fold(folded) == folded
    assert squeeze(squeeze(folded)) == squeeze(folded)
    assert len(sounding(squeeze(folded))) == len(squeeze(folded))
    asked = without_courtesies(folded)
    assert without_courtesies(asked) == asked


@seeded
@given(ANY_TEXT | LIKE_A_QUESTION)
def test_parting_loses_no_words_and_invents_none(text: str) -> None:
    """Parts are pieces of the message, in order; what is parted stays parted."""
    folded = fold(text)
    parts = questions_in(folded)
    assert len(parts) in (1, 2)
    at = 0
    for part in parts:
        at = folded.index(part, at) + len(part)
    for before, after in cuts(folded):
        assert folded.startswith(before, folded.index(before))
        assert folded.rstrip(" ,\n").endswith(after)


# ---- the exact title or phrasing -------------------------------------------------------------------------
@cache
def _embedded_entries() -> tuple[Entry, ...]:
    return tuple(read_folder(EMBEDDED, {}).entries)


def _names() -> list[tuple[str, str]]:
    return [(name, one.entry_id) for one in _embedded_entries() for name in (one.title, *one.phrasings)]


def test_every_title_and_phrasing_of_the_embedded_base_finds_its_entry_first(embedded: Base) -> None:
    """Or another entry of that very name, or the report section that the catalogue's item quotes."""
    bearers: dict[str, set[str]] = {}
    for name, entry_id in _names():
        bearers.setdefault(squeeze(fold(name)), set()).add(entry_id)
    for one in _embedded_entries():
        for name in (one.title, *one.phrasings) if one.kind is EntryKind.ITEM else ():
            bearers[squeeze(fold(name))].add(one.parent_id)
    wrong = []
    for name, entry_id in _names():
        found = [hit.entry.entry_id for hit in hits_of(embedded.ask(name))]
        if not found or found[0] not in bearers[squeeze(fold(name))]:
            wrong.append((name, entry_id, found[:2]))
    assert len(_names()) > 300
    assert wrong == []


WORDS = st.text("低路村养预决防医缴救汛值殖补名标案通", min_size=2, max_size=2)
TITLES = st.lists(st.lists(WORDS, min_size=2, max_size=5).map("".join), min_size=1, max_size=8, unique=True)


@few
@given(TITLES, st.lists(WORDS, min_size=1, max_size=40).map("".join))
def test_the_exact_title_comes_first_whatever_else_shares_its_words(titles: list[str], text: str) -> None:
    """Entries of the same words in another order, and of the same text."""
    entries = [entry(f"e{n}", title, text) for n, title in enumerate(titles)]
    with TemporaryDirectory() as folder, open_base(Path(folder), entries) as base:
        for one in entries:
            assert hits_of(base.ask(one.title))[0].entry.entry_id == one.entry_id
            assert hits_of(base.ask(f"  {one.title}？"))[0].entry.entry_id == one.entry_id


# ---- an unrelated entry ----------------------------------------------------------------------------------
ANSWERED = {
    "农村公路的村道由谁负责养护": "roads",
    "居民医疗保险2019年度个人缴费标准是多少": "insurance",
    "禁养区内的养殖场怎么处理": "pigs",
    "春季森林防火期是几月到几月": "fire",
    "公开农村五保、特困人员救助供养政策": "aid",
}
_CULTURE = [
    "茶叶节",
    "开幕式",
    "文化广场",
    "放映",
    "图书室",
    "篮球赛",
    "合唱",
    "秧歌",
    "书法",
    "门票",
    "民宿",
]
_ANYTHING = ["负责", "标准", "通知", "方案", "政府", "农村", "居民", "每年", "公开", "处理", "多少"]
OTHER_WORDS = st.sampled_from([*_CULTURE, *_ANYTHING])
OTHER = st.tuples(
    st.lists(OTHER_WORDS, min_size=2, max_size=6).map("".join),
    st.lists(OTHER_WORDS, min_size=1, max_size=60).map("".join),
)


@few
@given(st.lists(OTHER, min_size=1, max_size=12))
def test_unrelated_entries_turn_no_right_answer_into_a_wrong_one(others: list[tuple[str, str]]) -> None:
    """It may become a suggestion; above the floor there is the right one or none."""
    extra = [entry(f"other-{n}", title, text) for n, (title, text) in enumerate(others)]
    with TemporaryDirectory() as folder, open_base(Path(folder), (*TOWNSHIP, *extra)) as base:
        for question, right in ANSWERED.items():
            decision = base.ask(question)
            assert not isinstance(decision, Answer) or decision.hits[0].entry.entry_id == right
            assert right in [hit.entry.entry_id for hit in hits_of(decision)]


def test_the_questions_of_that_test_are_answered(township: Base) -> None:
    """Else it would show nothing."""
    answered = [question for question in ANSWERED if isinstance(township.ask(question), Answer)]
    assert len(answered) >= 3
    assert all(
        hits_of(township.ask(question))[0].entry.entry_id == ANSWERED[question] for question in ANSWERED
    )


# ---- any input -------------------------------------------------------------------------------------------
@seeded
@given(ANY_TEXT | LIKE_A_QUESTION)
@example("\x00")
@example("\ud800低保\udfff")
@example('低保" OR "" NEAR(预算, 3) * ^ {a} - : AND NOT')
def test_no_input_raises(township: Base, text: str) -> None:
    """And what is quoted stands in the base."""
    decision = township.ask(text)
    for hit in hits_of(decision):
        assert hit.passage.text in hit.entry.text
    assert isinstance(decision, Answer | Suggest | Unknown)


def _foreign_characters() -> str:
    """Characters that no entry holds, nor another one of their sound."""
    held = squeeze(fold("".join(f"{one.title}{one.text}" for one in TOWNSHIP)))
    held += "".join(word for term in TERMS for word in (*term.everyday, *term.official))
    sounds = set(sounding(held))
    common = "".join(map(chr, range(0x4E00, 0x4F00)))
    return "".join(one for one in common if squeeze(fold(one)) == one and sounding(one) not in sounds)


FOREIGN = st.text(_foreign_characters(), max_size=60)
NOTHING = st.text(" \t\n\r\u3000\u200b\ufeff", max_size=60)
EMOJI = st.text("🙏👍😀🎉❤️‍🔥🇨🇳", max_size=60)
OPERATORS = st.lists(
    st.sampled_from(["AND", "OR", "NOT", "NEAR", '"', "*", "(", ")", "^", ":", "-", "%", "_"])
)
OTHER_SCRIPTS = st.text("привет мир γειά κόσμε 한국어 สวัสดี עברית", max_size=60)


@seeded
@given(FOREIGN | NOTHING | EMOJI | OTHER_SCRIPTS | OPERATORS.map(" ".join))
@example("🙂" * 10_000)
@example(" " * 10_000)
@example("？" * 10_000)
@example('" OR "' * 1_700)
@example("\x00" * 10_000)
@example("\ud800" * 10_000)
def test_what_shares_nothing_with_the_base_is_not_answered(township: Base, text: str) -> None:
    """Nor suggested: there is nothing to show."""
    assert isinstance(township.ask(text), Unknown)


# ---- a reload while questions are asked ------------------------------------------------------------------
def test_each_question_is_answered_from_one_index_while_two_are_swapped(tmp_path: Path) -> None:
    """Four threads ask for what both indexes hold in words of their own; no answer mixes them."""
    editions = [
        [
            entry(one.entry_id, one.title, f"{one.text}{mark}。", year=one.year, version_of=one.version_of)
            for one in TOWNSHIP
        ]
        for mark in ("甲版", "乙版")
    ]
    questions = [
        "农村公路的村道由谁负责养护",
        "财政预算明细表",
        "防火期是几月,医疗保险缴费标准是多少",
        "公路 防火 救助 预算",
    ]
    path = tmp_path / "knowledge.db"
    failures: list[object] = []
    seen: set[str] = set()
    stop = threading.Event()
    build_index(editions[0], TERMS, path)
    with Base.open(path) as base:

        def ask(first: int) -> None:
            at = first
            while not stop.is_set():
                at += 1
                try:
                    decision = base.ask(questions[at % len(questions)])
                    hits = (*hits_of(decision), *(decision.also if isinstance(decision, Answer) else ()))
                    marks = {hit.entry.text[-3:-1] for hit in hits}
                    seen.update(marks)
                    if len(marks) != 1:
                        failures.append(marks)
                except Exception as error:  # whatever it is, the test shows it
                    failures.append(error)

        threads = [threading.Thread(target=ask, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for turn in range(6):
            build_index(editions[(turn + 1) % 2], TERMS, path)
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert seen == {"甲版", "乙版"}
