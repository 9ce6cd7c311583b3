"""What a document names as its attachments: `附件：1.申请表` and the lines that go on counting."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGINS = re.compile(r"附\s?件\s?[:：]\s*(.*)")
_NUMBER = re.compile(r"\s*(\d{1,2})\s?[.、．](?!\d)\s*")
_NEXT = re.compile(r"(\d{1,2})\s?[.、．](?!\d)\s*(\S.*)")
_LONGEST = 100  # characters of a line that names attachments
_MOST = 30


def attachments_in(plain: Sequence[str], indices: Sequence[int]) -> tuple[list[int], tuple[str, ...]]:
    """The lines without those that name attachments, and the names in their order.

    `附件：` with nothing behind it and no number below is the heading of an attachment itself: it stays.
    """
    for place, at in enumerate(indices):
        found = _BEGINS.fullmatch(plain[at]) if len(plain[at]) <= _LONGEST else None
        if found is None:
            continue
        taken, names = _listed(plain, indices[place:], found[1].strip())
        if names:
            return [each for each in indices if each not in taken], tuple(names)
    return list(indices), ()


def _listed(plain: Sequence[str], indices: Sequence[int], beside: str) -> tuple[set[int], list[str]]:
    first, *below = indices
    names = _cut(beside)
    if beside and not _NUMBER.match(beside):
        return {first}, names  # the only one, without a number
    taken = {first}
    for at in below:
        line = plain[at]
        if not line:
            continue
        found = _NEXT.fullmatch(line) if len(line) <= _LONGEST else None
        if found is None or int(found[1]) != len(names) + 1 or len(names) >= _MOST:
            break
        names += _cut(line)
        taken.add(at)
    return taken, names


def _cut(line: str) -> list[str]:
    """`1.申请表 2.名单` -> both; of a line without numbers the line."""
    marks = list(_NUMBER.finditer(line))
    counted = [mark for number, mark in enumerate(marks) if number == 0 or line[mark.start()].isspace()]
    if not counted or counted[0].start():
        return [line] if line else []
    ends = [*(mark.start() for mark in counted[1:]), len(line)]
    return [line[mark.end() : end].strip(" \u3000；;，,。") for mark, end in zip(counted, ends, strict=True)]
