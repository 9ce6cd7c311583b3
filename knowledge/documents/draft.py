"""A document while a reader collects it: blocks as the file has them, in the end as they are quoted.

Whatever a reader finds goes through here, so that every kind of file is bounded, numbered and made quotable
in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.documents.document import Block, BlockKind, Cells, Document, Note, NoteKind, Table
from knowledge.documents.grid import MOST_CELLS
from knowledge.documents.refusal import TooMuch, refusal
from knowledge.text.cleaning import broken_runs
from knowledge.text.written import Writing

# A book of 500 pages has 400,000 characters and 15,000 paragraphs; its index has to be built and searched.
MOST_CHARACTERS = 5_000_000
MOST_BLOCKS = 50_000
_LONGEST_PARAGRAPH = 10_000  # characters; a longer one is cut at the ends of its sentences
_MOST_BROKEN_NOTES = 20
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


class Draft:
    """Collects what is in a file.  Raises SourceError where it is more than a document can be."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.declared_title = ""
        self._blocks: list[Block] = []
        self._notes: list[Note] = []
        self._characters = self._cells = self._paragraphs = self._tables = 0

    def paragraph(
        self,
        text: str,
        *,
        kind: BlockKind = BlockKind.PARAGRAPH,
        level: int = 0,
        at: int | None = None,
        page: int | None = None,
    ) -> None:
        """A paragraph, heading or item; nothing where there is no text.  Without `at` it is counted."""
        self.count(len(text))
        if not text.strip():
            return
        self._paragraphs += 1
        at = self._paragraphs if at is None else at
        kind = BlockKind.HEADING if level else kind
        self._add(Block(kind, text.strip(" \t\r\n\u3000"), level, at, page))

    def table(
        self,
        rows: Sequence[Sequence[str | None]],
        *,
        header_rows: int = 0,
        caption: str = "",
        lines: Sequence[int] = (),
        at: int | None = None,
        page: int | None = None,
    ) -> None:
        """A table; one of a single column only frames text, and gives paragraphs."""
        rectangle = _rectangle(rows)
        self._cells += sum(map(len, rectangle))
        self.count(sum(len(cell) for row in rectangle for cell in row if cell))
        if not any(cell for row in rectangle for cell in row):
            return
        if len(rectangle[0]) == 1:
            for number, (cell,) in enumerate(rectangle):
                line = lines[number] if lines else at
                self.paragraph(cell or "", at=line, page=page)
            return
        self._tables += 1
        table = Table(rectangle, min(header_rows, len(rectangle) - 1), caption.strip(), tuple(lines))
        at = self._tables if at is None else at
        self._add(Block(BlockKind.TABLE, at=at, page=page, table=table))

    def note(self, kind: NoteKind, text: str, pages: Sequence[int] = ()) -> None:
        """Something that the admin must know; said once."""
        note = Note(kind, text, tuple(pages))
        if note not in self._notes:
            self._notes.append(note)

    def count(self, characters: int) -> None:
        """Refuses what has grown too large."""
        self._characters += characters
        self.bear(self._characters)

    def bear(self, characters: int) -> None:
        """Refuses so many characters; for a reader that knows before it begins."""
        if characters > MOST_CHARACTERS:
            raise refusal(
                self.source, f"文字太多，超过 {MOST_CHARACTERS // 10_000} 万字", "按章或按年拆成几个文件"
            )
        if self._cells > MOST_CELLS or len(self._blocks) > MOST_BLOCKS:
            raise TooMuch

    def document(self) -> Document:
        """What was collected, ready to be quoted.  Raises SourceError when there is no text."""
        texts = [text for block in self._blocks for text in _texts(block)]
        if not texts:
            raise refusal(
                self.source, "文件里没有文字", "有文字的文件；扫描件先用 disclosure ocr 识别，改好后放进来"
            )
        writing = Writing.of(texts)
        blocks = [_quotable(block, writing) for block in self._blocks]
        whole = [part for block in blocks for part in self._unbroken(block)]
        return Document(
            self.source, tuple(whole), writing.quotable(self.declared_title).strip(), tuple(self._notes)
        )

    def _add(self, block: Block) -> None:
        self._blocks.append(block)
        self.count(0)

    def _unbroken(self, block: Block) -> Iterator[Block]:
        """A block in which a character is lost is left out, and said so: half a figure is a wrong one."""
        if any(broken_runs(text) for text in _texts(block)):
            broken = next(run for text in _texts(block) for run in broken_runs(text))
            if sum("有坏字" in note.text for note in self._notes) < _MOST_BROKEN_NOTES:
                self.note(NoteKind.LEFT_OUT, f"{_place(block)}有坏字“{broken}”，这里没有收入")
            return
        if len(block.text) <= _LONGEST_PARAGRAPH:
            yield block
            return
        for piece in _pieces(block.text):
            yield replace(block, text=piece)


def _rectangle(rows: Sequence[Sequence[str | None]]) -> tuple[Cells, ...]:
    """Rows of one length, without the empty columns at the right and the empty rows at the end."""
    trimmed = [[" ".join(cell.split("\n")).strip() if cell else cell for cell in row] for row in rows]
    width = max((at + 1 for row in trimmed for at, cell in enumerate(row) if cell), default=0)
    while trimmed and not any(trimmed[-1]):
        trimmed.pop()
    return tuple(tuple([*row, *[""] * (width - len(row))][:width]) for row in trimmed)


def _texts(block: Block) -> Iterator[str]:
    if block.table is None:
        yield block.text
        return
    yield from (cell for row in block.table.rows for cell in row if cell)


def _quotable(block: Block, writing: Writing) -> Block:
    if block.table is None:
        return replace(block, text=writing.quotable(block.text))
    table = block.table
    rows = tuple(tuple(writing.quotable(cell) if cell else cell for cell in row) for row in table.rows)
    return replace(block, table=replace(table, rows=rows, caption=writing.quotable(table.caption)))


def _place(block: Block) -> str:
    what = "个表格" if block.table is not None else "行（段）"
    return f"第 {block.page} 页" if block.page else f"第 {block.at} {what}"


def _pieces(text: str) -> Iterator[str]:
    """A very long paragraph in parts that end with a sentence, where it has such."""
    piece = ""
    for found in _SENTENCE.finditer(text):
        sentence = found[0]
        if piece and len(piece) + len(sentence) > _LONGEST_PARAGRAPH:
            yield piece
            piece = ""
        while len(sentence) > _LONGEST_PARAGRAPH:
            yield sentence[:_LONGEST_PARAGRAPH]
            sentence = sentence[_LONGEST_PARAGRAPH:]
        piece += sentence
    if piece.strip():
        yield piece
