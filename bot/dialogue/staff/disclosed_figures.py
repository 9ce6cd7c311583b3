"""Table 2 of the annual report is not in the register: the office writes its figures into a file.

    home/annual/2026.yaml
        年度: 2026
        规章 本年制发件数: 0
        行政许可 本年处理决定数量: 12
        行政处罚 本年处理决定数量:          left empty: printed as /, with a warning, never as 0

The file is made as an empty form; staff fill it in chat (`年报` → 填表二) or with an editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.desk.annual_report.national_format import CELLS_2, FEES_ROW, RULES_ROW
from knowledge.sources.yaml_file import YamlFile

Figures = dict[tuple[str, str], str]

_YEAR = "年度"
_HEAD = """\
# {year} 年年度报告表二（主动公开政府信息情况）的数，由经办人填写。
# 每行冒号后面空一格写数字；没有的写 0，还不知道的空着（报告里印成“/”，并提醒还没有填）。
# 乡镇没有制定规章的权力，规章三项应当是 0。收费的单位是万元，可以有小数。
"""
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
_MONEY = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?")


def file_of(home: Path, year: int) -> Path:
    """Where the figures of a year are."""
    return home / "annual" / f"{year}.yaml"


def key_of(cell: tuple[str, str]) -> str:
    """How the file names a cell."""
    return " ".join(cell)


def read_figures(path: Path, year: int) -> Figures:
    """What has been filled in; nothing when the file is not there.

    Raises SourceError naming line, field and what was expected.
    """
    if not path.exists():
        return {}
    file = YamlFile.read(path)
    file.top.only(_YEAR, *(key_of(cell) for cell in CELLS_2))
    stated = file.top.text(_YEAR, required=True)
    if stated and stated != str(year):
        file.top.problem(_YEAR, f"写的是 {stated}", f"{year}，和文件名一致")
    figures: Figures = {}
    for cell in CELLS_2:
        text = file.top.text(key_of(cell))
        problem = problem_of(cell, text) if text else None
        if problem is not None:
            file.top.problem(key_of(cell), f"“{text}”{problem[0]}", problem[1])
        elif text:
            figures[cell] = text
    file.finish()
    return figures


def problem_of(cell: tuple[str, str], text: str) -> tuple[str, str] | None:
    """Why a text is no figure of this cell, and what is expected; None when it is one."""
    is_money = cell[0] == FEES_ROW
    if not (_MONEY if is_money else _COUNT).fullmatch(text):
        expected = "以万元为单位的数，例如 1.25" if is_money else "半角的整数，例如 12；没有的写 0"
        return ("不是这里要的数", expected)
    if cell[0] == RULES_ROW and text != "0":
        return ("不对，乡镇没有制定规章的权力", "0；规范性文件写在下面一行")
    return None


def write_figures(path: Path, year: int, figures: Mapping[tuple[str, str], str]) -> None:
    """Write the whole file anew; whole or not at all, whatever happens meanwhile."""
    lines = [f"{_YEAR}: {year}", *(f"{key_of(cell)}: {figures.get(cell, '')}".rstrip() for cell in CELLS_2)]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(_HEAD.format(year=year) + "\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(path)


def prepared(path: Path, year: int) -> Figures:
    """The figures, after laying an empty form where there is none.  Raises SourceError."""
    if not path.exists():
        try:
            write_figures(path, year, {})
        except OSError:
            return {}  # a folder that cannot be written to must not keep the tables from being printed
    return read_figures(path, year)


def not_filled(figures: Mapping[tuple[str, str], str]) -> list[str]:
    """The cells without a figure, as the file names them."""
    return [key_of(cell) for cell in CELLS_2 if cell not in figures]
