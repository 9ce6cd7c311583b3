"""What a file holds, whatever kind of file it is: blocks in reading order, and what an admin must know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Cells = tuple[str | None, ...]


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"


@dataclass(frozen=True)
class Table:
    """Cells in their places: all rows are equally long.

    None is a place that a merged cell covers; its text stands once, where it was written (top left).  ""
    is a cell that holds nothing, which is never 0.
    """

    rows: tuple[Cells, ...]
    header_rows: int = 0  # as declared by the file (w:tblHeader, <thead>, <th>); 0 = not known
    caption: str = ""  # as declared by the file (<caption>, name of the sheet)
    lines: tuple[int, ...] = ()  # of each row in a text file; () where a row is known by its number alone


@dataclass(frozen=True)
class Block:
    """A heading, paragraph or item of a list (`text`), or a table (`table`; `text` is "")."""

    kind: BlockKind
    text: str = ""  # ready to be quoted: see `knowledge.text.written`
    level: int = 0  # of a heading, 1-9, as declared by the file (style, h1-h6, #); 0 = none declared
    at: int = 1  # the line in a text file, elsewhere the number of the block among its kind; from 1
    page: int | None = None  # from 1, where the file has pages
    table: Table | None = None


class NoteKind(StrEnum):
    PAGES_WITHOUT_TEXT = "pages_without_text"  # scanned pages among others
    LEFT_OUT = "left_out"  # a part that was not read, or cannot be quoted
    TABLE_AS_TEXT = "table_as_text"  # lines that look like a table and could not be proven to be one
    ENCODING_GUESSED = "encoding_guessed"
    CONVERTED = "converted"  # read from what another program made of it


@dataclass(frozen=True)
class Note:
    """What the admin must know of a file that was read.  `text` is a Chinese sentence without a full stop."""

    kind: NoteKind
    text: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Document:
    """A file that was read.  `source` is its path relative to the folder, with `/`."""

    source: str
    blocks: tuple[Block, ...]
    declared_title: str = ""  # <h1> or <title> of a page, the title in the properties of a docx
    notes: tuple[Note, ...] = ()
    converted_from: str = ""  # suffix of a file that another program turned into one we read: ".doc"

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block.table for block in self.blocks if block.table is not None)
