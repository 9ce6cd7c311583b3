"""The knowledge folder file by file, for `check` and `reload`: what was read as what, and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.errors import SourceProblem
    from knowledge.sources import Ask, Knowledge, Paper

_ASKED = {"agency": "是哪个机关的", "year": "是哪一年的", "title": "叫什么名字"}
_UNKNOWN = "……"


def listing_values(knowledge: Knowledge, problems: Sequence[SourceProblem]) -> dict[str, Any]:
    """The same as values: `files`, `problems`, `not_read`, `asks`."""
    return {
        "files": [_file(paper) for paper in knowledge.papers],
        "problems": [
            {
                "file": each.file,
                "line": each.line,
                "field": each.field,
                "reason": each.reason,
                "told": str(each),
            }
            for each in problems
        ],
        "not_read": [{"file": each.file, "reason": each.reason} for each in knowledge.skipped],
        "asks": [
            {"file": ask.file, "field": ask.field, "guesses": list(ask.guesses), "line": line_of(ask)}
            for ask in knowledge.asks
        ],
    }


def _file(paper: Paper) -> dict[str, Any]:
    return {
        "file": paper.file,
        "kind": paper.kind,
        "title": paper.title,
        "agency": paper.agency,
        "year": paper.year,
        "document_number": paper.number,
        "signed_on": paper.signed_on.isoformat() if paper.signed_on else None,
        "sections": paper.sections,
        "tables": paper.tables,
        "facts": paper.facts,
        "attachments": list(paper.attachments),
        "left_out": list(paper.left_out),
        "remarks": list(paper.remarks),
    }


def listing_lines(knowledge: Knowledge) -> Iterator[str]:
    """For people: one line a file, then what was left out, what is not read, and what is asked."""
    yield ""
    for paper in knowledge.papers:
        whose = " ".join(part for part in (paper.agency, f"{paper.year}年" if paper.year else "") if part)
        yield f"{paper.file}  {paper.kind}  {whose}  {paper.sections} 节 {paper.tables} 表 {paper.facts} 个数"
        yield from (f"    没收入：{part}" for part in paper.left_out)
        yield from (f"    请核对：{remark}" for remark in paper.remarks)
    for skipped in knowledge.skipped:
        yield f"{skipped.file}  没有读：{skipped.reason}"
    for ask in knowledge.asks:
        yield f"{ask.file}  看不出{_ASKED[ask.field]}，请在 documents.yaml 的 documents: 下面加一行："
        yield f"    {line_of(ask)}"


def line_of(ask: Ask) -> str:
    """The line that answers it, with the best guess in its place."""
    from knowledge.sources.directions import line_for

    return line_for(ask.file, **{ask.field: ask.guesses[0] if ask.guesses else _UNKNOWN})
