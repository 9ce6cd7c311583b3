"""The door to the knowledge: asked in every way that residents type, and while it is being replaced."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.base import Base, Candidate, build_index
from knowledge.entry import Answer, Decision, EntryKind, Hit, Suggest, Unknown
from knowledge.errors import IndexMissing
from tests.knowledge.bases import TERMS, TOWNSHIP, entry, open_base

LONGEST_SECONDS = 2.0  # generous: the figures are measured by the benchmark, on a quiet machine


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    with open_base(tmp_path_factory.mktemp("base")) as opened:
        yield opened


def hits_of(decision: Decision) -> tuple[Hit, ...]:
    return decision.near if isinstance(decision, Unknown) else decision.hits


def first(decision: Decision) -> str:
    found = hits_of(decision)
    return found[0].entry.entry_id if found else ""


@pytest.mark.parametrize("one", TOWNSHIP, ids=lambda one: one.entry_id)
def test_the_exact_title_of_any_entry_finds_it_first(base: Base, one: object) -> None:
    """Whatever else shares its words."""
    found = next(e for e in TOWNSHIP if e is one)
    assert first(base.ask(found.title)) == found.entry_id


@pytest.mark.parametrize(
    "question",
    [
        "农村公路的村道由谁负责养护",
        "農村公路嘅村道由誰負責養護",
        "农村公路的村到由谁负责羊护",
        "nongcungongludecundaoyousheifuzeyanghu",
        "农村gonglu的村道由谁负责养护",
        "农村公路村道负责养护",
    ],
)
def test_a_question_is_found_however_it_is_typed(base: Base, question: str) -> None:
    """Traditional characters, typing errors, pinyin whole and in part, left-out characters."""
    assert first(base.ask(question)) == "roads"


def test_an_answer_quotes_only_what_answers(base: Base) -> None:
    """The passage is verbatim, and every hit says why."""
    decision = base.ask("农村公路的村道由谁负责养护")
    assert isinstance(decision, Answer)
    hit = decision.hits[0]
    assert hit.passage.text in hit.entry.text
    assert "公路" in "".join(hit.matched)
    assert dict(hit.features)["margin"] > 0


def test_the_everyday_word_finds_the_official_one(base: Base) -> None:
    """五保户 is 农村五保, typed in pinyin as well."""
    assert first(base.ask("五保户")) == "aid"
    assert first(base.ask("wubaohu")) == "aid"


@pytest.mark.parametrize(
    "question", ["采砂许可证发给哪个老板了", "🙏🙏🙏", "   ", "", "qqqq", "茶叶节哪天开幕"]
)
def test_what_shares_nothing_is_unknown(base: Base, question: str) -> None:
    """No answer is made up."""
    assert isinstance(base.ask(question), Unknown)


def test_a_year_that_is_not_there_is_never_answered(base: Base) -> None:
    """The budget of 2018 is no answer about 2020."""
    assert not isinstance(base.ask("2020年财政预算收支明细表公开了吗"), Answer)
    assert first(base.ask("2017年财政预算收支明细表公开了吗")) == "budget-2017"


def test_the_newest_of_yearly_versions_comes_first(base: Base) -> None:
    """Without a year the newest is meant."""
    assert first(base.ask("财政预算收支汇总表和明细表有没有")) == "budget-2018"


def test_a_follow_up_asks_the_last_entry_anew(base: Base) -> None:
    """那2017年的呢 after the budget of 2018."""
    assert first(base.ask("那2017年的呢", previous="budget-2018")) == "budget-2017"
    assert first(base.ask("农村公路的村道由谁负责养护", previous="budget-2018")) == "roads"


def test_an_amount_that_is_not_there_is_not_answered(base: Base) -> None:
    """Right topic, but no figure."""
    assert not isinstance(base.ask("农村公路养护管理花了多少钱"), Answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_text_raises(base: Base, text: str) -> None:
    """Any Unicode is a question."""
    assert isinstance(base.ask(text), Answer | Suggest | Unknown)


@pytest.mark.parametrize(
    "text",
    [
        "农村公路养护" * 1700,
        "啊" * 10_000,
        "nongcun" * 1400,
        'AND OR NOT NEAR("公路") * ^ : - "' * 300,
        "？" * 10_000,
        "🙂" * 10_000,
    ],
)
def test_ten_thousand_characters_take_no_longer(base: Base, text: str) -> None:
    """A long message is looked at as far as it may be a question."""
    started = time.perf_counter()
    base.ask(text)
    assert time.perf_counter() - started < LONGEST_SECONDS


def test_an_added_unrelated_entry_does_not_change_a_right_answer(tmp_path: Path) -> None:
    """What is sure stays sure."""
    questions = {"农村公路的村道由谁负责养护": "roads", "禁养区内的养殖场怎么处理": "pigs"}
    extra = entry("tea", "茶叶节活动安排", "开幕式在文化广场举行，设三十个展位，晚上放电影。")
    with open_base(tmp_path) as before:
        answered = {q: first(before.ask(q)) for q in questions if isinstance(before.ask(q), Answer)}
    with open_base(tmp_path, (*TOWNSHIP, extra)) as after:
        again = {q: first(after.ask(q)) for q in answered}
    assert answered == again == {q: questions[q] for q in answered}
    assert answered


def test_a_replaced_index_is_used_by_the_next_question(tmp_path: Path) -> None:
    """No reopening by hand."""
    with open_base(tmp_path, TOWNSHIP[:2]) as base:
        before = base.version
        assert base.entry("roads") is None
        build_index(TOWNSHIP, TERMS, tmp_path / "knowledge.db")
        assert base.entry("roads") == TOWNSHIP[2]
        assert base.version != before


def test_questions_while_the_base_is_replaced_all_get_an_answer(tmp_path: Path) -> None:
    """Each from one index, none fails."""
    failures: list[Exception] = []
    asked = 0
    stop = threading.Event()
    with open_base(tmp_path) as base:

        def ask() -> None:
            nonlocal asked
            while not stop.is_set():
                try:
                    assert first(base.ask("农村公路的村道由谁负责养护")) == "roads"
                    asked += 1
                except Exception as error:  # whatever it is, the test shows it
                    failures.append(error)
                    return

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(4):
            build_index(TOWNSHIP, TERMS, tmp_path / "knowledge.db")
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert asked > 0


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    """It must be built first."""
    with pytest.raises(IndexMissing):
        Base.open(tmp_path / "knowledge.db")


def test_candidate_is_asked_before_it_is_live(tmp_path: Path) -> None:
    """It answers on trial while the old one answers residents; left alone, it leaves nothing behind."""
    sources = tmp_path / "sources"
    sources.mkdir()
    with open_base(tmp_path) as base:
        before, files = base.version, sorted(tmp_path.iterdir())
        (sources / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
        for goes_live in (False, True):
            with base.candidate(sources) as new:
                assert first(new.ask("自来水主管道六月通到湾里")) == first_id(new)
                assert base.version == before
                assert new.is_new
                if goes_live:
                    new.go_live()
            assert (base.version != before) is goes_live
            if not goes_live:
                assert [path for path in tmp_path.iterdir() if path not in files] == []
        with base.candidate(sources) as same:
            assert not same.is_new
        base.roll_back()
        assert base.version == before


def first_id(candidate: Candidate) -> str:
    """The id of what the candidate holds of the one file."""
    decision = candidate.ask("饮水工程公告")
    assert candidate.entry(first(decision)) is not None
    return first(decision)


def test_republished_adds_to_the_live_index(tmp_path: Path) -> None:
    """Replies take the place of the replies before; everything else stays as it is."""
    reply = replace(entry("reply:2026-0001", "村口桥", "村口桥花了三万元。"), kind=EntryKind.PUBLISHED_REPLY)
    items = [replace(each, kind=EntryKind.ITEM) for each in TOWNSHIP]
    build_index(items, TERMS, tmp_path / "index.db")
    with Base.open(tmp_path / "index.db") as base:
        for replies in ((reply,), ()):
            with base.republished(replies) as new:
                new.go_live(keeps_previous=True)
            assert base.size == len(items) + len(replies)
        with base.republished(()) as new:
            assert not new.is_new
