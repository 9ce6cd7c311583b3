"""Tables 2 to 4 that were copied as text, one cell a line or with bars between them -> their figures.

The names of rows and columns are known (`report_layout`), however a copy has wrapped them; a row is taken
only when behind its name stand as many figures as the table has columns.  What the counts do not prove stays
text, and is said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.sources import report_layout as layout
from knowledge.sources.grid import MARKS, Figure
from knowledge.text.normalize import squeeze

_HEADING = re.compile(r"[一二三四五六七八]、")
_BEGINS = {2: "主动公开政府信息情况", 3: "处理政府信息公开申请情况", 4: "行政复议"}
_VALUE = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
_MOST_TOKENS = 10  # over which a wrapped name runs
_LONGEST_CELL = 60


@dataclass
class Rebuilt:
    """A table's figures, the lines (indices) that it was made of, and whether every row was proven."""

    number: int
    figures: list[Figure] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    unproven: list[str] = field(default_factory=list)  # names of rows


def rebuilt_tables(lines: Sequence[str], known: Sequence[int] = ()) -> list[Rebuilt]:
    """The tables among the lines of a report; those whose numbers are `known` were real tables already."""
    tables = []
    for number in (2, 3, 4):
        region = _region(lines, number)
        if number in known or not region:
            continue
        table = _READ[number](list(_pieces(lines, region, _LABELS[number])))
        if table.figures or table.unproven:
            tables.append(table)
    return tables


def _region(lines: Sequence[str], number: int) -> range:
    """The lines between the heading of a table and the next heading; a row's name is no heading."""
    rows = {squeeze(row[0]) for row in layout.TABLE_3_ROWS}
    heads = [
        at
        for at, line in enumerate(lines)
        if _HEADING.match(line) and not any(squeeze(line[:40]).startswith(row) for row in rows)
    ]
    for place, at in enumerate(heads):
        if _BEGINS[number] in squeeze(lines[at][:60]):
            return range(at + 1, heads[place + 1] if place + 1 < len(heads) else len(lines))
    return range(0)


# ---- cells


@dataclass(frozen=True)
class _Piece:
    kind: str  # row, column, band, value, other
    text: str
    line: int


def _labels(number: int) -> dict[str, tuple[str, str]]:
    """Squeezed name -> (kind, name as printed)."""
    if number == 2:
        named = [("row", layout.TABLE_2_ROWS), ("column", layout.TABLE_2_COLUMNS), ("band", layout.BANDS)]
    elif number == 3:
        rows = dict.fromkeys(row[-1] or row[-2] for row in layout.TABLE_3_ROWS)
        columns = dict.fromkeys(name for column in layout.TABLE_3_COLUMNS for name in column)
        named = [("row", ("三、本年度办理结果", *rows)), ("column", (*columns, "申请人情况"))]
    else:
        columns = dict.fromkeys(name for column in layout.TABLE_4_COLUMNS for name in column)
        named = [("column", tuple(columns))]
    labels = {squeeze(name): (kind, name) for kind, names in named for name in names}
    if number == 2:
        labels |= {squeeze(layout.TABLE_2_HEAD): ("head", layout.TABLE_2_HEAD)}
        labels |= {squeeze("本年收费金额"): ("column", "本年收费金额（单位：万元）")}
    return dict(sorted(labels.items(), key=lambda label: -len(label[0])))


_LABELS = {number: _labels(number) for number in (2, 3, 4)}


def _pieces(lines: Sequence[str], region: range, labels: dict[str, tuple[str, str]]) -> Iterator[_Piece]:
    tokens = [(part, at) for at in region for part in re.split(r"[|│\s]+", _without_notes(lines[at])) if part]
    place = 0
    while place < len(tokens):
        text, line = tokens[place]
        if value := _value(text):
            yield _Piece("value", value, line)
            place += 1
            continue
        found = _label_at(tokens, place, labels)
        if found is None:
            yield _Piece("other", text, line)
            place += 1
            continue
        (kind, name), used, glued = found
        for at in range(place, place + used):
            yield _Piece("used", "", tokens[at][1])
        yield _Piece(kind, name, line)
        if glued:
            yield _Piece("value", glued, tokens[place + used - 1][1])
        place += used


_NOTE = re.compile(r"[（(](?:本列数据|指|区分处理|减用|注)[^（）()]{0,80}[)）]?")


def _without_notes(line: str) -> str:
    return _NOTE.sub("", line) if len(line) < 400 else line


def _value(text: str) -> str:
    return text if text in MARKS or _VALUE.fullmatch(text) else ""


