"""Cut a Chinese official text into its sections.

    第一部分 第一章 第一节 第一条      一、      (一)      1.      (1)      then points: 一是 二是, 一要 二要
    I. II. (in letters or in one sign)  above 一、 where they come first, else below all others

1. A line that begins with such a number opens a section, under the nearest line of a higher rank; a missing
   rank is skipped (`一、` may hold `1.` directly).  附件 with something under it is a section at the top.
2. A heading may share its line with its text: `1.推进经济社会政策公开。围绕…` is heading and body.
3. What comes before the first heading is section `0`; a text without headings is all section `0`.
4. Inside a section, 一是… 二是… (also within one paragraph) are cut out once more as points of it.  The
   section itself stays whole: a point is a closer look, not a part taken away.
5. A number that comes twice in one place is told apart: `二`, `二·2`.  Such slips happen in published texts,
   which nobody may correct, so they are no reason to refuse the text.

No heading is opened by `2018年`, `3.5万元`, `一、二、三组`, `(一)项规定的…`, a line of a table of contents,
or a number out of sequence at the start of a line that a converter broke off.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from knowledge.sources.points import points_of
from knowledge.sources.section import (
    ATTACHMENT,
    NUMERALS,
    PREAMBLE,
    RANKS,
    ROMAN,
    Section,
    first_clause,
    may_open,
    roman_value,
    value_of,
)

_LONGEST_HEADING = 40  # characters of a heading that stands on a line of its own
_PART = 0  # the rank of 第一部分
_FIRST_OF_PLAIN = 4  # the rank of 一、; above it are 部分 章 节 条
_ROMAN_ABOVE, _ROMAN_BELOW = _FIRST_OF_PLAIN - 0.5, len(RANKS)
_LAST_OF_CHINESE = 5  # the rank of (一); below it are Arabic numbers

_NO_HEADING = re.compile(
    rf"[{NUMERALS}\d(（]+[)）]?[、.\uff0e和至到]|[项款]|[、，,和至到]|(?:规定)?的|所(?:[列称指述规属]|[、，,])"
)
_LONGEST_ENTRY = 120  # characters of an entry of a contents page; hostile lines are longer
_CONTENTS_LINE = re.compile(r"(?:…|\.{3,}|·{3,}|-{3,})\s*\d+$")


def outline(lines: Iterable[str], plain: Container[int] = ()) -> list[Section]:
    """The sections of a text in reading order, points behind the section they belong to.

    `lines` may carry spaces, line ends and a byte order mark.  A heading with nothing under it stays (it is
    quotable); 附件 with nothing under it, and an empty text, give no section.  The lines whose numbers (from
    1) are in `plain` open none, whatever they begin with: rows of a table that was copied as text.
    """
    sections: list[Section] = []
    for draft in _drafts(lines, plain):
        if not draft.is_empty:
            section = draft.section()
            sections += [section, *points_of(section)]
    return sections


@dataclass
class _Draft:
    """A section while its lines are being collected.  The preamble is the root of all others."""

    rank: float  # as in RANKS; -1 for the preamble
    label: str  # its own number as it stands in the path
    number: int
    heading: str
    line: int
    parent: _Draft | None
    lines: list[str] = field(default_factory=list)
    children: list[_Draft] = field(default_factory=list)
    _uses: Counter[str] = field(default_factory=Counter)
    is_attachment: bool = False

    @property
    def ancestors(self) -> list[_Draft]:
        """Outermost first, without itself and the preamble, which holds nothing in the text."""
        if self.parent is None or self.parent.parent is None:
            return []
        return [*self.parent.ancestors, self.parent]

    @property
    def is_empty(self) -> bool:
        if self.is_attachment:
            return not self.children and not any(ATTACHMENT.sub("", line, count=1) for line in self.lines)
        return not self.lines

    def add(self, child: _Draft) -> None:
        """Take in a child; a number that was used before is told apart."""
        self._uses[child.label] += 1
        uses = self._uses[child.label]
        if uses > 1:
            child.label += f"·{uses}"
        self.children.append(child)

    def section(self) -> Section:
        ancestors = self.ancestors
        below = () if self.parent is None else tuple(child.heading for child in self.children)
        return Section(
            path=tuple(draft.label for draft in (*ancestors, self)),
            heading=self.heading,
            lines=tuple(self.lines),
            line=self.line,
            trail=tuple(draft.heading for draft in ancestors),
            below=below,
        )


def _drafts(lines: Iterable[str], plain: Container[int]) -> list[_Draft]:
    root = _Draft(rank=-1, label=PREAMBLE, number=0, heading="", line=1, parent=None)
    drafts = [root]
    for at, raw in enumerate(lines, start=1):
        line = raw.strip(" \t\r\n\u3000\ufeff\xa0")
        if not line or _CONTENTS_LINE.search(line[-_LONGEST_ENTRY:]):
            continue
        opened = None if at in plain else _opened(_unenclosed(line), at, root, drafts[-1])
        if opened is not None:
            assert opened.parent is not None
            opened.parent.add(opened)
            drafts.append(opened)
        current = drafts[-1]
        if not current.lines:
            current.line = at
        current.lines.append(line)
    return drafts


def _opened(line: str, at: int, root: _Draft, current: _Draft) -> _Draft | None:
    """The section that `line` opens behind `current`; None where it is plain text."""
    if not may_open(line):
        return None
    attachment = ATTACHMENT.match(line)
    if attachment and (attachment.end() == len(line) or line[attachment.end() - 1] in "：:"):
        label = "附件" + attachment[1]
        return _Draft(_FIRST_OF_PLAIN, label, 0, line.rstrip("：:"), at, parent=root, is_attachment=True)
    if (roman := ROMAN.match(line)) and (opened := _roman(roman, line, at, root, current)):
        return opened
    for rank, pattern in enumerate(RANKS):
        found = pattern.match(line)
        if found is None:
            continue
        rest = line[found.end() :]
        number = value_of(found[1])
        parent = _parent(rank, current)
        if not rest or _NO_HEADING.match(rest) or not _is_due(rank, number, line, parent, root):
            return None
        return _Draft(rank, _label(found), number, _heading(line, found.end()), at, parent)
    return None


def _roman(found: re.Match[str], line: str, at: int, root: _Draft, current: _Draft) -> _Draft | None:
    """`II. 响应分级`: the first, or the one behind its own kind.  `I` alone may be a letter."""
    rank = _ROMAN_BELOW if any(draft.rank >= _FIRST_OF_PLAIN for draft in root.children) else _ROMAN_ABOVE
    if any(draft.rank == _ROMAN_ABOVE for draft in root.children):
        rank = _ROMAN_ABOVE
    parent = _parent(rank, current)
    number = roman_value(found[1] or found[2])
    last = next((draft.number for draft in reversed(parent.children) if draft.rank == rank), 0)
    rest = line[found.end() :]
    if not rest or number != last + 1 or len(_heading(line, found.end())) > _LONGEST_HEADING:
        return None
    return _Draft(rank, _label(found), number, _heading(line, found.end()), at, parent)


def _unenclosed(line: str) -> str:
    """`㈠` as (一), `⒈` as 1., `①` as 1: a number in one sign opens a section like any other."""
    first = line[0]
    if not ("\u2460" <= first <= "\u249b" or "\u3220" <= first <= "\u3229"):
        return line
    plain = unicodedata.normalize("NFKC", first)
    return (f"({plain})" if plain.isdecimal() else plain) + line[1:]


def _parent(rank: float, current: _Draft) -> _Draft:
    """The nearest open section of a higher rank, in the end the preamble."""
    while current.rank >= rank:
        assert current.parent is not None  # the preamble's rank is below every other
        current = current.parent
    return current


def _is_due(rank: int, number: int, line: str, parent: _Draft, root: _Draft) -> bool:
    """Whether this number may come now: the first, the next, the same again, or one after a lost one.

    A line that looks like nothing but a heading (Chinese number, short, no full stop) may have any number:
    a text may be an extract.  So may 章 节 条, as articles are counted on from chapter to chapter; but a text
    that began with 一、 has none, it only mentions them.
    """
    if rank == _PART:
        return len(line) <= _LONGEST_HEADING
    if rank < _FIRST_OF_PLAIN:
        return not any(draft.rank >= _FIRST_OF_PLAIN for draft in root.children)
    last = next((draft.number for draft in reversed(parent.children) if draft.rank == rank), None)
    if number == 1 or (last is not None and last <= number <= last + 2):
        return True
    stands_alone = len(line) <= _LONGEST_HEADING and not re.search(r"[。；;，,]", line)
    return stands_alone and rank <= _LAST_OF_CHINESE


def _label(found: re.Match[str]) -> str:
    """The number as the path writes it: `(二)` for `（二）、`, `4` for `4、`, `第三条` as it is."""
    return unicodedata.normalize("NFKC", found[0]).strip().rstrip("、.").strip()


def _heading(line: str, number_end: int) -> str:
    """The part of the line that is the heading: up to the first full stop or colon, if text follows it."""
    if len(line) <= _LONGEST_HEADING and not re.search(r"[。：:；;].", line[number_end:]):
        return line.rstrip("。：:；;，, ")
    return line[:number_end] + first_clause(line[number_end:])
