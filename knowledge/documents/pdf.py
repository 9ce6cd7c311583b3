"""PDF -> pages of glyphs and rules, read with PDFium: a browser's engine, fast and used to hostile files."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from knowledge.documents.document import Document
from knowledge.documents.draft import Draft
from knowledge.documents.layout import add_pages
from knowledge.documents.paper import UNREADABLE, Glyph, Page, Stroke, is_han
from knowledge.documents.refusal import refusal

if TYPE_CHECKING:
    import pypdfium2

_MOST_PAGES = 1000
_MOST_GLYPHS = 40_000  # of one page
_MOST_SEGMENTS = 20_000
_DEEPEST_FORM = 6
_USUAL_RATIO = 0.8
_LARGE = 40  # points
_UPRIGHT = 4  # times as wide as its ink is no character
_THIN = 3.0  # points: a rectangle thinner than that is a line
_STRAIGHT = 1.0
_INVISIBLE = 3  # the way in which scanners put recognised text under the picture of a page
# Bullets of Wingdings and Symbol, which stand at the beginning of a line and say nothing.
_BULLETS = frozenset("\uf06c\uf06e\uf0b7\uf0a7\uf0d8\uf0fc\uf075\uf076\uf070\uf0b2\uf0e0")
_NO_MAPPING = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ue000-\uf8ff\ufffe\uffff\ufffd]")
_Matrix = tuple[float, float, float, float, float, float]


def read_pdf(path: Path, source: str) -> Document:
    """Of a .pdf file.  Raises SourceError, and what PDFium raises."""
    import pypdfium2

    draft = Draft(source)
    file = pypdfium2.PdfDocument(path)
    try:
        if len(file) > _MOST_PAGES:
            raise refusal(source, f"超过 {_MOST_PAGES} 页", "按章或按年拆成几个文件")
        pages: list[Page] = []
        before = None
        glyphs = 0
        for number in range(len(file)):
            source_page = file[number]
            pages.append(_page(source_page, number + 1))
            if before is not None:
                before.close()  # not earlier: PDFium loads the fonts of a page anew that no open page has
            before = source_page
            glyphs += len(pages[-1].glyphs)
            draft.bear(glyphs)
    finally:
        file.close()
    add_pages(draft, pages)
    return draft.document()


def _page(source: pypdfium2.PdfPage, number: int) -> Page:
    words = source.get_textpage()
    try:
        glyphs, quarters = _glyphs(words, has_invisible=_has_invisible(source))
    finally:
        words.close()
    # A table printed sideways, a page scanned upside down: turned until most of the text is upright, however
    # the file says the page is to be held.
    left, bottom, right, top = source.get_bbox()
    frame = _Frame(left, bottom, right, top, quarters)
    page = Page(number, *frame.size)
    boxes = [(text, frame.placed(box)) for text, box in glyphs]
    # A font's box is as high as its tallest sign, but a Chinese character is as wide as its size.
    shapes = [(box.x1 - box.x0) / (box.bottom - box.top or 1) for text, box in boxes if is_han(text)]
    ratio = median(shapes) if shapes else _USUAL_RATIO
    for text, box in boxes:
        if box.x1 > 0 and box.bottom > 0 and box.x0 < page.width and box.top < page.height:
            size = box.x1 - box.x0 if is_han(text) else ratio * (box.bottom - box.top)
            page.glyphs.append(Glyph(text, *box, size))
    _draw(source, page, frame)
    return page


class _Frame:
    """From the coordinates of the file (up, unturned) to those of the page as it is read (down)."""

    def __init__(self, left: float, bottom: float, right: float, top: float, turn: int) -> None:
        self._left, self._bottom, self._right, self._top = left, bottom, right, top
        self._turn = turn  # quarters clockwise
        width, height = right - left, top - bottom
        self.size = (height, width) if turn % 2 else (width, height)

    def placed(self, box: tuple[float, float, float, float]) -> Stroke:
        """`box` is left, bottom, right, top."""
        x0, y0, x1, y1 = box
        if self._turn == 1:
            return Stroke(y0 - self._bottom, x0 - self._left, y1 - self._bottom, x1 - self._left)
        if self._turn == 2:
            return Stroke(self._right - x1, y0 - self._bottom, self._right - x0, y1 - self._bottom)
        if self._turn == 3:
            return Stroke(self._top - y1, self._right - x1, self._top - y0, self._right - x0)
        return Stroke(x0 - self._left, self._top - y1, x1 - self._left, self._top - y0)


_Placed = tuple[str, tuple[float, float, float, float]]


def _glyphs(words: pypdfium2.PdfTextpage, *, has_invisible: bool) -> tuple[list[_Placed], int]:
    """Character and box of each visible glyph; and by how many quarters most of them are turned."""
    import pypdfium2.raw as raw

    found: list[_Placed] = []
    angles = [0, 0, 0, 0]
    box = raw.FS_RECTF()
    count = raw.FPDFText_CountChars(words)
    high = 0
    upright: set[int] = set()
    for at in range(min(count, _MOST_GLYPHS)):
        code = raw.FPDFText_GetUnicode(words, at)
        if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the basic plane
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        text = _character(code, is_unmapped=raw.FPDFText_HasUnicodeMapError(words, at) == 1)
        if not text or not raw.FPDFText_GetLooseCharBox(words, at, box):
            continue
        if has_invisible and _is_invisible(raw.FPDFText_GetTextObject(words, at)):
            continue
        if at % 16 == 0:
            angles[-round(raw.FPDFText_GetCharAngle(words, at) / 1.5708) % 4] += 1
        found.append((text, _true_box(words, at, text, box, upright)))
    return found, angles.index(max(angles))


def _has_invisible(source: pypdfium2.PdfPage) -> bool:
    """Whether to look at each glyph; text inside a form may be, so it is looked at."""
    import pypdfium2.raw as raw

    for at in range(min(raw.FPDFPage_CountObjects(source), _MOST_GLYPHS)):
        element = raw.FPDFPage_GetObject(source, at)
        kind = raw.FPDFPageObj_GetType(element)
        if kind == raw.FPDF_PAGEOBJ_FORM or (kind == raw.FPDF_PAGEOBJ_TEXT and _is_invisible(element)):
            return True
    return False


def _is_invisible(element: Any) -> bool:
    import pypdfium2.raw as raw

    return bool(element) and raw.FPDFTextObj_GetTextRenderMode(element) == _INVISIBLE


def _true_box(
    words: pypdfium2.PdfTextpage, at: int, text: str, box: Any, upright: set[int]
) -> tuple[float, float, float, float]:
    """PDFium gives characters that are set from top to bottom far too large a box; there the ink tells.

    `upright` remembers the widths of such boxes, since the ink of a comma tells nothing.
    """
    import pypdfium2.raw as raw

    width = round(box.right - box.left)
    if width in upright or (width > _LARGE and is_han(text)):
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(words, at, left, right, bottom, top)
        ink = max(right.value - left.value, top.value - bottom.value)
        if width in upright or 0 < _UPRIGHT * ink < width:
            upright.add(width)
            return left.value, bottom.value, right.value, top.value
    return box.left, box.bottom, box.right, box.top


def _character(code: int, *, is_unmapped: bool) -> str:
    """ "" for what shows nothing, UNREADABLE for what has no meaning."""
    return UNREADABLE if is_unmapped else _meaning(code)


@cache
def _meaning(code: int) -> str:
    text = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else UNREADABLE
    if text in _BULLETS or text.isspace():
        return ""
    return UNREADABLE if _NO_MAPPING.match(text) else text


# ---- rules


def _draw(source: pypdfium2.PdfPage, page: Page, frame: _Frame) -> None:
    import pypdfium2.raw as raw

    count = raw.FPDFPage_CountObjects(source)
    objects = (raw.FPDFPage_GetObject(source, at) for at in range(min(count, _MOST_GLYPHS)))
    left = _MOST_SEGMENTS
    for element, matrix in _flat(objects, (1, 0, 0, 1, 0, 0), 0):
        kind = raw.FPDFPageObj_GetType(element)
        if kind == raw.FPDF_PAGEOBJ_PATH and left > 0:
            for box in _boxes(element, matrix):
                page.strokes += _strokes(frame.placed(box))
                left -= 1


def _flat(objects: Iterator[Any], matrix: _Matrix, depth: int) -> Iterator[tuple[Any, _Matrix]]:
    """Objects with those inside forms, each with the matrix to the page."""
    import pypdfium2.raw as raw

    for element in objects:
        own = raw.FS_MATRIX()
        if not raw.FPDFPageObj_GetMatrix(element, own):
            continue
        here = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        if raw.FPDFPageObj_GetType(element) != raw.FPDF_PAGEOBJ_FORM:
            yield element, here
        elif depth < _DEEPEST_FORM:
            count = min(raw.FPDFFormObj_CountObjects(element), _MOST_GLYPHS)
            yield from _flat((raw.FPDFFormObj_GetObject(element, at) for at in range(count)), here, depth + 1)


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _boxes(path: Any, matrix: _Matrix) -> Iterator[tuple[float, float, float, float]]:
    """The straight pieces of a path, and a rectangle that is thin enough for a line as one."""
    import pypdfium2.raw as raw

    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    runs: list[list[tuple[float, float]]] = []
    for at in range(min(raw.FPDFPath_CountSegments(path), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value * a + y.value * c + e, x.value * b + y.value * d + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return  # a drawing
        if kind == raw.FPDF_SEGMENT_MOVETO:
            points = []
            runs.append(points)
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    mode, is_stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, is_stroked)
    for run in runs:
        xs, ys = [point[0] for point in run], [point[1] for point in run]
        box = (min(xs), min(ys), max(xs), max(ys))
        if len(run) > 2 and (box[2] - box[0] < _THIN or box[3] - box[1] < _THIN):
            yield box
        elif is_stroked.value:
            for (x0, y0), (x1, y1) in pairwise(run):
                yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _strokes(box: Stroke) -> list[Stroke]:
    """A thin box as a line in its middle; nothing for a slanting one."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if height < _THIN and width >= height and width > _STRAIGHT:
        y = (box.top + box.bottom) / 2
        return [Stroke(box.x0, y, box.x1, y)]
    if width < _THIN and height > _STRAIGHT:
        x = (box.x0 + box.x1) / 2
        return [Stroke(x, box.top, x, box.bottom)]
    return []
