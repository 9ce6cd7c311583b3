"""Rows that several rare pieces share: see the third form in `knowledge/postings.py`.

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

import numpy as np

from knowledge.encoding import Keys, Layout, Mask, Numbers, Run, pack_weights, slices, weight_bits
from knowledge.postings import Ids, Weights, ones, unpack

_HEADER = 4
_FORMATS = {2: "H", 8: "Q"}  # of memoryview.cast; the machine's byte order, checked below
assert sys.byteorder == "little", "index files are little-endian"


def id_bytes(size: int) -> int:
    """Bytes of an entry number in an index of `size` entries."""
    return 3 if size <= 1 << 24 else 4


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
        slices(_id_stream(run.ids, layout), np.cumsum(run.counts)[lasts] * id_bytes(layout.size)),
        strict=True,
    )
    keys = {width: _key_bodies(offsets, sizes, key_bytes == width, width) for width in (2, 8)}
    weights = {width: _weight_bodies(run, sizes, bits == width, width) for width in (0, 1, 2, 4, 8)}
    for first, last, size, key_width, weight_width, counts, ids in parts:
        header = bytes((size & 255, size >> 8, key_width, weight_width))
        yield first, last, b"".join((header, next(keys[key_width]), counts, ids, next(weights[weight_width])))


def _row_starts(keys: Keys, most: int) -> Numbers:
    """Where rows begin: where offsets would outgrow two bytes, and when one is full."""
    heads = keys >> np.uint64(16)
    borders = np.flatnonzero(np.append(True, heads[1:] != heads[:-1]))
    sizes = np.diff(np.append(borders, len(keys)))
    pieces = np.arange(len(keys)) - np.repeat(borders, sizes)
    return np.flatnonzero(pieces % most == 0)


def _id_stream(ids: Ids, layout: Layout) -> bytes:
    return ids.astype("<u4").view(np.uint8).reshape(-1, 4)[:, : id_bytes(layout.size)].tobytes()


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
    offsets = memoryview(body)[_HEADER:counts_at].cast(_FORMATS[key_bytes])
    at = bisect_left(offsets, key - first_key)
    if at == pieces or offsets[at] != key - first_key:
        return None
    ids_at = counts_at + pieces
    before, count = sum(body[counts_at : counts_at + at]), body[counts_at + at]
    width = id_bytes(size)
    start = ids_at + before * width
    ids = [int.from_bytes(body[i : i + width], "little") for i in range(start, start + count * width, width)]
    if not bits:
        return np.array(ids, np.int64), ones(count)
    weights_at = ids_at + sum(body[counts_at:ids_at]) * width
    first_bit, last_bit = before * bits, (before + count) * bits
    packed = np.frombuffer(body, np.uint8)[weights_at + first_bit // 8 : weights_at + (last_bit + 7) // 8]
    skipped = first_bit % 8 // bits
    return np.array(ids, np.int64), unpack(packed, bits)[skipped : skipped + count] + np.uint8(1)
