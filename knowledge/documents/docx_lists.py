"""The numbers that Word writes by itself: 一、 （一） 1. 1.1, rebuilt from numbering.xml.

Every paragraph of a list counts its level on and starts the deeper ones anew.  Lists that share one abstract
definition share its counters, unless the list says where it starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.documents.numbers import written
from knowledge.documents.package import attribute, child, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class _Level:
    form: str = "decimal"
    pattern: str = ""
    start: int = 1
    is_legal: bool = False  # all numbers in it are decimal
    restarts_after: int | None = None  # level (from 1) that starts it anew; 0 = none does
    is_apart: bool = True  # from the text, by a tab or space


class Numbering:
    """Of one document; `next_number` is asked for each paragraph in its order."""

    def __init__(self, part: _Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        by_style: dict[str, str] = {}
        for element in part if part is not None else ():
            if local(element) == "abstractNum":
                self._abstract[attribute(element, "abstractNumId")] = _levels(element)
                link = child(element, "styleLink")
                if link is not None:
                    by_style[attribute(link, "val")] = attribute(element, "abstractNumId")
        for element in part if part is not None else ():
            if local(element) == "abstractNum" and (link := child(element, "numStyleLink")) is not None:
                target = by_style.get(attribute(link, "val"), "")
                self._abstract[attribute(element, "abstractNumId")] = self._abstract.get(target, {})
        for element in part if part is not None else ():
            if local(element) == "num":
                self._add_list(element)

    def _add_list(self, element: _Element) -> None:
        abstract = child(element, "abstractNumId")
        if abstract is None:
            return
        changed: dict[int, _Level] = {}
        starts: dict[int, int] = {}
        for override in element:
            if local(override) != "lvlOverride":
                continue
            at = _integer(attribute(override, "ilvl"), 0)
            level, start = child(override, "lvl"), child(override, "startOverride")
            if level is not None:
                changed[at] = _level(level)
            if start is not None:
                starts[at] = _integer(attribute(start, "val"), 1)
        self._lists[attribute(element, "numId")] = (attribute(abstract, "val"), changed, starts)

    def is_bullet(self, list_id: str, at: int) -> bool:
        """Whether the paragraphs of that level carry a sign instead of a number."""
        level = self._level(list_id, at)
        return level is not None and level.form == "bullet"

    def next_number(self, list_id: str, at: int) -> str:
        """The number of the next paragraph of a list, with what stands between it and the text."""
        level = self._level(list_id, at)
        if level is None:
            return ""
        abstract, _, starts = self._lists[list_id]
        counters = self._counters.setdefault(abstract, [None] * _LEVELS)
        if at in starts and (list_id, at) not in self._started:
            counters[at] = starts[at] - 1
        self._started.add((list_id, at))
        before = counters[at]
        counters[at] = level.start if before is None else before + 1
        for deeper in range(at + 1, _LEVELS):
            below = self._level(list_id, deeper)
            after = below.restarts_after if below else None
            if after is None or at < after:
                counters[deeper] = None
        number = _PLACE.sub(
            lambda found: self._part(list_id, int(found[1]) - 1, level, counters), level.pattern
        )
        return number + (" " if level.is_apart and number[-1:].isalnum() else "")

    def _part(self, list_id: str, at: int, of: _Level, counters: list[int | None]) -> str:
        level = self._level(list_id, at) or _Level()
        count = counters[at]
        if count is None:
            count = counters[at] = level.start
        return written(count, "decimal" if of.is_legal else level.form)

    def _level(self, list_id: str, at: int) -> _Level | None:
        if list_id not in self._lists or not 0 <= at < _LEVELS:
            return None
        abstract, changed, _ = self._lists[list_id]
        return changed.get(at) or self._abstract.get(abstract, {}).get(at)


def _levels(abstract: _Element) -> dict[int, _Level]:
    return {_integer(attribute(each, "ilvl"), 0): _level(each) for each in abstract if local(each) == "lvl"}


def _level(element: _Element) -> _Level:
    def said(name: str, default: str) -> str:
        found = child(element, name)
        return default if found is None else attribute(found, "val", default)

    legal = child(element, "isLgl")
    restart = said("lvlRestart", "")
    return _Level(
        form=said("numFmt", "decimal"),
        pattern="" if said("numFmt", "decimal") == "bullet" else said("lvlText", ""),
        start=_integer(said("start", "1"), 1),
        is_legal=legal is not None and attribute(legal, "val", "1") not in ("0", "false", "off"),
        restarts_after=_integer(restart, 0) if restart else None,
        is_apart=said("suff", "tab") != "nothing",
    )


def _integer(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default
