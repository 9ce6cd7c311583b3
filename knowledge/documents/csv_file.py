"""Comma-separated values: one table; the separator is the one that stands in every line."""

from __future__ import annotations

import csv
from pathlib import Path

from knowledge.documents.document import Document
from knowledge.documents.draft import MOST_CHARACTERS, Draft
from knowledge.documents.sheet import add_sheet
from knowledge.documents.text_file import text_of

_SEPARATORS = ",\t;|，"
_LOOKED_AT = 50  # lines


def read_csv(path: Path, source: str) -> Document:
    """Of a .csv file.  Raises SourceError."""
    draft = Draft(source)
    lines = text_of(path, draft).splitlines(keepends=True)
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(lines, delimiter=_separator(lines[:_LOOKED_AT]))
    rows, numbers = [], []
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append(row)
            numbers.append(reader.line_num)
    add_sheet(draft, rows, lines=numbers)
    return draft.document()


def _separator(lines: list[str]) -> str:
    """The one found in most lines, of those the most often."""
    return max(_SEPARATORS, key=lambda mark: (sum(mark in line for line in lines), -_SEPARATORS.index(mark)))
