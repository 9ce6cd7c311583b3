"""Web pages: what a reader of the page sees of its text, without the site around it.

Left out: scripts, what is hidden or struck, navigation, breadcrumbs, footers, menus of links, readings over
characters.  A table that holds another one lays out the page: its cells are paragraphs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.documents.document import BlockKind, Cells, Document
from knowledge.documents.draft import Draft
from knowledge.documents.grid import Cell, laid_out, span_of
from knowledge.documents.raised import lowered, raised
from knowledge.documents.refusal import refusal
from knowledge.documents.text_file import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE
)
_LINE_END = "\u2028"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKING = frozenset(
    [
        *("p", "div", "br", "li", "dt", "dd", "section", "article", "caption", "center", "blockquote", "pre"),
        *("ul", "ol", "dl", "main", "form", "fieldset", "figure", "figcaption", "hr", "address", "body"),
        *("header", "details", "summary", "tr", "td", "th", *_HEADINGS),
    ]
)
_NOT_SHOWN = frozenset(
    [
        *("script", "style", "head", "template", "nav", "footer", "noscript", "iframe", "object", "svg"),
        *(
            "select",
            "option",
            "button",
            "textarea",
            "rt",
            "rp",
            "del",
            "s",
            "strike",
            "audio",
            "video",
            "canvas",
        ),
    ]
)
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|navi|navbar|navigation|menu|crumbs?|breadcrumbs?|footer|foot|sidebar|copyright|toolbar"
    r"|share|pagination|pager|sitemap|location|weizhi|dqwz|daohang|bdsharebuttonbox)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FILE_LINK = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|txt|jpe?g|png)(?:$|[?#])", re.IGNORECASE)
_WAY_HERE = re.compile(r"\s*(?:您?当前|您?现在|您?所在)(?:的|所在)*位置|\s*首页\s*[>\uff1e»\u203a→]")
_BETWEEN = re.compile(r"[\s|>\uff1e»\u203a·/\-—]")  # what stands between the links of a menu
_LONGEST_MENU_WORD = 14  # characters of a link in a menu; the title of another document is longer
_FEWEST_IN_MENU = 3  # links below each other
_FEWEST_PARAGRAPHS = 4  # in a cell that holds the text of the page
_LARGE_CELL = 1500  # characters: a cell that holds the page
_DEEPEST = 20_000  # frames: lxml reads 2,048 elements inside each other


def read_html(path: Path, source: str) -> Document:
    """Of a page.  Raises SourceError."""
    import lxml.html

    draft = Draft(source)
    with path.open("rb") as file:
        declared = _DECLARED.search(file.read(4096))
    text = text_of(path, draft, declared[1].decode("ascii", "ignore") if declared else "")
    text = _DECLARATION.sub("", text, count=1)
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    page = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    if any("XML_PARSE_HUGE" in error.message for error in parser.error_log):
        raise refusal(source, "网页嵌套太深", "另存为 docx 或 txt")  # the parser has dropped the rest
    walk, limit = _Walk(page), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))
    try:
        walk.inside(page)
    finally:
        sys.setrecursionlimit(limit)
    walk.finish(draft)
    draft.declared_title = walk.title or _words("".join(page.xpath("//head//title[1]//text()")))
    return draft.document()


def _words(text: str) -> str:
    """Runs of space are one, as a browser shows them."""
    return " ".join(text.split())


@dataclass(frozen=True)
class _Paragraph:
    text: str
    level: int = 0
    kind: BlockKind = BlockKind.PARAGRAPH
    is_menu_word: bool = False  # but a short link to another page


@dataclass(frozen=True)
class _Table:
    rows: list[Cells]
    header_rows: int
    caption: str


class _Walk:
    """Through the tree; `found` is filled with paragraphs and tables in their order."""

    def __init__(self, page: HtmlElement) -> None:
        self.title = ""
        self._found: list[_Paragraph | _Table] = []
        self._pieces: list[str] = []
        self._links: list[str] = []  # words of the links to pages in this line
        self._level, self._kind = 0, BlockKind.PARAGRAPH
        self._is_in_cell = False
        self._whole = len(page.text_content())

    def finish(self, draft: Draft) -> None:
        """Everything found goes to the draft, without the menus."""
        self._break()
        for is_menu, run in groupby(
            self._found, key=lambda each: isinstance(each, _Paragraph) and each.is_menu_word
        ):
            parts = list(run)
            if is_menu and len(parts) >= _FEWEST_IN_MENU:
                continue
            for part in parts:
                if isinstance(part, _Table):
                    draft.table(part.rows, header_rows=part.header_rows, caption=part.caption)
                else:
                    draft.paragraph(part.text, level=part.level, kind=part.kind)

    def inside(self, element: HtmlElement) -> None:
        """The text in an element and in what it holds."""
        self._pieces.append(element.text or "")
        for each in element:
            self._element(each)
            self._pieces.append(each.tail or "")

    def _element(self, element: HtmlElement) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _NOT_SHOWN or self._is_left_out(element, tag):
            return
        if tag == "table":
            self._break()
            if not self._is_in_cell:
                self._table(element)
        elif tag in _BREAKING:
            self._block(element, tag)
        elif tag in ("sup", "sub"):
            words = _words(element.text_content())
            self._pieces.append(raised(words) if tag == "sup" else lowered(words))
        elif tag == "a":
            self._link(element)
        else:
            self.inside(element)

    def _block(self, element: HtmlElement, tag: str) -> None:
        self._break()
        before = self._level, self._kind
        self._level = _HEADINGS.get(tag, self._level)
        self._kind = BlockKind.LIST_ITEM if tag == "li" else self._kind
        if tag == "pre":
            self._pieces.append((element.text_content() or "").replace("\n", _LINE_END))
        else:
            self.inside(element)
        self._break()
        if tag == "h1" and not self.title:
            self.title = _words(element.text_content())
        self._level, self._kind = before

    def _link(self, element: HtmlElement) -> None:
        begin = len(self._pieces)
        self.inside(element)
        words = _words("".join(self._pieces[begin:]))
        if words and not _FILE_LINK.search(element.get("href") or ""):
            self._links.append(words)

    def _break(self) -> None:
        """The end of a line."""
        pieces, links = "".join(self._pieces), self._links
        self._pieces, self._links = [], []
        for line in pieces.split(_LINE_END):
            words = _words(line)
            if not words or (not self._level and (_WAY_HERE.match(words) or _is_menu(words, links))):
                continue
            is_link = links == [words] and not self._level and len(words) <= _LONGEST_MENU_WORD
            self._found.append(_Paragraph(words, self._level, self._kind, is_link))

    def _is_left_out(self, element: HtmlElement, tag: str) -> bool:
        style = element.get("style") or ""
        if (
            element.get("hidden") is not None
            or _HIDDEN_STYLE.search(style)
            or "line-through" in style.lower()
        ):
            return True
        if tag in ("html", "body", "main", "article"):
            return False
        if element.get("role") in ("navigation", "search", "contentinfo"):
            return True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        # Some templates call the box around everything `nav-content`: no furniture holds half the page.
        return bool(_FURNITURE.search(names)) and 2 * len(element.text_content()) < self._whole

    # ---- tables

    def _table(self, table: HtmlElement) -> None:
        rows = list(_rows(table))
        if _is_layout(table, rows):
            for row in rows:
                for cell in _cells(row):
                    self._block(cell, "td")
            return
        headers = 0
        for number, row in enumerate(rows):
            is_header = row.getparent().tag == "thead" or all(cell.tag == "th" for cell in _cells(row))
            headers += is_header and headers == number
        caption = next((each for each in table if each.tag == "caption"), None)
        words = "" if caption is None else _words(caption.text_content())
        places = laid_out([[self._cell(cell) for cell in _cells(row)] for row in rows])
        self._found.append(_Table(places, headers, words))
        for inner in table.iter("table"):  # small ones in its cells stand behind it
            if inner is not table and next(inner.iterancestors("table")) is table:
                self._table(inner)

    def _cell(self, element: HtmlElement) -> Cell:
        outer = self._found, self._pieces, self._links, self._level, self._kind
        self._found, self._pieces, self._links = [], [], []
        was_in_cell, self._is_in_cell = self._is_in_cell, True
        self.inside(element)
        self._break()
        self._is_in_cell = was_in_cell
        text = " ".join(part.text for part in self._found if isinstance(part, _Paragraph))
        self._found, self._pieces, self._links, self._level, self._kind = outer
        return Cell(text, span_of(element.get("colspan")), span_of(element.get("rowspan")))


def _is_menu(words: str, links: list[str]) -> bool:
    """Nothing but two or more short links, with what stands between them."""
    linked = sum(len(_BETWEEN.sub("", link)) for link in links)
    is_all = len(links) > 1 and linked >= len(_BETWEEN.sub("", words))
    return is_all and all(len(link) <= _LONGEST_MENU_WORD for link in links)


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for each in table:
        if each.tag == "tr":
            yield each
        elif each.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in each if row.tag == "tr")


def _cells(row: HtmlElement) -> Iterator[HtmlElement]:
    return (each for each in row if each.tag in ("td", "th"))


def _is_divided(cell: HtmlElement) -> bool:
    """Whether a cell holds paragraphs below each other, as a text does."""
    parts = [each for each in cell.iter("p", "h1", "h2", "h3", "h4", "li") if _words(each.text_content())]
    return len(parts) >= _FEWEST_PARAGRAPHS


def _is_layout(table: HtmlElement, rows: list[HtmlElement]) -> bool:
    """Whether it only lays out the page: most of its text is in tables inside, or in one large cell."""
    whole = len(_words(table.text_content()))
    inner = sum(
        len(_words(each.text_content()))
        for each in table.iter("table")
        if each is not table and next(each.iterancestors("table")) is table
    )
    if all(len(list(_cells(row))) <= 1 for row in rows):
        return True
    cells = [cell for row in rows for cell in _cells(row)]
    if any(2 * len(_words(cell.text_content())) > whole and _is_divided(cell) for cell in cells):
        return True
    largest = max((len(_words(cell.text_content())) for row in rows for cell in _cells(row)), default=0)
    return 2 * inner > whole or largest - inner > _LARGE_CELL
