"""A document of any usual format -> its paragraphs and tables, in their order.

`documents` gives lines to be quoted; this keeps what a table needs: which cells there are, which of them
are merged.  A place that a merged cell covers is None, so that a figure is there once, where it was written.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import SourceError, SourceProblem
from knowledge.sources.documents import decode
from knowledge.sources.html_blocks import blocks_of_html
from knowledge.sources.workbook import read_workbook
from knowledge.text.cleaning import clean

if TYPE_CHECKING:
    from docx.table import Table

Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph (`rows` is empty), or a table (`text` is empty).

    `at` is the line in a text file, the number of the paragraph or of the table elsewhere, from 1.  `lines`
    are the lines of a table's rows in a text file, () where a row is only known by its number.
    """

    at: int
    text: str = ""
    rows: tuple[Cells, ...] = ()
    lines: tuple[int, ...] = ()


def read_blocks(path: Path) -> list[Block]:
    """All blocks of a .txt, .md, .html, .docx, .xlsx or .pdf.  Raises SourceError."""
    if not path.is_file():
        raise _unread(path, "没有这个文件", "文件的路径")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _unread(path, f"读不了 {path.suffix or '没有后缀的'} 文件", "、".join(_READERS))
    try:
        with warnings.catch_warnings(action="ignore"):  # libraries grumble about files we read well enough
            blocks = reader(path)
    except SourceError:
        raise
    except Exception as error:
        # Whatever a library runs into in a damaged file: for the clerk it is all the same.
        raise _unread(path, "文件打不开，可能已损坏或有密码", "能正常打开的文件") from error
    if not any(block.rows or block.text.strip() for block in blocks):
        raise _unread(path, "文件里没有文字", "有文字的文件，扫描件要先做文字识别")
    return blocks


def _unread(path: Path, reason: str, expected: str) -> SourceError:
    return SourceError([SourceProblem(path.name, None, "", reason, expected)])


# ---- plain text and Markdown

_PIPES = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^(?=.{3})[\s|:+=-]+$")  # a line alone; `-` may be a cell


def _text_blocks(path: Path) -> list[Block]:
    return blocks_of_lines(decode(path.read_bytes(), path.name).splitlines())


def blocks_of_lines(lines: Iterable[str]) -> list[Block]:
    """Lines between bars are a table (of Markdown, or drawn); every other line is a paragraph."""
    blocks: list[Block] = []
    table: list[tuple[int, Cells]] = []
    for at, line in enumerate([*lines, ""], start=1):
        if _PIPES.match(line):
            if not _RULE.match(line):
                table.append((at, tuple(cell.strip() for cell in line.strip().strip("|").split("|"))))
            continue
        if table:
            blocks.append(_drawn_table(table))
            table = []
        if line.strip() and not _RULE.match(line):
            blocks.append(Block(at, clean(line).rstrip()))
    return blocks


def _drawn_table(table: list[tuple[int, Cells]]) -> Block:
    lines, rows = zip(*table, strict=True)
    return Block(lines[0], rows=tuple(rows), lines=tuple(lines))


# ---- other formats


def _html_blocks(path: Path) -> list[Block]:
    found = blocks_of_html(decode(path.read_bytes(), path.name))
    return _numbered(found)


def _numbered(found: Iterable[str | tuple[Cells, ...]]) -> list[Block]:
    """Paragraphs and tables, each counted for itself."""
    blocks: list[Block] = []
    paragraphs = tables = 0
    for each in found:
        if isinstance(each, str):
            paragraphs += 1
            blocks.append(Block(paragraphs, each))
        else:
            tables += 1
            blocks.append(Block(tables, rows=each))
    return blocks


def _docx_blocks(path: Path) -> list[Block]:
    return blocks_of_docx(path.read_bytes())


def blocks_of_docx(content: bytes) -> list[Block]:
    """Of a Word file in memory.  Raises what python-docx raises."""
    import docx
    from docx.text.paragraph import Paragraph

    return _numbered(
        block.text if isinstance(block, Paragraph) else _docx_rows(block)
        for block in docx.Document(io.BytesIO(content)).iter_inner_content()
    )


def _docx_rows(table: Table) -> tuple[Cells, ...]:
    """A merged cell says how many columns it spans, and in each row below that it goes on.

    Read from the XML itself: the cells of python-docx take quadratic time, and fail where Word does not.
    """
    from docx.oxml.ns import qn

    return tuple(
        tuple(cell for tc in row._tr.findall(qn("w:tc")) for cell in _docx_cell(tc, qn)) for row in table.rows
    )


def _docx_cell(tc: Any, qn: Callable[[str], str]) -> Cells:
    properties = tc.find(qn("w:tcPr"))
    span, merge = (
        None if properties is None else properties.find(qn(name)) for name in ("w:gridSpan", "w:vMerge")
    )
    goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
    words = "".join(text.text or "" for text in tc.iter(qn("w:t"))).strip()
    covered = int(span.get(qn("w:val"), "1")) - 1 if span is not None else 0
    return (None if goes_on else words, *(None,) * covered)


def _xlsx_blocks(path: Path) -> list[Block]:
    """The name of each sheet as a paragraph, then its cells as a table."""
    return _numbered(part for name, rows in read_workbook(path) for part in (name, rows))


def _pdf_blocks(path: Path) -> list[Block]:
    """Lines with the gaps that the columns have on the paper; what is merged cannot be seen any more."""
    import pypdf

    with path.open("rb") as file:
        pages = [page.extract_text(extraction_mode="layout") for page in pypdf.PdfReader(file).pages]
    lines = [line for page in pages for line in page.splitlines() if not _PAGE_NUMBER.fullmatch(line)]
    return blocks_of_lines(lines)


_PAGE_NUMBER = re.compile(r"\s*[-—–]\s*\d{1,3}\s*[-—–]\s*")

_READERS: dict[str, Callable[[Path], list[Block]]] = {
    ".docx": _docx_blocks,
    ".xlsx": _xlsx_blocks,
    ".html": _html_blocks,
    ".htm": _html_blocks,
    ".md": _text_blocks,
    ".txt": _text_blocks,
    ".pdf": _pdf_blocks,
}
