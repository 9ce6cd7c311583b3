"""Why a file is no YAML, in words that help the clerk who wrote it.

PyYAML says `mapping values are not allowed here`; the reason is nearly always one of a few slips.  They are
looked for first, on every line, so that all of them are shown at once; the parser's own complaint is
translated only when none is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Mistake:
    """`line` from 1, None = the whole file."""

    line: int | None
    reason: str
    expected: str


# Slips that break YAML.  Each is searched on every line of a file that cannot be parsed.
_SLIPS = (
    (re.compile(r"^ *\t"), "行首用了制表符（Tab）", "用空格缩进，每层两个空格"),
    (
        re.compile(r"^\s*(?:-\s*)?[A-Za-z_]+\s*："),
        "用了全角冒号“：”",
        "英文冒号加一个空格，例如 title: 财政预算",
    ),
    (
        re.compile(r"^\s*(?:-\s+)?[a-z_]+:[^\s]"),
        "冒号后面没有空格",
        "英文冒号加一个空格，例如 title: 财政预算",
    ),
    (re.compile(r"^\s*-[A-Za-z_]+\s*[:：]"), "横线后面没有空格", "横线加一个空格，例如 - id: budget"),
    (re.compile(r"^\s*[\uff0d—–]\s*\S"), "行首用了全角横线", "英文横线加一个空格，例如 - 多少"),
    (
        re.compile(r"^\s*(?:-\s+)?[a-z_]+:\s+[^\"'|>\[{#]\S*.*:\s"),
        "文字里有“冒号加空格”",
        "改用中文冒号“：”，或给整段文字加引号",
    ),
    (re.compile(r"^\s*(?:-\s+|[a-z_]+:\s+)[%@`&*!]"), "文字以特殊符号开头", "给整段文字加引号"),
)

_TRANSLATIONS = (
    (
        "mapping values are not allowed",
        "缩进不对，或文字里有“冒号加空格”",
        "同一条的各项左边对齐；文字里的冒号用中文“：”",
    ),
    ("could not find expected ':'", "这一行或上一行缺少冒号", "“名称: 内容”，英文冒号加一个空格"),
    ("did not find expected", "缩进不对，或引号、括号没有成对", "同一条的各项左边对齐，引号和括号成对"),
    ("expected <block end>", "缩进不对，或引号没有成对", "同一条的各项左边对齐，引号成对"),
    ("while scanning a quoted scalar", "引号没有成对", "引号成对出现"),
    ("found unexpected end of stream", "引号没有成对", "引号成对出现"),
    ("expected ',' or ']'", "方括号里缺少逗号，或括号没有成对", "[第一, 第二]，英文逗号"),
    ("expected ',' or '}'", "花括号里缺少逗号，或括号没有成对", "文字里有花括号时给整段加引号"),
    ("undefined alias", "文字以星号“*”开头", "给整段文字加引号"),
    ("cannot start any token", "文字以特殊符号开头", "给整段文字加引号"),
    ("expected a single document", "文件里有多余的“---”", "删去“---”"),
)
_OTHERWISE = ("这里的写法不对", "“名称: 内容”，每层缩进两个空格")


def text_of(path: Path) -> tuple[str, Mistake | None]:
    """The text of a UTF-8 file (without byte order mark), or the mistake that keeps it from being read."""
    try:
        raw = path.read_bytes()
    except OSError:
        return "", Mistake(None, "文件打不开", "程序有权读取的文件")
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", Mistake(line, "不是 UTF-8 编码", "用记事本“另存为”，编码选 UTF-8")


def mistakes_in(text: str) -> list[Mistake]:
    """All slips found in a text that is no YAML; at least one."""
    lines = text.splitlines()
    slips = [
        Mistake(number, reason, expected)
        for number, line in enumerate(lines, start=1)
        for pattern, reason, expected in _SLIPS
        if pattern.search(line.split(" #", 1)[0]) and not line.lstrip().startswith("#")
    ]
    return slips or [_parser_complaint(text)]


def hidden_at(line: int) -> Mistake:
    """A character that nobody sees, as it stands or written `\\x07`."""
    return Mistake(line, "有看不见的控制字符", "删去这个字符")


def _parser_complaint(text: str) -> Mistake:
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)  # the pure-Python one words its complaints in one way
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        complaint = f"{error.context or ''} {error.problem or ''}"
        reason, expected = next(
            (translation[1:] for translation in _TRANSLATIONS if translation[0] in complaint), _OTHERWISE
        )
        # A quote that is never closed runs to the end of the file; what matters is where it was opened.
        if "quoted scalar" in complaint and error.context_mark is not None:
            mark = error.context_mark
        return Mistake(mark.line + 1 if mark else None, reason, expected)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return hidden_at(line)
    except (RecursionError, yaml.YAMLError, ValueError):
        pass
    return Mistake(None, *_OTHERWISE)
