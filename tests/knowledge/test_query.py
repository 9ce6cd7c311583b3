"""A message is read: years, pinyin, terms, question phrases, and what of a story is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from knowledge.matching.asked import Wanted, as_meant, bare_spans, papers_asked, wanted
from knowledge.matching.needs import lacks, needs_of
from knowledge.matching.query import Query, query_of, with_years
from knowledge.matching.terms import Terms
from tests.knowledge.bases import TERMS


class NothingKnown:
    """A base without entries."""

    largest_idf = 5.0

    def idfs(self, pieces: Iterable[str]) -> Mapping[str, float]:
        return dict.fromkeys(pieces, 5.0)

    def syllable_idfs(self, pieces: Iterable[str]) -> Mapping[str, float]:
        return dict.fromkeys(pieces, 5.0)


def read(text: str) -> Query:
    return query_of(text, Terms.of(TERMS), NothingKnown())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二零一七的决算", "2017的决算"),
        ("二〇一八年", "2018年"),
        ("18年经济上怎么安排", "2018年经济上怎么安排"),
        ("过了18年后", "过了18年后"),
        ("118年", "118年"),
    ],
)
def test_years_are_written_in_full(text: str, expected: str) -> None:
    """Spelt and short years become four digits; spans of years do not."""
    assert with_years(text) == expected


def test_question_phrases_are_no_content() -> None:
    """What only asks is left out; 不 in 不动产 is no particle."""
    text = "请问不动产登记是什么"
    assert [text[a:b] for a, b in bare_spans(text)] == ["不动产登记"]


@pytest.mark.parametrize("typed", ["wubaohu", "wu bao hu", "wǔ bǎo hù", "WUBAOHU"])
def test_pinyin_is_read(typed: str) -> None:
    """A word of the terms is recognised by its sound, spaced or not."""
    query = read(typed)
    assert query.text == "五保户"
    assert all(query.heard)


def test_pinyin_in_the_middle_of_characters_is_read() -> None:
    """Only the run of letters is taken for pinyin."""
    query = read("低保zhengce怎么办")
    assert query.text == "低保政策怎么办"
    assert query.heard == (False, False, True, True, False, False, False)


def test_letters_that_are_no_pinyin_stay() -> None:
    """wifi cannot be cut into syllables."""
    assert read("wifi密码").text == "wifi密码"


def test_terms_bring_alternatives() -> None:
    """An everyday word may stand for the official one; words that only ask are no content."""
    query = read("五保户几多")
    assert [alt.words[0] for alt in query.alternatives] == ["农村五保"]
    assert query.core == "五保户"


def test_the_question_of_a_story_counts_most() -> None:
    """Of a long message the last question is asked; the rest weighs little."""
    query = read("我爸去年查出来尿毒症，一个礼拜透析三次，亲戚也借遍了。医疗方面的救助政策乡里公开了没有？")
    asked = "".join(c for c, f in zip(query.text, query.focus, strict=True) if f == 1.0)
    assert asked == "医疗方面的救助政策乡里公开了没有"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修桥花了多少钱", {Wanted.NUMBER}),
        ("在哪栋楼", {Wanted.PLACE}),
        ("低保政策", set()),
    ],
)
def test_the_kind_of_answer_is_told_from_the_question(text: str, expected: set[Wanted]) -> None:
    """Question words say what would do."""
    assert wanted(text) == expected


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("老年证在哪里领", "老年证"),
        ("驾驶证过期了怎么办", "驾驶证"),
        ("给娃儿上户口", ""),
        ("申请要不要带身份证", None),
        ("证据不足怎么办", None),
        ("公开了多少办证信息", None),
    ],
)
def test_a_certificate_is_wanted(text: str, paper: str | None) -> None:
    """To get one is an affair of its own; to show one belongs to a request."""
    assert papers_asked(text) == paper


def test_an_amount_is_asked_and_none_is_there() -> None:
    """多少钱 needs an amount."""
    needs = needs_of("修桥花了多少钱")
    assert lacks(needs, "推进重大建设项目信息公开")
    assert not lacks(needs, "修桥花了三万元")
    assert needs_of("低保政策") == ()


def test_how_a_thing_is_done_is_asked_and_not_said() -> None:
    """怎么申请 needs a way (to whom, with what, in which steps); only to name the thing is none."""
    needs = needs_of("低保怎么申请")
    assert lacks(needs, "全年发放低保金，做到应保尽保")
    assert not lacks(needs, "持身份证到镇民政办申请低保")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("补助茹何征税", "补助如何征税"),
        ("低保多勺钱", "低保多少钱"),
        ("提供哪斜便利", "提供哪些便利"),
        ("低保在那里申请", "低保在那里申请"),  # a word of its own
        ("汝河治理", "汝河治理"),  # no character of 如何 is there: a river
        ("", ""),
    ],
)
def test_question_phrase_typed_by_ear(typed: str, meant: str) -> None:
    """A typing error in a question phrase is none in what is searched for."""
    assert as_meant(typed) == meant
