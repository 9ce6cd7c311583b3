"""The national format of the annual report (notice 30 of 2021): sections, rows and columns, in order.

Only words, no figures; printing, explaining and checking a report all start here.

The format binds reports of 2021 and later.  Two came before it: prose without tables (up to 2018) and the six
sections of 2019 and 2020, whose Table 2 counted other things and whose Table 3 had one row for 其他处理.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.annual_report.counts import (
    CARRIED_IN,
    CARRIED_OUT,
    DONE,
    NEW,
    REMEDY_COLUMNS,
    REMEDY_LABELS,
    REMEDY_ROWS,
    ROWS,
    TOTAL,
)
from bot.desk.model import ApplicantKind, Outcome

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


@dataclass(frozen=True)
class Disclosed:
    """One row of Table 2: what art. 20 wants disclosed, and the figures it has."""

    item: str  # the heading above it: 第二十条第（一）项
    name: str
    columns: tuple[str, ...]


_MADE, _REVOKED, _IN_FORCE = "本年制发件数", "本年废止件数", "现行有效件数"
_DECISIONS = "本年处理决定数量"
RULES_ROW, FEES_ROW = "规章", "行政事业性收费"
TABLE_2 = (
    Disclosed("第二十条第（一）项", RULES_ROW, (_MADE, _REVOKED, _IN_FORCE)),
    Disclosed("第二十条第（一）项", "行政规范性文件", (_MADE, _REVOKED, _IN_FORCE)),
    Disclosed("第二十条第（五）项", "行政许可", (_DECISIONS,)),
    Disclosed("第二十条第（六）项", "行政处罚", (_DECISIONS,)),
    Disclosed("第二十条第（六）项", "行政强制", (_DECISIONS,)),
    Disclosed("第二十条第（八）项", FEES_ROW, ("本年收费金额（单位：万元）",)),
)
TABLE_NUMBERS = {2: "二", 3: "三", 4: "四"}  # after the sections that they stand in
CELLS_2 = tuple((row.name, column) for row in TABLE_2 for column in row.columns)

# Words of the format before 2021 that this one no longer has, and the rows that it did not have yet.
OLD_WORDS = ("本年新制作数量", "对外公开总数量", "上一年项目数量", "政府集中采购", "其他对外管理服务事项")
ROWS_SINCE_2021 = ("F1", "F2", "F3")

RESULTS = "三、本年度办理结果"
TABLE_3_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS, ORGANISATIONS = "申请人情况", "法人或其他组织"
COLUMN_LABELS = {**{kind.value: kind.label for kind in ApplicantKind}, TOTAL: TOTAL}

_OPEN_ENDED = {
    NEW: "一、本年新收政府信息公开申请数量",
    CARRIED_IN: "二、上年结转政府信息公开申请数量",
    DONE: "（七）总计",
    CARRIED_OUT: "四、结转下年度继续办理",
}
_ALONE = {"A": "（一）", "B": "（二）"}

SUITS = "行政诉讼"
RECONSIDERATION = "reconsideration"
REMEDY_CELLS = (*REMEDY_ROWS, TOTAL)
REMEDY_CELL_LABELS = {**REMEDY_LABELS, TOTAL: TOTAL}


def group_of(row: str) -> str:
    """What stands left of the leaf: `（三）不予公开`, "" for a row that is its own group."""
    return Outcome(row).rule.group if row not in _OPEN_ENDED else ""


def leaf_of(row: str) -> str:
    """The words in the row's own cell: `1.属于国家秘密`, `（一）予以公开`, `（七）总计`."""
    if row in _OPEN_ENDED:
        return _OPEN_ENDED[row]
    outcome = Outcome(row)
    return f"{_ALONE[row]}{outcome.label}" if row in _ALONE else f"{row[1:]}.{outcome.label}"


def row_label(row: str) -> str:
    """All the words of a row of Table 3, from the outermost in."""
    outer = RESULTS if row not in _OPEN_ENDED or row == DONE else ""
    return f"{outer}{group_of(row)}{leaf_of(row)}"


