"""A plain Excel workbook (.xlsx): one sheet a table, merged cells and borders, figures as numbers.

The format is a few XML files in a zip; writing them here spares a dependency for three small tables.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.desk.annual_report.layout import Cell, MergedTable
from bot.desk.legible import legible

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LONGEST_NAME = 31  # of a sheet, by the format
_STAMP = (2020, 1, 1, 0, 0, 0)  # equal tables give equal files
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?")
_WIDTH = 2.2  # of a column, in characters, for each unit of the table's widths
_NARROWEST = 10.0
_LINE_HEIGHT, _PADDING = 15, 4  # points
_STYLE = 1  # the only one of the sheet: bordered, centred, wrapped
_LINE = '<{0} style="thin"><color auto="1"/></{0}>'
_BORDER = "".join(_LINE.format(side) for side in ("left", "right", "top", "bottom"))
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    f'<borders count="2"><border/><border>{_BORDER}</border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
    '<xf borderId="1" applyBorder="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf></cellXfs></styleSheet>'
)


def to_xlsx(tables: Sequence[MergedTable]) -> bytes:
    """One sheet a table, named by its title; a cell of digits becomes a number."""
    files = {
        "[Content_Types].xml": _content_types(len(tables)),
        "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook([table.title for table in tables]),
        "xl/_rels/workbook.xml.rels": _links(
            [
                *(("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(tables) + 1)),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _STYLES,
    }
    for place, table in enumerate(tables, 1):
        files[f"xl/worksheets/sheet{place}.xml"] = _worksheet(table)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, _STAMP), _HEAD + content)
    return target.getvalue()


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for place in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{sheets}</Types>'
    )


def _links(targets: Sequence[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{place}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name[:_LONGEST_NAME])} sheetId="{place}" r:id="rId{place}"/>'
        for place, name in enumerate(names, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _worksheet(table: MergedTable) -> str:
    """Every covered place gets the style too, or a merged cell has no border on its far sides."""
    cells = {(top, left): cell for top, left, cell in table.placed()}
    rows = "".join(
        f'<row r="{top + 1}" ht="{_height(table, top, cells)}" customHeight="1">'
        + "".join(_cell(top, left, cells.get((top, left))) for left in range(len(table.widths)))
        + "</row>"
        for top in range(len(table.rows))
    )
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_characters(width)}" customWidth="1"/>'
        for place, width in enumerate(table.widths, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><cols>{widths}</cols>'
        f"<sheetData>{rows}</sheetData>{_merges(cells)}"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="1"/></worksheet>'
    )


def _characters(width: int) -> float:
    """How many half-width characters a column holds."""
    return max(_NARROWEST, _WIDTH * width)


def _height(table: MergedTable, top: int, cells: dict[tuple[int, int], Cell]) -> int:
    """Points: Excel does not grow a row for a merged cell, so that the lines are counted here."""
    lines = 1
    for (row, left), cell in cells.items():
        if row == top and cell.down == 1:
            room = sum(_characters(width) for width in table.widths[left : left + cell.across])
            lines = max(lines, math.ceil((2 * len(cell.text) + 1) / room))
    return _LINE_HEIGHT * lines + _PADDING


def _merges(cells: dict[tuple[int, int], Cell]) -> str:
    areas = [
        f"{_name(top, left)}:{_name(top + cell.down - 1, left + cell.across - 1)}"
        for (top, left), cell in cells.items()
        if cell.across > 1 or cell.down > 1
    ]
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return f'<mergeCells count="{len(areas)}">{merged}</mergeCells>' if areas else ""


def _name(top: int, left: int) -> str:
    """`B7`; the tables have fewer than 26 columns."""
    return f"{chr(ord('A') + left)}{top + 1}"


def _cell(top: int, left: int, cell: Cell | None) -> str:
    place = f'r="{_name(top, left)}" s="{_STYLE}"'
    if cell is None:
        return f"<c {place}/>"
    if _NUMBER.fullmatch(cell.text):
        return f"<c {place}><v>{cell.text}</v></c>"
    return f'<c {place} t="inlineStr"><is><t>{escape(legible(cell.text))}</t></is></c>'
