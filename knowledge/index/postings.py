"""How the entries that hold a piece are written down: four forms, each decoded by a few numpy calls.

- **list**: entry numbers in two parts.  The low bits (0 to 16, a multiple of 4) lie side by side; the high
  parts, which only grow, are written in unary: a 1 for each entry, a 0 for each step up.  Two to three bits
  more than nothing but the gaps would need, and no loop to read them (Elias and Fano's code).
- **plain**: in an index of some thousand entries, the entry numbers themselves in two bytes each; space is
  no matter there, and all pieces of a question are decoded at one go.
- **dense**: for a piece in a large share of all entries, one bit for *every* entry.  Looking up a thousand
  entries in it is one gather, which keeps common pieces cheap.
- **shared**: pieces in a handful of entries have no row of their own; see `knowledge/index/shared_rows.py`.

A weight is how often a piece occurs in the text, plus `chunks.NAME_WEIGHT` if it is in a name.  After the
entry numbers come the weights, less one, in 0, 1, 2, 4 or 8 bits each.  Long postings keep only what fits
for all but a per cent of them (BM25 hardly grows there); short ones keep it all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]  # what numpy indexes with; anything narrower is converted at each use
Weights = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]

LOW_STEP = 4
DENSE = 5  # lists are 0 to 4: their low bits by LOW_STEP
PLAIN = 6
FORM_BITS = 3  # a form is `bits of a weight << FORM_BITS | one of the seven above`
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
        return _weights([self], self.form >> FORM_BITS)[0]

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
        return packed[: self.end], packed[self.end :]

    @property
    def end(self) -> int:
        """Where the entry numbers end and the weights begin."""
        return len(self.body) - (self.count * (self.form >> FORM_BITS) + 7) // 8


def _places(words: npt.NDArray[np.uint64], held: Ids) -> Ids:
    """Which of all held entries each of these is, counted from 0: how many bits are set before its own."""
    counts = np.bitwise_count(words)
    before = np.cumsum(counts, dtype=np.int64) - counts
    at = held >> 6
    below = (np.uint64(1) << (held & 63).astype(np.uint64)) - np.uint64(1)
    places: Ids = before[at] + np.bitwise_count(words[at] & below)
    return places


_Value = TypeVar("_Value", np.uint8, np.float32)


def probe_list(ids: Ids, values: npt.NDArray[_Value], wanted: Ids) -> npt.NDArray[_Value]:
    """The values of these ascending entries in each of the entries `wanted`, 0 where it is absent."""
    if not len(ids):
        return np.zeros(len(wanted), values.dtype)
    at = np.minimum(ids.searchsorted(wanted), len(ids) - 1)
    found: npt.NDArray[_Value] = values[at] * (ids[at] == wanted)
    return found


def decode_together(postings: Sequence[Posting]) -> list[tuple[Ids, Weights]]:
    """`Posting.decode` of each; what has the same form at one go, because most are short."""
    ids = _in_groups(postings, [posting.form & _KIND for posting in postings], _ids)
    weights = _in_groups(postings, [posting.form >> FORM_BITS for posting in postings], _weights)
    return list(zip(ids, weights, strict=True))


_Decoded = TypeVar("_Decoded", Ids, Weights)


def _in_groups(
    postings: Sequence[Posting],
    groups: Sequence[int],
    decode: Callable[[Sequence[Posting], int], list[_Decoded]],
) -> list[_Decoded]:
    """Each posting decoded with the others of its group, in the order given."""
    found: dict[int, _Decoded] = {}
    for group in set(groups):
        chosen = [number for number, own in enumerate(groups) if own == group]
        found.update(zip(chosen, decode([postings[number] for number in chosen], group), strict=True))
    return [found[number] for number in range(len(postings))]


def _ids(group: Sequence[Posting], kind: int) -> list[Ids]:
    if kind == DENSE:
        return [np.unpackbits(each.parts()[0], bitorder="little").view(bool).nonzero()[0] for each in group]
    return _plain_ids(group) if kind == PLAIN else _list_ids(group, kind * LOW_STEP)


def _plain_ids(group: Sequence[Posting]) -> list[Ids]:
    ids = np.frombuffer(b"".join([each.body[: 2 * each.count] for each in group]), "<u2").astype(np.int64)
    return _parted(ids, [each.count for each in group])


def _parted(values: _Decoded, counts: Sequence[int]) -> list[_Decoded]:
    ends = list(accumulate(counts, initial=0))
    return [values[start:end] for start, end in pairwise(ends)]


def _weights(group: Sequence[Posting], bits: int) -> list[Weights]:
    """Weights of postings that need so many bits for one; each begins at a byte."""
    if not bits:
        return [ones(each.count) for each in group]
    parts = [each.body[each.end :] for each in group]
    values = unpack(np.frombuffer(b"".join(parts), np.uint8), bits) + np.uint8(1)
    rooms = _parted(values, [len(part) * 8 // bits for part in parts])
    return [room[: each.count] for room, each in zip(rooms, group, strict=True)]


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
    return _parted(ids, counts.tolist())


def _cut(posting: Posting, low_bits: int) -> tuple[bytes, bytes, bytes]:
    """Unary part, nibbles and bytes of a list."""
    end = posting.end
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
