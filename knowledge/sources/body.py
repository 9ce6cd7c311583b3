"""The lines of a document with their sections, and the tables between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.documents.document import Table
from knowledge.sources import report_layout
from knowledge.sources.facts import unit_table
from knowledge.sources.flattened import Rebuilt, rebuilt_tables, row_lines
from knowledge.sources.form import form_figures
from knowledge.sources.grid import Figure, figures_of, unit_in
from knowledge.sources.outline import outline
from knowledge.sources.section import Section, without_number


@dataclass(frozen=True)
class Placed:
    """A table, its title and figures, and the line (from 1) it stands at."""

    line: int
    title: str
    figures: tuple[Figure, ...]
    table: Table | None = None
    number: int = 0
    is_form: bool = False


class Body:
    """Lines with their sections, and the tables between them."""

    def __init__(self, parts: Sequence[str | Table], is_report: bool) -> None:
        lines = [part if isinstance(part, str) else "" for part in parts]
        self.left_out: list[str] = []
        self.tables = [
            _placed(at, part, lines, is_report)
            for at, part in enumerate(parts, start=1)
            if isinstance(part, Table)
        ]
        rebuilt = rebuilt_tables(lines, [table.number for table in self.tables]) if is_report else []
        for table in rebuilt:
            self._take(table, lines)
        plain = {at + 1 for at in row_lines(lines)} if is_report else set()
        self.sections = outline(lines, plain)

    def _take(self, table: Rebuilt, lines: list[str]) -> None:
        title = report_layout.TITLES[table.number]
        if table.figures:
            first = min(table.lines) + 1
            self.tables.append(Placed(first, title, tuple(table.figures), number=table.number))
        if table.unproven:
            rows = "、".join(table.unproven[:5])
            self.left_out.append(
                f"{title}是复制成文字的，“{rows}”等 {len(table.unproven)} 行数不清各是哪一栏，按文字收入"
            )
        for at in table.lines:
            lines[at] = ""

    def section_at(self, line: int) -> Section | None:
        """The section that a line stands in."""
        before = [section for section in self.sections if not section.is_point and section.line <= line]
        return max(before, key=lambda section: section.line, default=None)


def _placed(at: int, table: Table, lines: Sequence[str], is_report: bool) -> Placed:
    number = (
        report_layout.table_number(cell for row in table.rows for cell in row if cell) if is_report else 0
    )
    if number == 3:
        table = replace(table, rows=tuple(report_layout.whole_rows(table.rows)), lines=())
    if number:
        figures = figures_of(table)
        return Placed(at, report_layout.TITLES[number], tuple(unit_table(number, figures)), table, number)
    caption, unit = _above(table, lines, at)
    if fields := form_figures(table, unit):
        return Placed(at, caption, tuple(fields), is_form=True)
    return Placed(at, caption, tuple(figures_of(table, unit)), table)


_UNIT_LINE = re.compile(r"(?:[^，。]{0,40}[\s\u3000])?[（(]?\s*(?:金额|计量)?单位\s*[:：]\s*\S{1,10}")
_ABOVE = 4  # lines between a title and its table


def _above(table: Table, lines: Sequence[str], at: int) -> tuple[str, str]:
    """What the table is called, as declared or as the short line above it says; and the unit that stands
    there."""
    caption, unit = table.caption, ""
    for above in range(at - 1, max(0, at - 1 - _ABOVE), -1):
        line = lines[above - 1].strip()
        if _UNIT_LINE.fullmatch(line):
            unit = unit or unit_in(line)
        elif line:
            is_title = len(line) <= 40 and not line.endswith(("。", "；", "，")) and "如下" not in line
            return caption or (without_number(line) if is_title else ""), unit
    return caption, unit
