"""A reading as JSON: what the child process answers, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from knowledge.documents.document import Block, BlockKind, Document, Note, NoteKind, Table
from knowledge.errors import SourceError, SourceProblem


def packed(outcome: Document | SourceError) -> bytes:
    """A document, or why there is none."""
    value: dict[str, Any]
    if isinstance(outcome, SourceError):
        value = {"refused": [asdict(problem) for problem in outcome.problems]}
    else:
        value = {
            "source": outcome.source,
            "title": outcome.declared_title,
            "from": outcome.converted_from,
            "notes": [[note.kind, note.text, note.pages] for note in outcome.notes],
            "blocks": [_packed_block(block) for block in outcome.blocks],
        }
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpacked(content: bytes, source: str) -> Document:
    """The document, under the name that its file has now.  Raises SourceError for a refusal."""
    value = json.loads(content.decode("utf-8", "surrogatepass"))
    if "refused" in value:
        raise SourceError([SourceProblem(**(problem | {"file": source})) for problem in value["refused"]])
    return Document(
        source,
        tuple(_block(block) for block in value["blocks"]),
        value["title"],
        tuple(Note(NoteKind(kind), text, tuple(pages)) for kind, text, pages in value["notes"]),
        value["from"],
    )


def _packed_block(block: Block) -> list[Any]:
    table = block.table
    rows = None if table is None else [table.rows, table.header_rows, table.caption, table.lines]
    return [block.kind, block.text, block.level, block.at, block.page, rows]


def _block(value: list[Any]) -> Block:
    kind, text, level, at, page, table = value
    if table is not None:
        rows, header_rows, caption, lines = table
        table = Table(tuple(map(tuple, rows)), header_rows, caption, tuple(lines))
    return Block(BlockKind(kind), text, level, at, page, table)