def _label_at(
    tokens: Sequence[tuple[str, int]], place: int, labels: dict[str, tuple[str, str]]
) -> tuple[tuple[str, str], int, str] | None:
    """The longest name that begins here, over how many tokens, and the figure glued to its end."""
    together, ends = "", []
    for text, _ in tokens[place : place + _MOST_TOKENS]:
        if len(text) > _LONGEST_CELL or (together and _value(text)):
            break
        together += squeeze(text)
        ends.append(len(together))
    for key, label in labels.items():
        if not together.startswith(key):
            continue
        used = next(at for at, end in enumerate(ends, start=1) if end >= len(key))
        glued = together[len(key) : ends[used - 1]]
        if not glued or _VALUE.fullmatch(glued):
            return label, used, tokens[place + used - 1][0][-len(glued) :] if glued else ""
    return None


# ---- rows


def _rows_in(
    pieces: Sequence[_Piece], table: Rebuilt
) -> Iterator[tuple[_Piece, list[_Piece], list[str], str]]:
    """(row, its values, the columns in force, the band) one after the other; used lines are noted."""
    columns: list[str] = []
    band, row, values, heads = "", None, [], False
    for piece in [*pieces, _Piece("end", "", -1)]:
        if piece.kind == "value" and row is not None:
            values.append(piece)
            continue
        if piece.kind == "used":
            continue
        if row is not None:
            yield row, values, columns, band
            row, values, heads = None, [], False
        if piece.kind == "row":
            row = piece
        elif piece.kind == "band":
            band, columns, heads = piece.text, [], False
        elif piece.kind in ("head", "column"):
            columns = [*(columns if heads else []), *([piece.text] if piece.kind == "column" else [])]
            heads = True


def _table_2(pieces: Sequence[_Piece]) -> Rebuilt:
    table = Rebuilt(2)
    for row, values, columns, band in _rows_in(pieces, table):
        names = (band, row.text) if band else (row.text,)
        lines = {row.line, *(value.line for value in values)}
        if len(values) == 1 and not columns:
            table.figures.append(Figure(names, (), values[0].text, layout.unit_of(2, names, ())))
        elif columns and len(values) in (0, len(columns)):
            texts = [value.text for value in values] or [""] * len(columns)
            table.figures += [
                Figure(names, (column,), text, layout.unit_of(2, names, (column,)))
                for column, text in zip(columns, texts, strict=True)
            ]
        else:
            table.unproven.append(row.text)
            continue
        table.lines |= lines
    return _with_names(table, pieces)


def _table_3(pieces: Sequence[_Piece]) -> Rebuilt:
    table = Rebuilt(3)
    full = {row[-1] or row[-2]: tuple(name for name in row if name) for row in layout.TABLE_3_ROWS}
    group = ""
    for row, values, _, _ in _rows_in(pieces, table):
        if not values:
            group = row.text
            continue
        names = full.get(row.text, (row.text,))
        if row.text == "3.其他" and group != "（六）其他处理":
            names = (row.text,)
        if len(values) != len(layout.TABLE_3_COLUMNS):
            table.unproven.append(row.text)
            continue
        table.figures += [
            Figure(names, column, value.text, "件")
            for column, value in zip(layout.TABLE_3_COLUMNS, values, strict=True)
        ]
        table.lines |= {row.line, *(value.line for value in values)}
    return _with_names(table, pieces)


def _table_4(pieces: Sequence[_Piece]) -> Rebuilt:
    table = Rebuilt(4)
    values = [piece for piece in pieces if piece.kind == "value"]
    if not any(piece.kind == "column" for piece in pieces) or not values:
        return table
    if len(values) != len(layout.TABLE_4_COLUMNS):
        table.unproven.append("表四")
        return table
    table.figures = [
        Figure((), column, value.text, "件")
        for column, value in zip(layout.TABLE_4_COLUMNS, values, strict=True)
    ]
    table.lines = {value.line for value in values}
    return _with_names(table, pieces)


def _with_names(table: Rebuilt, pieces: Sequence[_Piece]) -> Rebuilt:
    """When every row is proven, the lines of names are part of the table too, not text beside it."""
    if table.figures and not table.unproven:
        table.lines |= {piece.line for piece in pieces if piece.kind not in ("other", "value")}
    return table


_READ = {2: _table_2, 3: _table_3, 4: _table_4}


def row_lines(lines: Sequence[str]) -> set[int]:
    """Lines that begin as rows of Table 3 do (一、本年新收…): they open no section, rebuilt or not."""
    starts = tuple(squeeze(name) for row in layout.TABLE_3_ROWS for name in row if len(name) > 5)
    return {at for at, line in enumerate(lines) if squeeze(line[:60]).startswith(starts)}
