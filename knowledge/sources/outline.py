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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

PREAMBLE = "0"

_NUMERALS = "一二三四五六七八九十百零\u3007"
_LONGEST_HEADING = 40  # characters of a heading that stands on a line of its own
_LONGEST_TITLE = 30  # of a heading that shares its line; a longer one ends at its first comma

# Rank 0 is the highest.  The group is the number.
_RANKS = (
    re.compile(rf"第([{_NUMERALS}]+)章\s*"),
    re.compile(rf"第([{_NUMERALS}]+)节\s*"),
    re.compile(rf"第([{_NUMERALS}]+)条\s*"),
    re.compile(rf"([{_NUMERALS}]+)[、.\uff0e]\s*"),
    re.compile(rf"[(（]([{_NUMERALS}]+)[)）]\s*[、.\uff0e]?\s*"),
    re.compile(r"(\d{1,2})[、.\uff0e](?!\d)\s*"),
    re.compile(r"[(（](\d{1,2})[)）]\s*"),
)
_ATTACHMENT = re.compile(r"附件([\d一二三四五六七八九十]*)[：:]?\s*")
_TOP_RANK = 3  # the rank of 一、, which 附件 shares

_NO_HEADING = re.compile(rf"[{_NUMERALS}\d(（]+[)）]?[、.\uff0e和至到]|[项款]|[、，,和至到]|(?:规定)?的|所")
_CONTENTS_LINE = re.compile(r"(?:…|\.{3,}|·{3,}|-{3,})\s*\d+$")
_POINT = re.compile(r"(?:^|(?<=[：:；;。，,]))\s*([一二三四五六七八九十]+)(是|要)(?=\S)")


@dataclass(frozen=True)
class Section:
    """One section or point of a text.

    `path` holds the numbers from the outermost in, in half-width brackets: ("三", "(二)", "4"), ("四",
    "(一)", "一是"), ("0",).  `heading` is the heading as written, number included, "" for the preamble;
    `trail` the headings above it.  `lines` are its own lines as written, the heading's first, without those
    of the sections below it, whose headings are `below` (points are not counted).
    """

    path: tuple[str, ...]
    heading: str
    lines: tuple[str, ...]
    line: int  # where it begins, from 1
    trail: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    is_point: bool = False

    @property
    def title(self) -> str:
        """The heading without its number."""
        return _without_number(self.heading)

    @property
    def text(self) -> str:
        """What is quoted for this section.

        A leaf is quoted in full.  A section that holds others is quoted as its heading, its own lead and the
        headings directly below: a short text that says where the rest is, not a whole chapter.
        """
        return "\n".join((*self.lines, *self.below))


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
        sections += [section, *_points(section)]
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
        has_text = any(_ATTACHMENT.sub("", line, count=1) for line in self.lines)
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
    attachment = _ATTACHMENT.match(line)
    if attachment and (attachment.end() == len(line) or line[attachment.end() - 1] in "：:"):
        label = "附件" + attachment[1]
        return _Draft(_TOP_RANK, label, 0, line.rstrip("：:"), at, parent=None, is_attachment=True)
    for rank, pattern in enumerate(_RANKS):
        found = pattern.match(line)
        if found is None:
            continue
        rest = line[found.end() :]
        number = _value(found[1])
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
    a text may be an extract.  So may 章 节 条; articles are counted on from chapter to chapter.
    """
    if rank < _TOP_RANK:
        return True
    siblings = [draft.number for draft in drafts if draft.rank == rank and draft.parent is parent]
    last = siblings[-1] if siblings else 0
    if number == 1 or (siblings and last <= number <= last + 2):
        return True
    stands_alone = len(line) <= _LONGEST_HEADING and not re.search(r"[。；;，,]", line)
    return stands_alone and _RANKS[rank].pattern.count("一") > 0


def _label(found: re.Match[str]) -> str:
    """The number as the path writes it: `(二)` for `（二）、`, `4` for `4、`, `第三条` as it is."""
    return unicodedata.normalize("NFKC", found[0]).strip().rstrip("、.").strip()


def _heading(line: str, number_end: int) -> str:
    """The part of the line that is the heading: up to the first full stop or colon, if text follows it."""
    title = re.split(r"(?<=[。：:；;])(?=.)", line[number_end:], maxsplit=1)[0]
    if len(title) > _LONGEST_TITLE and len(line) > _LONGEST_HEADING:
        title = re.split(r"[，,]", title, maxsplit=1)[0]
    return (line[:number_end] + title).rstrip("。：:；;，, ")


def _without_number(heading: str) -> str:
    for pattern in (*_RANKS, _POINT, _ATTACHMENT):
        found = pattern.match(heading)
        if found:
            return heading[found.end() :].strip() or heading
    return heading


def _value(numeral: str) -> int:
    """`十二` -> 12, `2` -> 2.  Only up to 99, which is beyond any outline; an odd numeral gives 0."""
    if numeral.isdecimal():
        return int(numeral)
    digits = "零一二三四五六七八九"
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return digits.find(ones) if len(ones) == 1 else 0
    return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)


# ---- points


def _points(section: Section) -> Iterator[Section]:
    """一是, 二是 … of a section, when there are at least two in sequence."""
    found = [(at, mark) for at, line in enumerate(section.lines) for mark in _POINT.finditer(line)]
    seen: Counter[str] = Counter()
    for run in _runs(found):
        for place, (at, mark) in enumerate(run):
            line = section.lines[at]
            following = run[place + 1] if place + 1 < len(run) else None
            end = following[1].start() if following and following[0] == at else len(line)
            label = mark[1] + mark[2]
            seen[label] += 1
            yield _point(
                section,
                label if seen[label] == 1 else f"{label}·{seen[label]}",
                line[mark.start(1) : end],
                at,
            )


def _runs(found: Sequence[tuple[int, re.Match[str]]]) -> Iterator[list[tuple[int, re.Match[str]]]]:
    """Marks in sequence (一 二 三 …, all 是 or all 要), at least two; anything else is plain text."""
    run: list[tuple[int, re.Match[str]]] = []
    for at, mark in found:
        continues = bool(run) and mark[2] == run[-1][1][2] and _value(mark[1]) == len(run) + 1
        if not continues:
            if len(run) > 1:
                yield run
            run = []
        if continues or _value(mark[1]) == 1:
            run.append((at, mark))
    if len(run) > 1:
        yield run


def _point(section: Section, label: str, text: str, at: int) -> Section:
    text = text.strip().rstrip("；;，,")
    heading = re.split(r"[。：:；;]", text, maxsplit=1)[0]
    if len(heading) > _LONGEST_TITLE:
        heading = re.split(r"[，,]", heading, maxsplit=1)[0]
    return Section(
        path=(*section.path, label),
        heading=heading,
        lines=(text,),
        line=section.line + at,
        trail=(*section.trail, section.heading) if section.heading else section.trail,
        is_point=True,
    )
