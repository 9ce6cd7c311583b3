"""What is a rival, what is grouped, what is certain enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.entry import Answer, Decision, Entry, EntryKind, Hit, Passage, Suggest, Unknown
from knowledge.matching.ask import WEIGHTS_FILE
from knowledge.matching.decide import Weights, decide, same_thing
from knowledge.matching.face import Face
from knowledge.matching.query import query_of
from knowledge.matching.terms import Terms
from knowledge.matching.together import together
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


def test_a_long_entry_is_not_related_by_a_sentence() -> None:
    """Among so many sentences one shares words with almost any question."""
    long = entry("long", "通知", "关于预算的一句话。" * 100)
    assert isinstance(decide(QUERY, [hit(long, 0.001, words=0.9)], 1.0, WEIGHTS), Unknown)
    assert isinstance(decide(QUERY, [hit(long, WEIGHTS.suggest_floor)], 1.0, WEIGHTS), Suggest)


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
    assert same_thing(Face(section), Face(item))
    assert same_thing(Face(ONE), Face(copy))
    assert not same_thing(Face(ONE), Face(TWO))


Parts = Sequence[tuple[str, Decision]]


def whole_of(decision: Decision) -> Callable[[], Decision]:
    return lambda: decision


def never() -> Decision:
    raise AssertionError("the undivided question need not be asked")


def test_two_sure_parts_are_one_answer_with_two_hits() -> None:
    """A message with two questions is answered in two parts."""
    parts: Parts = [("甲", Answer((hit(ONE, 0.9),))), ("乙", Answer((hit(TWO, 0.8),)))]
    assert together(parts, never, WEIGHTS) == Answer((hit(ONE, 0.9), hit(TWO, 0.8)))


def test_two_answers_in_one_passage_are_quoted_once() -> None:
    """What was asked twice is not said twice."""
    parts: Parts = [("甲", Answer((hit(ONE, 0.9),))), ("再问甲", Answer((hit(ONE, 0.8),)))]
    assert together(parts, never, WEIGHTS) == Answer((hit(ONE, 0.9),))


def test_the_part_that_is_sure_is_answered_and_the_other_left_to_ask() -> None:
    """Half an answer is not withheld, and the other half is not forgotten."""
    parts: Parts = [("甲", Answer((hit(ONE, 0.9),))), ("乙", Suggest((hit(TWO, 0.2),)))]
    assert together(parts, never, WEIGHTS) == Answer((hit(ONE, 0.9),), rest=("乙",))


def test_a_part_that_is_nowhere_is_left_to_ask_when_it_has_a_topic_of_its_own() -> None:
    """Else the message asks one thing, and the undivided question decides."""
    answer, unknown = Answer((hit(ONE, 0.9),)), Unknown()
    parts: Parts = [("预算公开了没有", answer), ("村里修路花了多少钱", unknown)]
    assert together(parts, whole_of(unknown), WEIGHTS) == Answer((hit(ONE, 0.9),), rest=(parts[1][0],))
    dependent: Parts = [("预算公开了没有", answer), ("标准多少", unknown)]
    assert together(dependent, whole_of(Suggest((hit(ONE, 0.4),))), WEIGHTS) == Suggest((hit(ONE, 0.4),))
    assert together(parts, whole_of(Answer((hit(TWO, 0.9),))), WEIGHTS) == Answer((hit(TWO, 0.9),))


def test_two_unsure_parts_are_suggested_in_turn() -> None:
    """The first of each part comes before the second of any."""
    parts: Parts = [("甲", Suggest((hit(ONE, 0.2),))), ("乙", Suggest((hit(TWO, 0.2), hit(ONE, 0.1))))]
    decision = together(parts, whole_of(Unknown()), WEIGHTS)
    assert decision == Suggest((hit(ONE, 0.2), hit(TWO, 0.2)), leads=2)
