"""The rules of `intents.yaml`, read again when an admin has changed the file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bot.dialogue.intents import Rules, read_rules
from knowledge.errors import SourceError

FILE = "intents.yaml"


class Rulebook:
    """The newest rules that could be read; a broken edit leaves the last good ones in use."""

    def __init__(self, folder: Path) -> None:
        """A folder without the file has no rules: every message is a question then."""
        self._path = folder / FILE
        self._mark: float | None = None
        self._rules = Rules(())

    @property
    def rules(self) -> Rules:
        mark = self._path.stat().st_mtime if self._path.exists() else None
        if mark != self._mark:
            self._mark = mark
            # A broken file is the admin's to hear of; residents go on with the rules of before.
            with suppress(SourceError):
                self._rules = read_rules(self._path) if mark is not None else Rules(())
        return self._rules
