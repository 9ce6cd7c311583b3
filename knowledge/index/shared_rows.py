"""Rows that several rare pieces share: see the third form in `knowledge/index/postings.py`.

header   number of pieces (2 bytes), bytes of a key offset (1), bits of a weight (1)
offsets  key less the row's first key, ascending
counts   1 byte each
ids      3 bytes each while entry numbers fit, else 4
weights  bits each, every piece from a byte on
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator
from itertools import repeat

import numpy as np

from knowledge.index.encoding import (
    WIDTHS,
    Keys,
    Layout,
    Mask,
    Numbers,
    Run,
    pack_padded,
    pack_weights,
    slices,
    weight_bits,
)
from knowledge.index.postings import Ids, Weights, ones, unpack

_HEADER = 4
assert sys.byteorder == "little", "index files are little-endian"


def _high_bits(size: int) -> int:
    """Bits of an entry number above the lower 16, in an index of `size` entries."""
    return 0 if size <= 1 << 16 else 4 if size <= 1 << 20 else 8


def encode_shared(run: Run, layout: Layout) -> Iterator[tuple[int, int, bytes]]:
    """Rows (first key, last key, body) for all pieces of `run`; none has more than `shared_up_to` entries."""
    if not len(run.keys):
        return
    firsts = _row_starts(run.keys, layout.shared_row)
    sizes = np.diff(np.append(firsts, len(run.keys)))
    lasts = firsts + sizes - 1
    offsets = run.keys - np.repeat(run.keys[firsts], sizes)
    key_bytes = np.where(offsets[lasts] < 1 << 16, 2, 8)
    # A row's weights all have the bits of the piece that needs most.
    bits = np.maximum.reduceat(weight_bits(run.counts, run.weights), firsts)
    parts = zip(
        run.keys[firsts].tolist(),
        run.keys[lasts].tolist(),
        sizes.tolist(),
        key_bytes.tolist(),
        bits.tolist(),
        slices(run.counts.astype(np.uint8).tobytes(), lasts + 1),
        slices(run.ids.astype("<u2").tobytes(), np.cumsum(run.counts)[lasts] * 2),
        _high_bodies(run, firsts, _high_bits(layout.size)),
        strict=True,
    )
    keys = {width: _key_bodies(offsets, sizes, key_bytes == width, width) for width in (2, 8)}
    weights = {width: _weight_bodies(run, sizes, bits == width, width) for width in WIDTHS}
    for first, last, size, key_width, weight_width, counts, lows, highs in parts:
        header = bytes((size & 255, size >> 8, key_width, weight_width))
        yield (
            first,
            last,
            b"".join((header, next(keys[key_width]), counts, lows, highs, next(weights[weight_width]))),
        )


def _row_starts(keys: Keys, most: int) -> Numbers:
    """Where rows begin: where offsets would outgrow two bytes, and when one is full."""
    heads = keys >> np.uint64(16)
    borders = np.flatnonzero(np.append(True, heads[1:] != heads[:-1]))
    sizes = np.diff(np.append(borders, len(keys)))
    pieces = np.arange(len(keys)) - np.repeat(borders, sizes)
    return np.flatnonzero(pieces % most == 0)


def _high_bodies(run: Run, firsts: Numbers, bits: int) -> Iterator[bytes]:
    """The upper bits of the entry numbers of each row."""
    if not bits:
        return repeat(b"", len(firsts))
    in_row = np.add.reduceat(run.counts, firsts)
    packed, cuts = pack_padded((run.ids >> 16).astype(np.uint8), in_row, bits)
    return slices(packed.tobytes(), cuts)


def _key_bodies(offsets: Keys, sizes: Numbers, which: Mask, width: int) -> Iterator[bytes]:
    """The offsets of each chosen row, in order."""
    chosen = offsets[np.repeat(which, sizes)].astype(f"<u{width}")
    return slices(chosen.tobytes(), np.cumsum(sizes[which]) * width)


def _weight_bodies(run: Run, sizes: Numbers, which: Mask, bits: int) -> Iterator[bytes]:
    """The weights of each chosen row, in order."""
    pieces = np.repeat(which, sizes)
    if not pieces.any():
        return iter(())
    starts = np.cumsum(sizes[which]) - sizes[which]
    in_row = np.add.reduceat(run.counts[pieces], starts)
    packed, cuts = pack_weights(run.weights[np.repeat(pieces, run.counts)], in_row, bits)
    return slices(packed.tobytes(), cuts)


def find_shared(first_key: int, body: bytes, key: int, size: int) -> tuple[Ids, Weights] | None:
    """Entry numbers and weights of `key` in a shared row, None when the row does not hold it.

    A question looks up several; for so few numbers Python is faster than numpy.
    """
    pieces, key_bytes, bits = body[0] | body[1] << 8, body[2], body[3]
    counts_at = _HEADER + pieces * key_bytes
    packed = memoryview(body)[_HEADER:counts_at]
    offsets = packed.cast("H") if key_bytes == 2 else packed.cast("Q")  # in the machine's byte order
    at = bisect_left(offsets, key - first_key)
    if at == pieces or offsets[at] != key - first_key:
        return None
    lows_at = counts_at + pieces
    before, count = sum(body[counts_at : counts_at + at]), body[counts_at + at]
    total = before + sum(body[counts_at + at : lows_at])
    highs_at = lows_at + 2 * total
    ids = np.frombuffer(body, "<u2", count, lows_at + 2 * before).astype(np.int64)
    high_bits = _high_bits(size)
    if high_bits:
        ids |= _cut_out(body, highs_at, high_bits, before, count).astype(np.int64) << 16
    if not bits:
        return ids, ones(count)
    weights_at = highs_at + (total * high_bits + 7) // 8
    return ids, _cut_out(body, weights_at, bits, before, count) + np.uint8(1)


def _cut_out(body: bytes, start: int, bits: int, before: int, count: int) -> Weights:
    """`count` values of `bits` each, after the first `before` of those that begin at byte `start`."""
    first_bit, last_bit = before * bits, (before + count) * bits
    packed = np.frombuffer(body, np.uint8)[start + first_bit // 8 : start + (last_bit + 7) // 8]
    skipped = first_bit % 8 // bits
    return unpack(packed, bits)[skipped : skipped + count]
