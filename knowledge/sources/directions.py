"""`documents.yaml`: what the texts of the documents do not tell, said by the admin.

    documents:
      - {file: 2019/年报.txt, agency: 清水镇人民政府, year: 2019}
      - {file: 旧稿.docx, leave_out: 是}

    leave_out:
      - {guide: cost}
      - {small_talk: joke}

`leave_out` takes away what every office shares: an entry of the guide, or a rule of small talk, by its id.
`kind` is `report` (年度报告) or `document` (其他文件), for a text that is taken for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.sources.yaml_file import Row, YamlFile

FILE = "documents.yaml"
KINDS = {"report": True, "年度报告": True, "document": False, "文件": False}
_YES = ("是", "true", "yes", "True", "Yes")
_NO = ("", "否", "false", "no", "False", "No")


@dataclass(frozen=True)
class Direction:
    """What is said of one file; "" and None where nothing is."""

    file: str
    agency: str = ""
    year: int | None = None
    title: str = ""
    is_report: bool | None = None
    leave_out: bool = False
    line: int = 0


Directions = Mapping[str, Direction]


def read_directions(path: Path, source: str = FILE) -> dict[str, Direction]:
    """By file, its path relative to the folder.  Raises SourceError."""
    file = YamlFile.read(path)
    file.top.only("documents", "leave_out")
    _left_out(file.top)
    found: dict[str, Direction] = {}
    for row in file.top.rows("documents"):
        direction = _direction(row)
        found[direction.file] = _both(found.get(direction.file), direction, row)
    file.finish()
    return found


@dataclass(frozen=True)
class LeftOut:
    """Ids of what every office shares and this one does without, each with its line."""

    guide: Mapping[str, int] = field(default_factory=dict)
    small_talk: Mapping[str, int] = field(default_factory=dict)


def read_left_out(path: Path) -> LeftOut:
    """Raises SourceError."""
    file = YamlFile.read(path)
    left_out = _left_out(file.top)
    file.finish()
    return left_out


def _left_out(top: Row) -> LeftOut:
    for row in top.rows("leave_out"):
        row.only("guide", "small_talk")
    return LeftOut(
        {row.text("guide"): row.line for row in top.rows("leave_out") if row.text("guide")},
        {row.text("small_talk"): row.line for row in top.rows("leave_out") if row.text("small_talk")},
    )


def _both(first: Direction | None, second: Direction, row: Row) -> Direction:
    """Two rows may say something of one file, but not different things."""
    if first is None:
        return second
    for name in ("agency", "year", "title", "is_report"):
        said, again = getattr(first, name), getattr(second, name)
        if said and again and said != again:
            row.problem("file", f"“{second.file}”写了两次，说的不一样", "每个文件的每一项只写一次")
    return Direction(
        second.file,
        second.agency or first.agency,
        second.year or first.year,
        second.title or first.title,
        first.is_report if second.is_report is None else second.is_report,
        first.leave_out or second.leave_out,
        second.line,
    )


def _direction(row: Row) -> Direction:
    row.only("file", "agency", "year", "title", "kind", "leave_out")
    kind, leave_out = row.text("kind"), row.text("leave_out")
    if kind and kind not in KINDS:
        row.problem("kind", f"没有“{kind}”这一种", "、".join(KINDS))
    if leave_out not in (*_YES, *_NO):
        row.problem("leave_out", f"“{leave_out}”看不懂", "是，或不写这一项")
    return Direction(
        file=row.text("file", required=True),
        agency=row.text("agency"),
        year=row.number("year"),
        title=row.text("title"),
        is_report=KINDS.get(kind),
        leave_out=leave_out in _YES,
        line=row.line,
    )


def line_for(file: str, **said: str) -> str:
    """The line that an admin adds to documents.yaml."""
    values = "".join(f", {name}: {value}" for name, value in said.items())
    return f"- {{file: {_quoted(file)}{values}}}"


def _quoted(file: str) -> str:
    return file if not set(file) & set(",:{}[]#&*!|>'\"%@`") else "'" + file.replace("'", "''") + "'"
