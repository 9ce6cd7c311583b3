"""Questions made harder on purpose, the same way each time: what happens when people type as people do.

perturbed("低保标准是多少", "homophone", seed="q1") -> "低保标准是多勺"
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from functools import cache

from knowledge.text.grams import is_han, syllable
from knowledge.text.readings import read_by_words

KINDS = ("traditional", "homophone", "pinyin", "drop")
_DROPPED = 0.2


def perturbed(text: str, kind: str, seed: str) -> str:
    """`traditional` characters, 1-2 `homophone` typos, all in unspaced `pinyin`, or `drop` 20 %."""
    number = int(hashlib.sha1(seed.encode(), usedforsecurity=False).hexdigest(), 16)
    chance = random.Random(number)  # noqa: S311 - the same each time, on purpose
    match kind:
        case "traditional":
            return _traditional(text)
        case "homophone":
            return _with_homophones(text, chance)
        case "pinyin":
            return _in_pinyin(text)
        case "drop":
            return "".join(c for c in text if chance.random() >= _DROPPED) or text
        case _:
            raise ValueError(f"no perturbation {kind!r}; there are {', '.join(KINDS)}")


def _traditional(text: str) -> str:
    from opencc import OpenCC

    return str(OpenCC("s2t").convert(text))


def _in_pinyin(text: str) -> str:
    """By the readings of words, as people type."""
    return "".join(read_by_words(text)).lower()


def _with_homophones(text: str, chance: random.Random) -> str:
    letters = list(text)
    places = [i for i, c in enumerate(letters) if is_han(c) and len(_same_sound()[syllable(c)]) > 1]
    for at in chance.sample(places, min(len(places), chance.choice((1, 2)))):
        others = [c for c in _same_sound()[syllable(letters[at])] if c != letters[at]]
        letters[at] = chance.choice(others)
    return "".join(letters)


@cache
def _same_sound() -> dict[str, list[str]]:
    """Common characters (GB 2312, level 1) by toneless syllable."""
    groups: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            groups[syllable(character)].append(character)
    return groups
