"""The small parts of a Word document: what one element shows, which rows and cells a table has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge.documents.package import attribute, child, local
from knowledge.documents.raised import lowered, raised

if TYPE_CHECKING:
    from lxml.etree import _Element

THROUGH = frozenset(
    [
        *(
            "ins",
            "moveTo",
            "hyperlink",
            "smartTag",
            "customXml",
            "fldSimple",
            "sdt",
            "sdtContent",
            "dir",
            "bdo",
        ),
        *("AlternateContent", "Choice", "rubyBase"),
    ]
)
_CONTENTS_GALLERY = "Table of Contents"
_SYMBOLS = {
    "F0FE": "☑",
    "F052": "☑",
    "F0A8": "□",
    "F06F": "□",
    "F0A3": "□",
    "F0FC": "✓",
    "F050": "✓",
    "F0D8": "➢",
}
_EQ_OVER = re.compile(
    r"\\o(?:\\a[a-z])?\s*\(\s*\\s(?:\\[a-z]+\s*\d*)+\s*\([^()]*\)\s*[,;]\s*([^(),;]+)\)", re.IGNORECASE
)
_EQ_CIRCLE = re.compile(r"\\o\\ac\s*\([^(),;]*[,;]([^(),;]+)\)", re.IGNORECASE)


def shown_alternative(element: _Element) -> _Element:
    """Of `mc:AlternateContent` what Word shows: the choice, or where it has none the fallback."""
    choice = child(element, "Choice")
    if choice is not None:
        return choice
    fallback = child(element, "Fallback")
    return element if fallback is None else fallback


def is_contents(control: _Element) -> bool:
    gallery = child(control, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and attribute(gallery, "val") == _CONTENTS_GALLERY


def text_of(element: _Element, name: str) -> str:
    if name == "t":
        return (element.text or "").replace("\n", " ")
    if name in ("tab", "ptab"):
        return "\t"
    if name == "cr" or (name == "br" and attribute(element, "type", "textWrapping") == "textWrapping"):
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        return _SYMBOLS.get(attribute(element, "char").upper(), "")
    return ""


def formula(element: _Element) -> str:
    """A formula in one line, with what stands above as superscripts."""
    pieces = []
    for text in element.iter():
        if local(text) != "t":
            continue
        above = next(
            (local(each) for each in text.iterancestors() if local(each) in ("sup", "sub", "oMath")), ""
        )
        words = text.text or ""
        pieces.append(raised(words) if above == "sup" else lowered(words) if above == "sub" else words)
    return "".join(pieces)


def equation(code: str) -> str:
    """The characters that an EQ field lays over each other: the base of a reading, a circled number."""
    if not code.strip().lower().startswith("eq"):
        return ""
    found = _EQ_CIRCLE.search(code) or _EQ_OVER.search(code)
    return found[1].strip() if found else ""


def parts_of(element: _Element, wanted: str) -> Iterator[_Element]:
    """Rows of a table or cells of a row, through the controls and insertions around them."""
    for each in element:
        name = local(each)
        if name == wanted:
            yield each
        elif name in THROUGH:
            yield from parts_of(each, wanted)


def rows_of(table: _Element) -> Iterator[_Element]:
    for row in parts_of(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is None and child(properties, "hidden") is None:
            yield row


def is_layout(table: _Element) -> bool:
    inner = outer = 0
    for text in table.iter():
        if local(text) == "t":
            depth = sum(local(each) == "tbl" for each in text.iterancestors())
            own = sum(local(each) == "tbl" for each in table.iterancestors()) + 1
            inner += len(text.text or "") * (depth > own)
            outer += len(text.text or "") * (depth == own)
    return inner > outer


def goes_on(merge: _Element | None) -> bool:
    return merge is not None and attribute(merge, "val", "continue") == "continue"


def count_of(element: _Element | None, default: int) -> int:
    value = "" if element is None else attribute(element, "val")
    return min(int(value), 200) if value.isascii() and value.isdigit() and len(value) < 5 else default
