"""Cells that span columns and rows, laid out in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.documents.document import Cells
from knowledge.documents.refusal import TooMuch

MOST_CELLS = 400_000  # of a document
_MOST_SPAN = 200  # of a merged cell; more is a slip, and would fill the memory


@dataclass(frozen=True)
class Cell:
    text: str
    across: int = 1
    down: int = 1


def span_of(value: str | None) -> int:
    """A broken or missing span counts as one."""
    text = (value or "").strip()[:6]
    return min(int(text), _MOST_SPAN) if text.isascii() and text.isdigit() and int(text) else 1


def laid_out(rows: Sequence[Sequence[Cell]]) -> list[Cells]:
    """Every place of the table; those that a merged cell covers are None."""
    places: dict[tuple[int, int], str | None] = {}
    for top, row in enumerate(rows):
        left = 0
        for cell in row:
            while (top, left) in places:
                left += 1
            for y in range(min(cell.down, len(rows) - top)):
                for x in range(cell.across):
                    places.setdefault((top + y, left + x), None)
            places[top, left] = cell.text
            left += cell.across
            if len(places) > MOST_CELLS:
                raise TooMuch
    width = max((left for _, left in places), default=-1) + 1
    return [tuple(places.get((top, left), "") for left in range(width)) for top in range(len(rows))]
