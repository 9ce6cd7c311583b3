"""How the entries that hold a piece are written down: three forms, each decoded by a few numpy calls.

- **list**: entry numbers in two parts.  The low bits (0 to 16, a multiple of 4) lie side by side; the high
  parts, which only grow, are written in unary: a 1 for each entry, a 0 for each step up.  Two to three bits
  more than nothing but the gaps would need, and no loop to read them (Elias and Fano's code).
- **dense**: for a piece in a large share of all entries, one bit for *every* entry.  Looking up a thousand
  entries in it is one gather, which keeps common pieces cheap.
- **shared**: pieces in a handful of entries have no row of their own; see `knowledge/index/shared_rows.py`.

A weight is how often a piece occurs in the text, plus `chunks.NAME_WEIGHT` if it is in a name.  After the
entry numbers come the weights, less one, in 0, 1, 2, 4 or 8 bits each.  Long postings keep only what fits
for all but a per cent of them (BM25 hardly grows there); short ones keep it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]  # what numpy indexes with; anything narrower is converted at each use
Weights = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]

LOW_STEP = 4
DENSE = 5  # lists are 0 to 4: their low bits by LOW_STEP
FORM_BITS = 3  # a form is `bits of a weight << FORM_BITS | one of the six above`
_KIND = (1 << FORM_BITS) - 1
CLIPPED = 0.01  # share of a long list's weights that may be cut to what the form holds
LONG = 4096  # a list is long from this count on

# What a byte holds in pieces of 2 or 4 bits, as bytes of one number: one look-up unpacks them all.
_PAIRS = (np.arange(256)[:, None] >> np.arange(0, 8, 2) & 3).astype(np.uint8).view("<u4").reshape(-1)
_NIBBLES = (np.arange(256)[:, None] >> np.arange(0, 8, 4) & 15).astype(np.uint8).view("<u2").reshape(-1)


@dataclass(frozen=True)
class Posting:
    """One piece as it is stored: `count` entries hold it, in `body`, written in `form`."""

    count: int
    form: int
    body: bytes

    @property
    def is_dense(self) -> bool:
        """Whether single entries can be looked up without decoding."""
        return self.form & _KIND == DENSE

    def decode(self) -> tuple[Ids, Weights]:
        """Every entry number, ascending, and its weight."""
        return decode_together([self])[0]

    def weights(self) -> Weights:
        """The weights of the entries that hold the piece."""
        bits = self.form >> FORM_BITS
        if not bits:
            return ones(self.count)
        return unpack(self.parts()[1], bits)[: self.count] + np.uint8(1)

    def probe(self, wanted: Ids) -> Weights:
        """The weight of this piece in each of the entry numbers `wanted`, 0 where it is absent."""
        if not self.is_dense:
            return probe_list(*self.decode(), wanted)
        numbers, packed = self.parts()
        words = numbers.view("<u8")
        held = words[wanted >> 6] >> (wanted & 63).astype(np.uint64) & np.uint64(1)
        weights: Weights = held.astype(np.uint8)
        bits = self.form >> FORM_BITS
        if bits:
            present = weights.nonzero()[0]
            places = _places(words, wanted[present]) * bits
            rest = packed[places >> 3] >> (places & 7).astype(np.uint8) & np.uint8((1 << bits) - 1)
            weights[present] += rest
        return weights

    def parts(self) -> tuple[Bytes, Bytes]:
        """The bytes of the entry numbers, and those of the weights."""
        packed = np.frombuffer(self.body, np.uint8)
        end = len(packed) - (self.count * (self.form >> FORM_BITS) + 7) // 8
        return packed[:end], packed[end:]


def _places(words: npt.NDArray[np.uint64], held: Ids) -> Ids:
    """Which of all held entries each of these is, counted from 0: how many bits are set before its own."""
    counts = np.bitwise_count(words)
    before = np.cumsum(counts, dtype=np.int64) - counts
    at = held >> 6
    below = (np.uint64(1) << (held & 63).astype(np.uint64)) - np.uint64(1)
    places: Ids = before[at] + np.bitwise_count(words[at] & below)
    return places


def probe_list(ids: Ids, weights: Weights, wanted: Ids) -> Weights:
    """`Posting.probe` for a list that is decoded already."""
    if not len(ids):
        return np.zeros(len(wanted), np.uint8)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    found: Weights = weights[at] * (ids[at] == wanted)
    return found


def decode_together(postings: Sequence[Posting]) -> list[tuple[Ids, Weights]]:
    """`Posting.decode` of each; lists with equal low bits at one go, because most are short."""
    ids: dict[int, Ids] = {}
    for kind in {posting.form & _KIND for posting in postings}:
        chosen = [number for number, posting in enumerate(postings) if posting.form & _KIND == kind]
        group = [postings[number] for number in chosen]
        decoded = _dense_ids(group) if kind == DENSE else _list_ids(group, kind * LOW_STEP)
        ids.update(zip(chosen, decoded, strict=True))
    return [(ids[number], posting.weights()) for number, posting in enumerate(postings)]


def _dense_ids(group: Sequence[Posting]) -> list[Ids]:
    return [np.unpackbits(each.parts()[0], bitorder="little").view(bool).nonzero()[0] for each in group]


def _list_ids(group: Sequence[Posting], low_bits: int) -> list[Ids]:
    """Entry numbers of lists: the unary high parts first, then nibbles, then bytes of the low bits."""
    counts = np.array([each.count for each in group])
    ends = np.cumsum(counts)
    unaries, nibbles, lows = zip(*(_cut(each, low_bits) for each in group), strict=True)
    rooms = np.array([8 * len(unary) for unary in unaries])
    # A 1 at place p that is the n-th of its list stands for the high part p - n.
    ids: Ids = np.unpackbits(_joined(unaries), bitorder="little").view(bool).nonzero()[0]
    ids -= _counted(len(ids))
    ids -= np.repeat(np.cumsum(rooms) - rooms - (ends - counts), counts)
    if low_bits % 8:
        ids <<= 4
        ids |= _without_padding(unpack(_joined(nibbles), 4), counts)
    if low_bits >= 8:
        ids <<= low_bits & ~7
        ids |= np.frombuffer(b"".join(lows), "<u2" if low_bits == 16 else np.uint8)
    return np.split(ids, ends[:-1])


def _cut(posting: Posting, low_bits: int) -> tuple[bytes, bytes, bytes]:
    """Unary part, nibbles and bytes of a list."""
    end = len(posting.body) - (posting.count * (posting.form >> FORM_BITS) + 7) // 8
    lows = end - posting.count * (low_bits // 8)
    nibbles = lows - ((posting.count + 1) // 2 if low_bits % 8 else 0)
    return posting.body[:nibbles], posting.body[nibbles:lows], posting.body[lows:end]


def _joined(parts: Sequence[bytes]) -> Bytes:
    return np.frombuffer(b"".join(parts), np.uint8)


def _without_padding(nibbles: Weights, counts: Ids) -> Weights:
    """Drop the half byte after each list of an odd number of entries."""
    odd = counts % 2 == 1
    if not odd.any():
        return nibbles
    kept = np.ones(len(nibbles), bool)
    kept[(2 * np.cumsum((counts + 1) // 2) - 1)[odd]] = False
    return nibbles[kept]


def unpack(packed: Bytes, bits: int) -> Weights:
    """The values of `bits` (1, 2, 4 or 8) each that the bytes hold."""
    if bits == 8:
        return packed
    if bits == 1:
        return np.unpackbits(packed, bitorder="little")
    return (_PAIRS if bits == 2 else _NIBBLES).take(packed).view(np.uint8)


def pack(values: Weights, bits: int) -> Bytes:
    """Values below 2^bits into bytes, lowest bits first; the length must fill whole bytes."""
    if bits == 8:
        return values
    if bits == 1:
        return np.packbits(values, bitorder="little")
    if bits == 4:
        nibbles: Bytes = values[0::2] | values[1::2] << np.uint8(4)
        return nibbles
    two, four, six = np.uint8(2), np.uint8(4), np.uint8(6)
    pairs: Bytes = values[0::4] | values[1::4] << two | values[2::4] << four | values[3::4] << six
    return pairs


def pack_dense(ids: Ids, size: int) -> bytes:
    """The entry numbers of the dense form over `size` entries: a bit for each, in words of 64."""
    bits = np.zeros(-(-size // 64) * 64, np.uint8)
    bits[ids] = 1
    return np.packbits(bits, bitorder="little").tobytes()


@cache
def _ones(room: int) -> Weights:
    return np.ones(room, np.uint8)


def ones(count: int) -> Weights:
    """So many ones; not to be written to."""
    return _ones(1 << count.bit_length())[:count]


@cache
def _count_up_to(room: int) -> Ids:
    return np.arange(room)


def _counted(count: int) -> Ids:
    """0, 1, 2 … count - 1; not to be written to."""
    return _count_up_to(1 << count.bit_length())[:count]
