"""What messages mean in this office: every office's `intents.yaml` and `actions.yaml`, and the folder's own.

Both are read again when they have changed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Generic, TypeVar

from bot.dialogue.understanding.actions import Actions, read_actions
from bot.dialogue.understanding.intents import SMALL_TALK, Rules, read_rules
from knowledge.errors import SourceError, SourceProblem
from knowledge.sources import DEFAULTS
from knowledge.sources.directions import FILE as DIRECTIONS_FILE
from knowledge.sources.directions import LeftOut, read_left_out

FILE, ACTIONS_FILE, GUIDE_FILE = "intents.yaml", "actions.yaml", "guide.yaml"
# What is answered by the rule of that name in intents.yaml, where its words do not fit but the meaning does.
CONCERNS = frozenset({"despair", "scam", "corruption-named"})
# Read with less than other wishes; where they are only likely it is said beside the answer (responding.py).
GRAVE = frozenset({"scam", "corruption-named"})
# The ids that actions.yaml may name: what `acting.py` can do.
KNOWN_ACTIONS = frozenset(
    {
        "status",
        "withdraw",
        "read_reply",
        "repeat",
        "larger",
        "no_typing",
        "human",
        "who",
        "supplement",
        "resume",
        "file",
        "menu",
        "confused",
        "change_contact",
        *CONCERNS,
    }
)
_Read = TypeVar("_Read")
_Mark = tuple[int, int] | None


class _Newest(Generic[_Read]):
    """A file of the folder as it was last readable; without one, the program's own."""

    def __init__(
        self, path: Path, read: Callable[[Path, _Mark], _Read], default: Callable[[], _Read]
    ) -> None:
        self._path, self._reader, self._default = path, read, default
        self._mark: _Mark = None
        self._value: _Read | None = None

    def get(self) -> _Read:
        mark = _mark(self._path)
        if mark != self._mark:
            self._mark = mark
            # A broken file is the admin's to hear of; residents go on with what held before.
            with suppress(SourceError):
                self._value = self._reader(self._path, mark) if mark is not None else None
        if self._value is None:
            self._value = self._default()
        return self._value


class Rulebook:
    """The newest that could be read; a broken edit leaves the last good ones in use."""

    def __init__(self, folder: Path) -> None:
        """Without the files, or until they could be read, the program's own hold: who calls for help must
        not be taken for somebody who looks for a document, only because of a slip in a file.
        """
        self._rules = _Newest(folder / FILE, _read, _default)
        self._left_out = _Newest(folder / DIRECTIONS_FILE, _read_left_out, LeftOut)
        self._actions = _Newest(folder / ACTIONS_FILE, _read_actions, default_actions)

    @property
    def rules(self) -> Rules:
        return _without(self._rules.get(), self._left_out.get())

    @property
    def actions(self) -> Actions:
        return self._actions.get()


def rule_problems(folder: Path) -> tuple[SourceProblem, ...]:
    """What is wrong with the folder's rules and phrasings, for the admin; nothing when there are none."""
    found: list[SourceProblem] = []
    for name, read in (
        (FILE, partial(read_rules, default=_default())),
        (ACTIONS_FILE, partial(read_actions, known=KNOWN_ACTIONS)),
    ):
        try:
            if (folder / name).exists():
                read(folder / name)
        except SourceError as error:
            found += error.problems
    return (*found, *_left_out_problems(folder))


def _left_out_problems(folder: Path) -> list[SourceProblem]:
    """documents.yaml takes away what is no small talk of this office; its other mistakes are the folder's."""
    try:
        left_out = read_left_out(folder / DIRECTIONS_FILE).small_talk
        rules = Rulebook(folder)._rules.get().rules
    except (SourceError, OSError):
        return []
    known = sorted(rule.intent.rule for rule in rules if rule.intent.kind in SMALL_TALK)
    return [
        SourceProblem(DIRECTIONS_FILE, line, "small_talk", f"闲聊里没有“{name}”这一条", "、".join(known))
        for name, line in left_out.items()
        if name not in known
    ]


def _without(rules: Rules, left_out: LeftOut) -> Rules:
    """The rules without the small talk that this office does without; who calls for help is always heard."""
    if not left_out.small_talk:
        return rules
    kept = [
        rule
        for rule in rules.rules
        if rule.intent.kind not in SMALL_TALK or rule.intent.rule not in left_out.small_talk
    ]
    return replace(rules, rules=tuple(kept))


@lru_cache(maxsize=4)
def _read(path: Path, mark: _Mark) -> Rules:
    """One version of a file is read once: its examples are tried each time, which takes a moment."""
    return read_rules(path, _default())


@lru_cache(maxsize=1)
def _default() -> Rules:
    return read_rules(DEFAULTS / FILE)


def _read_left_out(path: Path, mark: _Mark) -> LeftOut:
    return read_left_out(path)


@lru_cache(maxsize=4)
def _read_actions(path: Path, mark: _Mark) -> Actions:
    return read_actions(path, KNOWN_ACTIONS, default_actions())


@lru_cache(maxsize=1)
def default_actions() -> Actions:
    """The program's own, what its guide is asked among what is none."""
    return read_actions(DEFAULTS / ACTIONS_FILE, KNOWN_ACTIONS, guide=DEFAULTS / GUIDE_FILE)


def _mark(path: Path) -> _Mark:
    """Tells one version of a file from another; None while there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size
