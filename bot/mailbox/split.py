"""Cutting a long message into several, before any markup is added.

1. The parts are cut at line ends, else after a full stop, else anywhere, so that none is over the limit.
2. They are gathered again into messages that are as full as the limit allows.
3. Buttons go with the last message, where the reader's thumb is; an edit replaces the first.
4. A file goes with the text when that fits a caption, else in a message of its own at the end.

Each piece becomes a message of its own in the outbox, so that a process killed between two pieces does not
send the first one twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.messages import Outgoing, Part

_STOPS = "。！？；!?;"
_CLOSING = "”’」』）)】》"
_GAP = 2  # the empty line between two paragraphs


@dataclass(frozen=True)
class Limit:
    """How much fits, in UTF-16 units as Telegram counts them; `parts` bounds the number of entities."""

    text: int
    caption: int
    parts: int


TELEGRAM = Limit(text=4096, caption=1024, parts=90)


def utf16_length(text: str) -> int:
    """An emoji outside the BMP counts 2."""
    return len(text.encode("utf-16-le")) // 2


def split(outgoing: Outgoing, limit: Limit) -> list[Outgoing]:
    """The messages to send in this order; `[outgoing]` when it fits."""
    if outgoing.marks:
        return [outgoing]
    groups = list(_gather(_cut_parts(outgoing.parts, limit.text), limit))
    pieces = [replace(outgoing, parts=tuple(group), buttons=(), document=None) for group in groups]
    if outgoing.document is not None:
        if len(pieces) == 1 and utf16_length(pieces[0].text) <= limit.caption:
            pieces[0] = replace(pieces[0], document=outgoing.document)
        else:
            pieces.append(replace(outgoing, parts=(), buttons=(), document=outgoing.document))
    if not pieces:
        return []
    pieces[:-1] = [replace(piece, confirms=None) for piece in pieces[:-1]]  # arrived = the last one arrived
    pieces[-1] = replace(pieces[-1], buttons=outgoing.buttons)
    return [pieces[0], *(replace(piece, edits="", replaces="", menu=()) for piece in pieces[1:])]


def _gather(parts: Iterator[Part], limit: Limit) -> Iterator[list[Part]]:
    group: list[Part] = []
    length = 0
    for part in parts:
        added = utf16_length(part.text) + (_GAP if group else 0)
        if group and (length + added > limit.text or len(group) >= limit.parts):
            yield group
            group, length, added = [], 0, utf16_length(part.text)
        group.append(part)
        length += added
    if group:
        yield group


def _cut_parts(parts: tuple[Part, ...], limit: int) -> Iterator[Part]:
    for part in parts:
        rest = part.text.strip()
        while rest:
            end = _cut_at(rest, limit)
            yield Part(rest[:end].rstrip(), part.style)
            rest = rest[end:].lstrip()


def _cut_at(text: str, limit: int) -> int:
    """How many characters go into the first piece: the last good place within the limit."""
    end, units = 0, 0
    for character in text:
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            break
        end += 1
    if end == len(text):
        return end
    window = text[:end]
    for separator in ("\n\n", "\n"):
        if (found := window.rfind(separator)) > end // 2:
            return found
    for index in range(end - 1, end // 2, -1):
        if window[index] in _STOPS and (index + 1 >= len(text) or text[index + 1] not in _CLOSING):
            return index + 1
    return end
