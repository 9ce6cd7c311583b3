"""Vectors of phrasings, kept: the program's own lie beside this file, those that an office adds in its home.

Worked out they take some 30 ms each: a minute for all, which nobody waits for who types the first sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from knowledge.meaning.embedder import DIMENSIONS, Embedder, Vectors
from knowledge.text.normalize import fold

SHIPPED = Path(__file__).with_name("phrasings.npz")
_FULL = 127  # of an int8


def vectors_of(texts: Sequence[str], model: Embedder, kept: Path | None) -> Vectors:
    """A row for each text.  What neither the program brings nor `kept` holds is worked out and kept there.

    A file that cannot be read is made anew.  Raises MeaningUnavailable.
    """
    keys = [_key(model, text) for text in texts]
    shipped, own = read(SHIPPED), read(kept) if kept else {}
    known = {**own, **shipped}
    for key, text in zip(keys, texts, strict=True):
        if key not in known:
            known[key] = model.question(fold(text))
    added = {key: known[key] for key in keys if key not in shipped}
    if kept is not None and added.keys() != own.keys():
        with suppress(OSError):  # a full or read-only disk costs time at the next start, nothing else
            write(kept, added)
    return np.stack([known[key] for key in keys])


def missing(texts: Sequence[str], model: Embedder) -> list[str]:
    """Those that the program does not bring."""
    shipped = read(SHIPPED)
    return [text for text in texts if _key(model, text) not in shipped]


def ship(texts: Sequence[str], model: Embedder) -> None:
    """Write the file that the program brings: these texts, what is there already taken over."""
    shipped = read(SHIPPED)
    keyed = sorted((_key(model, text), text) for text in set(texts))
    write(
        SHIPPED, {key: shipped[key] if key in shipped else model.question(fold(text)) for key, text in keyed}
    )


def read(path: Path) -> Mapping[str, Vectors]:
    """Key -> vector; nothing when the file is not there or cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, rows, scales = stored["keys"], stored["rows"], stored["scales"]
    except (OSError, ValueError, KeyError, EOFError):
        return {}
    if rows.shape != (len(keys), DIMENSIONS) or scales.shape != (len(keys),):
        return {}
    vectors = rows.astype(np.float32) * scales[:, None]
    return {str(key): vector for key, vector in zip(keys, vectors, strict=True)}


def write(path: Path, vectors: Mapping[str, Vectors]) -> None:
    """Replace the file; none where there is nothing to keep.  Raises OSError."""
    if not vectors:
        path.unlink(missing_ok=True)
        return
    rows = np.stack(list(vectors.values()))
    scales = (np.abs(rows).max(axis=1) / _FULL).astype(np.float32)
    partial = path.with_suffix(".partial.npz")
    rounded = np.rint(rows / scales[:, None]).astype(np.int8)
    np.savez_compressed(partial, keys=np.array(list(vectors)), scales=scales, rows=rounded)
    partial.replace(path)


def _key(model: Embedder, text: str) -> str:
    return hashlib.sha256(f"{model.name}\n{fold(text)}".encode()).hexdigest()[:20]
