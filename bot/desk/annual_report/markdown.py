"""The annual report as Markdown: the wording of `wording.py` with Tables 2-4 as plain sheets.  Pure.

Markdown cannot merge cells, so that each row names itself in full here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.annual_report.counts import REMEDY_COLUMNS, ROWS, Table3
from bot.desk.annual_report.layout import NOT_KNOWN, Table2, Table4
from bot.desk.annual_report.national_format import (
    CELLS_2,
    COLUMN_LABELS,
    RECONSIDERATION,
    REMEDY_CELL_LABELS,
    REMEDY_CELLS,
    SECTIONS,
    SUITS,
    TABLE_2,
    row_label,
)
from bot.desk.annual_report.wording import ReportText

_ITEMS = {row.name: row.item for row in TABLE_2}


@dataclass(frozen=True)
class Sheet:
    """One table without merged cells."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(table_2: Table2, table_3: Table3, table_4: Table4) -> tuple[Sheet, ...]:
    """Tables 2, 3 and 4 in the order of the format."""
    return (_sheet_2(table_2), _sheet_3(table_3), _sheet_4(table_4))


def _sheet_2(table: Table2) -> Sheet:
    rows = tuple(
        (_ITEMS[name], name, column, table.get((name, column), NOT_KNOWN)) for name, column in CELLS_2
    )
    return Sheet(SECTIONS[1], ("条款", "信息内容", "项目", "数量"), rows)


def _sheet_3(table: Table3) -> Sheet:
    header = ("项目", *COLUMN_LABELS.values())
    rows = tuple((row_label(row), *(str(figure) for figure in table.row(row))) for row in ROWS)
    return Sheet(SECTIONS[2], header, rows)


def _sheet_4(table: Table4) -> Sheet:
    header = ("项目", *REMEDY_CELL_LABELS.values())
    rows = tuple(
        (
            label if kind == RECONSIDERATION else f"{SUITS}：{label}",
            *(str(len(table[kind][cell])) for cell in REMEDY_CELLS),
        )
        for kind, label in REMEDY_COLUMNS.items()
    )
    return Sheet(SECTIONS[3], header, rows)


def to_markdown(text: ReportText, some: Sequence[Sheet]) -> str:
    """The whole report; each table stands in the section of its title."""
    by_title = {sheet.title: sheet for sheet in some}
    lines = [f"# {text.title}", "", text.opening]
    for section in text.sections:
        lines += ["", f"## {section.title}"]
        for paragraph in section.before:
            lines += ["", paragraph]
        if section.title in by_title:
            lines += ["", *_markdown_table(by_title[section.title])]
        for paragraph in section.after:
            lines += ["", paragraph]
    return "\n".join(lines) + "\n"


def _markdown_table(sheet: Sheet) -> list[str]:
    rule = tuple("---" for _ in sheet.header)
    return [f"| {' | '.join(cells)} |" for cells in (sheet.header, rule, *sheet.rows)]
