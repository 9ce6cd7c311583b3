"""A document of any usual format -> its lines of text, as they are (`read_document`) and clean."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import SourceError, SourceProblem
from knowledge.text.cleaning import broken_runs, clean

if TYPE_CHECKING:
    from docx.table import _Row

# python-docx and pypdf are loaded by the functions that need them: together they take half a second, which
# everybody who starts the program would pay.
logging.getLogger("pypdf").setLevel(logging.ERROR)  # it remarks on every odd PDF; we report what matters


@dataclass(frozen=True)
class Document:
    """A file's text.  `lines` are as in the file; their position + 1 is the line number in reports of
    problems (for docx, pdf and html the number of the paragraph)."""

    path: Path
    lines: tuple[str, ...]

    def cleaned(self) -> list[str]:
        """The lines, fit to be quoted.  Raises SourceError naming every line that nobody can repair."""
        lines = clean("\n".join(self.lines)).split("\n")
        problems = [
            SourceProblem(self.path.name, at, "", f"有坏字“{run}”", "照原文改正后的文字")
            for at, line in enumerate(lines, start=1)
            for run in broken_runs(line)
        ]
        if problems:
            raise SourceError(problems)
        return lines


def read_document(path: Path) -> Document:
    """The text of `path`.  Raises SourceError when it cannot be read or holds no text."""
    try:
        with warnings.catch_warnings(action="ignore"):  # libraries grumble about files we read well enough
            lines = READERS[path.suffix.lower()](path)
    except SourceError:
        raise
    except Exception as error:
        # pypdf and python-docx raise whatever their parsing runs into; for the admin it is all the same.
        raise SourceError(
            [SourceProblem(path.name, None, "", "文件打不开，可能已损坏或有密码", "能正常打开的文件")]
        ) from error
    if not any(line.strip() for line in lines):
        raise SourceError(
            [SourceProblem(path.name, None, "", "文件里没有文字", "有文字的文件，扫描件要先做文字识别")]
        )
    return Document(path, tuple(lines))


def decode(raw: bytes, name: str) -> str:
    """Text of bytes in UTF-8 (with or without byte order mark), UTF-16 with its mark, or GB18030."""
    has_wide_mark = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if has_wide_mark else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SourceError([SourceProblem(name, None, "", "认不出文字编码", "UTF-8 编码的文本文件")])


def _plain_lines(path: Path) -> list[str]:
    return decode(path.read_bytes(), path.name).splitlines()


_MARKDOWN_LINE = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+)|^\s*(?:---+|===+|\*\*\*+|```.*)\s*$")
_MARKDOWN_SPAN = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|`(.+?)`|!?\[([^\]]*)\]\([^)]*\)")


def _markdown_lines(path: Path) -> list[str]:
    """The text without its marks; a heading's `#` goes, its Chinese number stays for the outline."""
    return [
        _MARKDOWN_SPAN.sub(lambda found: next(group for group in found.groups() if group is not None), line)
        for line in (_MARKDOWN_LINE.sub("", line) for line in _plain_lines(path))
    ]


class _HtmlText(HTMLParser):
    """Collects visible text; a block element begins a new line, and a table row is one line."""

    _BLOCKS = frozenset(
        [
            *("p", "div", "br", "li", "tr", "dt", "dd", "table", "section", "article"),
            *(f"h{level}" for level in range(1, 7)),
        ]
    )
    _HIDDEN = frozenset(["script", "style", "head", "template", "nav", "footer"])
    _CELLS = frozenset(["td", "th"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._hidden = 0
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("tr", "table"):
            self._in_cell = False  # `</td>` may be left out
        self._break(tag)
        self._in_cell = self._in_cell or tag in self._CELLS
        # `</head>` may be left out; the body begins all the same.
        self._hidden = 0 if tag == "body" else self._hidden + (tag in self._HIDDEN)

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in (*self._CELLS, "tr", "table")
        self._break(tag)
        self._hidden = max(0, self._hidden - (tag in self._HIDDEN))

    def _break(self, tag: str) -> None:
        """A block begins a new line, but inside a table's cell only a space."""
        if tag in self._CELLS or (self._in_cell and tag in self._BLOCKS):
            self.text.append(" ")
        elif tag in self._BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(re.sub(r"\s+", " ", data))


def _html_lines(path: Path) -> list[str]:
    parser = _HtmlText()
    parser.feed(decode(path.read_bytes(), path.name))
    parser.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(parser.text).split("\n"))
    return [line for line in lines if line]


def _docx_lines(path: Path) -> list[str]:
    """Paragraphs and table rows in their order; a row is one line, its cells apart by a space."""
    import docx
    from docx.text.paragraph import Paragraph

    lines: list[str] = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines += block.text.split("\n")
        else:
            lines += [" ".join(_cells(row)) for row in block.rows]
    return lines


def _cells(row: _Row) -> list[str]:
    """The texts of a row; a merged cell, which python-docx gives once for each column, counts once."""
    return [next(same).text.strip() for _, same in groupby(row.cells, key=lambda cell: cell._tc)]


def _pdf_lines(path: Path) -> list[str]:
    import pypdf

    with path.open("rb") as file:
        pages = [page.extract_text() for page in pypdf.PdfReader(file).pages]
    return _joined([line for page in pages for line in page.splitlines()])


_PAGE_NUMBER = re.compile(r"\s*[-—–]?\s*\d{1,3}\s*[-—–]?\s*")
_FULL_LINE = 0.85  # of the longest line: a line this full that ends mid-sentence goes on in the next one


def _joined(lines: list[str]) -> list[str]:
    """Paragraphs of a PDF, whose lines end where the paper ends; page numbers are left out."""
    lines = [line for line in lines if line.strip() and not _PAGE_NUMBER.fullmatch(line)]
    full = _FULL_LINE * max(map(len, lines), default=0)
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            paragraphs[-1] += line.strip()
        else:
            paragraphs.append(line)
        goes_on = len(line) >= full and not line.rstrip().endswith(("。", "：", ":", "；", ";"))
    return paragraphs


READERS: dict[str, Callable[[Path], list[str]]] = {
    ".txt": _plain_lines,
    ".md": _markdown_lines,
    ".html": _html_lines,
    ".htm": _html_lines,
    ".docx": _docx_lines,
    ".pdf": _pdf_lines,
}
