"""An opening that only announces: `各村（居）委会：`, `根据县里部署，现将有关事项通知如下：`.

It answers nothing, however much of a question it holds; what it announces does.
"""

from __future__ import annotations

import re

_SALUTATION = re.compile(r"[^。；\n]{2,80}[:：]")
_ANNOUNCES = re.compile(
    r"(?:现|兹|特|具体|有关|如下|以下)[^。]{0,80}(?:如下|以下[^。，]{0,12})\s*[:：。]?$|如下\s*[:：]$"
)
_GOES_BEFORE = re.compile(r"收悉。?$|^(?:特此|为此)[^。]{0,12}。?$")
_NAMED = re.compile(
    r"《[^》]*》|[（(][^（）()]*[)）]|\S{0,8}[〔\[][^〕\]]*[〕\]]\s*第?\d*号?|(?:19|20)\d{2}\s?年度?(?!\s?\d)|\d{4}号"
)
_STATES = re.compile(r"\d")
_ENDS = ("：", ":", "如下", "如下。")
_SENTENCE = re.compile(r"[^。！？]+[。！？]?")


def only_announces(text: str) -> bool:
    """Whether a text is nothing but a salutation and the announcement of what follows; no day, no amount."""
    if not text.rstrip().endswith(_ENDS):
        return False
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    rest = [line for line in lines if not _SALUTATION.fullmatch(line) or _ANNOUNCES.search(line)]
    sentences = [found[0].strip() for line in rest for found in _SENTENCE.finditer(line)]
    if not lines or (sentences and not _ANNOUNCES.search(sentences[-1])):
        return False
    before = (sentence for sentence in sentences[:-1])
    return all(map(_GOES_BEFORE.search, before)) and not _STATES.search(_NAMED.sub("", "".join(sentences)))
