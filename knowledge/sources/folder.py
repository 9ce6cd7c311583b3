"""The files of a knowledge folder, its subfolders included: which are read, and which are not and why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents.reading import KINDS
from knowledge.errors import SourceError, SourceProblem

YAML_FILES = ("items.yaml", "guide.yaml", "terms.yaml", "intents.yaml", "actions.yaml", "documents.yaml")
_NOT_READ = {
    ".": "名字以 . 开头的不读",
    "~": "编辑软件的临时文件，不读",
    "_": "名字以 _ 开头的不读（草稿）",
    "README": "名字以 README 开头的不读",
}


@dataclass(frozen=True)
class Skipped:
    """A file or folder that is not read.  `is_mistaken`: it was surely meant to be."""

    file: str
    reason: str
    is_mistaken: bool = False


@dataclass(frozen=True)
class Found:
    """A file to be read; `source` is its name in the folder, with `/`, fit to be shown whatever its bytes."""

    path: Path
    source: str


@dataclass(frozen=True)
class Listing:
    """What a folder holds, each by name."""

    documents: tuple[Found, ...]
    yaml: dict[str, Found]
    skipped: tuple[Skipped, ...]


def list_folder(folder: Path) -> Listing:
    """Raises SourceError when the folder itself cannot be read: nothing is known then of what is in it."""
    documents: list[Found] = []
    yaml: dict[str, Found] = {}
    skipped: list[Skipped] = []
    for found in _walk(folder, skipped):
        reason = _leads_out(found, folder) or _reason_not_read(found, skipped)
        if reason is not None:
            skipped.append(reason)
        elif found.source in YAML_FILES:
            yaml[found.source] = found
        else:
            documents.append(found)
    return Listing(tuple(documents), yaml, tuple(skipped))


def _leads_out(found: Found, folder: Path) -> Skipped | None:
    """公告.txt -> /etc/passwd would be read out to anybody; a link inside the folder is an ordinary file."""
    if _by_name(found.path.name) or not found.path.is_symlink():  # no folder that is a link is gone into
        return None
    if found.path.resolve().is_relative_to(folder.resolve()):
        return None
    return Skipped(found.source, "是指到资料文件夹外面的链接，不读；把文件本身放进来", is_mistaken=True)


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Found]:
    """All files by name; a folder that is left out is named once, not file by file."""
    problems: list[OSError] = []
    for where, below, names in os.walk(folder, onerror=problems.append):
        if problems and Path(where) == folder:
            break
        here = Path(where)
        for name in list(below):
            reason = _by_name(name)
            if reason or (here / name).is_symlink():
                below.remove(name)
                skipped.append(Skipped(_source(here / name, folder) + "/", reason or "是链接，不进去读"))
        below.sort()
        for name in sorted(names):
            yield Found(here / name, _source(here / name, folder))
    for problem in problems:
        place = Path(os.fsdecode(problem.filename or folder))
        if place == folder:
            raise SourceError([SourceProblem(str(folder), None, "", "文件夹打不开", "存放资料的文件夹")])
        skipped.append(Skipped(_source(place, folder) + "/", "文件夹打不开", is_mistaken=True))


# Line ends and controls, and what turns the direction of writing round: a name that looks like another.
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _source(path: Path, folder: Path) -> str:
    relative = path.relative_to(folder).as_posix()
    shown = os.fsencode(relative).decode("utf-8", "backslashreplace")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


def _by_name(name: str) -> str:
    return next((reason for start, reason in _NOT_READ.items() if name.startswith(start)), "")


def _reason_not_read(found: Found, skipped: list[Skipped]) -> Skipped | None:
    name, suffix = found.path.name, found.path.suffix.lower()
    if reason := _by_name(name):
        return Skipped(found.source, reason)
    if not found.path.is_file():
        return Skipped(found.source, "不是普通文件，不读")
    if suffix in (".yaml", ".yml"):
        if found.source in YAML_FILES:
            return None
        return Skipped(found.source, f"不认识这个文件名，应为：{'、'.join(YAML_FILES)}", is_mistaken=True)
    if suffix not in KINDS:
        return Skipped(found.source, f"不读 {suffix or '没有后缀的'} 文件", is_mistaken=False)
    return None
