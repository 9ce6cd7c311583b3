"""Tables 2-4 of the annual report in the national format (notice 30 of 2021).  Pure but for `to_docx`.

A `Sheet` is a title, a header and rows of texts; Markdown and Word are made of the same sheets.  Table 2 has
no source in the register: its figures are left empty for the office to write in.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docx import Document

from bot.desk.annual_report import (
    CARRIED_IN,
    CARRIED_OUT,
    DONE,
    NEW,
    REMEDY_COLUMNS,
    REMEDY_LABELS,
    REMEDY_ROWS,
    ROWS,
    TOTAL,
    Table3,
)
from bot.desk.model import ApplicantKind, Outcome

Table4 = Mapping[str, Mapping[str, Sequence[str]]]

_ALONE = {"A": "（一）", "B": "（二）"}
_ROW_LABELS = {
    NEW: "一、本年新收政府信息公开申请数量",
    CARRIED_IN: "二、上年结转政府信息公开申请数量",
    DONE: "三、本年度办理结果（七）总计",
    CARRIED_OUT: "四、结转下年度继续办理",
}
_TABLE_2 = (
    ("第二十条第（一）项", "规章", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("第二十条第（一）项", "行政规范性文件", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("第二十条第（五）项", "行政许可", "本年处理决定数量"),
    ("第二十条第（六）项", "行政处罚", "本年处理决定数量"),
    ("第二十条第（六）项", "行政强制", "本年处理决定数量"),
    ("第二十条第（八）项", "行政事业性收费", "本年收费金额（单位：万元）"),
)


@dataclass(frozen=True)
class Sheet:
    """One table as people see it."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def row_label(row: str) -> str:
    """The words of a row of Table 3."""
    if row in _ROW_LABELS:
        return _ROW_LABELS[row]
    outcome = Outcome(row)
    if row in _ALONE:
        return f"三、本年度办理结果{_ALONE[row]}{outcome.label}"
    return f"三、本年度办理结果{outcome.rule.group}{row[1:]}.{outcome.label}"


def sheets(table_3: Table3, table_4: Table4) -> tuple[Sheet, ...]:
    """Tables 2, 3 and 4 in the order of the format."""
    return (_sheet_2(), _sheet_3(table_3), _sheet_4(table_4))


def _sheet_2() -> Sheet:
    rows = tuple((item, name, column, "") for item, name, *columns in _TABLE_2 for column in columns)
    return Sheet("二、主动公开政府信息情况", ("条款", "信息内容", "项目", "数量"), rows)


def _sheet_3(table: Table3) -> Sheet:
    header = ("项目", *(kind.label for kind in ApplicantKind), TOTAL)
    rows = tuple((row_label(row), *(str(figure) for figure in table.row(row))) for row in ROWS)
    return Sheet("三、收到和处理政府信息公开申请情况", header, rows)


def _sheet_4(table: Table4) -> Sheet:
    header = ("项目", *(REMEDY_LABELS[row] for row in REMEDY_ROWS), TOTAL)
    rows = tuple(
        (label, *(str(len(table[column][row])) for row in (*REMEDY_ROWS, TOTAL)))
        for column, label in REMEDY_COLUMNS.items()
    )
    return Sheet("四、政府信息公开行政复议、行政诉讼情况", header, rows)


def to_markdown(title: str, some: Sequence[Sheet], narrative: Sequence[str]) -> str:
    """The tables as Markdown, the narrative's figures above them."""
    lines = [f"# {title}", "", *narrative]
    for sheet in some:
        lines += ["", f"## {sheet.title}", "", _markdown_row(sheet.header)]
        lines.append(_markdown_row(tuple("---" for _ in sheet.header)))
        lines += [_markdown_row(row) for row in sheet.rows]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def to_docx(title: str, some: Sequence[Sheet], narrative: Sequence[str]) -> bytes:
    """The same as a Word file."""
    document = Document()
    document.add_heading(title, level=0)
    for line in narrative:
        document.add_paragraph(line)
    for sheet in some:
        document.add_heading(sheet.title, level=1)
        table = document.add_table(rows=0, cols=len(sheet.header))
        table.style = "Table Grid"
        for row in (sheet.header, *sheet.rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
