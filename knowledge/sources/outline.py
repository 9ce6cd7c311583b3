"""Cut a Chinese official text into its sections.

    第一章 第一节 第一条      一、      (一)      1.      (1)      then points: 一是 二是, 一要 二要

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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.sources.points import points_of
from knowledge.sources.section import ATTACHMENT, NUMERALS, PREAMBLE, RANKS, Section, first_clause, value_of

_LONGEST_HEADING = 40  # characters of a heading that stands on a line of its own
_FIRST_OF_PLAIN = 3  # the rank of 一、; above it are 章 节 条

_NO_HEADING = re.compile(rf"[{NUMERALS}\d(（]+[)）]?[、.\uff0e和至到]|[项款]|[、，,和至到]|(?:规定)?的|所")
_CONTENTS_LINE = re.compile(r"(?:…|\.{3,}|·{3,}|-{3,})\s*\d+$")


def outline(lines: Iterable[str]) -> list[Section]:
    """The sections of a text in reading order, points behind the section they belong to.

    `lines` may carry spaces, line ends and a byte order mark.  A heading with nothing under it stays (it is
    quotable); 附件 with nothing under it, and an empty text, give no section.
    """
    drafts = _drafts(lines)
    sections: list[Section] = []
    for draft in drafts:
        if not draft.lines or (draft.is_attachment and draft.is_empty(drafts)):
            continue
        section = draft.section(drafts)
        sections += [section, *points_of(section)]
    return sections


# ---- headings


@dataclass
class _Draft:
    """A section while its lines are being collected."""

    rank: int
    label: str  # its own number as it stands in the path
    number: int
    heading: str
    line: int
    parent: _Draft | None
    lines: list[str] = field(default_factory=list)
    is_attachment: bool = False

    @property
    def ancestors(self) -> list[_Draft]:
        """Outermost first, without itself."""
        return [] if self.parent is None else [*self.parent.ancestors, self.parent]

    def below(self, drafts: Sequence[_Draft]) -> list[_Draft]:
        return [draft for draft in drafts if draft.parent is self]

    def is_empty(self, drafts: Sequence[_Draft]) -> bool:
        has_text = any(ATTACHMENT.sub("", line, count=1) for line in self.lines)
        return not has_text and not self.below(drafts)

    def section(self, drafts: Sequence[_Draft]) -> Section:
        ancestors = self.ancestors
        return Section(
            path=tuple(draft.label for draft in (*ancestors, self)),
            heading=self.heading,
            lines=tuple(self.lines),
            line=self.line,
            trail=tuple(draft.heading for draft in ancestors),
            below=tuple(draft.heading for draft in self.below(drafts)),
        )


def _drafts(lines: Iterable[str]) -> list[_Draft]:
    drafts = [_Draft(rank=-1, label=PREAMBLE, number=0, heading="", line=1, parent=None)]
    seen: Counter[tuple[int, str]] = Counter()
    for at, raw in enumerate(lines, start=1):
        line = raw.strip(" \t\r\n\u3000\ufeff\xa0")
        if not line or _CONTENTS_LINE.search(line):
            continue
        opened = _opened(line, at, drafts)
        if opened is not None:
            place = (id(opened.parent), opened.label)
            seen[place] += 1
            if seen[place] > 1:
                opened.label += f"·{seen[place]}"
            drafts.append(opened)
        current = drafts[-1]
        if not current.lines:
            current.line = at
        current.lines.append(line)
    return drafts


def _opened(line: str, at: int, drafts: Sequence[_Draft]) -> _Draft | None:
    """The section that `line` opens; None where it is plain text."""
    attachment = ATTACHMENT.match(line)
    if attachment and (attachment.end() == len(line) or line[attachment.end() - 1] in "：:"):
        label = "附件" + attachment[1]
        return _Draft(_FIRST_OF_PLAIN, label, 0, line.rstrip("：:"), at, parent=None, is_attachment=True)
    for rank, pattern in enumerate(RANKS):
        found = pattern.match(line)
        if found is None:
            continue
        rest = line[found.end() :]
        number = value_of(found[1])
        parent = _parent(rank, drafts)
        if not rest or _NO_HEADING.match(rest) or not _is_due(rank, number, line, parent, drafts):
            return None
        return _Draft(rank, _label(found), number, _heading(line, found.end()), at, parent)
    return None


def _parent(rank: int, drafts: Sequence[_Draft]) -> _Draft | None:
    """The nearest open section of a higher rank; the preamble is nobody's parent."""
    draft: _Draft | None = drafts[-1]
    while draft is not None and draft.rank >= rank:
        draft = draft.parent
    return None if draft is None or draft.rank < 0 else draft


def _is_due(rank: int, number: int, line: str, parent: _Draft | None, drafts: Sequence[_Draft]) -> bool:
    """Whether this number may come now: the first, the next, the same again, or one after a lost one.

    A line that looks like nothing but a heading (Chinese number, short, no full stop) may have any number:
    a text may be an extract.  So may 章 节 条, as articles are counted on from chapter to chapter; but a text
    that began with 一、 has none, it only mentions them.
    """
    if rank < _FIRST_OF_PLAIN:
        return not any(draft.parent is None and draft.rank >= _FIRST_OF_PLAIN for draft in drafts)
    siblings = [draft.number for draft in drafts if draft.rank == rank and draft.parent is parent]
    last = siblings[-1] if siblings else 0
    if number == 1 or (siblings and last <= number <= last + 2):
        return True
    stands_alone = len(line) <= _LONGEST_HEADING and not re.search(r"[。；;，,]", line)
    return stands_alone and RANKS[rank].pattern.count("一") > 0


def _label(found: re.Match[str]) -> str:
    """The number as the path writes it: `(二)` for `（二）、`, `4` for `4、`, `第三条` as it is."""
    return unicodedata.normalize("NFKC", found[0]).strip().rstrip("、.").strip()


def _heading(line: str, number_end: int) -> str:
    """The part of the line that is the heading: up to the first full stop or colon, if text follows it."""
    if len(line) <= _LONGEST_HEADING and not re.search(r"[。：:；;].", line[number_end:]):
        return line.rstrip("。：:；;，, ")
    return line[:number_end] + first_clause(line[number_end:])
