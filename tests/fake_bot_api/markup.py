"""Telegram's HTML, read as strictly as the server reads it: text and entities out, or a refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .refusals import cannot_parse

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:=\"[^\"]*\")?)*)\s*>")


def utf16(text: str) -> int:
    """Length as Telegram counts it: an emoji outside the BMP is 2."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    offset: int
    attributes: str


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text a person sees and its entities; raise a Refusal as the server words it."""
    text, position = "", 0
    entities: list[dict[str, Any]] = []
    opened: list[_Open] = []
    while position < len(source):
        character = source[position]
        if character == "<":
            match = _TAG.match(source, position)
            offset = len(source[:position].encode())
            if match is None:
                raise cannot_parse(f"Unsupported start tag at byte offset {offset}")
            closing, name, attributes = match.group(1), match.group(2).lower(), match.group(3).strip()
            if closing:
                entities.append(_close(opened, name, text, offset))
            elif name not in _TAGS:
                raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {offset}')
            else:
                opened.append(_Open(name, utf16(text), attributes))
            position = match.end()
        elif character == "&" and (match := _ENTITY.match(source, position)):
            text += _character(match.group(1), match.group(0))
            position = match.end()
        else:
            text += character
            position += 1
    if opened:
        end = len(source.encode())
        raise cannot_parse(
            f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}" at byte offset {end}'
        )
    return _trim(text, [entity for entity in entities if entity["length"] > 0])


def _close(opened: list[_Open], name: str, text: str, offset: int) -> dict[str, Any]:
    if not opened:
        raise cannot_parse(f"Unexpected end tag at byte offset {offset}")
    start = opened.pop()
    if start.tag != name:
        raise cannot_parse(
            f'Unmatched end tag at byte offset {offset}, expected "</{start.tag}>", found "</{name}>"'
        )
    entity: dict[str, Any] = {
        "type": _TAGS[name],
        "offset": start.offset,
        "length": utf16(text) - start.offset,
    }
    if name == "a":
        link = re.search(r'href="([^"]*)"', start.attributes)
        entity["url"] = link.group(1) if link else ""
    if name == "blockquote" and start.attributes == "expandable":
        entity["type"] = "expandable_blockquote"
    return entity


def _character(name: str, whole: str) -> str:
    if name.startswith("#x"):
        return chr(int(name[2:], 16))
    if name.startswith("#"):
        return chr(int(name[1:]))
    return _NAMED.get(name, whole)  # the server leaves other names as they are


def _trim(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The server drops white space around the text; offsets follow."""
    lead = utf16(text) - utf16(text.lstrip())
    stripped = text.strip()
    total = utf16(stripped)
    kept = []
    for entity in sorted(entities, key=lambda item: (item["offset"], -item["length"])):
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, total)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept
