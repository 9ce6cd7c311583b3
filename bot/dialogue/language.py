"""In which language a message is answered.

1. What the person chose by a button, always.
2. The script of what was typed: more traditional than simplified characters, or the other way round.
   Not of what is typed into a form: a name or an address (王昇, 於家村) says nothing about the language.
3. Text without any Chinese: English when it has English words (the, my, how) or the channel says so; pinyin
   is typed without Chinese, too.
4. The channel's own tag, what was spoken before, simplified Chinese.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from opencc import OpenCC

from bot.dialogue.memory import Memory, language_of
from bot.messages import Incoming, Language

_HAN = re.compile(r"[\u3400-\u9fff]")
_TRADITIONAL_TAGS = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_SCRIPT_SAMPLE = 300  # characters are enough to know a script


# None of them is a syllable of pinyin.
_SMALL_WORDS = frozenset(
    [
        "the",
        "my",
        "is",
        "are",
        "do",
        "does",
        "did",
        "could",
        "how",
        "what",
        "where",
        "when",
        "which",
        "who",
        "why",
        "i'm",
        "it's",
        "to",
        "of",
        "for",
        "and",
        "my",
        "your",
        "this",
        "that",
        "there",
        "want",
        "need",
        "know",
        "please",
        "hello",
        "thanks",
        "thank",
        "speak",
        "english",
        "information",
        "request",
        "much",
    ]
)


@cache
def _converter(direction: str) -> OpenCC:
    """Loaded when a message first needs it, not at every start."""
    return OpenCC(direction)


@lru_cache(maxsize=4096)
def _weight(character: str) -> int:
    """+1 for a character that only traditional text has, -1 for one that only simplified text has."""
    if _converter("t2s").convert(character) != character:
        return 1
    return -1 if _converter("s2t").convert(character) != character else 0


def language_of_message(incoming: Incoming, memory: Memory) -> Language:
    """The language to answer this message in."""
    if memory.language_chosen:
        return language_of(memory)
    before = Language(memory.language) if memory.language else of_tag(incoming.language)
    if not incoming.text or incoming.text.startswith("/") or (memory.step and not memory.paused):
        return before
    han = _HAN.findall(incoming.text[:_SCRIPT_SAMPLE])
    if not han:
        if is_english(incoming.text):
            return Language.ENGLISH
        return before if memory.language else of_tag(incoming.language)
    balance = sum(_weight(character) for character in han)
    if balance > 0:
        return Language.TRADITIONAL
    if balance < 0 or before is Language.ENGLISH:
        return Language.SIMPLIFIED
    return before


def is_english(text: str) -> bool:
    """Whether it is a sentence in English, and no pinyin: two of its smallest words are in it."""
    words = re.findall(r"[a-z']+", text[:_SCRIPT_SAMPLE].lower())
    return len(words) >= 2 and len(_SMALL_WORDS & set(words)) >= min(2, len(words) - 1)


def of_tag(tag: str) -> Language:
    """What a channel's own tag means: "zh-hant", "en-GB"; simplified Chinese for any other."""
    tag = tag.lower()
    if tag.startswith(_TRADITIONAL_TAGS):
        return Language.TRADITIONAL
    return Language.ENGLISH if tag.startswith("en") else Language.SIMPLIFIED
