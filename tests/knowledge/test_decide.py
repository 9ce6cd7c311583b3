"""What is a rival, what is grouped, what is certain enough."""

from __future__ import annotations

from dataclasses import replace

from knowledge.entry import Answer, Entry, EntryKind, Hit, Passage, Suggest, Unknown
from knowledge.matching.ask import WEIGHTS_FILE
from knowledge.matching.decide import Weights, both, decide, same_thing
from knowledge.matching.query import query_of
from knowledge.matching.terms import Terms
from tests.knowledge.bases import entry
from tests.knowledge.test_query import NothingKnown

WEIGHTS = replace(Weights.from_yaml(WEIGHTS_FILE.read_text(encoding="utf-8")), answer_floor=0.7)
QUERY = query_of("财政预算公开了没有", Terms(), NothingKnown())


def hit(which: Entry, score: float, words: float = 0.0) -> Hit:
    return Hit(which, Passage(which.text, 0), score, (("quoted", words),), ("预算",))


ONE, TWO = entry("a", "甲", "甲的内容在这里"), entry("b", "乙", "全然不同的另一件事")


def test_sure_is_an_answer_and_what_else_may_fit_is_kept() -> None:
    """Above the floor it is quoted."""
    decision = decide(QUERY, [hit(ONE, 0.9), hit(TWO, 0.3)], 1.0, WEIGHTS)
    assert decision == Answer((hit(ONE, 0.9),), (hit(TWO, 0.3),))


def test_a_ceiling_makes_a_suggestion_of_an_answer() -> None:
    """An entry of another year is never the answer."""
    assert isinstance(decide(QUERY, [hit(ONE, 0.9)], 0.5, WEIGHTS), Suggest)
    assert isinstance(decide(QUERY, [hit(ONE, 0.2)], 0.3, WEIGHTS), Unknown)


def test_nothing_shared_is_unknown() -> None:
    """Without candidates, and with unlikely ones, it is not there."""
    assert decide(QUERY, [], 1.0, WEIGHTS) == Unknown()
    assert isinstance(decide(QUERY, [hit(ONE, 0.001)], 1.0, WEIGHTS), Unknown)


def test_unlikely_but_related_is_suggested() -> None:
    """Much of what was asked is there: let the resident see."""
    assert isinstance(decide(QUERY, [hit(ONE, 0.001, words=0.6)], 1.0, WEIGHTS), Suggest)


def test_a_word_alone_is_a_suggestion() -> None:
    """One word may mean anything."""
    word = query_of("预算", Terms(), NothingKnown())
    assert isinstance(decide(word, [hit(ONE, 0.99)], 1.0, WEIGHTS), Suggest)


def test_of_yearly_versions_the_newest_is_shown() -> None:
    """Unless a year is asked for, older versions are left out."""
    old, new = (
        entry("b17", "预算", "旧", year=2017, version_of="b"),
        entry("b18", "预算", "新", year=2018, version_of="b"),
    )
    decision = decide(QUERY, [hit(old, 0.9), hit(new, 0.8)], 1.0, WEIGHTS)
    assert isinstance(decision, Answer)
    assert [one.entry.entry_id for one in (*decision.hits, *decision.also)] == ["b18"]


def test_parent_child_item_version_and_copy_are_no_rivals() -> None:
    """Only another thing can be meant instead."""
    section = entry("r:三", "三", "推进预决算公开", kind=EntryKind.REPORT_SECTION)
    item = entry("item:x", "决算", "公开了决算", kind=EntryKind.ITEM, parent_id="r:三")
    copy = entry("c", "别的题目", ONE.text)
    assert same_thing(section, item)
    assert same_thing(ONE, copy)
    assert not same_thing(ONE, TWO)


def test_two_sure_parts_are_one_answer_with_two_hits() -> None:
    """A message with two questions is answered in two parts."""
    parts = [Answer((hit(ONE, 0.9),)), Answer((hit(TWO, 0.8),))]
    decision = both(Unknown(), parts, WEIGHTS)
    assert decision == Answer((hit(ONE, 0.9), hit(TWO, 0.8)))


def test_two_unsure_parts_are_suggested_in_turn() -> None:
    """The first of each part comes before the second of any."""
    parts = [Suggest((hit(ONE, 0.2),)), Suggest((hit(TWO, 0.2), hit(ONE, 0.1)))]
    decision = both(Unknown(), parts, WEIGHTS)
    assert isinstance(decision, Suggest)
    assert [one.entry.entry_id for one in decision.hits] == ["a", "b"]
