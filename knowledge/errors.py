"""What can go wrong with the knowledge.

    KnowledgeError
    ├── SourceError          a file that an admin edits cannot be read (a list of SourceProblem)
    ├── IndexBroken          the built index fails its own checks; the live one stays
    └── IndexMissing         there is no index yet: build it (`disclosure reload`)

A `SourceError` is for the admin: each problem says, in Chinese, in which file, on which line, what is
wrong and what was expected.  Nobody else sees it; the running index is untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class KnowledgeError(Exception):
    """Base of every error that `knowledge` raises on purpose."""


@dataclass(frozen=True)
class SourceProblem:
    """One mistake in one file.

    `line` counts from 1 and is None where the whole file is meant; `field` is the YAML key, or "".
    `reason` says what is wrong and `expected` what would be right, both in Chinese, for the admin.
    """

    file: str
    line: int | None
    field: str
    reason: str
    expected: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file} 第 {self.line} 行"
        field = f"「{self.field}」" if self.field else ""
        expected = f"应为：{self.expected}" if self.expected else ""
        return f"{where}：{field}{self.reason}。{expected}"


class SourceError(KnowledgeError):
    """One or more files cannot be read; all problems found are listed, not only the first."""

    def __init__(self, problems: Sequence[SourceProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class IndexBroken(KnowledgeError):
    """The new index does not hold what was put into it; it is not swapped in."""


class IndexMissing(KnowledgeError):
    """There is no index at the given place."""
