"""Breaking text into lines for a terminal, where a Chinese character is two columns wide.

A line may break between any two Chinese characters and at spaces, but no line begins with a closing mark
and none ends with an opening one (避头尾); a word or number in Latin letters stays whole.
"""

from __future__ import annotations

import re

from wcwidth import wcswidth, wcwidth

NO_START = frozenset(
    "，。、；：！？）】》〉」』”’…—‰℃,.;:!?)]}%·\uff05\uff5e"
)  # the last two: full-width % and ~
NO_END = frozenset("（【《〈「『“‘([{￥$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# A run of Latin letters, digits and what belongs inside numbers and addresses; else one character.
_UNIT = re.compile(r"[0-9A-Za-zÀ-ɏ_@#&+=%/\\.,:~\-]*[0-9A-Za-zÀ-ɏ_@#&+=%/\\~\-]|\s+|.", re.DOTALL)


def columns_of(text: str) -> int:
    """How many columns `text` takes; characters of unknown width count 1."""
    width: int = wcswidth(text)
    if width >= 0:
        return width
    return sum(max(int(wcwidth(character)), 0) for character in text)


def printable(text: str) -> str:
    """`text` without control characters: nobody's message may steer the reader's terminal."""
    return _CONTROL.sub("", text.replace("\t", "    "))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; line ends in `text` are kept, an empty line stays one."""
    lines: list[str] = []
    for paragraph in printable(text).split("\n"):
        lines.extend(_wrap_line(paragraph, width) if paragraph.strip() else [""])
    return lines


def _wrap_line(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    used = 0
    for cluster in _clusters(text, width):
        if used + columns_of(cluster.rstrip()) > width and line:
            lines.append("".join(line).rstrip())
            line, used = [], 0
            cluster = cluster.lstrip()
        if cluster:
            line.append(cluster)
            used += columns_of(cluster)
    if line:
        lines.append("".join(line).rstrip())
    return lines


def _clusters(text: str, width: int) -> list[str]:
    """Pieces between which a line may break: a character with its closing marks after and opening before."""
    clusters: list[str] = []
    glue = False
    for unit in _UNIT.findall(text):
        closes = unit[0] in NO_START or (columns_of(unit) == 0 and not unit.isspace())
        joined = clusters and (closes or glue) and not clusters[-1].isspace()
        if joined and columns_of(clusters[-1] + unit) <= width:
            clusters[-1] += unit
        else:
            clusters.extend(_chop(unit, width))
        glue = unit[-1] in NO_END
    return clusters


def _chop(unit: str, width: int) -> list[str]:
    """A word that is wider than the line is cut; everything else stays whole."""
    if columns_of(unit) <= width:
        return [unit]
    return [unit[start : start + width] for start in range(0, len(unit), width)]
