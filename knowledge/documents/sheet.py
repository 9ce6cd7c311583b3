"""A sheet in which somebody wrote a whole document: headings and sentences in cells of their own, and tables.

Such a sheet has at least two rows of one cell that are a numbered heading or a sentence, with no figures
right below.  Its rows of one cell are paragraphs, the rows between them tables.  Any other is one table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.documents.draft import Draft

_Row = Sequence[str | None]
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
_BAND = re.compile(r"第[一二三四五六七八九十]{1,4}条|[(（]?单位[:：]")  # names what is below it in the table
_FIGURE = re.compile(r"[+-]?\d[\d,.]*\s*(?:%|万元|元|件|条|个|项|人|户)?")
_LEAST = 2


def add_sheet(draft: Draft, rows: Sequence[_Row], *, caption: str = "", lines: Sequence[int] = ()) -> None:
    """The rows of a sheet into the draft; `lines` are their numbers in a text file, () where it has none."""
    if sum(_is_text(rows, at) for at in range(len(rows))) < _LEAST:
        draft.table(rows, caption=caption, lines=lines)
        return
    table: list[int] = []

    def end_table() -> None:
        while table and not any(rows[table[-1]]):
            table.pop()
        if table:
            draft.table([rows[at] for at in table], lines=[lines[at] for at in table] if lines else ())
            table.clear()

    for at, row in enumerate(rows):
        text = _alone(row)
        if text and not _BAND.match(text) and not _is_group(rows, at):
            end_table()
            draft.paragraph(text)
        elif any(row) or table:
            table.append(at)
    end_table()


def _alone(row: _Row) -> str:
    """The text of a row that holds one."""
    texts = [cell for cell in row if cell]
    return texts[0] if len(texts) == 1 else ""


def _is_text(rows: Sequence[_Row], at: int) -> bool:
    text = _alone(rows[at])
    return bool(_HEADING.match(text) or text.endswith("。")) and not _is_group(rows, at)


def _is_group(rows: Sequence[_Row], at: int) -> bool:
    """Whether figures follow right below: a name of rows of a table, as 一、收入 in a budget."""
    below = next((row for row in rows[at + 1 :] if any(row)), ())
    cells = [cell for cell in below if cell]
    return len(cells) > 1 and any(_FIGURE.fullmatch(cell) for cell in cells[1:])