ROWS_IN_WORDS = tuple(leaf_of(row) for row in ROWS)


# ---- finding a cell by what people call it

_SIGNS = re.compile(r"[^\w]|_")


def folded(text: str) -> str:
    """Letters and digits only, in one width: `（七） 总计` and `(七)总计` are one name."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Names of the rows and columns of Table 3, folded; a leaf's name counts where only one row has it."""
    rows: dict[str, str] = {}
    for row in ROWS:
        outcome = Outcome(row) if row not in _OPEN_ENDED else None
        names = [row, leaf_of(row), row_label(row), f"{group_of(row)}{leaf_of(row)}"]
        names += [outcome.label, outcome.label.partition("（")[0], outcome.name] if outcome else []
        for name in names:
            rows.setdefault(folded(name), row)
    rows |= {folded(name): row for row, name in _SHORT_ROWS.items()} | {folded("七"): DONE}
    columns = {folded(name): code for code, label in COLUMN_LABELS.items() for name in (code, label)}
    columns |= {kind.name.replace("_", ""): kind.value for kind in ApplicantKind}
    return rows, columns


_SHORT_ROWS = {NEW: "本年新收", CARRIED_IN: "上年结转", DONE: "总计", CARRIED_OUT: "结转下年度"}
_ROW_NAMES, _COLUMN_NAMES = _names()
_REMEDY_NAMES = {
    folded(name): kind for kind, label in REMEDY_COLUMNS.items() for name in (kind, label, f"{SUITS}{label}")
}
_RESULT_NAMES = {folded(name): code for code, label in REMEDY_CELL_LABELS.items() for name in (code, label)}


_CELL_2_NAMES = {(folded(name), folded(column)): (name, column) for name, column in CELLS_2}


@dataclass(frozen=True)
class CellName:
    """A cell of a table by its codes; in Table 4 the row is the remedy, the column the result."""

    table: int
    row: str
    column: str

    @property
    def label(self) -> str:
        if self.table == 2:
            return f"{self.row} × {self.column}"
        if self.table == 3:
            return f"{row_label(self.row)} × {COLUMN_LABELS[self.column]}"
        return f"{REMEDY_COLUMNS[self.row]} × {REMEDY_CELL_LABELS[self.column]}"


class UnknownName(ValueError):
    """A row or column that no table has.  `part` is row or column, `allowed` what there is (code: words)."""

    def __init__(self, part: str, given: str, allowed: Mapping[str, str]) -> None:
        self.part, self.given, self.allowed = part, given, allowed
        super().__init__(given)


def cell_named(row: str, column: str) -> CellName:
    """The cell that a clerk means, by codes or words.  Raises UnknownName with the list of what there is."""
    remedy = _REMEDY_NAMES.get(folded(row))
    if remedy is not None:
        result = _RESULT_NAMES.get(folded(column))
        if result is None:
            raise UnknownName("column", column, REMEDY_CELL_LABELS)
        return CellName(4, remedy, result)
    if any(folded(row) == name for name, _ in _CELL_2_NAMES):
        return _cell_of_table_2(row, column)
    known = _ROW_NAMES.get(folded(row))
    if known is None:
        disclosed = {each.name: each.item for each in TABLE_2}
        raise UnknownName("row", row, disclosed | {code: row_label(code) for code in ROWS} | REMEDY_COLUMNS)
    kind = _COLUMN_NAMES.get(folded(column))
    if kind is None:
        raise UnknownName("column", column, COLUMN_LABELS)
    return CellName(3, known, kind)


def _cell_of_table_2(row: str, column: str) -> CellName:
    found = _CELL_2_NAMES.get((folded(row), folded(column)))
    if found is None:
        columns = {name: "" for each, name in CELLS_2 if folded(each) == folded(row)}
        raise UnknownName("column", column, columns)
    return CellName(2, *found)
