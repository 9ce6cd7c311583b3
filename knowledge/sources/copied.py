"""Whether a text is a table that was copied one cell a line, so that rows and columns are lost.

It is told by rows that are counted on lines of their own (1, 2, 3 …), or by figures on lines of their own,
among short lines that end no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.sources.grid import is_figure

_LEAST_ROWS = 3
_LEAST_FIGURES = 5  # on lines of their own
_LONGEST_CELL = 25  # characters
_SHORT = 0.7  # of the lines
_ENDS = re.compile(r"[。；：:;]$")


def looks_copied(lines: Sequence[str]) -> bool:
    """`lines` of a document, without its tables."""
    texts = [line.strip() for line in lines if line.strip()]
    count = 0
    for line in texts:
        count += line == str(count + 1)
    if count < _LEAST_ROWS and sum(map(is_figure, texts)) < _LEAST_FIGURES:
        return False
    short = sum(len(line) <= _LONGEST_CELL and not _ENDS.search(line) for line in texts)
    return short >= _SHORT * len(texts)
