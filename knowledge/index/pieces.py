"""What an entry is found by: its pieces, and the text in which a single piece can be counted.

    text = spelt(["低保标准"], ["2018年低保发放"])      names and body of one entry
    pieces(text)                  ["2018", "2018年", "年低", "低保", …, "低保", "低保", "保标", "保标", …]
    weights(text, [needle("低保")])                      [3]

By sight a piece is a bigram as `knowledge/text/grams.py` cuts it: 低保, 第12.  By ear, in `heard(text)`, it
is two sound signs (see `normalize.sounding`).  A piece counts as often as it is in the body of an entry,
and `NAME_WEIGHT` more when it is in its title or in a phrasing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise

from knowledge.text.grams import all_syllables, bigrams, is_han, is_letter, units
from knowledge.text.normalize import sign_of, sounding

NAME_WEIGHT = 2  # a piece of the title or of a known phrasing counts as much as two in the text
_BODY = "\f"  # between names and body
_BETWEEN = "\v"  # between the texts of several entries
_NO_SIGN = re.compile(f"[^\ue000-\uf8ff\n{_BODY}{_BETWEEN}]+")


def spelt(names: Iterable[str], body: Iterable[str]) -> str:
    """The folded texts of an entry (title and phrasings; headings above and text), each on a line of its own.

    Runs of letters and digits stand between spaces; nothing else is between the characters.
    """
    return f"\n{_lines(names)}\n{_BODY}\n{_lines(body)}\n"


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(_line_again(text) if len(text) <= _OFTEN else _line(text) for text in texts)


def _line(text: str) -> str:
    return "".join(u if is_han(u[0]) else f" {u} " for u in units(text))


# The headings above an entry stand above its neighbours too.
_OFTEN = 100  # characters
_line_again = lru_cache(maxsize=8192)(_line)


def heard(text: str) -> str:
    """The same by ear: sound signs alone; runs, and characters without a known reading, are passed over."""
    return _NO_SIGN.sub("", sounding(text))


def heard_all(texts: Sequence[str]) -> list[str]:
    """Many at once, which is several times as fast."""
    return heard(_BETWEEN.join(texts)).split(_BETWEEN) if texts else []


def pieces(text: str) -> list[str]:
    """The pieces of a text, by sight or by ear, each as often as it counts."""
    names, body = (
        [_cut_again(line) if len(line) <= _OFTEN else _cut(line) for line in part.split("\n")]
        for part in text.split(_BODY)
    )
    return [*chain(*body), *NAME_WEIGHT * list(dict.fromkeys(chain(*names)))]


def _cut(line: str) -> list[str]:
    return _pairs(line) if line and _is_sign(line[0]) else bigrams(line)


_cut_again = lru_cache(maxsize=8192)(_cut)  # read only


def _pairs(signs: str) -> list[str]:
    return [first + second for first, second in pairwise(signs)] or [signs]


def _is_sign(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff"


def weights(text: str, needles: Sequence[str]) -> list[int]:
    """What each piece counts in a text; 0 where it is not."""
    names, body = text.split(_BODY)
    return [
        (body.count(one) if one[0] != one[-1] else _overlapping(body, one)) + NAME_WEIGHT * (one in names)
        for one in needles
    ]


def _overlapping(text: str, needle: str) -> int:
    """的的 is twice in 的的的: `count` finds one."""
    found = at = 0
    while (at := text.find(needle, at) + 1) > 0:
        found += 1
    return found


def needle(piece: str) -> str:
    """How a piece stands in a text."""
    begins, ends = is_letter(piece[0]), is_letter(piece[-1])
    if begins and ends:
        return f" {piece} "
    if begins:
        return f" {piece[:-1]} {piece[-1]}"
    if ends:
        return f"{piece[0]} {piece[1:]} "
    return piece if len(piece) == 2 else f"\n{piece}\n"


def by_ear(syllables: str) -> str | None:
    """The piece of one or two syllables ("di bao"); None where there is no such syllable."""
    signs = [_signs().get(syllable, "") for syllable in syllables.split(" ")]
    return "".join(signs) if all(signs) else None


@cache
def _signs() -> dict[str, str]:
    return {syllable: sign_of(syllable) for syllable in all_syllables()}


def sounds_known() -> bytes:
    """The syllables that sound signs stand for, in their order."""
    return " ".join(all_syllables()).encode()
