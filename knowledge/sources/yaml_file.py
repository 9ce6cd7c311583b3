"""A YAML file that a clerk edits, read so that every mistake can be named with its line.

    file = YamlFile.read(path)          raises SourceError where the file is no YAML at all
    for row in file.top.rows("items"):  a mistake is noted and reading goes on
        row.text("title", required=True)
        row.only("id", "title", ...)
    file.finish()                       raises SourceError with everything noted

Readers go through the whole file before `finish`, so an admin sees all mistakes at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from rapidfuzz import process

from knowledge.errors import SourceError, SourceProblem
from knowledge.sources.yaml_syntax import Mistake, hidden_at, mistakes_in, text_of
from knowledge.text.cleaning import HAN

_FOLD = re.compile(rf"(?<=[{HAN}，。；：？！、）》”])\s+(?=[{HAN}（《“])|(?<=[，。；：？！、）》”])\s+")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster; the same nodes
_HIDDEN = (
    yaml.reader.Reader.NON_PRINTABLE
)  # in the file it is refused; so is "\x07", which is unescaped later
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class YamlFile:
    """An open file: its `top` mapping and the problems noted so far."""

    top: Row
    problems: list[SourceProblem]

    @classmethod
    def read(cls, path: Path) -> YamlFile:
        """Raise SourceError when the file is unreadable, no YAML, or no mapping."""
        text, mistake = text_of(path)
        if mistake is not None:
            raise _broken(path.name, [mistake])
        try:
            node = yaml.compose(text, Loader=_Loader)
        except (yaml.YAMLError, RecursionError, ValueError):
            raise _broken(path.name, mistakes_in(text)) from None
        if node is None:
            raise _broken(path.name, [Mistake(None, "文件是空的", "至少一条内容，写法见文件开头的说明")])
        if not isinstance(node, yaml.MappingNode):
            raise _broken(path.name, [_not_mapping(node, "整个文件")])
        if hidden := sorted({_line(each) for each in _scalars(node) if _HIDDEN.search(each.value)}):
            raise _broken(path.name, [hidden_at(line) for line in hidden])
        problems: list[SourceProblem] = []
        return cls(top=Row(node, problems.append, path.name), problems=problems)

    def finish(self) -> None:
        """Raise SourceError when anything was noted, in the order of the lines.

        A reader may look at a key twice, so that the same mistake is noted twice; it is told once.
        """
        if self.problems:
            raise SourceError(sorted(dict.fromkeys(self.problems), key=lambda problem: problem.line or 0))


def _scalars(top: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Every text, each once however often an alias names it."""
    seen, waiting = set[int](), [top]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.MappingNode):
            waiting += [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _broken(name: str, mistakes: list[Mistake]) -> SourceError:
    return SourceError(
        [SourceProblem(name, mistake.line, "", mistake.reason, mistake.expected) for mistake in mistakes]
    )


Note = Callable[[SourceProblem], None]


@dataclass(frozen=True)
class Text:
    """A piece of text and the line it begins on."""

    value: str
    line: int


@dataclass(frozen=True)
class Row:
    """A mapping in the file.  Every method notes what is wrong and returns something harmless instead.

    An optional key that is left empty counts as absent: a clerk may keep the form and leave blanks.
    """

    node: yaml.MappingNode
    note: Note
    file: str

    @property
    def line(self) -> int:
        return _line(self.node)

    def only(self, *known: str) -> None:
        """Note every key that is not `known`, and every key that is written twice."""
        seen: set[str] = set()
        for key, _ in self.node.value:
            name = _scalar(key)
            if name not in known:
                self._note(key, name, "没有这一项", _nearest(name, known))
            elif name in seen:
                self._note(key, name, "写了两次", "只写一次")
            seen.add(name)

    def text(self, key: str, *, required: bool = False) -> str:
        """The text under `key`, "" when absent.  A text over several lines becomes one, Chinese unspaced."""
        node = self._value(key, required=required)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.problem(key, "应是一段文字", "一段文字")
            return ""
        return _unfolded(node)

    def texts(self, key: str, *, required: bool = False) -> list[Text]:
        """The texts of the list under `key`; a single text counts as a list of one."""
        node = self._value(key, required=required)
        if node is None:
            return []
        if isinstance(node, yaml.ScalarNode):
            return [Text(_unfolded(node), _line(node))]
        return [text for item in self._items(key, node) if (text := self._text_of(key, item)) is not None]

    def rows(self, key: str, *, required: bool = False) -> list[Row]:
        """The mappings of the list under `key`."""
        node = self._value(key, required=required)
        if node is None:
            return []
        rows = []
        for item in self._items(key, node):
            if isinstance(item, yaml.MappingNode):
                rows.append(Row(item, self.note, self.file))
            else:
                mistake = _not_mapping(item, "这一条")
                self._note(item, key, mistake.reason, mistake.expected)
        return rows

    def day(self, key: str) -> date | None:
        text = self.text(key)
        if not text:
            return None
        try:
            found = _DAY.fullmatch(text)
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass  # 2018-02-30
        self.problem(key, f"“{text}”不是日期", "年-月-日，例如 2018-03-01")
        return None

    def number(self, key: str) -> int | None:
        text = self.text(key)
        if text and not (text.isascii() and text.isdigit()):
            self.problem(key, f"“{text}”不是数字", "阿拉伯数字，例如 2018")
            return None
        return int(text) if text else None

    def keys(self) -> list[str]:
        return [_scalar(key) for key, _ in self.node.value]

    def line_of(self, key: str) -> int:
        """The line of `key`, of the mapping itself when it is absent."""
        return next((_line(name) for name, _ in self.node.value if _scalar(name) == key), self.line)

    def problem(self, key: str, reason: str, expected: str, line: int | None = None) -> None:
        """Note a mistake that only the reader of this kind of file can see."""
        self.note(SourceProblem(self.file, line or self.line_of(key), key, reason, expected))

    def _note(self, node: yaml.Node, key: str, reason: str, expected: str) -> None:
        self.note(SourceProblem(self.file, _line(node), key, reason, expected))

    def _value(self, key: str, *, required: bool) -> yaml.Node | None:
        name: yaml.Node
        node: yaml.Node
        for name, node in self.node.value:
            if _scalar(name) == key:
                if not _is_empty(node):
                    return node
                if required:
                    self.problem(key, "是空的", "不能为空")
                return None
        if required:
            self.problem(key, "缺少这一项", f"{key}: 内容")
        return None

    def _items(self, key: str, node: yaml.Node) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self._note(node, key, "应是列表", "每条一行，以横线加空格开头")
        return []

    def _text_of(self, key: str, node: yaml.Node) -> Text | None:
        if isinstance(node, yaml.ScalarNode) and not _is_empty(node):
            return Text(_unfolded(node), _line(node))
        empty = isinstance(node, yaml.ScalarNode)
        self._note(node, key, "有一条是空的" if empty else "有一条不是文字", "横线加空格，后面写文字")
        return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _scalar(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _is_empty(node: yaml.Node) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return node.tag == _NULL or not node.value.strip()
    return not node.value


def _unfolded(node: yaml.ScalarNode) -> str:
    """YAML puts a space where a plain text was continued on the next line; Chinese has none there."""
    text = str(node.value).strip()
    if node.style in ("|", ">") or node.start_mark.line == node.end_mark.line:
        return text
    return _FOLD.sub("", text)


def _not_mapping(node: yaml.Node, what: str) -> Mistake:
    """What is wrong with a node that should be `key: value` lines; the usual reason is a full-width colon."""
    if "：" in _scalar(node):
        return Mistake(_line(node), "用了全角冒号“：”", "英文冒号加一个空格，例如 title: 财政预算")
    return Mistake(_line(node), f"{what}应由“名称: 内容”组成", "例如 title: 财政预算")


def _nearest(name: str, known: Sequence[str]) -> str:
    """The key that was probably meant, or all keys that exist."""
    found = process.extractOne(name, known, score_cutoff=60)
    return found[0] if found else "、".join(known)
