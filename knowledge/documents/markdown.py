"""Markdown: the text without its marks.  Only what an office writes: headings, lists, tables, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.documents.document import BlockKind, Document
from knowledge.documents.draft import Draft
from knowledge.documents.text_file import add_lines, lines_of, text_of

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*")
_ITEM = re.compile(r"\s*[-*+][ \t]+(?=\S)")
_QUOTE = re.compile(r"\s*(?:>[ \t]?)+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r" {0,3}[-*_](?:[ \t]*[-*_]){2,}[ \t]*")
_TABLE = re.compile(r"\s*\|")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_markdown(path: Path, source: str) -> Document:
    """Of a .md file.  Raises SourceError."""
    draft = Draft(source)
    lines = list(lines_of(text_of(path, draft)))
    table: list[tuple[int, str]] = []
    for (at, line), (_, following) in zip(lines, [*lines[1:], (0, "")], strict=True):
        if _TABLE.match(line):
            table.append((at, _spans(line.rstrip().removesuffix("|") + "|")))
            continue
        _flush(draft, table)
        _add(draft, at, line, following)
    _flush(draft, table)
    return draft.document()


def _flush(draft: Draft, table: list[tuple[int, str]]) -> None:
    add_lines(draft, table)
    table.clear()


def _add(draft: Draft, at: int, line: str, following: str) -> None:
    if _FENCE.match(line) or _RULE.fullmatch(line) or _UNDERLINE.fullmatch(line):
        return
    heading = _HEADING.match(line)
    if heading:
        draft.paragraph(_spans(line[heading.end() :].rstrip().rstrip("#")), level=len(heading[1]), at=at)
        return
    underline = _UNDERLINE.fullmatch(following) if line.strip() else None
    if underline and (underline[1][0] == "=" or len(underline[1]) > 1):
        draft.paragraph(_spans(line), level=1 if underline[1][0] == "=" else 2, at=at)
        return
    item = _ITEM.match(line)
    if item:
        draft.paragraph(_spans(line[item.end() :]), kind=BlockKind.LIST_ITEM, at=at)
        return
    quote = _QUOTE.match(line)
    draft.paragraph(_spans(line[quote.end() :] if quote else line), at=at)


# ---- inside a line


def _spans(text: str) -> str:
    """Without the marks of emphasis, code and links.  One walk each: a line may be nothing but marks."""
    text = "".join(_without_links(text))
    for mark in ("**", "`"):
        if text.count(mark) > 1:
            text = _unpaired_kept(text, mark)
    return _ESCAPED.sub(r"\1", text.replace("<br>", " ").replace("<br/>", " "))


def _unpaired_kept(text: str, mark: str) -> str:
    """`**重要**` -> `重要`; the last of an odd number of marks stays."""
    parts = text.split(mark)
    if len(parts) % 2:
        return "".join(parts)
    return "".join(parts[:-1]) + mark + parts[-1]


def _without_links(text: str) -> Iterator[str]:
    """`[办法](a.pdf)` -> `办法`, `![图](a.png)` -> `图`."""
    done = 0
    while (middle := text.find("](", done)) >= 0:
        begin, end = text.rfind("[", done, middle), text.find(")", middle)
        if end < 0:
            break
        if begin < 0:
            yield text[done:end]
        else:
            yield text[done:begin].removesuffix("!")
            yield text[begin + 1 : middle]
        done = end + 1
    yield text[done:]
