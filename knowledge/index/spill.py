"""Postings on their way: chunks are put down on disk as they come and read back merged, key by key.

A million entries have some 160 million postings; only a few million of them are in memory at a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from knowledge.index.chunks import Chunk
from knowledge.index.encoding import Keys, Run

AT_ONCE = 1_000_000  # postings merged in one go
_SAMPLED_EVERY = 5_000  # postings between two keys that borders are chosen from


class Spill:
    """Chunks of one build, in nameless files that vanish with the process."""

    def __init__(self, folder: Path) -> None:
        # Open as long as this object is: closed by `close`, not by a `with` block here.
        self._files: list[IO[bytes]] = [tempfile.TemporaryFile(dir=folder) for _ in range(4)]  # noqa: SIM115
        self._chunks: list[tuple[int, int, int, int]] = []  # first entry, first key, keys, first posting
        self._samples: list[Keys] = []
        self._keys = self._postings = 0

    def close(self) -> None:
        """Give the disk space back."""
        for file in self._files:
            file.close()

    def append(self, chunk: Chunk, first_entry: int) -> None:
        """Put a chunk down; chunks come in the order of their entries."""
        starts = np.cumsum(chunk.counts, dtype=np.int64) - chunk.counts
        parts = chunk.keys.data, chunk.counts.data, chunk.entries.data, chunk.weights.data
        for file, part in zip(self._files, parts, strict=True):
            file.write(part)
        self._chunks.append((first_entry, self._keys, len(chunk.keys), self._postings))
        self._samples.append(chunk.keys[np.flatnonzero(np.diff(starts // _SAMPLED_EVERY, prepend=-1))])
        self._keys += len(chunk.keys)
        self._postings += len(chunk.entries)

    def merged(self) -> Iterator[Run]:
        """All postings, a few million at a time, keys ascending; no key is in two runs."""
        if not self._postings:
            return
        for file in self._files:
            file.flush()
        cursors = [0] * len(self._chunks)
        starts = [first for _, _, _, first in self._chunks]
        for border in self._borders():
            run = self._merge_below(border, cursors, starts)
            if len(run.keys):
                yield run

    def _borders(self) -> Iterator[np.uint64 | None]:
        """Keys that part the postings into about equal shares; None stands for the end."""
        samples = np.sort(np.concatenate(self._samples))
        step = max(1, AT_ONCE // _SAMPLED_EVERY)
        yield from np.unique(samples[step::step])
        yield None

    def _merge_below(self, border: np.uint64 | None, cursors: list[int], starts: list[int]) -> Run:
        keys: list[Keys] = []
        counts: list[npt.NDArray[np.int64]] = []
        words: list[npt.NDArray[np.uint64]] = []
        for number, (first_entry, first_key, size, _) in enumerate(self._chunks):
            at = cursors[number]
            mine = self._slice(0, np.uint64, first_key + at, size - at, border)
            held = self._read(1, np.uint32, first_key + at, len(mine)).astype(np.int64)
            total = int(held.sum())
            entries = self._read(2, np.uint16, starts[number], total).astype(np.uint64)
            weights = self._read(3, np.uint8, starts[number], total)
            keys.append(mine)
            counts.append(held)
            words.append((entries + np.uint64(first_entry)) << np.uint64(8) | weights)
            cursors[number] += len(mine)
            starts[number] += total
        return _merge(keys, counts, words)

    def _slice(self, file: int, dtype: Any, start: int, most: int, border: np.uint64 | None) -> Any:
        """Keys from `start` that are below the border."""
        if not most:
            return np.empty(0, dtype)
        mapped = np.memmap(self._files[file], dtype, "r", start * np.dtype(dtype).itemsize, most)
        end = most if border is None else int(np.searchsorted(mapped, border))
        return np.array(mapped[:end])

    def _read(self, file: int, dtype: Any, start: int, count: int) -> Any:
        if not count:
            return np.empty(0, dtype)
        self._files[file].seek(start * np.dtype(dtype).itemsize)
        return np.fromfile(self._files[file], dtype, count)


def _merge(keys: list[Keys], counts: list[npt.NDArray[np.int64]], words: list[npt.NDArray[np.uint64]]) -> Run:
    """Slices of several chunks as one run: rank of the key << 32 | entry << 8 | weight, sorted."""
    everything = np.sort(np.concatenate(keys))  # by hand: np.unique hashes, several times as slow here
    distinct = everything[np.flatnonzero(np.diff(everything, prepend=~everything[:1]))]
    ranks = [np.searchsorted(distinct, part) for part in keys]
    total = np.zeros(len(distinct), np.int64)
    for rank, held in zip(ranks, counts, strict=True):
        total[rank] += held
    joined = np.concatenate(
        [
            np.repeat(rank.astype(np.uint64) << np.uint64(32), held) | word
            for rank, held, word in zip(ranks, counts, words, strict=True)
        ]
    )
    joined.sort()
    weights = (joined & np.uint64(255)).astype(np.uint8)
    ids = (joined >> np.uint64(8) & np.uint64(0xFFFFFF)).astype(np.int64)
    return Run(distinct, total, ids, weights)
