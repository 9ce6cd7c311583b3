"""Cutting texts into pieces, one at a time and many at once."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.pieces import NAME_WEIGHT, by_ear, heard, needle, pieces, spelt, weights
from knowledge.text.grams import (
    all_syllables,
    bigrams,
    is_han,
    is_letter,
    letters_of,
    syllable_bigrams,
    syllables,
    units,
)
from knowledge.text.normalize import fold

SHORT_TEXT = st.text("低保的一二行ab12 ，\n\u3007😀𠀀é", max_size=8)
ANY_TEXT = st.text(max_size=12)
TEXTS = st.one_of(SHORT_TEXT, ANY_TEXT)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("低保标准", ["低保", "保标", "标准"]),
        ("2018年低保", ["2018", "2018年", "年低", "低保"]),
        ("第12号 abc def", ["12", "第12", "12号", "abc", "号abc", "def"]),
        ("低保、标准", ["低保", "保标", "标准"]),
        ("问", ["问"]),
        ("", []),
        ("？！ 😀", []),
    ],
)
def test_bigrams(text: str, pieces: list[str]) -> None:
    """Pairs of characters across punctuation; runs whole and joined to their neighbours."""
    assert bigrams(text) == pieces


@pytest.mark.parametrize(
    ("text", "sounds"),
    [("低保", ["di", "bao"]), ("吕行", ["lv", "xing"]), ("第12号a", ["di", "hao"]), ("abc", [])],
)
def test_syllables(text: str, sounds: list[str]) -> None:
    """The first reading of each character without its tone; nothing else has a sound."""
    assert syllables(text) == sounds


def test_syllable_bigrams() -> None:
    """Pairs joined by a space; one syllable stands alone."""
    assert syllable_bigrams(["di", "bao", "jin"]) == ["di bao", "bao jin"]
    assert syllable_bigrams(["di"]) == ["di"]
    assert syllable_bigrams([]) == []


def test_all_syllables_are_plain_letters() -> None:
    """Some four hundred syllables of one to six letters, in order."""
    sounds = all_syllables()
    assert 400 < len(sounds) < 450
    assert list(sounds) == sorted(set(sounds))
    assert all(sound.isascii() and sound.isalpha() and len(sound) <= 6 for sound in sounds)


def test_unknown_syllable_has_no_sign() -> None:
    """What no character sounds like is nowhere."""
    assert by_ear("di bao") == "".join(filter(None, map(by_ear, ("di", "bao"))))
    assert by_ear("di xyz") is None


@given(TEXTS)
def test_units_are_characters_and_runs(text: str) -> None:
    """Every letter and character once, in order; runs are as long as they can be."""
    assert "".join(units(text)) == "".join(c for c in text if is_han(c) or is_letter(c))
    for unit in units(text):
        assert (is_han(unit) if len(unit) == 1 else False) or all(map(is_letter, unit))
    spaced = "".join(c if is_letter(c) else f" {c} " for c in text)
    assert [u for u in units(text) if is_letter(u[0])] == [r for r in spaced.split() if is_letter(r[0])]


@given(st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=3))
def test_a_piece_counts_the_same_as_a_token_and_in_its_text(names: list[str], body: list[str]) -> None:
    """FTS5 is given each piece as often as it is counted in the text that is kept: by sight and by ear."""
    names, body = [fold(text) for text in names], [fold(text) for text in body]
    text = spelt(names, body)
    for read, cut in ((text, bigrams), (heard(text), _heard_bigrams)):
        expected = Counter(piece for line in body for piece in cut(line))
        expected.update(dict.fromkeys((piece for line in names for piece in cut(line)), NAME_WEIGHT))
        assert Counter(pieces(read)) == expected
        asked = [*expected, "没有", "有"]
        assert weights(read, [needle(piece) for piece in asked]) == [expected[piece] for piece in asked]


def _heard_bigrams(text: str) -> list[str]:
    usual = "".join(c for c in text if c < "\ua000")  # sound signs are for characters of the basic plane
    return [found for pair in syllable_bigrams(syllables(usual)) if (found := by_ear(pair))]


def test_name_is_the_same_whatever_its_spaces_and_punctuation() -> None:
    """《低保 标准》 and 低保标准 are one name."""
    assert letters_of("《低保 标准》") == letters_of("低保标准") != letters_of("低保标准2")
    assert letters_of("……") == ""
