"""`disclosure chat`: a prompt with history and line editing on a tty, plain lines otherwise.

With a tty, messages from others (a clerk at another terminal) appear above the prompt while somebody types.
Without one, lines are read until the end of the input, so that a conversation can be scripted.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.courtesy import Courtesy
from bot.channels.errands import Errands
from bot.channels.rounds import Rounds

from .render import Screen
from .session import CHANNEL, Session, utc_now

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

    from bot.program import Program
    from bot.settings import Settings

logger = logging.getLogger(__name__)

WRONG_USAGE = 2
_LEAVING = frozenset({"退出", "离开", "exit", "quit", "/exit", "/quit"})
# What each role sees first: the greeting with its example questions, the queue by due date, the commands.
_OPENINGS = {"resident": "/start", "staff": "/queue", "admin": "/help"}
_NAME = re.compile(r"[\w.-]{1,40}")
_PROMPT = "> "
_NEWS_EVERY = 0.5  # seconds
_NARROWEST, _WIDEST, _PLAIN = 30, 100, 80


def run_chat(program: Program, *, role: str = "resident", name: str = "") -> int:
    """Talk until the person leaves; the exit code.

    `role` is resident, staff or admin; `name` tells several people at several terminals apart.
    """
    who = name or role
    if not _NAME.fullmatch(who):
        return _leave(f"--name {who!r}: letters, digits, '-', '_' and '.' only, at most 40")
    if complaint := _role_complaint(program.settings_in_force(), role, f"{CHANNEL}:{who}"):
        return _leave(complaint)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    errands = Errands(program.ledger, program.conversation, utc_now)
    session = Session(
        program.ledger,
        program.conversation,
        Courtesy(program.words, program.settings),
        who,
        program.settings.home / "files",
        lambda: _screen(interactive),
        _write,
        errands.do_all,
    )
    if interactive:
        rounds = Rounds(program.ledger, program.conversation.due_reminders, utc_now)

        def look_around() -> None:
            rounds.make_when_due()
            errands.do_all()

        _talk(session, _OPENINGS[role], program.settings.home / f"history_{who}", look_around)
    else:
        _read_lines(session, _OPENINGS[role])
    return 0


def _role_complaint(settings: Settings, role: str, address: str) -> str:
    """Why this person may not sit here as staff or admin, "" when he may."""
    allowed = {"staff": settings.handlers, "admin": settings.admins}.get(role)
    if allowed is None or address in allowed:
        return ""
    setting = "staff" if role == "staff" else "admins"
    return f"{address} is not in the setting `{setting}` ({', '.join(allowed) or 'empty'}); add it there"


def _read_lines(session: Session, opening: str) -> None:
    """Scripted: every line is shown as typed, then what it led to."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    session.begin(opening)
    for line in sys.stdin:
        text = line.strip()
        if not text:
            continue
        _write(f"{_PROMPT}{text}")
        if text in _LEAVING:
            break
        session.say(text)
    session.show_news()
    session.farewell()


def _talk(
    session: Session, opening: str, history: Path, make_rounds: Callable[[], object] = lambda: None
) -> None:
    """Interactive: the prompt stays at the bottom, news appear above it."""
    from prompt_toolkit.patch_stdout import patch_stdout

    prompt = _prompt(history)
    stop = threading.Event()
    with patch_stdout(raw=True):
        session.begin(opening)
        watcher = threading.Thread(target=_watch, args=(session.show_news, stop, make_rounds), daemon=True)
        watcher.start()
        try:
            while (text := prompt.prompt(_PROMPT).strip()) not in _LEAVING:
                if text:
                    session.say(text)
        except (EOFError, KeyboardInterrupt):
            pass
        finally:
            stop.set()
            watcher.join()
        session.farewell()


def _watch(show_news: Callable[[], None], stop: threading.Event, make_rounds: Callable[[], object]) -> None:
    while not stop.wait(_NEWS_EVERY):
        try:
            make_rounds()
            show_news()
        except Exception as error:  # the ledger was busy for long: looked at again in a moment
            logger.warning("news_not_shown error=%s", type(error).__name__)


def _prompt(history: Path) -> PromptSession[str]:
    """Arrow keys find earlier lines, but none with a long number: those are of a person."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    class Discreet(FileHistory):
        def store_string(self, string: str) -> None:
            if not re.search(r"\d{6}", string):
                super().store_string(string)

    history.touch(mode=0o600)
    return PromptSession(history=Discreet(str(history)))


def _screen(interactive: bool) -> Screen:
    if not interactive:
        return Screen(_PLAIN, colour=False)
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Screen(width, colour=not plain)


def _write(message: str) -> None:
    """A message and an empty line after it."""
    sys.stdout.write(f"{message}\n\n")
    sys.stdout.flush()


def _leave(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return WRONG_USAGE
