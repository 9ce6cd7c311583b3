"""Text that a letter can hold, and that reads as it is written.  Pure.

A .docx and an .xlsx are XML, and XML 1.0 has no way to write control characters, U+FFFE, U+FFFF or half a
surrogate pair.  One of them in a request would make each letter about it fail, so they go where text comes in
(a chat, an intake file, an edited YAML) and once more where it is printed, for what was kept before.

So do the marks that turn text around or are not seen at all: with one of them a name, an account or an
amount is read otherwise than it is kept (after `\u202e` 张三 is shown as 三张), and is not found by its
look.  Letters that are written from right to left need none of them.  What joins two letters of such a
script, or two pictures to one, stays between them.
"""

from __future__ import annotations

import re
from typing import Any

# Halves of surrogate pairs have no business in text at all: neither SQLite nor OpenCC takes them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Marks, embeddings, overrides and isolates of direction (Unicode's Bidi_Control), and what has no width.
_TURNS_OR_HIDES = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# A joiner beside nothing that it could join.
_PLAIN = "\u0000-\u024f\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_JOINS_NOTHING = re.compile(f"(?:^|(?<=[{_PLAIN}]))[\u200c\u200d]+|[\u200c\u200d]+(?=[{_PLAIN}]|$)")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def legible(text: str) -> str:
    """`text` without what XML cannot hold and what turns or hides its characters; halves that stand together,
    as JSON may bring them, are joined.
    """
    if _NOT_IN_XML.search(text) is not None:
        text = _NOT_IN_XML.sub("", _PAIR.sub(_joined, text))
    text = _TURNS_OR_HIDES.sub("", text)
    return _JOINS_NOTHING.sub("", text) if "\u200c" in text or "\u200d" in text else text


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
