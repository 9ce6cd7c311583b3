"""Pieces are counted in many texts at once as they would be in each alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching.slate import Slate
from knowledge.text.normalize import sounding

LETTERS = "低保标准的12a\U00020000\n"
TEXTS = st.lists(st.text(LETTERS, max_size=20), max_size=6)
PIECES = st.lists(st.text(LETTERS.replace("\n", ""), min_size=1, max_size=4), max_size=8)


def occurrences(piece: str, text: str) -> int:
    """How often a piece stands in a text, overlapping ones included."""
    return sum(text.startswith(piece, at) for at in range(len(text)))


def stands_apart(piece: str, text: str) -> bool:
    """Whether the two characters of a pair have one character between them."""
    return any(first + second == piece for first, second in zip(text, text[2:], strict=False))


@given(TEXTS, PIECES)
def test_counts_as_each_text_alone(texts: list[str], pieces: list[str]) -> None:
    """Pairs and other pieces, also repeated ones and those beyond the basic plane."""
    counts = Slate(texts).counts(pieces)
    assert counts.shape == (len(texts), len(pieces))
    for row, text in zip(counts.tolist(), texts, strict=True):
        for found, piece in zip(row, pieces, strict=True):
            assert (found > 0) == (piece in text)
            assert text.count(piece) <= found <= occurrences(piece, text)


@given(TEXTS, st.lists(st.text("低保标准的12a", min_size=2, max_size=2), max_size=8))
def test_finds_pairs_that_stand_apart(texts: list[str], pairs: list[str]) -> None:
    """Never over the border of two texts."""
    counts, apart = Slate(texts).counts_and_apart(pairs)
    assert counts.tolist() == Slate(texts).counts(pairs).tolist()
    plain = [text for text in texts if "\U00020000" not in text]
    for row, text in zip(apart.tolist(), texts, strict=True):
        if text in plain:
            assert row == [stands_apart(pair, text) for pair in pairs]


@given(TEXTS)
def test_sounds_as_each_text_alone(texts: list[str]) -> None:
    """The texts by ear are the sound signs of the texts."""
    assert list(Slate(texts).by_ear.texts) == [sounding(text) for text in texts]
