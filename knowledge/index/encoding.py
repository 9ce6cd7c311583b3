"""Writes the postings of many pieces at once in the forms of `knowledge/index/postings.py`.

Millions of pieces have a few entries each, so nothing here works piece by piece except the last step,
which cuts one long array into the bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.index.postings import (
    CLIPPED,
    DENSE,
    FORM_BITS,
    LONG,
    LOW_STEP,
    PLAIN,
    Bytes,
    Ids,
    Posting,
    Weights,
    pack,
    pack_dense,
)

Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

WIDTHS = (0, 1, 2, 4, 8)  # bits of a weight


@dataclass(frozen=True)
class Layout:
    """When a piece gets which form; tests set small numbers to see every form in a small index."""

    size: int  # entries of the whole index
    shared_up_to: int = 16  # pieces in at most so many entries share a row
    compact_from: int = 50_000  # a smaller index takes more space for less time: plain lists, no shared rows
    shared_row: int = 256  # pieces in one row
    dense_from: int = 4096  # smaller indexes have no dense form
    dense_share: float = 1 / 24

    def is_shared(self, counts: Numbers) -> Mask:
        """Which pieces share a row, by their counts."""
        return (counts <= self.shared_up_to) & (self.size >= self.compact_from)

    def is_dense(self, counts: Numbers) -> Mask:
        """Which pieces are written for every entry, by their counts."""
        return (counts > self.size * self.dense_share) & (self.size >= self.dense_from)


@dataclass(frozen=True)
class Run:
    """Pieces in ascending order of key; entry numbers and weights of one after the other."""

    keys: Keys
    counts: Numbers
    ids: Ids
    weights: Weights

    def select(self, which: Mask) -> Run:
        """Some of the pieces."""
        rows = np.repeat(which, self.counts)
        return Run(self.keys[which], self.counts[which], self.ids[rows], self.weights[rows])


def encode(run: Run, layout: Layout) -> Iterator[tuple[int, Posting]]:
    """The own rows of all pieces in `run` that do not share one: (key, posting)."""
    dense = layout.is_dense(run.counts)
    yield from _encode_dense(run.select(dense), layout)
    yield from _encode_lists(run.select(~dense & ~layout.is_shared(run.counts)), layout)


def _encode_dense(run: Run, layout: Layout) -> Iterator[tuple[int, Posting]]:
    bits = weight_bits(run.counts, run.weights)
    packs = {width: _weight_bodies(run, bits == width, width) for width in WIDTHS}
    ends = np.cumsum(run.counts)
    rows = zip(run.keys.tolist(), run.counts.tolist(), ends.tolist(), bits.tolist(), strict=True)
    for key, count, end, width in rows:
        body = pack_dense(run.ids[end - count : end], layout.size) + next(packs[width])
        yield key, Posting(count, width << FORM_BITS | DENSE, body)


def _encode_lists(run: Run, layout: Layout) -> Iterator[tuple[int, Posting]]:
    if not len(run.keys):
        return
    if layout.size < layout.compact_from:
        kinds = np.full(len(run.keys), PLAIN)
        streams = {PLAIN: slices(run.ids.astype("<u2").tobytes(), np.cumsum(run.counts) * 2)}
    else:
        kinds = low_steps(run, layout.size)
        streams = {step: _list_bodies(run, kinds == step, step * LOW_STEP) for step in range(DENSE)}
    bits = weight_bits(run.counts, run.weights)
    packs = {width: _weight_bodies(run, bits == width, width) for width in WIDTHS}
    rows = zip(run.keys.tolist(), run.counts.tolist(), kinds.tolist(), bits.tolist(), strict=True)
    for key, count, kind, width in rows:
        yield key, Posting(count, width << FORM_BITS | kind, next(streams[kind]) + next(packs[width]))


def low_steps(run: Run, size: int) -> Numbers:
    """How many low bits each piece writes side by side, in steps of LOW_STEP: what is shortest."""
    lows = np.arange(DENSE)[:, None] * LOW_STEP
    steps: Numbers = np.argmin(run.counts * lows + (size >> lows), axis=0)
    return steps


def _list_bodies(run: Run, which: Mask, low_bits: int) -> Iterator[bytes]:
    """The entry numbers of each chosen piece, in order, as `postings.decode_ids` reads them."""
    counts = run.counts[which]
    ids = run.ids[np.repeat(which, run.counts)]
    parts = [_unary_bodies(ids >> low_bits, counts)]
    if low_bits % 8:
        packed, cuts = pack_padded((ids >> (low_bits & ~7) & 15).astype(np.uint8), counts, 4)
        parts.append(slices(packed.tobytes(), cuts))
    if low_bits >= 8:
        lows = ids.astype("<u2" if low_bits == 16 else np.uint8)  # the higher bits fall off
        parts.append(slices(lows.tobytes(), np.cumsum(counts) * (low_bits // 8)))
    return map(b"".join, zip(*parts, strict=True))


def _unary_bodies(highs: Ids, counts: Numbers) -> Iterator[bytes]:
    """A 1 for each entry, a 0 for each step of the high part; each piece begins at a byte."""
    ends = np.cumsum(counts)
    room = -(-(highs[ends - 1] + counts) // 8) * 8
    borders = np.cumsum(room)
    bits = np.zeros(int(borders[-1]) if len(borders) else 0, np.uint8)
    bits[highs + np.arange(len(highs)) + np.repeat(borders - room - (ends - counts), counts)] = 1
    return slices(np.packbits(bits, bitorder="little").tobytes(), borders // 8)


def weight_bits(counts: Numbers, weights: Weights) -> Numbers:
    """Bits a weight for each piece: what holds all of a short list, all but a few of a long one."""
    if not len(counts):
        return np.empty(0, np.int64)
    starts = np.cumsum(counts) - counts
    allowed = np.where(counts >= LONG, counts * CLIPPED, 0)
    bits = np.full(len(counts), 8, np.int64)
    for width in WIDTHS[-2::-1]:
        above = np.add.reduceat((weights > (1 << width)).astype(np.int64), starts)
        bits[above <= allowed] = width
    return bits


def _weight_bodies(run: Run, which: Mask, bits: int) -> Iterator[bytes]:
    """The weight part of each chosen piece, in order."""
    counts = run.counts[which]
    packed, cuts = pack_weights(run.weights[np.repeat(which, run.counts)], counts, bits)
    return slices(packed.tobytes(), cuts)


def pack_weights(weights: Weights, counts: Numbers, bits: int) -> tuple[Bytes, Numbers]:
    """Weights less one of many pieces, cut to what the bits hold; see `pack_padded`."""
    if bits == 0:
        return np.empty(0, np.uint8), np.zeros(len(counts), np.int64)
    cut = np.minimum(weights - np.uint8(1), np.uint8((1 << bits) - 1))
    return pack_padded(cut, counts, bits)


def pack_padded(values: Weights, counts: Numbers, bits: int) -> tuple[Bytes, Numbers]:
    """Values of many pieces, each piece beginning at a byte; the second array says where each ends."""
    in_byte = 8 // bits
    room = -(-counts // in_byte) * in_byte
    ends = np.cumsum(room)
    padded = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    shift = np.repeat(ends - room - (np.cumsum(counts) - counts), counts)
    padded[np.arange(len(values)) + shift] = values
    return pack(padded, bits), ends // in_byte


def slices(stream: bytes, cuts: Numbers) -> Iterator[bytes]:
    """The parts of a stream that end at these places."""
    start = 0
    for end in cuts.tolist():
        yield stream[start:end]
        start = end
