"""Rows that several rare pieces share: see the third form in `knowledge/postings.py`.

header   number of pieces (2 bytes), bytes of a key offset (1), bits of a weight (1)
offsets  key less the row's first key, ascending
counts   1 byte each
ids      3 bytes each while entry numbers fit, else 4
weights  bits each, every piece from a byte on
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from knowledge.encoding import Keys, Layout, Run, pack_weights, weight_bits
from knowledge.postings import Bytes, Ids, Weights, unpack

_HEADER = 4


def id_bytes(size: int) -> int:
    """Bytes of an entry number in an index of `size` entries."""
    return 3 if size <= 1 << 24 else 4


def encode_shared(run: Run, layout: Layout) -> Iterator[tuple[int, int, bytes]]:
    """Rows (first key, last key, body) for all pieces of `run`; none has more than `shared_up_to` entries."""
    ends = np.cumsum(run.counts)
    for first, last in _row_borders(run.keys, layout.shared_row):
        keys, counts = run.keys[first:last], run.counts[first:last]
        rows = slice(int(ends[first] - counts[0]), int(ends[last - 1]))
        part = Run(keys, counts, run.ids[rows], run.weights[rows])
        yield int(keys[0]), int(keys[-1]), _encode_row(part, id_bytes(layout.size))


def _row_borders(keys: Keys, most: int) -> Iterator[tuple[int, int]]:
    """Where rows begin and end: where offsets would outgrow two bytes, and when one is full."""
    if not len(keys):
        return
    heads = keys >> np.uint64(16)
    borders = np.flatnonzero(np.diff(heads, prepend=np.uint64(0xFFFFFFFFFFFFFFFF)))
    for start, end in zip(borders.tolist(), [*borders[1:].tolist(), len(keys)], strict=True):
        for first in range(start, end, most):
            yield first, min(first + most, end)


def _encode_row(run: Run, width: int) -> bytes:
    offsets = run.keys - run.keys[0]
    key_bytes = 2 if offsets[-1] < 1 << 16 else 8
    bits = int(weight_bits(run.counts, run.weights, np.cumsum(run.counts) - run.counts).max())
    packed, _ = pack_weights(run.weights, run.counts, bits)
    ids = run.ids.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :width]
    header = len(run.keys).to_bytes(2, "little") + bytes((key_bytes, bits))
    return b"".join(
        (
            header,
            offsets.astype(f"<u{key_bytes}").tobytes(),
            run.counts.astype(np.uint8).tobytes(),
            ids.tobytes(),
            packed.tobytes(),
        )
    )


def find_shared(first_key: int, body: bytes, key: int, size: int) -> tuple[Ids, Weights] | None:
    """Entry numbers and weights of `key` in a shared row, None when the row does not hold it."""
    pieces = int.from_bytes(body[:2], "little")
    key_bytes, bits = body[2], body[3]
    offsets = np.frombuffer(body, f"<u{key_bytes}", pieces, _HEADER)
    offset = key - first_key
    if offset > int(offsets[-1]):
        return None
    at = int(np.searchsorted(offsets, offset))
    if int(offsets[at]) != offset:
        return None
    counts_at = _HEADER + pieces * key_bytes
    counts = np.frombuffer(body, np.uint8, pieces, counts_at).astype(np.int64)
    before, count = int(counts[:at].sum()), int(counts[at])
    width = id_bytes(size)
    ids_at = counts_at + pieces
    ids = _ids(np.frombuffer(body, np.uint8, count * width, ids_at + before * width), width)
    weights_at = ids_at + int(counts.sum()) * width
    if bits:
        weights_at += int((-(-counts[:at] * bits // 8)).sum())
    return ids, unpack(np.frombuffer(body, np.uint8, (count * bits + 7) // 8, weights_at), bits, count)


def _ids(raw: Bytes, width: int) -> Ids:
    full = np.zeros((len(raw) // width, 4), np.uint8)
    full[:, :width] = raw.reshape(-1, width)
    return full.view("<u4").reshape(-1).astype(np.uint32)
