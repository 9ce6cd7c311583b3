"""`terms.yaml`: everyday words and the words of official texts for the same thing.

    问多少:
      - 几多、几何 = 多少

Each group is a list of lines `everyday = official`; several words on one side are set apart by 、.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.sources.yaml_file import Row, Text, YamlFile


@dataclass(frozen=True)
class Term:
    """`everyday` are what residents say, `official` what documents say; each holds at least one word.

    Every word of one side may stand for every word of the other: ("五保户", "五保老人") ~ ("农村五保",
    "特困人员").  A word may stand in several terms.
    """

    everyday: tuple[str, ...]
    official: tuple[str, ...]


def read_terms(path: Path) -> list[Term]:
    """All terms in the order of the file.  Raises SourceError."""
    file = YamlFile.read(path)
    groups = file.top.keys()
    file.top.only(*groups)  # any name will do for a group, but only once
    terms = [
        term
        for group in dict.fromkeys(groups)
        for line in file.top.texts(group)
        if (term := _term(file.top, group, line)) is not None
    ]
    file.finish()
    return terms


def _term(top: Row, group: str, line: Text) -> Term | None:
    everyday, equals, official = line.value.replace("\uff1d", "=").partition("=")  # typed full-width
    sides = _words(everyday), _words(official)
    if not (equals and all(sides)) or "=" in official:
        top.problem(group, f"“{line.value}”看不懂", "日常说法 = 公文说法，例如 几多、几何 = 多少", line.line)
        return None
    twice = set(sides[0]) & set(sides[1])
    if twice:
        top.problem(group, f"“{min(twice)}”在等号两边都有", "两边写不同的说法", line.line)
    return Term(*sides)


def _words(side: str) -> tuple[str, ...]:
    words = (word.strip() for word in re.split(r"[、,，]", side))
    return tuple(dict.fromkeys(word for word in words if word))
