"""An annual report to be checked, in any make, with any mistake."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    DONE,
    NEW,
    REMEDY_COLUMNS,
    REMEDY_ROWS,
    ROWS,
    TOTAL,
    Table3,
)
from bot.desk.annual_report.layout import Cell, MergedTable, merged_tables
from bot.desk.annual_report.national_format import CELLS_2, SECTIONS
from bot.desk.annual_report.word import to_docx
from bot.desk.annual_report.wording import ReportText, SectionText
from bot.desk.annual_report.workbook import to_xlsx

FIXTURE: dict[str, tuple[int, ...]] = {
    NEW: (13612, 252, 0, 45, 128, 32, 14069),
    CARRIED_IN: (535, 6, 0, 1, 18, 0, 560),
    "A": (13000, 200, 0, 40, 100, 20, 13360),
    "D1": (360, 50, 0, 4, 20, 9, 443),
    "F3": (4, 2, 0, 0, 1, 0, 7),
    DONE: (13364, 252, 0, 44, 121, 29, 13810),
    CARRIED_OUT: (783, 6, 0, 2, 25, 3, 819),
}


@dataclass(frozen=True)
class Draft:
    """A report before it is written into a file."""

    title: str
    opening: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]  # heading, paragraphs
    tables: tuple[MergedTable, ...]

    def prose(self, old: str, new: str) -> Draft:
        """With other words in title, opening and sections."""
        return replace(
            self,
            title=self.title.replace(old, new),
            opening=self.opening.replace(old, new),
            sections=tuple(
                (heading.replace(old, new), tuple(line.replace(old, new) for line in lines))
                for heading, lines in self.sections
            ),
        )

    def table(self, number: int, change: Callable[[MergedTable], MergedTable]) -> Draft:
        """With one of Tables 2-4 changed."""
        tables = list(self.tables)
        tables[number - 2] = change(tables[number - 2])
        return replace(self, tables=tuple(tables))

    def without_section(self, place: int) -> Draft:
        return replace(self, sections=(*self.sections[:place], *self.sections[place + 1 :]))


def fixture() -> Draft:
    """The figures of LAW.md part 6, in a report of a township of 2025 without a mistake."""
    rows = {row: FIXTURE.get(row, (0,) * 7) for row in ROWS}
    numbers = {
        row: {column: ("x",) * figure for column, figure in zip(COLUMNS, figures, strict=True)}
        for row, figures in rows.items()
    }
    remedies: dict[str, dict[str, tuple[str, ...]]] = {
        kind: {**dict.fromkeys(REMEDY_ROWS, ()), "upheld": ("x",) * 3, TOTAL: ("x",) * 3}
        for kind in REMEDY_COLUMNS
    }
    prose = {
        SECTIONS[0]: ("2025年，本乡主动公开政府信息120条，比2024年多8条。",),
        SECTIONS[4]: ("与2024年相比，公开的意识有提高。2026年继续改进。",),
        SECTIONS[5]: ("未收取信息处理费。没有其他需要报告的事项。",),
    }
    return Draft(
        title="洲上乡人民政府2025年政府信息公开工作年度报告",
        opening="本报告的统计期限为2025年1月1日至2025年12月31日。",
        sections=tuple((name, prose.get(name, ())) for name in SECTIONS),
        tables=merged_tables(dict.fromkeys(CELLS_2, "0"), Table3(2025, numbers), remedies),
    )


def with_cell(name: str, place: int, text: str) -> Callable[[MergedTable], MergedTable]:
    """Another text in the n-th figure (from 0) of the row that `name` names."""

    def change(table: MergedTable) -> MergedTable:
        rows = list(table.rows)
        index = _index_of(table, name)
        figures = [at for at, cell in enumerate(rows[index]) if not cell.heading]
        cells = list(rows[index])
        cells[figures[place]] = replace(cells[figures[place]], text=text)
        rows[index] = tuple(cells)
        return replace(table, rows=tuple(rows))

    return change


def with_word(old: str, new: str) -> Callable[[MergedTable], MergedTable]:
    """Another word for a heading cell, everywhere."""

    def change(table: MergedTable) -> MergedTable:
        return replace(
            table,
            rows=tuple(
                tuple(replace(cell, text=new) if cell.text == old else cell for cell in row)
                for row in table.rows
            ),
        )

    return change


def without_row(name: str) -> Callable[[MergedTable], MergedTable]:
    """Without the row; what reached down over it reaches less far."""

    def change(table: MergedTable) -> MergedTable:
        gone = _index_of(table, name)
        rows = [
            tuple(replace(cell, down=cell.down - 1) if top < gone < top + cell.down else cell for cell in row)
            for top, row in enumerate(table.rows)
        ]
        return replace(table, rows=(*rows[:gone], *rows[gone + 1 :]))

    return change


def without_column(name: str) -> Callable[[MergedTable], MergedTable]:
    """Without a column of Table 3 that an organisation has."""

    def change(table: MergedTable) -> MergedTable:
        place = [cell.text for cell in table.rows[2]].index(name)
        left = 3 + 1 + place
        rows = []
        for row, cells in enumerate(table.rows):
            if row == 2:
                kept = [cell for cell in cells if cell.text != name]
            elif row < 2:
                kept = [
                    replace(cell, across=cell.across - 1) if cell.across in (5, 7) else cell for cell in cells
                ]
            else:
                names = [cell for cell in cells if cell.heading]
                figures = [cell for cell in cells if not cell.heading]
                kept = [*names, *figures[: left - 3], *figures[left - 2 :]]
            rows.append(tuple(kept))
        return replace(table, widths=table.widths[:-1], rows=tuple(rows))

    return change


def with_columns_swapped(table: MergedTable) -> MergedTable:
    """商业企业 and 科研机构 change places, figures and all: nothing is wrong but the order."""

    def swap(cells: tuple[Cell, ...], place: int) -> tuple[Cell, ...]:
        return (*cells[:place], cells[place + 1], cells[place], *cells[place + 2 :])

    rows = [*table.rows[:2], swap(table.rows[2], 0)]
    for cells in table.rows[3:]:
        names = sum(cell.heading for cell in cells)
        rows.append(swap(cells, names + 1))
    return replace(table, rows=tuple(rows))


def with_extra_row(name: str, figures: Sequence[str]) -> Callable[[MergedTable], MergedTable]:
    """One more row at the end of Table 3."""

    def change(table: MergedTable) -> MergedTable:
        row = (Cell(name, across=3), *(Cell(figure, heading=False) for figure in figures))
        return replace(table, rows=(*table.rows, row))

    return change


def without_figure(name: str) -> Callable[[MergedTable], MergedTable]:
    """The last figure of a row is gone, cell and all."""

    def change(table: MergedTable) -> MergedTable:
        rows = list(table.rows)
        index = _index_of(table, name)
        rows[index] = rows[index][:-1]
        return replace(table, rows=tuple(rows))

    return change


def in_the_format_of_2019(draft: Draft) -> Draft:
    """One row for 其他处理, and the columns that Table 2 had then."""
    table = draft.tables[1]
    first = next(
        place for place, row in enumerate(table.rows) if any(cell.text == "（六）其他处理" for cell in row)
    )
    closed = (Cell("（六）其他处理", across=2), *(cell for cell in table.rows[first + 2] if not cell.heading))
    shorter = tuple(
        replace(cell, down=cell.down - 2) if cell.text == "三、本年度办理结果" else cell
        for cell in table.rows[5]
    )
    rows = (*table.rows[:5], shorter, *table.rows[6:first], closed, *table.rows[first + 3 :])
    second = with_word("本年制发件数", "本年新制作数量")(
        with_word("现行有效件数", "对外公开总数量")(draft.tables[0])
    )
    return replace(draft, tables=(second, replace(table, rows=rows), draft.tables[2]))


def _index_of(table: MergedTable, name: str) -> int:
    return next(
        place
        for place, row in enumerate(table.rows)
        if any(cell.heading and cell.text == name for cell in row)
    )


# ---- makes


def write(draft: Draft, folder: Path, make: str) -> Path:
    """The report as a file of one make: docx, xlsx, html, md, columns, spaces, cells (plain text)."""
    suffix = {"columns": "txt", "spaces": "txt", "cells": "txt"}.get(make, make)
    path = folder / f"report.{suffix}"
    if make == "docx":
        path.write_bytes(to_docx(_text(draft), _titled(draft)))
    elif make == "xlsx":
        path.write_bytes(to_xlsx(draft.tables))
    else:
        written = {"html": _html, "md": _markdown, "columns": _columns, "spaces": _spaces, "cells": _cells}[
            make
        ](draft)
        path.write_text(written, encoding="utf-8")
    return path


def _text(draft: Draft) -> ReportText:
    sections = tuple(SectionText(heading, lines, ()) for heading, lines in draft.sections)
    return ReportText(draft.title, draft.opening, sections, "洲上乡人民政府", "2026年1月12日")


def _titled(draft: Draft) -> list[MergedTable]:
    """A table stands under its heading, whatever that was changed to."""
    headings = [heading for heading, _ in draft.sections]
    places = {table.title: SECTIONS.index(table.title) for table in draft.tables}
    if len(headings) < len(SECTIONS):
        return list(draft.tables)
    return [replace(table, title=headings[places[table.title]]) for table in draft.tables]


def _laid(draft: Draft, table: Callable[[MergedTable], str], heading: str) -> str:
    by_title = {each.title: each for each in draft.tables}
    lines = [draft.title, draft.opening]
    for name, (title, paragraphs) in zip(SECTIONS, draft.sections, strict=False):
        lines += [f"{heading}{title}", *paragraphs]
        shown = by_title.get(title) or by_title.get(name)
        if shown is not None:
            lines.append(table(shown))
    return "\n\n".join(lines) + "\n"


def _html(draft: Draft) -> str:
    def table(shown: MergedTable) -> str:
        rows = (
            "".join(
                f'<td colspan="{cell.across}" rowspan={cell.down}><p>{html.escape(cell.text)}</p>'
                for cell in row
            )
            for row in shown.rows
        )
        return f"<table><tr>{'<tr>'.join(rows)}</table>"

    lines = _laid(draft, table, "").split("\n\n")
    shown = "".join(line if line.startswith("<table") else f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>x</title></head><body><table><tr><td>{shown}</td></tr></table></body></html>"


def _markdown(draft: Draft) -> str:
    def table(shown: MergedTable) -> str:
        places = {(top, left): cell.text for top, left, cell in shown.placed()}
        rows = [
            [places.get((top, left), "") for left in range(len(shown.widths))]
            for top in range(len(shown.rows))
        ]
        rows.insert(1, ["---"] * len(shown.widths))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    return _laid(draft, table, "## ")


def _columns(draft: Draft) -> str:
    return _laid(
        draft,
        lambda shown: "\n".join("    ".join(cell.text for cell in row if cell.text) for row in shown.rows),
        "",
    )


def _spaces(draft: Draft) -> str:
    return _laid(
        draft,
        lambda shown: "\n".join(" ".join(cell.text for cell in row if cell.text) for row in shown.rows),
        "",
    )


def _cells(draft: Draft) -> str:
    """One cell a line, as pages lose their tables; a narrow cell's words even on two."""

    def table(shown: MergedTable) -> str:
        lines = (cell.text for row in shown.rows for cell in row)
        return "\n".join(f"{line[:2]}\n{line[2:]}" if line in _NARROW else line for line in lines)

    return _laid(draft, table, "")


_NARROW = ("商业企业", "法律服务机构", "结果维持", "（三）不予公开")
