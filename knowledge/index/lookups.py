"""From a number to entries: tokens, names and parents, in a few bytes each.

A number has 40 bits.  Its first bits choose a row, in which the rest lie sorted beside the entry numbers; a
table of pairs would take more than twice the space.  Different things may share a number, if rarely:
who looks up compares what is found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from enum import IntEnum

import numpy as np
import numpy.typing as npt

NUMBER_BITS = 40
_FEWEST, _MOST = 8, 20  # bits that choose a row; at least 8, so that 32 are left
_IN_ROW = 256  # pairs in a row of a large index

Numbers = npt.NDArray[np.int64]


class Kind(IntEnum):
    """What is looked up."""

    TOKEN = 0  # an entry's token
    NAME = 1  # a folded title or phrasing
    PARENT = 2  # the token of the entry above


def _row_bits(size: int) -> int:
    """How many bits choose a row in an index of `size` entries."""
    return min(max((size // _IN_ROW).bit_length(), _FEWEST), _MOST)


def rows_of(kind: Kind, numbers: Numbers, entries: Numbers, size: int) -> Iterator[tuple[int, bytes]]:
    """Rows (number, body) of one kind, ascending."""
    if not len(numbers):
        return
    shift = NUMBER_BITS - _row_bits(size)
    order = np.lexsort((entries, numbers))
    numbers, entries = numbers[order], entries[order]
    rests = (numbers & ((1 << shift) - 1)).astype("<u4")
    rows = numbers >> shift
    borders = np.flatnonzero(np.append(True, rows[1:] != rows[:-1])).tolist()
    for first, last in zip(borders, [*borders[1:], len(rows)], strict=True):
        body = rests[first:last].tobytes() + entries[first:last].astype("<u4").tobytes()
        yield _row_number(kind, int(rows[first])), body


def _row_number(kind: Kind, row: int) -> int:
    return kind << _MOST | row


def find(connection: sqlite3.Connection, kind: Kind, number: int, size: int) -> list[int]:
    """The entries stored under this number, ascending."""
    shift = NUMBER_BITS - _row_bits(size)
    found = connection.execute(
        "select body from lookups where number = ?", (_row_number(kind, number >> shift),)
    ).fetchone()
    if found is None:
        return []
    rests, entries = np.frombuffer(found[0], "<u4").reshape(2, -1)
    rest = np.uint32(number & ((1 << shift) - 1))
    first, last = np.searchsorted(rests, rest), np.searchsorted(rests, rest, "right")
    return list(dict.fromkeys(entries[first:last].tolist()))
