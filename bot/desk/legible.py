"""Text that a letter can hold.  Pure.

A .docx and an .xlsx are XML, and XML 1.0 has no way to write control characters, U+FFFE, U+FFFF or half a
surrogate pair.  One of them in a request would make each letter about it fail, so they go where text comes in
(a chat, an intake file, an edited YAML) and once more where it is printed, for what was kept before.
"""

from __future__ import annotations

import re
from typing import Any

# Halves of surrogate pairs have no business in text at all: neither SQLite nor OpenCC takes them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def legible(text: str) -> str:
    """`text` without what XML cannot hold; halves that stand together, as JSON may bring them, are joined."""
    if _NOT_IN_XML.search(text) is None:
        return text
    return _NOT_IN_XML.sub("", _PAIR.sub(_joined, text))


def legible_within(loaded: Any) -> Any:
    """The same for every text in a value as YAML gives it: lists, mappings, texts and others."""
    if isinstance(loaded, str):
        return legible(loaded)
    if isinstance(loaded, list):
        return [legible_within(each) for each in loaded]
    if isinstance(loaded, dict):
        return {legible_within(name): legible_within(value) for name, value in loaded.items()}
    return loaded


def _joined(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")
