"""A page of contents: the headings of a text, said once before it.  It makes no sections."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.text.normalize import squeeze

_TITLE = re.compile(r"目\s*[录次]")
_LINE_END = re.compile(r"(?:\s*[.…·\-—_]+\s*|\s+|\t)\d{1,4}$")
_LONGEST = 80
_MOST = 400  # lines of a page of contents


def contents_page(lines: Sequence[str]) -> range:
    """The lines of a contents page, its title 目录 among them; empty when there is none.

    It ends where its first line comes again: there the text begins.
    """
    start = next((at for at, line in enumerate(lines[:_MOST]) if _TITLE.fullmatch(line.strip())), None)
    if start is None:
        return range(0)
    after = start + 1
    while after < len(lines) and not lines[after].strip():
        after += 1
    if after == len(lines):
        return range(0)
    first = _bare(lines[after])
    glued = re.sub(r"(?<=\D)\d{1,3}$", "", first)  # the number of the page, where the dots before it are lost
    for at in range(after + 1, min(len(lines), after + _MOST)):
        if len(lines[at]) > _LONGEST:
            break
        if first and _bare(lines[at]) in (first, glued):
            return range(start, at)
    numbered = after
    while numbered < len(lines) and _LINE_END.search(lines[numbered][-_LONGEST:]):
        numbered += 1
    return range(start, numbered)


def _bare(line: str) -> str:
    return squeeze(_LINE_END.sub("", line[:_LONGEST].strip()))
