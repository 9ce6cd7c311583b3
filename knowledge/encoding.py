"""Writes the postings of many pieces at once in the forms of `knowledge/postings.py`.

Millions of pieces have a few entries each, so nothing here works piece by piece except the last step,
which cuts one long array into the bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.postings import (
    CLIPPED,
    DENSE2,
    DENSE4,
    FORM_BITS,
    GAP8,
    GAP16,
    LONG,
    Bytes,
    Ids,
    Posting,
    Weights,
    pack,
    pack_dense,
)

Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Layout:
    """When a piece gets which form; tests set small numbers to see every form in a small index."""

    size: int  # entries of the whole index
    shared_up_to: int = 16  # pieces in at most so many entries share a row
    shared_row: int = 256  # pieces in one row
    dense_from: int = 4096  # smaller indexes have no dense form
    dense_share: float = 1 / 12

    def is_dense(self, counts: Numbers) -> npt.NDArray[np.bool_]:
        """Which pieces are written for every entry, by their counts."""
        return (counts > self.size * self.dense_share) & (self.size >= self.dense_from)


@dataclass(frozen=True)
class Run:
    """Pieces in ascending order of key; entry numbers and weights of one after the other."""

    keys: Keys
    counts: Numbers
    ids: Ids
    weights: Weights

    def select(self, which: npt.NDArray[np.bool_]) -> Run:
        """Some of the pieces."""
        rows = np.repeat(which, self.counts)
        return Run(self.keys[which], self.counts[which], self.ids[rows], self.weights[rows])


def encode(run: Run, layout: Layout) -> Iterator[tuple[int, Posting]]:
    """The own rows of all pieces in `run` that do not share one: (key, posting)."""
    dense = layout.is_dense(run.counts)
    yield from _encode_dense(run.select(dense), layout)
    yield from _encode_lists(run.select(~dense & (run.counts > layout.shared_up_to)))


def _encode_dense(run: Run, layout: Layout) -> Iterator[tuple[int, Posting]]:
    ends = np.cumsum(run.counts)
    for key, count, end in zip(run.keys.tolist(), run.counts.tolist(), ends.tolist(), strict=True):
        ids, weights = run.ids[end - count : end], run.weights[end - count : end]
        bits = 2 if np.count_nonzero(weights > 3) <= CLIPPED * count else 4
        form = bits << FORM_BITS | (DENSE2 if bits == 2 else DENSE4)
        yield key, Posting(count, form, pack_dense(ids, weights, layout.size, bits))


def _encode_lists(run: Run) -> Iterator[tuple[int, Posting]]:
    if not len(run.keys):
        return
    starts = np.cumsum(run.counts) - run.counts
    gaps = np.diff(run.ids.astype(np.int64), prepend=0)
    gaps[starts] = run.ids[starts]
    narrow = run.counts + np.add.reduceat(gaps // 255, starts)
    wide = 2 * (run.counts + np.add.reduceat(gaps // 65535, starts))
    kinds = np.where(narrow <= wide, GAP8, GAP16)
    streams = {kind: _gap_bodies(gaps, run.counts, kinds == kind, kind) for kind in (GAP8, GAP16)}
    bits = weight_bits(run.counts, run.weights, starts)
    packs = {width: _weight_bodies(run, bits == width, width) for width in (0, 2, 4, 8)}
    forms = bits << FORM_BITS | kinds
    for key, count, form in zip(run.keys.tolist(), run.counts.tolist(), forms.tolist(), strict=True):
        yield key, Posting(count, form, next(streams[form & 3]) + next(packs[form >> FORM_BITS]))


def _gap_bodies(gaps: Numbers, counts: Numbers, which: npt.NDArray[np.bool_], kind: int) -> Iterator[bytes]:
    """The gap part of each chosen piece, in order."""
    chosen = gaps[np.repeat(which, counts)]
    largest = 65535 if kind == GAP16 else 255
    repeats, rest = np.divmod(chosen, largest)
    ends = np.cumsum(repeats + 1)
    stream = np.full(int(ends[-1]) if len(ends) else 0, largest, "<u2" if kind == GAP16 else np.uint8)
    stream[ends - 1] = rest
    cuts = ends[np.cumsum(counts[which]) - 1] << kind
    return _slices(stream.tobytes(), cuts)


def weight_bits(counts: Numbers, weights: Weights, starts: Numbers) -> Numbers:
    """Bits a weight for each piece: what holds all of a short list, all but a few of a long one."""
    allowed = np.where(counts >= LONG, counts * CLIPPED, 0)
    bits = np.full(len(counts), 8, np.int64)
    for width in (4, 2, 0):
        above = np.add.reduceat((weights > (1 << width)).astype(np.int64), starts)
        bits[above <= allowed] = width
    return bits


def _weight_bodies(run: Run, which: npt.NDArray[np.bool_], bits: int) -> Iterator[bytes]:
    """The weight part of each chosen piece, in order."""
    counts = run.counts[which]
    packed, cuts = pack_weights(run.weights[np.repeat(which, run.counts)], counts, bits)
    return _slices(packed.tobytes(), cuts)


def pack_weights(weights: Weights, counts: Numbers, bits: int) -> tuple[Bytes, Numbers]:
    """Weights of many pieces, each beginning at a byte; the second array says where each ends."""
    if bits == 0:
        return np.empty(0, np.uint8), np.zeros(len(counts), np.int64)
    in_byte = 8 // bits
    room = -(-counts // in_byte) * in_byte
    ends = np.cumsum(room)
    padded = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    shift = np.repeat(ends - room - (np.cumsum(counts) - counts), counts)
    padded[np.arange(len(weights)) + shift] = np.minimum(weights.astype(np.int64), 1 << bits) - 1
    return pack(padded, bits), ends // in_byte


def _slices(stream: bytes, cuts: Numbers) -> Iterator[bytes]:
    start = 0
    for end in cuts.tolist():
        yield stream[start:end]
        start = end
