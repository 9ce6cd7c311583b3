"""The law as the code cites it stands beside the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.desk

DESK = Path(str(bot.desk.__path__[0]))
LAW = (DESK / "LAW.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([0-9, ]+) \|", re.MULTILINE)
_CITED = re.compile(r"\barts?\. ?(\d+)")
_PART = re.compile(r"LAW\.md parts? (\d+)(?: and (\d+))?")


def _texts() -> dict[str, str]:
    return {
        str(path.relative_to(DESK.parent)): path.read_text(encoding="utf-8")
        for path in DESK.parent.rglob("*.py")
    }


def test_every_article_that_is_cited_is_explained() -> None:
    """Whoever meets `art. 35` in the code finds in LAW.md what it makes the program do."""
    explained = {number for row in _ROW.findall(LAW) for number in re.findall(r"\d+", row)}
    cited = {(name, number) for name, text in _texts().items() for number in _CITED.findall(text)}
    assert len(cited) > 50
    others = LAW.split("Other laws:")[1].split("\n\n")[0]
    explained |= set(re.findall(r"\d+", re.sub(r"\(\d+\)", "", others))) | {"1"}  # of 法释〔2025〕8号
    assert sorted(each for each in cited if each[1] not in explained) == []


@pytest.mark.parametrize("part", range(1, 10))
def test_every_part_is_there(part: int) -> None:
    """Parts are cited by number: one that is moved takes its citations along."""
    assert re.search(rf"^## {part} ", LAW, re.MULTILINE)


def test_cited_parts_exist() -> None:
    """No comment leads to a part that is not there."""
    cited = {
        int(number) for text in _texts().values() for pair in _PART.findall(text) for number in pair if number
    }
    assert cited
    assert cited <= set(range(1, 10))
