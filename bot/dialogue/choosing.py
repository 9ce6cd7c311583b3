"""Which of several labels a typed text means: itself, a part that only one of them has, nearly one.  Pure.

choice_in("纸质", [("paper", "纸质文件"), ("electronic", "电子文件")]) -> "paper"
choice_in("不同意", [("agrees", "同意公开"), ("refuses", "不同意公开")]) -> "refuses"
choice_in("文件", …) -> ""      both have it: to be asked
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel

from knowledge.text.normalize import squeeze

_NEARLY = 0.75  # Indel similarity: one character of four
_SAYS_NO = re.compile(r"[不没未无]")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


def choice_in(typed: str, offered: Sequence[tuple[str, str]]) -> str:
    """The value that is meant among (value, label), "" for none or for several."""
    said = squeeze(typed)
    labels = [(value, {squeeze(label), squeeze(_BRACKETS.sub("", label))} - {""}) for value, label in offered]
    ways: tuple[Callable[[str], bool], ...] = (
        lambda label: said == label,
        lambda label: _part_of(said, label),
        lambda label: _agree(said, label) and Indel.normalized_similarity(said, label) >= _NEARLY,
    )
    for is_meant in ways if said else ():
        found = {value for value, forms in labels if any(map(is_meant, forms))}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _part_of(said: str, label: str) -> bool:
    """One is in the other, and both say yes or both say no."""
    short, long = sorted((said, label), key=len)
    return len(short) > 1 and short in long and _agree(said, label)


def _agree(said: str, label: str) -> bool:
    return bool(_SAYS_NO.search(said)) == bool(_SAYS_NO.search(label))
