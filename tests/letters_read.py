"""What a letter of ours says, as its reader sees it: python-docx passes over what is in a content control."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn


def words_of(content: bytes) -> str:
    """All paragraphs of a .docx, those of tables among them, one a line."""
    return "\n".join(text_of(paragraph) for paragraph in paragraphs_of(content))


def paragraphs_of(content: bytes) -> Iterator[Any]:
    """The elements of all paragraphs, in order."""
    return Document(io.BytesIO(content)).element.body.iter(qn("w:p"))  # type: ignore[no-any-return]


def text_of(element: Any) -> str:
    """The words of a paragraph or a cell."""
    marks = {qn("w:noBreakHyphen"): "-", qn("w:br"): "\n", qn("w:tab"): "\t"}
    parts = element.iter(qn("w:t"), *marks)
    return "".join(marks.get(part.tag) or part.text or "" for part in parts)
