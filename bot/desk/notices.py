"""The office's own calendar file: a State Council notice that the library does not know yet.

    - year: 2027
      notice: 国务院办公厅关于2027年部分节假日安排的通知
      holidays:
        - 2027-01-01 元旦
        - 2027-02-05 至 2027-02-11 春节
      working_days:
        - 2027-02-14

The year then follows this file alone: each day off is named, weekends included or not as one likes (they
are off anyway), and each weekend day that is worked is listed.  Days of the December before may be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

_DAY = r"(\d{4}-\d{1,2}-\d{1,2})"
_HOLIDAY = re.compile(rf"{_DAY}(?:\s*(?:至|到|~|—)\s*{_DAY})?\s+([^\s至到~—].*)")
_LONGEST_HOLIDAY = timedelta(days=15)
_KEYS = ("year", "notice", "holidays", "working_days")


@dataclass(frozen=True)
class Notice:
    """One year's arrangement."""

    year: int
    holidays: tuple[tuple[date, str], ...]
    working_days: tuple[date, ...]
    title: str = ""


@dataclass(frozen=True)
class CalendarProblem:
    """One mistake in the file, for the operator, in Chinese; `line` counts from 1, None = whole file."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file} 第 {self.line} 行"
        return f"{where}：{self.reason}"


class CalendarError(Exception):
    """The calendar file cannot be used; all problems found are listed, one a line."""

    def __init__(self, problems: tuple[CalendarProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def read_notices(path: Path) -> tuple[Notice, ...]:
    """Read the file; raises CalendarError with every problem and its line."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise CalendarError((CalendarProblem(str(path), None, f"无法读取（{error}）"),)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise CalendarError((CalendarProblem(str(path), line, "不是正确的 YAML"),)) from error
    reader = _Reader(path.name)
    notices = tuple(reader.notices(root))
    if reader.problems:
        raise CalendarError(tuple(reader.problems))
    return notices


class CalendarFile:
    """Looks whether the file was written since it was last read, so that a running program follows it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    def read_if_changed(self) -> tuple[Notice, ...] | None:
        """The notices of a file that has changed, None of one that has not or is away.

        Raises CalendarError, once for each change.
        """
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return None
        self._seen = stamp
        return read_notices(self.path)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


class _Reader:
    """Walks the composed nodes, because only they know their lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[CalendarProblem] = []

    def complain(self, node: yaml.Node, reason: str) -> None:
        self.problems.append(CalendarProblem(self.file, node.start_mark.line + 1, reason))

    def notices(self, root: yaml.Node | None) -> Iterator[Notice]:
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            self.complain(root, "应为以“- year: 年份”开头的列表")
            return
        seen: set[int] = set()
        for node in root.value:
            notice = self.notice(node)
            if notice is None:
                continue
            if notice.year in seen:
                self.complain(node, f"{notice.year} 年重复出现")
            seen.add(notice.year)
            yield notice

    def notice(self, node: yaml.Node) -> Notice | None:
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, "应有 year、holidays、working_days 三项")
            return None
        parts: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value not in _KEYS:
                self.complain(key, f"没有“{key.value}”这一项，只能是 {'、'.join(_KEYS)}")
            parts[key.value] = value
        missing = [name for name in ("year", "holidays", "working_days") if name not in parts]
        if missing:
            self.complain(node, f"缺少 {'、'.join(missing)}")
            return None
        year = self.year(parts["year"])
        off = tuple(self.days_off(parts["holidays"], year))
        worked = tuple(self.days_worked(parts["working_days"], year, dict(off)))
        title = str(parts["notice"].value) if "notice" in parts else ""
        return Notice(year, off, worked, title)

    def year(self, node: yaml.Node) -> int:
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"20\d\d", node.value):
            return int(node.value)
        self.complain(node, f"年份“{node.value}”应为四位数字，如 2027")
        return 0

    def days_off(self, node: yaml.Node, year: int) -> Iterator[tuple[date, str]]:
        for line in self.lines(node):
            matched = _HOLIDAY.fullmatch(line.value.strip())
            if not matched:
                self.complain(line, f"“{line.value}”应为“日期 名称”或“日期 至 日期 名称”")
                continue
            first = self.day(line, matched[1], year)
            last = self.day(line, matched[2], year) if matched[2] else first
            if first is None or last is None:
                continue
            if not timedelta(0) <= last - first <= _LONGEST_HOLIDAY:
                self.complain(line, "结束日期应在开始日期之后，且不超过 15 天")
                continue
            for offset in range((last - first).days + 1):
                yield first + timedelta(days=offset), matched[3]

    def days_worked(self, node: yaml.Node, year: int, off: dict[date, str]) -> Iterator[date]:
        for line in self.lines(node):
            on = self.day(line, line.value.strip(), year)
            if on is None:
                continue
            if on.weekday() < 5:
                self.complain(line, f"{on} 不是周六、周日，无需调休上班")
            elif on in off:
                self.complain(line, f"{on} 同时写成了放假")
            else:
                yield on

    def lines(self, node: yaml.Node) -> Iterator[yaml.ScalarNode]:
        if not isinstance(node, yaml.SequenceNode):
            self.complain(node, "应为列表，每行以“- ”开头")
            return
        for line in node.value:
            if isinstance(line, yaml.ScalarNode):
                yield line
            else:
                self.complain(line, "每行应为日期加名称，日期与名称之间空一格")

    def day(self, node: yaml.Node, text: str, year: int) -> date | None:
        matched = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
        try:
            on = date(*(int(part) for part in matched.groups())) if matched else None
        except ValueError:
            on = None
        if on is None:
            self.complain(node, f"“{text}”不是日期，应如 2027-02-14")
        elif year and on.year != year and (on.year, on.month) != (year - 1, 12):
            self.complain(node, f"{on} 不在 {year} 年")
            return None
        return on
