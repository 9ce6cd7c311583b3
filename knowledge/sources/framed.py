"""What people write into the grid of a table around it: its title and unit above the head, notes below.

    附件1
    清水镇2024年财政收支预算表                       a row of one text: the title
                                     单位：万元      labels with their values: what it counts in
    收入      预算数     支出     预算数
    …
    注：本表不含结转资金。                            a row of one text that ends the table

Such rows become lines above and below the table, where they are read as any other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.documents.document import Cells, Table

_MOST = 6  # rows above the head
_LONGEST_TITLE = 80  # characters
_TITLE = re.compile(
    r".{2,70}(?:表|名单|情况|清单|明细|汇总|一览|统计|目录|预算|决算|公示|公开|台账|册)(?:[（(][^（）()]{1,20}[)）])?|附[件表]\s*[\d一二三四五六七八九十-]{0,4}\s*[:：]?"
)
_LABEL = re.compile(
    r"(?:(?:编制|填报|填表|制表|公开|预算|主管|计量|金额)?(?:单位|部门|日期|时间|机关)(?:名称)?|填表人|审核人|年度)(?:[（(][^（）()]{1,8}[)）])?\s*[:：].{0,40}"
    r"|[（(]?\s*单位\s*[:：].{1,12}|\d{4}\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?"
)
_NOTE = re.compile(r"(?:备\s*)?注\s*\d?\s*[:：].+|说\s*明\s*\d?\s*[:：].+|.{8,}。")


def framed(table: Table) -> Iterator[str | Table]:
    """The lines above the table, the table, the lines below it; a table that has none comes back as it is."""
    rows = table.rows
    start = _begin(rows)
    end = _end(rows, start)
    if (start, end) == (0, len(rows)):
        yield table
        return
    above = [line for row in rows[:start] for line in _texts(row)]
    yield from above
    title = next((line for line in reversed(above) if not _LABEL.fullmatch(line)), "")
    yield replace(
        table,
        rows=rows[start:end],
        header_rows=max(0, table.header_rows - start),
        caption=title or table.caption,
        lines=table.lines[start:end],
    )
    for row in rows[end:]:
        yield from _texts(row)


def _texts(row: Cells) -> list[str]:
    return [cell.strip() for cell in row if cell and cell.strip()]


def _begin(rows: Sequence[Cells]) -> int:
    """Behind the last of the rows above the head; 0 where there are none, or nothing else."""
    start = 0
    for at, row in enumerate(rows[: _MOST + 1]):
        texts = _texts(row)
        alone = len(texts) == 1 and len(row) > 1
        is_title = alone and (_is_title(texts[0]) or (at == 0 and _names_all(rows)))
        if texts and not (is_title or all(map(_LABEL.fullmatch, texts))):
            break
        if texts:
            start = at + 1
    return start if any(len(_texts(row)) > 1 for row in rows[start : start + 3]) else 0


def _names_all(rows: Sequence[Cells]) -> bool:
    """Whether the text of the first row is the only one that stands alone over the whole width: then it names
    the table, whatever it is called, and no part of it."""
    alone = [row for row in rows[:-1] if len(_texts(row)) == 1]
    (text,) = _texts(rows[0])
    is_over_all = rows[0][0] == text and all(cell is None for cell in rows[0][1:])
    return is_over_all and len(alone) == 1 and len(text) <= _LONGEST_TITLE and not text.endswith("。")


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and _TITLE.fullmatch(text) is not None and not _LABEL.fullmatch(text)


def _end(rows: Sequence[Cells], start: int) -> int:
    """Behind the last row that is no note."""
    end = len(rows)
    while end > start + 1:
        texts = _texts(rows[end - 1])
        is_note = len(texts) == 1 and len(rows[end - 1]) > 1 and _NOTE.fullmatch(texts[0])
        if texts and not is_note:
            break
        end -= 1
    return end
