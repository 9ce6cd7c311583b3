"""Questions typed in pinyin, whole or in part: letters → syllables → the characters that were probably meant.

    read("wubaohu", base, {}) -> ("五保户", three sound signs)

First the letters are cut into syllables by a Viterbi search that prefers pairs of syllables which occur in
the base; then the syllables are read as words, the most frequent ones that sound so.  A wrong homophone does
no harm: what was typed is kept as sound, and matching compares sounds as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Protocol

from knowledge.text.grams import all_syllables
from knowledge.text.normalize import sign_of, sounding
from knowledge.text.vocabulary import vocabulary

LETTERS = re.compile(r"[a-z]+(?:['’ ]+[a-z]+)*")
_LONGEST_SYLLABLE = 6
_LONGEST_RUN = 240  # letters; more is no question
_SYLLABLE_COST, _PAIR_GAIN = 1.0, 0.8
_LONGEST_WORD = 5
_OWN_LEVEL = -9.0  # log probability: as a common word


class Grams(Protocol):
    """What is asked of an index about pieces of text; `knowledge.index.index.Index` has it."""

    @property
    def largest_idf(self) -> float: ...

    def idfs(self, pieces: Iterable[str]) -> Mapping[str, float]: ...

    def syllable_idfs(self, pieces: Iterable[str]) -> Mapping[str, float]: ...


def read(run: str, grams: Grams, own_words: Mapping[str, str]) -> tuple[str, str] | None:
    """(characters, their sound signs) for a run of letters, or None when it is not pinyin.

    A run that the base itself writes in letters (app, wifi) stays as it is, and so does a single syllable
    beside other text.  `own_words` (sound signs -> word) are read before all others: the words of the terms.
    """
    words = re.split(r"['’ ]+", run)
    if len(run) > _LONGEST_RUN or not any(words):
        return None
    if grams.idfs(words) and min(grams.idfs(words).values()) < grams.largest_idf and len(words) == 1:
        return None
    cuts = [cut(word, grams) for word in words if word]
    if any(not found for found in cuts):
        return None
    sounds = [sound for found in cuts for sound in found]
    return characters(sounds, own_words) if len(sounds) > 1 else None


def cut(letters: str, grams: Grams) -> list[str]:
    """The syllables of a word of letters, [] when it cannot be cut."""
    lattice = _lattice(letters)
    pairs = {
        f"{first} {second}"
        for at, starts in enumerate(lattice)
        for first in starts
        for second in lattice[at + len(first)]
    }
    idfs = grams.syllable_idfs(pairs) if pairs else {}
    unknown = grams.largest_idf
    gains = {pair: _PAIR_GAIN for pair, idf in idfs.items() if idf < unknown}
    # best[(end, last syllable)] = (cost, syllables so far)
    best: list[dict[str, tuple[float, list[str]]]] = [{} for _ in range(len(letters) + 1)]
    best[0][""] = (0.0, [])
    for start, starts in enumerate(lattice[:-1]):
        for last, (cost, path) in best[start].items():
            for sound in starts:
                total = cost + _SYLLABLE_COST - gains.get(f"{last} {sound}", 0.0)
                end = start + len(sound)
                if sound not in best[end] or total < best[end][sound][0]:
                    best[end][sound] = (total, [*path, sound])
    ends = best[-1]
    found = min(ends.values())[1] if ends and letters else []
    return [_TYPED.get(sound, sound) for sound in found]


def _lattice(letters: str) -> list[list[str]]:
    """For each place the syllables that begin there; one place more for the end."""
    known = _syllable_set()
    return [
        [
            letters[at : at + size]
            for size in range(1, _LONGEST_SYLLABLE + 1)
            if at + size <= len(letters) and letters[at : at + size] in known
        ]
        for at in range(len(letters) + 1)
    ]


# Syllables that are typed but are no character's first reading, and the reading that stands for them.
_TYPED = {"shei": "shui", "lue": "lve", "nue": "nve", "dei": "de", "zhei": "zhe", "nu:": "nv", "lu:": "lv"}


@cache
def _syllable_set() -> frozenset[str]:
    return frozenset(_TYPED) | frozenset(
        sound for sound in all_syllables() if sound not in {"m", "n", "ng", "hm", "hng", "o"}
    )


def characters(sounds: list[str], own_words: Mapping[str, str]) -> tuple[str, str]:
    """The most probable words that sound so, and the sound signs to compare by; equal in length."""
    heard = "".join(sign_of(sound) for sound in sounds)
    words = _words_by_sound()
    best = [0.0] * (len(heard) + 1)
    choice = [(1, "")] * len(heard)
    for at in range(len(heard) - 1, -1, -1):
        best[at] = -1e9
        for size in range(1, min(_LONGEST_WORD, len(heard) - at) + 1):
            own = own_words.get(heard[at : at + size])
            found = (_OWN_LEVEL, own) if own else words.get(heard[at : at + size])
            if found and found[0] + best[at + size] > best[at]:
                best[at], choice[at] = found[0] + best[at + size], (size, found[1])
    text, signs = "", ""
    at = 0
    while at < len(heard):
        size, word = choice[at]
        text += word or "\u3007"
        # A word with its own reading (银行) is compared by the readings that the index uses.
        signs += sounding(word) if word in vocabulary().readings else heard[at : at + size]
        at += size
    return text, signs


@cache
def _words_by_sound() -> dict[str, tuple[float, str]]:
    """sound signs -> (log probability, word) of the most frequent word that sounds so."""
    known = vocabulary()
    sign = {sound: sign_of(sound) for sound in all_syllables()}
    found: dict[str, tuple[float, str]] = {}
    texts = list(known.levels)
    for word, heard in zip(texts, sounding("\n".join(texts)).split("\n"), strict=True):
        if word in known.readings:
            heard = "".join(sign.get(sound, "?") for sound in known.readings[word])
        level = known.levels[word] - 18.0
        if heard not in found or level > found[heard][0]:
            found[heard] = (level, word)
    return found
