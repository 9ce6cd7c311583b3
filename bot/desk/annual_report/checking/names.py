"""Names of rows as they were found, beside the names that the format has.  Pure.

Rows are matched in their order: the best alignment of both lists, so that a misspelt name is told from a
missing row, and 其他 under 其他处理 from any other 其他.  `exact` is off for a PDF, where the words of
neighbouring cells run into each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from bot.desk.annual_report.national_format import folded, leaf_of

LEAST_LIKE = 0.5  # below this, two names are told apart
_PAIRED = 0.05  # an odd name between two rows that fit stands for the one that is missing there
_MOST = 0.7  # of the characters of a name, in their order
_SHORT = 4  # characters of a name that may be part of any other

_LONGEST_SHOWN = 24


def name_of(row: str) -> str:
    """The name of a row without its number and its group, folded: 属于国家秘密."""
    words = leaf_of(row)
    for sign in "、.）":
        head, found, tail = words.partition(sign)
        if found and len(head) <= 2:
            words = tail
            break
    return folded(words)


def unmistakable(row: str) -> str:
    """What tells the row wherever it stands: its name, a short one (其他, 总计) with its number."""
    name = name_of(row)
    return name if len(name) >= _SHORT else folded(leaf_of(row))


def likeness(label: str, leaf: str) -> float:
    """1 when the label ends with the name or, a long one, holds it; else how like it its end is."""
    whole = folded(label)
    if whole.endswith(leaf) or (len(leaf) >= _SHORT and leaf in whole):
        return 1.0
    like = max(
        fuzz.ratio(whole[-len(leaf) - more :], leaf) if len(whole) >= len(leaf) + more else 0.0
        for more in (0, 1, 2)
    )
    return 0.9 * max(like, fuzz.ratio(whole, leaf)) / 100


def is_named(label: str, following: str, leaf: str, *, exact: bool) -> bool:
    """Whether the name is right; a name that is broken over lines goes on before the next row's.

    On paper (not `exact`) the words of neighbouring cells run together: most of the name must be there.
    """
    both = folded(label + following)
    if likeness(label, leaf) >= 1 or (len(leaf) >= _SHORT and leaf in both):
        return True
    return not exact and LCSseq.similarity(both, leaf) >= _MOST * len(leaf)


def aligned(labels: Sequence[str], leaves: Sequence[str]) -> list[int | None]:
    """For each name of the format the label that stands for it: in order, together as alike as possible."""
    like = [[likeness(label, leaf) for label in labels] for leaf in leaves]
    weights = [[value if value >= LEAST_LIKE else _PAIRED for value in row] for row in like]
    height, width = len(leaves), len(labels)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for y in range(height - 1, -1, -1):
        for x in range(width - 1, -1, -1):
            paired = weights[y][x] + best[y + 1][x + 1]
            best[y][x] = max(paired, best[y + 1][x], best[y][x + 1])
    found: list[int | None] = [None] * height
    y = x = 0
    while y < height and x < width:
        if best[y][x] == weights[y][x] + best[y + 1][x + 1]:
            found[y] = x
            y, x = y + 1, x + 1
        elif best[y][x] == best[y + 1][x]:
            y += 1
        else:
            x += 1
    return found


def shown(label: str) -> str:
    """The end of a label, as it is shown: what came long before belongs to the header."""
    return label if len(label) <= _LONGEST_SHOWN else f"…{label[-_LONGEST_SHOWN:]}"
