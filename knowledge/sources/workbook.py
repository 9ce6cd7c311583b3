"""The texts of an Excel workbook (.xlsx), sheet by sheet, with its merged cells.

The format is XML in a zip.  Only texts and numbers are read: a formula counts as the value it had when the
file was saved.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

Cells = tuple[str | None, ...]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_PART = 20_000_000  # bytes of one part when unpacked: a table of a report has a thousandth of it
_MOST_ROWS, _MOST_COLUMNS = 5000, 200


def read_workbook(path: Path) -> list[tuple[str, tuple[Cells, ...]]]:
    """(name, rows) of each sheet that holds something.  Raises what zipfile and the XML parser raise."""
    with zipfile.ZipFile(path) as archive:
        shared = _shared_texts(archive)
        sheets = [(name, _rows(_part(archive, part), shared)) for name, part in _sheets(archive)]
    return [(name, rows) for name, rows in sheets if rows]


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _MOST_PART:
        raise ValueError(f"{name} is too large")
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 - expat limits the growth of entities


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    return [_text_of(item) for item in _part(archive, name).iter(f"{_MAIN}si")]


def _text_of(element: ElementTree.Element) -> str:
    """The runs of a text joined, without the readings (`rPh`) that Excel may keep beside it."""
    spoken = {text for reading in element.iter(f"{_MAIN}rPh") for text in reading.iter(f"{_MAIN}t")}
    return "".join(text.text or "" for text in element.iter(f"{_MAIN}t") if text not in spoken).strip()


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet, in the order of the workbook."""
    links = {link.get("Id"): str(link.get("Target")) for link in _part(archive, "xl/_rels/workbook.xml.rels")}
    for sheet in _part(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = links[sheet.get(_LINK)]
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        yield str(sheet.get("name")), part


def _rows(sheet: ElementTree.Element, shared: list[str]) -> tuple[Cells, ...]:
    """A rectangle of texts from A1 on; places that a merged cell covers are None."""
    places: dict[tuple[int, int], str | None] = {}
    for number, row in enumerate(sheet.iter(f"{_MAIN}row")):
        top = int(row.get("r", number + 1)) - 1
        for position, cell in enumerate(row.iter(f"{_MAIN}c")):
            _, left = _place(cell.get("r", "")) or (top, position)
            text = _cell_text(cell, shared)
            if text and top < _MOST_ROWS and left < _MOST_COLUMNS:
                places[top, left] = text
    if not places:
        return ()
    height, width = (1 + max(place[axis] for place in places) for axis in (0, 1))
    for area in sheet.iter(f"{_MAIN}mergeCell"):
        _cover(places, area.get("ref", ""), height, width)
    return tuple(tuple(places.get((y, x), "") for x in range(width)) for y in range(height))


def _cover(places: dict[tuple[int, int], str | None], area: str, height: int, width: int) -> None:
    first, _, last = area.partition(":")
    corner, opposite = _place(first), _place(last)
    if corner is None or opposite is None:
        return
    for y in range(corner[0], min(opposite[0] + 1, height)):
        for x in range(corner[1], min(opposite[1] + 1, width)):
            if (y, x) != corner:
                places[y, x] = None


def _place(reference: str) -> tuple[int, int] | None:
    """`B7` -> (6, 1)."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    left = 0
    for letter in found[1]:
        left = 26 * left + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, left - 1


def _cell_text(cell: ElementTree.Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.find(f"{_MAIN}v")
    if kind == "inlineStr":
        return _text_of(cell)
    text = (value.text or "").strip() if value is not None else ""
    if kind == "s" and text:
        return shared[int(text)]
    return text.removesuffix(".0") if kind == "n" else text
