"""What Chinese words are common: a word list with frequencies, so that a small base knows its function words.

    rarity("的") == 0.0      rarity("采砂") == 0.77…      segment("采砂许可证") == ("采砂", "许可证")

In a base of thirty entries every word of a question is rare; only the language itself tells that 公开 says
little and 采砂 says much.  The list is cut from the one that jieba ships (MIT licence) by
`python -m knowledge.text.vocabulary dict.txt`, and stored as lines `level words…`: `level` is the rounded
natural logarithm of the frequency, `+` marks names of places.  A last line holds `word=its'reading` where
that differs from the characters' own.
"""

from __future__ import annotations

import gzip
import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from knowledge.text.grams import syllables
from knowledge.text.readings import read_by_words

FILE = Path(__file__).with_name("vocabulary.txt.gz")
_LONGEST_WORD = 5
_TOTAL = 60_101_967  # sum of all frequencies in the full list
_LOG_TOTAL = math.log(_TOTAL)
_UNKNOWN = 0.0  # log frequency of a character that is in no list


@dataclass(frozen=True)
class Vocabulary:
    """`levels`: natural logarithm of each word's frequency; `places`: the words that name a place.

    `readings`: the syllables of words that are not read character by character (银行: yin hang).
    """

    levels: dict[str, float]
    places: frozenset[str]
    readings: dict[str, tuple[str, ...]]


@cache
def vocabulary() -> Vocabulary:
    """The list that ships with the program, read once (about 60 ms)."""
    levels: dict[str, float] = {}
    places: list[str] = []
    readings: dict[str, tuple[str, ...]] = {}
    for line in gzip.decompress(FILE.read_bytes()).decode().splitlines():
        mark, *words = line.split(" ")
        if mark == "readings":
            pairs = (word.split("=") for word in words)
            readings = {word: tuple(sounds.split("'")) for word, sounds in pairs}
            continue
        level = float(mark.rstrip("+"))
        levels.update(dict.fromkeys(words, level))
        if mark.endswith("+"):
            places += words
    return Vocabulary(levels, frozenset(places), readings)


def rarity(word: str) -> float:
    """0 for the most common word of the language to 1 for a word that is in no list."""
    level = vocabulary().levels.get(word, _UNKNOWN)
    return min(1.0, max(0.0, (_LOG_TOTAL - level) / _LOG_TOTAL - 0.2) / 0.8)


def is_place(word: str) -> bool:
    """Whether the list knows this as the name of a place: 重庆市, 赣州."""
    return word in vocabulary().places


@lru_cache(maxsize=4096)
def segment(text: str) -> tuple[str, ...]:
    """Cut a text without spaces into words: the most probable sequence, by word frequency alone.

    Runs of Latin letters and digits stay whole.  `"".join(segment(text)) == text`.
    """
    words: list[str] = []
    start = 0
    while start < len(text):
        end = start
        if text[start].isascii():
            while end < len(text) and text[end].isascii():
                end += 1
            words.append(text[start:end])
        else:
            while end < len(text) and not text[end].isascii():
                end += 1
            words += _segment_chinese(text[start:end])
        start = end
    return tuple(words)


def _segment_chinese(text: str) -> list[str]:
    """Dynamic programming from the end: best[i] is the best log probability of text[i:]."""
    levels = vocabulary().levels
    best = [0.0] * (len(text) + 1)
    length = [1] * len(text)
    for i in range(len(text) - 1, -1, -1):
        best[i] = levels.get(text[i], _UNKNOWN) - _LOG_TOTAL + best[i + 1]
        for size in range(2, min(_LONGEST_WORD, len(text) - i) + 1):
            level = levels.get(text[i : i + size])
            if level is not None and level - _LOG_TOTAL + best[i + size] > best[i]:
                best[i], length[i] = level - _LOG_TOTAL + best[i + size], size
    words = []
    i = 0
    while i < len(text):
        words.append(text[i : i + length[i]])
        i += length[i]
    return words


def cut_list(lines: Iterable[str]) -> str:
    """The stored form of a word list with lines `word frequency kind`.

    Kept: single characters, words of 2-5 Chinese characters that are not rare, and names of places.
    """
    by_level: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        word, frequency, kind = line.split()
        place = kind == "ns" and len(word) > 1
        least = 1 if len(word) == 1 else 3 if place else 20
        if (
            int(frequency) < least
            or len(word) > _LONGEST_WORD
            or not all("\u3400" <= c <= "\u9fff" for c in word)
        ):
            continue
        by_level[f"{math.log(int(frequency)):.0f}{'+' * place}"].append(word)
    by_level["readings"] = [
        f"{word}={reading}"
        for words in list(by_level.values())
        for word in words
        if (reading := _own_reading(word))
    ]
    return "\n".join(" ".join([mark, *sorted(words)]) for mark, words in sorted(by_level.items()))


def _own_reading(word: str) -> str:
    """The syllables of a word that is not read as its characters are, "" for all others."""
    reading = read_by_words(word)
    return "'".join(reading) if len(word) > 1 and reading != syllables(word) else ""


def main() -> None:
    """Write the list anew from the file named on the command line."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    FILE.write_bytes(gzip.compress(cut_list(lines).encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
