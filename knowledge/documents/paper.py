"""A page as glyphs and ruled lines in their places: what PDF and OFD have in common.

Lengths are points (1/72 inch), from the top left corner of the page as a reader holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

UNREADABLE = "\ufffd"


def is_han(text: str) -> bool:
    """Whether a character is a common Chinese one; asked of every glyph, hence no regular expression."""
    return "\u4e00" <= text <= "\u9fff"


class Glyph(NamedTuple):
    """One character in its box.  `text` is UNREADABLE where the file does not say which it is."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


class Stroke(NamedTuple):
    """A horizontal or vertical line."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass
class Page:
    number: int  # from 1
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A line of print.  `size` is that of most of its characters."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    page: int

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Ruled:
    """A ruled table: cells by their place, merged ones with the places that they cover."""

    rows: tuple[tuple[str | None, ...], ...]
    x0: float
    top: float
    x1: float
    bottom: float
    page: int
    columns: tuple[float, ...]  # where the vertical rules stand


def text_size(glyphs: Sequence[Glyph]) -> float:
    """The size of most of them; of Chinese characters where there are some, since digits come from another
    font and have another height."""
    sizes: dict[float, int] = {}
    for glyph in [each for each in glyphs if is_han(each.text)] or glyphs:
        size = round(glyph.size, 1)
        sizes[size] = sizes.get(size, 0) + 1
    return max(sizes, key=lambda size: sizes[size], default=0.0)
