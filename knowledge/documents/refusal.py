"""Why a file is not read: one problem, in Chinese, with what the admin can do."""

from __future__ import annotations

from knowledge.errors import SourceError, SourceProblem

NO_TEXT = "没有可读的文字（扫描件，或文字无法提取）"


class Unavailable(SourceError):
    """The file may be readable tomorrow: a program is missing that reads it.  Never kept."""


class TooMuch(Exception):
    """A table has more places than a document can have, or is nested deeper; the door names the file."""


def refusal(source: str, reason: str, expected: str = "") -> SourceError:
    """To be raised.  `source` is the file as the admin knows it."""
    return SourceError([SourceProblem(source, None, "", reason, expected)])


def unavailable(source: str, reason: str, expected: str = "") -> Unavailable:
    """The same, for what may change without the file."""
    return Unavailable([SourceProblem(source, None, "", reason, expected)])
