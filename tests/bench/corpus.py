"""The benchmark's own entries and questions: seeded, drawn from jieba's word list with its real frequencies.

Words are drawn independently.  That is harsher than real notices, which repeat their phrases: nearly every
border between two words is a bigram of its own, so a million entries have over five million different ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.entry import Citation, Entry, EntryKind

TITLE = (10, 30)  # characters, evenly distributed
BODY = (1, 120)
_HAN_WORD = re.compile(r"[\u4e00-\u9fff]{1,8}")
_SOURCE = Citation("测试文件汇编")
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Question:
    """A question, the kind it is, and the entry it was made from (-1: from none)."""

    text: str
    kind: str
    entry: int


@cache
def _words() -> tuple[
    npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]
]:
    """Code points of all words, where each begins, how long it is; 2^23 words in proportion to frequency."""
    words, counts = [], []
    for line in _word_list().read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split()
        if _HAN_WORD.fullmatch(word):
            words.append(word)
            counts.append(int(count))
    sizes = np.array([len(word) for word in words])
    codes = np.array([ord(character) for word in words for character in word], np.uint32)
    drawn_from = np.searchsorted(np.cumsum(counts), np.linspace(0.5, sum(counts) - 0.5, 1 << 23))
    return codes, np.cumsum(sizes) - sizes, sizes, drawn_from


def _word_list() -> Path:
    """jieba's words with their frequencies; jieba itself is not needed."""
    found = find_spec("jieba")
    assert found is not None, "the benchmark needs the dev dependencies: make env"
    assert found.origin is not None
    return Path(found.origin).with_name("dict.txt")


def stream(characters: int, rng: np.random.Generator) -> str:
    """So many characters of words, one after the other."""
    codes, starts, sizes, drawn_from = _words()
    drawn = drawn_from[rng.integers(0, len(drawn_from), characters)]
    lengths = sizes[drawn]
    offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    chosen = codes[np.repeat(starts[drawn], lengths) + offsets][:characters]
    return bytes(chosen.astype("<u4").data).decode("utf-32-le")


def texts(count: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Title and body of each entry; the first thousand are the same whatever the count."""
    for first in range(0, count, _AT_ONCE):
        rng = np.random.default_rng((seed, first))
        titles = rng.integers(TITLE[0], TITLE[1] + 1, _AT_ONCE)
        bodies = rng.integers(BODY[0], BODY[1] + 1, _AT_ONCE)
        source = stream(int(titles.sum() + bodies.sum()), rng)
        at = 0
        for title, body in zip(titles.tolist()[: count - first], bodies.tolist(), strict=False):
            yield source[at : at + title], source[at + title : at + title + body]
            at += title + body


def write(path: Path, count: int) -> None:
    """The texts as lines: title, tab, body.  Each system reads them, so that drawing them is not timed."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{title}\t{body}\n" for title, body in texts(count))


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Title and body of each line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            title, _, body = line.rstrip("\n").partition("\t")
            yield title, body


def entries(path: Path) -> Iterator[Entry]:
    """The entries as the index takes them."""
    for number, (title, body) in enumerate(read(path)):
        entry_id = f"bench:{number}"
        yield Entry(entry_id, entry_id, EntryKind.ITEM, title, body, _SOURCE)


def questions(count: int, each: int, seed: int = 11) -> list[Question]:
    """So many of each kind; half as many of the last.

    title: a title with an error.  body: a piece of a body in a question.  words: from nowhere.
    worst: nothing but the commonest bigrams.
    """
    rng = np.random.default_rng(seed)
    wanted = np.sort(rng.choice(count, min(count, 2 * each), replace=False))
    held = dict(_some(count, set(wanted.tolist())))
    numbers = list(held)
    rng.shuffle(numbers)
    found: list[Question] = []
    for number in numbers[::2][:each]:
        found.append(Question(_with_error(held[number][0], rng), "title", number))
    for number in numbers[1::2][:each]:
        body = held[number][1]
        start = int(rng.integers(0, max(1, len(body) - 20)))
        found.append(Question("请问" + body[start : start + 20] + "怎么办", "body", number))
    found += [Question(stream(20, rng), "words", -1) for _ in range(each)]
    common = commonest()
    for _ in range(each // 2):
        found.append(Question("".join(common[int(i)] for i in rng.choice(40, 8, replace=False)), "worst", -1))
    return found


def _some(count: int, wanted: set[int]) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, pair in enumerate(texts(count)):
        if number in wanted:
            yield number, pair


def _with_error(title: str, rng: np.random.Generator) -> str:
    """One character dropped, or replaced by another."""
    at = int(rng.integers(0, len(title)))
    return title[:at] + ("" if rng.random() < 0.5 else stream(1, rng)) + title[at + 1 :]


@cache
def commonest() -> list[str]:
    """The forty commonest bigrams of a sample."""
    counted: dict[str, int] = {}
    for title, body in texts(20_000):
        for text in (title, body):
            for first, second in pairwise(text):
                counted[first + second] = counted.get(first + second, 0) + 1
    return sorted(counted, key=lambda piece: (-counted[piece], piece))[:40]
