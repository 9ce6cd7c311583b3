"""The rules of `intents.yaml`, read again when an admin has changed the file."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from bot.dialogue.intents import Rules, read_rules
from bot.settings import EMBEDDED_KNOWLEDGE
from knowledge.errors import SourceError, SourceProblem

FILE = "intents.yaml"


class Rulebook:
    """The newest rules that could be read; a broken edit leaves the last good ones in use."""

    def __init__(self, folder: Path, default: Path = EMBEDDED_KNOWLEDGE) -> None:
        """Without the file, or until it could be read, the rules of `default` hold: who calls for help must
        not be taken for somebody who looks for a document, only because of a slip in a file.
        """
        self._path = folder / FILE
        self._default = default / FILE
        self._mark: tuple[int, int] | None = None
        self._rules: Rules | None = None

    @property
    def rules(self) -> Rules:
        mark = _mark(self._path)
        if mark != self._mark:
            self._mark = mark
            # A broken file is the admin's to hear of; residents go on with the rules of before.
            with suppress(SourceError):
                self._rules = _read(self._path, mark) if mark is not None else None
        if self._rules is None:
            self._rules = Rules(())
            with suppress(SourceError):  # an admin may have broken the embedded file itself
                self._rules = _read(self._default, _mark(self._default))
        return self._rules


def rule_problems(folder: Path) -> tuple[SourceProblem, ...]:
    """What is wrong with the folder's rules, for the admin; nothing when there are none."""
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        read_rules(path)
    except SourceError as error:
        return error.problems
    return ()


@lru_cache(maxsize=4)
def _read(path: Path, mark: tuple[int, int] | None) -> Rules:
    """One version of a file is read once: its examples are tried each time, which takes a moment."""
    return read_rules(path)


def _mark(path: Path) -> tuple[int, int] | None:
    """Tells one version of a file from another; None while there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size
