"""Both sides of a comparison are spelt one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.normalize import fold, sentences, sounding, squeeze, syllables_of


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    """`fold` is idempotent for any Unicode."""
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_squeezing_twice_is_squeezing_once(text: str) -> None:
    """`squeeze` is idempotent for any Unicode."""
    assert squeeze(squeeze(text)) == squeeze(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本報告由洲上鄉(xiāng)編制", "本报告由洲上乡编制"),
        ("存在著挑戰(zhàn)", "存在着挑战"),
        ("\uff21\uff22\uff23\u3000\uff11\uff12", "abc 12"),
        ("(一)真的括号(以下简称《条例》)", "(一)真的括号(以下简称《条例》)"),
        ("zhèng cè lǚ", "zheng ce lv"),
        ("低\u200b保", "低保"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    """Traditional characters, readings in brackets, full width, tone marks and what cannot be seen."""
    assert fold(text) == expected


@given(st.text(alphabet="一二三四五低保公开财政abc12", max_size=40))
def test_sound_signs_stand_at_the_places_of_their_characters(text: str) -> None:
    """Positions in a text and in its sound string correspond."""
    assert len(sounding(text)) == len(text)


def test_words_that_sound_alike_have_equal_signs() -> None:
    """统记 sounds like 统计."""
    assert sounding("统记") == sounding("统计")
    assert syllables_of(sounding("低保")) == ["di", "bao"]


def test_sentences_keep_their_words_and_marks() -> None:
    """A text is cut after its closing marks, verbatim."""
    assert list(sentences("一是甲。二是乙；丙\n丁")) == ["一是甲。", "二是乙；", "丙", "丁"]
