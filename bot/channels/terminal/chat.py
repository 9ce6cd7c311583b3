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
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.courtesy import Courtesy
from bot.desk.legible import legible
from bot.jobs.scheduler import Rounds
from bot.jobs.worker import Errands

from .render import Screen
from .sending import MEGABYTE
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


def run_chat(
    program: Program,
    *,
    role: str = "resident",
    name: str = "",
    progress: Callable[[str], None] = lambda line: None,
) -> int:
    """Talk until the person leaves; the exit code.

    `role` is resident, staff or admin; `name` tells several people at several terminals apart.  `progress`
    is told that files were edited, which are read beside the conversation.
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
        lambda: errands.do_all(waits=False),
        program.settings.attachment_megabytes * MEGABYTE,
    )
    begin = partial(_begin, session, program, _OPENINGS[role], progress)
    if interactive:
        rounds = Rounds(program.ledger, program.jobs, utc_now)

        def look_around() -> None:
            rounds.make_when_due()
            errands.do_all()

        _forget_history(program.settings.home)
        _talk(session, begin, look_around)
    else:
        _read_lines(session, begin)
    return 0


def _role_complaint(settings: Settings, role: str, address: str) -> str:
    """Why this person may not sit here as staff or admin, "" when he may."""
    allowed = {"staff": settings.handlers, "admin": settings.admins}.get(role)
    if allowed is None or address in allowed:
        return ""
    setting = "staff" if role == "staff" else "admins"
    return f"{address} is not in the setting `{setting}` ({', '.join(allowed) or 'empty'}); add it there"


def _begin(session: Session, program: Program, opening: str, progress: Callable[[str], None]) -> None:
    """The opening first; only then are edited files read, beside what is said or after the first answer."""
    session.begin(opening)
    program.take_up_edits_beside(progress)


def _read_lines(session: Session, begin: Callable[[], None]) -> None:
    """Scripted: every line is shown as typed, then what it led to."""
    begin()
    for line in _lines():
        text = line.strip()
        if not text:
            continue
        _write(f"{_PROMPT}{legible(text)}")  # a script may hold what steers a terminal
        if text in _LEAVING:
            break
        session.say(text)
    session.show_news()
    session.farewell()


def _lines() -> Iterator[str]:
    """The lines of stdin: UTF-8, as scripts are written; what is none, in the encoding of the terminal."""
    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:
        yield from sys.stdin
        return
    for line in raw:
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield line.decode(sys.stdin.encoding, "replace")


def _talk(
    session: Session,
    begin: Callable[[], None],
    make_rounds: Callable[[], object] = lambda: None,
) -> None:
    """Interactive: the prompt stays at the bottom, news appear above it."""
    from prompt_toolkit.patch_stdout import patch_stdout

    prompt = _prompt()
    stop = threading.Event()
    with patch_stdout(raw=True):
        begin()
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


def _prompt() -> PromptSession[str]:
    """Arrow keys find earlier lines of this session; what somebody typed lies in no file."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory

    return PromptSession(history=InMemoryHistory())


def _forget_history(home: Path) -> None:
    """Earlier versions kept what was typed, names and all, in the clear."""
    for path in home.glob("history_*"):
        path.unlink(missing_ok=True)


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
