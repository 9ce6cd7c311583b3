"""The forms in which postings are stored give back what was put in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.encoding import Layout, Run, encode
from knowledge.index.postings import DENSE, LONG, Ids, Posting, Weights, probe_list
from knowledge.index.shared_rows import encode_shared, find_shared

Piece = dict[int, int]  # weight by entry number

SIZES = st.sampled_from([1, 2, 100, 5000, 70_000, 2_000_000])
KEYS = st.one_of(st.integers(0, 300), st.integers(0, (1 << 44) - 1))


@st.composite
def runs(draw: st.DrawFn) -> tuple[dict[int, Piece], int]:
    """Pieces by key, and the size of the index."""
    size = draw(SIZES)
    largest = draw(st.sampled_from([1, 2, 4, 16, 255]))
    piece = st.dictionaries(st.integers(0, size - 1), st.integers(1, largest), min_size=1, max_size=40)
    return draw(st.dictionaries(KEYS, piece, max_size=8)), size


def run_of(pieces: dict[int, Piece]) -> Run:
    """Pieces as the encoder takes them."""
    ordered = [(key, sorted(pieces[key].items())) for key in sorted(pieces)]
    return Run(
        np.array([key for key, _ in ordered], np.uint64),
        np.array([len(held) for _, held in ordered], np.int64),
        np.array([entry for _, held in ordered for entry, _ in held], np.int64),
        np.array([weight for _, held in ordered for _, weight in held], np.uint8),
    )


def as_piece(ids: Ids, weights: Weights) -> Piece:
    """What was decoded, for comparison."""
    return dict(zip(ids.tolist(), weights.tolist(), strict=True))


@given(runs(), st.lists(st.integers(0, 1 << 21), max_size=20), st.sampled_from([0, 50_000]))
def test_list_gives_back_entries_and_weights(
    drawn: tuple[dict[int, Piece], int], asked: list[int], compact_from: int
) -> None:
    """Decoding and probing a list, plain or compact, agree with what was encoded."""
    pieces, size = drawn
    layout = Layout(size, shared_up_to=0, compact_from=compact_from, dense_from=1 << 40)
    rows = dict(encode(run_of(pieces), layout))
    assert {key: as_piece(*row.decode()) for key, row in rows.items()} == pieces
    wanted = np.array(sorted(entry for entry in asked if entry < size), np.int64)
    for key, row in rows.items():
        assert row.probe(wanted).tolist() == [pieces[key].get(entry, 0) for entry in wanted.tolist()]


@given(runs(), st.lists(st.integers(0, 1 << 21), max_size=20))
def test_dense_form_gives_back_entries_and_weights(
    drawn: tuple[dict[int, Piece], int], asked: list[int]
) -> None:
    """Decoding and probing one bit for every entry agree with what was encoded."""
    pieces, size = drawn
    rows = dict(encode(run_of(pieces), Layout(size, shared_up_to=0, dense_from=1, dense_share=0.0)))
    wanted = np.array(sorted(entry for entry in asked if entry < size), np.int64)
    assert rows.keys() == pieces.keys()
    for key, row in rows.items():
        assert row.is_dense
        assert as_piece(*row.decode()) == pieces[key]
        assert row.probe(wanted).tolist() == [pieces[key].get(entry, 0) for entry in wanted.tolist()]


@given(runs(), st.sampled_from([1, 2, 256]), KEYS)
def test_shared_row_finds_each_of_its_pieces(
    drawn: tuple[dict[int, Piece], int], most: int, other: int
) -> None:
    """Every piece is found in the one row whose keys enclose it, and no other key is."""
    pieces, size = drawn
    rows = list(encode_shared(run_of(pieces), Layout(size, shared_row=most)))
    for key, piece in pieces.items():
        enclosing = [(first, body) for first, last, body in rows if first <= key <= last]
        assert len(enclosing) == 1
        found = find_shared(*enclosing[0], key, size)
        assert found is not None
        assert as_piece(*found) == piece
    if other not in pieces:
        before = [(first, body) for first, _, body in rows if first <= other]
        assert not before or find_shared(*before[-1], other, size) is None


def test_rare_pieces_share_and_common_ones_do_not() -> None:
    """Up to sixteen entries share a row; the encoder of own rows leaves them out."""
    pieces = {7: dict.fromkeys(range(16), 1), 8: dict.fromkeys(range(17), 1)}
    assert [key for key, _ in encode(run_of(pieces), Layout(100_000))] == [8]
    assert [key for key, _ in encode(run_of(pieces), Layout(100))] == [7, 8]


def test_long_list_may_cut_a_few_weights() -> None:
    """Of a long list one weight in two hundred may be cut, so that the others need one bit."""
    weights = np.ones(LONG, np.uint8)
    weights[::200] = 9
    run = Run(np.array([1], np.uint64), np.array([LONG]), np.arange(LONG), weights)
    ((_, row),) = encode(run, Layout(10 * LONG, dense_from=1 << 40))
    assert set(row.decode()[1].tolist()) == {1}


def test_million_entries_take_little_space() -> None:
    """A piece in every hundredth of a million entries takes little more than a byte for each."""
    ids = np.arange(0, 1_000_000, 100)
    run = Run(np.array([1], np.uint64), np.array([len(ids)]), ids, np.ones(len(ids), np.uint8))
    ((_, row),) = encode(run, Layout(1_000_000))
    assert len(row.body) <= 1.5 * len(ids)
    assert row.decode()[0].tolist() == ids.tolist()


def test_nothing_encodes_to_nothing() -> None:
    """No pieces, no rows."""
    assert list(encode(run_of({}), Layout(10))) == []
    assert list(encode_shared(run_of({}), Layout(10))) == []


def test_probing_an_empty_list() -> None:
    """A piece in no entry is absent everywhere."""
    nothing = np.empty(0, np.int64), np.empty(0, np.uint8)
    assert probe_list(*nothing, np.array([0, 5])).tolist() == [0, 0]


def test_dense_form_is_told_from_a_list() -> None:
    """Only dense postings can be looked up without decoding."""
    assert Posting(1, DENSE, bytes(8)).is_dense
    assert not Posting(1, 0, b"\x01").is_dense
