"""What a Word style says that changes the text: heading level, list, struck, hidden, raised."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.documents.package import attribute, child, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING_NAME = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_NO_LEVEL = 9  # w:outlineLvl 9 is body text
_DEEPEST_BASE = 20  # styles based on each other in a ring are a slip


@dataclass(frozen=True)
class Look:
    """Of characters; None = not said here."""

    is_struck: bool | None = None
    is_hidden: bool | None = None
    position: str | None = None  # superscript, subscript, baseline

    def over(self, below: Look) -> Look:
        """This, and what it does not say from `below`."""
        if self == _SAYS_NOTHING:
            return below
        return Look(
            below.is_struck if self.is_struck is None else self.is_struck,
            below.is_hidden if self.is_hidden is None else self.is_hidden,
            below.position if self.position is None else self.position,
        )

    @property
    def is_shown(self) -> bool:
        return not (self.is_struck or self.is_hidden)


_SAYS_NOTHING = Look()


@dataclass(frozen=True)
class Style:
    name: str = ""
    level: int | None = None  # from 1; 0 = said to be none
    list_id: str | None = None
    list_level: int | None = None
    look: Look = Look()

    def over(self, below: Style) -> Style:
        """This, and what it does not say from `below`, the style that it is based on."""
        return Style(
            self.name or below.name,
            below.level if self.level is None else self.level,
            below.list_id if self.list_id is None else self.list_id,
            below.list_level if self.list_level is None else self.list_level,
            self.look.over(below.look),
        )


class Styles:
    """By id, each with what it takes over from the one that it is based on."""

    def __init__(self, part: _Element | None) -> None:
        elements = (
            {}
            if part is None
            else {attribute(each, "styleId"): each for each in part if local(each) == "style"}
        )
        self._elements: dict[str, _Element] = elements
        self._known: dict[str, Style] = {}
        defaults = {
            attribute(each, "type"): name
            for name, each in elements.items()
            if attribute(each, "default") in ("1", "true", "on")
        }
        self._paragraph = defaults.get("paragraph", "")

    def of(self, style_id: str) -> Style:
        """The style of a paragraph; without an id the usual one."""
        return self._resolved(style_id or self._paragraph, _DEEPEST_BASE)

    def look(self, style_id: str) -> Look:
        """Of a character style."""
        return self._resolved(style_id, _DEEPEST_BASE).look if style_id else Look()

    def _resolved(self, style_id: str, depth: int) -> Style:
        element = self._elements.get(style_id)
        if element is None or depth == 0:
            return Style()
        if style_id not in self._known:
            base = child(element, "basedOn")
            below = Style() if base is None else self._resolved(attribute(base, "val"), depth - 1)
            self._known[style_id] = _said_by(element).over(below)
        return self._known[style_id]


def _said_by(element: _Element) -> Style:
    name = child(element, "name")
    words = "" if name is None else attribute(name, "val")
    properties = child(element, "pPr")
    style = replace(paragraph_properties(properties), name=words.lower(), look=look_of(child(element, "rPr")))
    numbered = _HEADING_NAME.fullmatch(words)
    return replace(style, level=int(numbered[1])) if numbered and style.level is None else style


def paragraph_properties(properties: _Element | None) -> Style:
    """What `w:pPr` says."""
    outline, numbers = child(properties, "outlineLvl"), child(properties, "numPr")
    level = None if outline is None else (_number(outline) + 1) % (_NO_LEVEL + 1)
    list_id, list_level = child(numbers, "numId"), child(numbers, "ilvl")
    return Style(
        level=level,
        list_id=None if list_id is None else attribute(list_id, "val"),
        list_level=None if list_level is None else _number(list_level),
    )


def look_of(properties: _Element | None) -> Look:
    """What `w:rPr` says."""
    if properties is None or not len(properties):
        return _SAYS_NOTHING
    struck = [
        each for each in (_is_on(properties, "strike"), _is_on(properties, "dstrike")) if each is not None
    ]
    position = child(properties, "vertAlign")
    return Look(
        any(struck) if struck else None,
        _is_on(properties, "vanish"),
        None if position is None else attribute(position, "val"),
    )


def _is_on(properties: _Element | None, name: str) -> bool | None:
    element = child(properties, name)
    return None if element is None else attribute(element, "val", "1") not in ("0", "false", "off")


def _number(element: _Element) -> int:
    value = attribute(element, "val")
    return min(int(value), _NO_LEVEL) if value.isascii() and value.isdigit() else _NO_LEVEL
