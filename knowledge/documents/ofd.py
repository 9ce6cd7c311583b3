"""OFD (GB/T 33190), in which Chinese offices exchange documents: pages of glyphs and rules, as in a PDF.

    OFD.xml ─▶ Doc_0/Document.xml ─▶ Pages/Page_0/Content.xml: TextObject with TextCode, PathObject

Lengths are millimetres.  Pages may lie on a template, which holds what every page shows.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.documents.document import Document, NoteKind
from knowledge.documents.draft import Draft
from knowledge.documents.layout import add_pages
from knowledge.documents.package import Package, attribute, child, local
from knowledge.documents.paper import UNREADABLE, Glyph, Page, Stroke, is_han
from knowledge.documents.refusal import TooMuch, refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

_POINT = 72 / 25.4  # points of a millimetre
_MOST_PAGES = 1000
_MOST_GLYPHS = 40_000  # of one page
_THIN = 1.0  # millimetres
_UNEVEN = 0.05  # of the size, by which steps of one width differ
_NO_MEANING = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ue000-\uf8ff\ufffe\uffff\ufffd]")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?|-?\.\d+")
_Matrix = tuple[float, float, float, float, float, float]
_PLAIN: _Matrix = (1, 0, 0, 1, 0, 0)


def read_ofd(path: Path, source: str) -> Document:
    """Of an .ofd file.  Raises SourceError, and what zipfile and lxml raise."""
    draft = Draft(source)
    with Package(path, source) as package:
        if "OFD.xml" not in package.names:
            raise refusal(source, "不是 OFD 文件，或已加密", "没有密码的文件，或另存为 pdf")
        root = package.xml("OFD.xml")
        pages: list[Page] = []
        for body in (each for each in root if local(each) == "DocBody") if root is not None else ():
            title = child(body, "DocInfo", "Title")
            draft.declared_title = draft.declared_title or ((title.text or "") if title is not None else "")
            document = child(body, "DocRoot")
            if document is not None:
                _add_document(draft, package, _inside("", document.text or ""), pages)
    add_pages(draft, pages)
    return draft.document()


def _inside(folder: str, name: str) -> str:
    name = name.strip().replace("\\", "/")
    return posixpath.normpath(name.lstrip("/") if name.startswith("/") else posixpath.join(folder, name))


def _add_document(draft: Draft, package: Package, name: str, pages: list[Page]) -> None:
    root, folder = package.xml(name), posixpath.dirname(name)
    common = child(root, "CommonData")
    area = _area(child(common, "PageArea"))
    templates = {
        attribute(each, "ID"): _inside(folder, attribute(each, "BaseLoc"))
        for each in (common if common is not None else ())
        if local(each) == "TemplatePage"
    }
    listed = child(root, "Pages")
    for element in listed if listed is not None else ():
        if len(pages) >= _MOST_PAGES:
            raise TooMuch
        content = package.xml(_inside(folder, attribute(element, "BaseLoc")))
        if content is None:
            continue
        left, top, width, height = _area(child(content, "Area")) or area or (0.0, 0.0, 210.0, 297.0)
        page = Page(len(pages) + 1, width * _POINT, height * _POINT)
        layers = [content]
        for each in content:
            if local(each) == "Template" and (below := templates.get(attribute(each, "TemplateID"))):
                template = package.xml(below)
                layers += [template] if template is not None else []
        for layer in layers:
            _draw(page, layer, (1, 0, 0, 1, -left, -top))
        pages.append(page)
        draft.bear(sum(len(each.glyphs) for each in pages))
    if any(local(each) in ("Attachments", "Annotations") for each in (root if root is not None else ())):
        draft.note(NoteKind.LEFT_OUT, "批注、印章和附件没有读")


def _area(element: _Element | None) -> tuple[float, float, float, float] | None:
    """left, top, width, height in millimetres."""
    for name in ("PhysicalBox", "ApplicationBox"):
        box = child(element, name)
        numbers = _numbers(box.text if box is not None else "")
        if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0:
            return numbers[0], numbers[1], numbers[2], numbers[3]
    return None


def _numbers(text: str | None) -> list[float]:
    return [float(found) for found in _NUMBER.findall(text or "")]


def _draw(page: Page, layer: _Element, matrix: _Matrix) -> None:
    for element in layer.iter():
        tag = local(element)
        if tag == "TextObject" and attribute(element, "Visible", "true") != "false":
            page.glyphs += _glyphs(element, matrix)
        elif tag == "PathObject" and attribute(element, "Visible", "true") != "false":
            page.strokes += _strokes(element, matrix)
        if len(page.glyphs) > _MOST_GLYPHS:
            raise TooMuch


def _placed(element: _Element, matrix: _Matrix) -> _Matrix:
    """The matrix of an object: its own, then where its boundary lies."""
    boundary = _numbers(attribute(element, "Boundary"))
    own = _numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else _PLAIN
    x, y = boundary[:2] if len(boundary) == 4 else (0.0, 0.0)
    return a, b, c, d, e + x + matrix[4], f + y + matrix[5]


def _glyphs(element: _Element, matrix: _Matrix) -> Iterator[Glyph]:
    a, b, c, d, e, f = _placed(element, matrix)
    size = (_numbers(attribute(element, "Size")) or [4.0])[0]
    wide = (_numbers(attribute(element, "HScale")) or [1.0])[0]
    for code in element:
        if local(code) != "TextCode":
            continue
        x, y = (_numbers(attribute(code, name)) for name in ("X", "Y"))
        at_x, at_y = (x or [0.0])[0], (y or [size])[0]
        across, down = (_steps(attribute(code, name)) for name in ("DeltaX", "DeltaY"))
        text = code.text or ""
        narrow = 1.0 if _is_in_squares(text, across, size * wide) else 0.5
        for number, character in enumerate(text):
            width = size * wide * (narrow if character.isascii() else 1.0)
            if not character.isspace():
                left, base = at_x * a + at_y * c + e, at_x * b + at_y * d + f
                height = size * (abs(d) or abs(b) or 1.0)
                yield Glyph(
                    UNREADABLE if _NO_MEANING.match(character) else character,
                    left * _POINT,
                    (base - 0.85 * height) * _POINT,
                    (left + width * (abs(a) or abs(c) or 1.0)) * _POINT,
                    (base + 0.15 * height) * _POINT,
                    height * _POINT,
                )
            at_x += across[number] if number < len(across) else (0.0 if down else width)
            at_y += down[number] if number < len(down) else 0.0


def _is_in_squares(text: str, across: Sequence[float], size: float) -> bool:
    """Whether every character has the width of a Chinese one, figures and letters too."""
    steps = across[: len(text) - 1]
    return any(map(is_han, text)) and all(abs(step - size) <= _UNEVEN * size for step in steps)


def _steps(text: str) -> list[float]:
    """`4 4 g 3 2` -> 4, 4, 2, 2, 2: from each character to the next."""
    parts, steps, at = text.split(), list[float](), 0
    while at < len(parts) and len(steps) < _MOST_GLYPHS:
        if parts[at] == "g" and at + 2 < len(parts) and parts[at + 1].isdigit():
            steps += (_numbers(parts[at + 2])[:1] or [0.0]) * min(int(parts[at + 1]), _MOST_GLYPHS)
            at += 3
        else:
            steps += _numbers(parts[at])[:1] or [0.0]
            at += 1
    return steps


def _strokes(element: _Element, matrix: _Matrix) -> Iterator[Stroke]:
    """The straight pieces of a path that run along the page."""
    data = child(element, "AbbreviatedData")
    a, b, c, d, e, f = _placed(element, matrix)
    points: list[tuple[float, float]] = []
    for command, numbers in _commands(data.text if data is not None else ""):
        if command in "BQA":
            return  # a curve: a drawing, or a seal
        if command in "MS":
            yield from _straight(points)
            points = []
        if command in "MSL" and len(numbers) >= 2:
            x, y = numbers[:2]
            points.append(((x * a + y * c + e) * _POINT, (x * b + y * d + f) * _POINT))
        elif command == "C" and points:
            points.append(points[0])
    yield from _straight(points)


def _commands(text: str | None) -> Iterator[tuple[str, list[float]]]:
    command, numbers = "", list[float]()
    for part in (text or "").split():
        if part in ("M", "S", "L", "B", "Q", "A", "C"):
            if command:
                yield command, numbers
            command, numbers = part, []
        else:
            numbers += _numbers(part)[:1]
    if command:
        yield command, numbers


def _straight(points: list[tuple[float, float]]) -> Iterable[Stroke]:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    if len(points) > 2 and min(max(xs) - min(xs), max(ys) - min(ys)) < _THIN * _POINT:
        points = [(min(xs), min(ys)), (max(xs), max(ys))]
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(y0 - y1) < _THIN * _POINT and abs(x0 - x1) > _POINT:
            yield Stroke(min(x0, x1), (y0 + y1) / 2, max(x0, x1), (y0 + y1) / 2)
        elif abs(x0 - x1) < _THIN * _POINT and abs(y0 - y1) > _POINT:
            yield Stroke((x0 + x1) / 2, min(y0, y1), (x0 + x1) / 2, max(y0, y1))
