"""Cutting texts into pieces, one at a time and many at once."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.chunks import NAME_WEIGHT, Texts, cut, name_keys
from knowledge.text.grams import (
    all_syllables,
    bigram_key,
    bigrams,
    name_key,
    syllable_bigrams,
    syllable_key,
    syllables,
)

NUMBERS = {sound: number for number, sound in enumerate(all_syllables(), 1)}
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


def test_unknown_syllable_has_no_key() -> None:
    """What no character sounds like is stored nowhere."""
    assert syllable_key("di bao", NUMBERS) is not None
    assert syllable_key("di xyz", NUMBERS) is None


@given(st.text("低保标准12ab", min_size=1, max_size=4), st.text("低保标准12ab", min_size=1, max_size=4))
def test_different_pieces_have_different_keys(first: str, second: str) -> None:
    """Keys of characters are exact, and those with runs do not collide in practice."""
    for one in bigrams(first):
        for other in bigrams(second):
            assert (bigram_key(one) == bigram_key(other)) == (one == other)


@given(st.lists(st.tuples(st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=3)), max_size=4))
def test_many_at_once_are_cut_as_one_at_a_time(chunk: list[tuple[list[str], list[str]]]) -> None:
    """numpy and plain Python find the same pieces, weights and lengths in any text."""
    texts = [Texts(names, body) for names, body in chunk]
    found = cut(texts)
    keys = np.repeat(found.keys, found.counts).tolist()
    got = dict(zip(zip(keys, found.entries.tolist(), strict=True), found.weights.tolist(), strict=True))
    assert got == _weights(texts)
    assert keys == sorted(keys)
    lengths = [
        sum(weight for (key, entry), weight in got.items() if entry == number and key < 1 << 43)
        for number in range(len(texts))
    ]
    assert found.lengths.tolist() == lengths


def _weights(chunk: list[Texts]) -> dict[tuple[int, int], int]:
    """(key, entry) -> occurrences in the body, and NAME_WEIGHT for being in a name."""
    weights: Counter[tuple[int, int]] = Counter()
    for number, texts in enumerate(chunk):
        for text in texts.body:
            weights.update((key, number) for key in _keys(text))
        for key in {key for text in texts.names for key in _keys(text)}:
            weights[key, number] += NAME_WEIGHT
    return dict(weights)


def _keys(text: str) -> list[int]:
    sounds = (syllable_key(piece, NUMBERS) for piece in syllable_bigrams(syllables(text)))
    return [bigram_key(piece) for piece in bigrams(text)] + [key for key in sounds if key is not None]


@given(st.lists(TEXTS, max_size=5))
def test_names_have_the_same_number_at_build_and_at_look_up(names: list[str]) -> None:
    """`name_keys` of many is `name_key` of each."""
    assert name_keys(names).tolist() == [name_key(name) for name in names]


def test_name_is_the_same_whatever_its_spaces_and_punctuation() -> None:
    """《低保 标准》 and 低保标准 are one name."""
    assert name_key("《低保 标准》") == name_key("低保标准") != name_key("低保标准2")
    assert name_key("……") == 0
