"""How the entries that hold a piece are written down: three forms, each decoded by a few numpy calls.

- **list**: gaps between entry numbers in bytes or 16-bit words, whichever is shorter; the largest value of
  the width means "add me and go on", so that decoding is one running sum.  After the gaps the weights, in
  0 (all are 1), 2, 4 or 8 bits each.
- **dense**: for a piece in a large share of all entries, the weight of *every* entry in 2 or 4 bits, 0 where
  it is absent.  Looking up a thousand entries in it is one gather, which keeps common pieces cheap.
- **shared**: pieces in a handful of entries have no row of their own; up to 256 neighbouring ones share
  one: key offsets, counts, entry numbers of 3 or 4 bytes, weights.

A weight is how often a piece occurs in the text, plus `chunks.NAME_WEIGHT` if it is in a name.  Long lists keep only
what fits for all but a fraction of a per cent (BM25 hardly grows there); short lists keep it all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]

GAP8, GAP16, DENSE2, DENSE4 = range(4)
FORM_BITS = 2  # the form's number is `bits of a weight << FORM_BITS | one of the four above`
CLIPPED = 0.005  # share of a long list's weights that may be cut to what the form holds
LONG = 4096  # a list is long from this count on

_SPREAD2 = (np.arange(256, dtype=np.uint32)[:, None] >> np.array([0, 2, 4, 6], np.uint32) & 3).astype(
    np.uint8
)
_SPREAD4 = (np.arange(256, dtype=np.uint32)[:, None] >> np.array([0, 4], np.uint32) & 15).astype(np.uint8)


@dataclass(frozen=True)
class Posting:
    """One piece as it is stored: `count` entries hold it, in `body`, written in `form`."""

    count: int
    form: int
    body: bytes

    @property
    def is_dense(self) -> bool:
        """Whether single entries can be looked up without decoding."""
        return self.form & 3 >= DENSE2

    def decode(self) -> tuple[Ids, Weights]:
        """Every entry number, ascending, and its weight."""
        kind, bits = self.form & 3, self.form >> FORM_BITS
        if kind >= DENSE2:
            spread = self._spread(kind)
            found = np.flatnonzero(spread)
            return found.astype(np.uint32), spread[found]
        end = len(self.body) - (self.count * bits + 7) // 8
        ids = decode_gaps(np.frombuffer(self.body, np.uint8 if kind == GAP8 else "<u2", end >> kind))
        return ids, unpack(np.frombuffer(self.body, np.uint8, offset=end), bits, self.count)

    def probe(self, wanted: Ids) -> Weights:
        """The weight of this piece in each of the entry numbers `wanted`, 0 where it is absent."""
        kind = self.form & 3
        if kind == DENSE2:
            packed = np.frombuffer(self.body, np.uint8)[wanted >> 2]
            return packed >> ((wanted & 3) << 1).astype(np.uint8) & np.uint8(3)
        if kind == DENSE4:
            packed = np.frombuffer(self.body, np.uint8)[wanted >> 1]
            return packed >> ((wanted & 1) << 2).astype(np.uint8) & np.uint8(15)
        return probe_list(*self.decode(), wanted)

    def _spread(self, kind: int) -> Weights:
        table = _SPREAD2 if kind == DENSE2 else _SPREAD4
        return table[np.frombuffer(self.body, np.uint8)].reshape(-1)


def probe_list(ids: Ids, weights: Weights, wanted: Ids) -> Weights:
    """`Posting.probe` for a list that is decoded already."""
    if not len(ids):
        return np.zeros(len(wanted), np.uint8)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, weights[at], np.uint8(0))


def decode_gaps(gaps: npt.NDArray[np.unsignedinteger]) -> Ids:
    """Entry numbers from gaps; the first gap counts from 0."""
    ids = np.cumsum(gaps, dtype=np.uint32)
    largest = np.iinfo(gaps.dtype).max
    ends = gaps != largest
    return ids if ends.all() else ids[ends]


def unpack(packed: Bytes, bits: int, count: int) -> Weights:
    """Weights from `bits` each; they are stored less one."""
    if bits == 0:
        return np.ones(count, np.uint8)
    if bits == 8:
        return packed + np.uint8(1)
    return (_SPREAD2 if bits == 2 else _SPREAD4)[packed].reshape(-1)[:count] + np.uint8(1)


def pack(values: Weights, bits: int) -> Bytes:
    """Values below 2^bits into bytes, lowest bits first; the length must fill whole bytes."""
    if bits == 8:
        return values
    if bits == 4:
        return values[0::2] | values[1::2] << 4
    return values[0::4] | values[1::4] << 2 | values[2::4] << 4 | values[3::4] << 6


def pack_dense(ids: Ids, weights: Weights, size: int, bits: int) -> bytes:
    """The dense form over `size` entries: larger weights are cut to what `bits` can hold."""
    spread = np.zeros(-(-size // 4) * 4, np.uint8)
    spread[ids] = np.minimum(weights, (1 << bits) - 1)
    return pack(spread, bits).tobytes()
