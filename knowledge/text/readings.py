"""Readings of Chinese characters, from pypinyin: character by character, or by words.

Answering needs only the table of characters.  The package would also load its 47,000 phrases, a quarter of a
second at every start, so they are loaded when a text is first read by words.
"""

from __future__ import annotations

import os
from functools import cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # looked at once, when the package is imported

import pypinyin
from pypinyin.pinyin_dict import pinyin_dict

__all__ = ["pinyin_dict", "read_by_words"]


def read_by_words(text: str) -> list[str]:
    """Toneless syllables as people read the text: 银行 is yin hang, not yin xing; ü is v."""
    _load_phrases()
    return list(pypinyin.lazy_pinyin(text, style=pypinyin.Style.NORMAL, v_to_u=False))


@cache
def _load_phrases() -> None:
    from pypinyin.phrases_dict import phrases_dict

    pypinyin.load_phrases_dict(phrases_dict)
