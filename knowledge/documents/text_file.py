"""Plain text: each line a paragraph; lines between bars, or with tabs in the same places, are a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from knowledge.documents.document import Document, NoteKind
from knowledge.documents.draft import Draft
from knowledge.documents.encoding import decoded
from knowledge.documents.refusal import refusal

_BARS = "|│┃\uff5c"
_RULE = re.compile(r"[\s|:+=\-—─━┄┅┈┉│┃┌-╋═-╬]{3,}")  # a line of a drawn frame
_FEWEST_ROWS = {1: 3}  # by the number of tabs: two columns need three lines to be a table


def read_text_file(path: Path, source: str) -> Document:
    """Of a .txt file.  Raises SourceError."""
    draft = Draft(source)
    add_lines(draft, enumerate(text_of(path, draft).splitlines(), start=1))
    return draft.document()


def text_of(path: Path, draft: Draft, declared: str = "") -> str:
    """The text of a file in whatever encoding; the draft gets a note where it was guessed."""
    found = decoded(path.read_bytes(), declared)
    if found is None:
        raise refusal(draft.source, "认不出文字编码", "另存为 UTF-8 编码")
    draft.bear(len(found.text))
    if found.guessed:
        draft.note(NoteKind.ENCODING_GUESSED, f"文字编码是按 {found.guessed} 猜的")
    return found.text


def add_lines(draft: Draft, lines: Iterable[tuple[int, str]]) -> None:
    """Numbered lines as paragraphs and tables."""
    for columns, group in groupby(lines, key=lambda line: _columns(line[1])):
        run = list(group)
        if columns == _DRAWN:
            rows = [(at, _between_bars(line)) for at, line in run if not _RULE.fullmatch(line)]
            _add_table(draft, rows)
        elif columns and len(run) >= _FEWEST_ROWS.get(columns, 2):
            _add_table(draft, [(at, line.split("\t")) for at, line in run])
        else:
            for at, line in run:
                if not _RULE.fullmatch(line):
                    draft.paragraph(line, at=at)


_DRAWN = -1


def _columns(line: str) -> int:
    """`_DRAWN` between bars, else the number of tabs inside a line."""
    bare = line.strip()
    if len(bare) > 1 and bare[0] in _BARS and bare[-1] in _BARS:
        return _DRAWN
    if bare and _RULE.fullmatch(line) and bare[0] in "+┌├└┏┣┗╔╠╚":
        return _DRAWN
    return line.strip(" \r\n").count("\t") if bare else 0


def _between_bars(line: str) -> list[str]:
    bare = line.strip()[1:-1]
    for bar in _BARS[1:]:
        bare = bare.replace(bar, "|")
    return [cell.strip() for cell in bare.split("|")]


def _add_table(draft: Draft, rows: list[tuple[int, list[str]]]) -> None:
    if rows:
        draft.table([cells for _, cells in rows], lines=[at for at, _ in rows], at=rows[0][0])


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, from 1."""
    return iter(enumerate(text.splitlines(), start=1))
