"""Excel workbooks (.xlsx): each sheet a table of what its cells show, from A1 on.

A formula counts as the value that it had when the file was saved.  What is hidden or struck is left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.documents.cell_format import shown
from knowledge.documents.document import Document, NoteKind
from knowledge.documents.draft import Draft
from knowledge.documents.grid import MOST_CELLS
from knowledge.documents.package import Package
from knowledge.documents.raised import lowered, raised
from knowledge.documents.refusal import TooMuch, refusal
from knowledge.documents.sheet import add_sheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

NOT_COUNTED = "（公式没有算好的值）"
_NAMED = 5  # cells in a note
# A formula and no value behind it, as programs write that do not count: `<f>SUM(B2:B5)</f></c>`, `<f/><v/>`.
_UNCOUNTED = re.compile(rb"(?:</f>|<f(?:\s[^<>]*)?/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MOST_SHEET = 25_000_000  # bytes of XML: some 400,000 cells
_TITLE_ROWS, _SHORTEST_TITLE = 4, 6  # rows, characters
_MOST_ROWS, _MOST_COLUMNS = 20_000, 200
_USUAL_NAME = re.compile(r"(?:sheet|工作表) ?\d*", re.IGNORECASE)
_STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}


def read_xlsx(path: Path, source: str) -> Document:
    """Of an .xlsx file.  Raises SourceError, and what openpyxl raises."""
    import openpyxl

    draft = Draft(source)
    with Package(path, source) as package:
        content = _transitional(package)
        is_uncounted = any(
            _UNCOUNTED.search(package.read(name))
            for name in package.names
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )
    book = openpyxl.load_workbook(content or path, data_only=True, rich_text=True)
    formulas = openpyxl.load_workbook(content or path) if is_uncounted else None
    draft.declared_title = book.properties.title or ""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            draft.note(NoteKind.LEFT_OUT, f"隐藏的工作表“{sheet.title}”没有读")
        else:
            missing = _uncounted(sheet, formulas[sheet.title]) if formulas else []
            _add_sheet(draft, sheet, missing)
    return draft.document()


def _uncounted(sheet: Worksheet, formulas: Worksheet) -> list[tuple[int, int]]:
    """The places of formulas without the value that they had: written by a program that does not count."""
    return sorted(
        place
        for place, cell in formulas._cells.items()
        if cell.data_type == "f" and (place not in sheet._cells or sheet._cells[place].value is None)
    )


def _transitional(package: Package) -> BytesIO | None:
    """A strict workbook with the names that openpyxl knows; None for any other.  Looks at every size."""
    parts = {name: package.read(name) for name in sorted(package.names)}
    if any(len(part) > _MOST_SHEET for name, part in parts.items() if name.startswith("xl/worksheets/")):
        raise refusal(package.source, "工作表太大", "按年或按村拆成几个文件")
    if b"purl.oclc.org/ooxml" not in parts.get("xl/workbook.xml", b""):
        return None
    rewritten = BytesIO()
    with zipfile.ZipFile(rewritten, "w") as archive:
        for name, part in parts.items():
            for strict, usual in _STRICT.items():
                part = part.replace(strict, usual)
            archive.writestr(name, part)
    return rewritten


def _add_sheet(draft: Draft, sheet: Worksheet, uncounted: Sequence[tuple[int, int]]) -> None:
    """`uncounted` are the places, row and column from 1, of formulas without a value."""
    places: dict[tuple[int, int], str | None] = dict.fromkeys(
        (place for place in uncounted if place[0] <= _MOST_ROWS and place[1] <= _MOST_COLUMNS), NOT_COUNTED
    )
    if uncounted:
        draft.note(NoteKind.LEFT_OUT, _told_uncounted(sheet.title, uncounted))
    is_cut = False
    for (row, column), cell in sheet._cells.items():  # the cells there are; a row may end at XFD
        text = _text(cell)
        if text and (row > _MOST_ROWS or column > _MOST_COLUMNS):
            is_cut = True
        elif text:
            places[row, column] = text
    if not places:
        return
    height, width = (max(place[axis] for place in places) for axis in (0, 1))
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, min(area.max_row, height) + 1):
            for column in range(area.min_col, min(area.max_col, width) + 1):
                if (row, column) != (area.min_row, area.min_col):
                    places[row, column] = None
        if len(places) > MOST_CELLS:
            raise TooMuch
    rows, columns = _hidden(sheet, height, width)
    if any(text and (row in rows or column in columns) for (row, column), text in places.items()):
        draft.note(NoteKind.LEFT_OUT, f"工作表“{sheet.title}”里隐藏的行、列没有读")
    if is_cut:
        draft.note(NoteKind.LEFT_OUT, f"工作表“{sheet.title}”只读了前 {_MOST_ROWS} 行、前 {_MOST_COLUMNS} 列")
    name = "" if _USUAL_NAME.fullmatch(sheet.title) else sheet.title
    if not _is_titled(places, height, width):
        draft.paragraph(name)
    kept = [row for row in range(1, height + 1) if row not in rows]
    table = [
        [places.get((row, column), "") for column in range(1, width + 1) if column not in columns]
        for row in kept
    ]
    add_sheet(draft, table, caption=name)


def _is_titled(places: Mapping[tuple[int, int], str | None], height: int, width: int) -> bool:
    """Whether one of the first rows holds nothing but a title, which says more than the sheet's name."""
    for row in range(1, min(height, _TITLE_ROWS) + 1):
        texts = [text for column in range(1, width + 1) if (text := places.get((row, column)))]
        if len(texts) == 1 and len(texts[0]) >= _SHORTEST_TITLE and width > 1:
            return True
    return False


def _told_uncounted(title: str, places: Sequence[tuple[int, int]]) -> str:
    from openpyxl.utils import get_column_letter

    named = "、".join(f"{get_column_letter(column)}{row}" for row, column in places[:_NAMED])
    more = f"等 {len(places)} 格" if len(places) > _NAMED else ""
    return f"工作表“{title}”的 {named}{more}：公式没有算好的值，用 Excel 或 WPS 打开、保存一次再放进来"


def _hidden(sheet: Worksheet, height: int, width: int) -> tuple[set[int], set[int]]:
    """Numbers of the rows and of the columns that are not shown."""
    rows = {row for row, size in sheet.row_dimensions.items() if size.hidden and row <= height}
    columns = {
        column
        for size in sheet.column_dimensions.values()
        if size.hidden
        for column in range(size.min or 1, min(size.max or 0, width) + 1)
    }
    return rows, columns


def _text(cell: Cell) -> str:
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if cell.value is None or (cell.has_style and cell.font is not None and cell.font.strike):
        return ""
    if not isinstance(cell.value, CellRichText):
        return shown(cell.value, cell.number_format).strip()
    pieces = []
    for piece in cell.value:
        font = piece.font if isinstance(piece, TextBlock) else None
        if font is None or not font.strike:
            above, text = font.vertAlign if font else None, str(piece)
            pieces.append(
                raised(text) if above == "superscript" else lowered(text) if above == "subscript" else text
            )
    return "".join(pieces).strip()
