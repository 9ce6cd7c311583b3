"""One person at one terminal: what is typed goes through the mailbox like any channel's messages.

No tty is needed here; `chat.py` reads the lines and owns the screen.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.courtesy import Courtesy
from bot.ledger.ledger import Ledger
from bot.mailbox.inbox import Arrival, Handler, Inbox
from bot.mailbox.letters import Letter
from bot.mailbox.outbox import Outbox
from bot.mailbox.payload import incoming_to_json
from bot.messages import Address, Attachment, Document, Incoming

from .choices import Choices
from .render import Screen, render
from .sending import MEGABYTE, path_in, read_file

CHANNEL = "terminal"


def utc_now() -> datetime:
    """The time of day, aware."""
    return datetime.now(UTC)


class Session:
    """`say` what was typed, `show_news` that came by itself.  Safe to call from two threads."""

    def __init__(
        self,
        ledger: Ledger,
        handler: Handler,
        courtesy: Courtesy,
        name: str,
        files: Path,
        screen: Callable[[], Screen],
        write: Callable[[str], None],
        do_errands: Callable[[], int] = lambda: 0,
        most: int = 10 * MEGABYTE,
    ) -> None:
        """`files` is the folder for files that the bot sends; `write` puts a message on the screen.  `most`
        bytes of a file that is sent along are read.

        `do_errands` does what the turns have left to do; here nobody else would.
        """
        self.address = Address(CHANNEL, name)
        self._ledger = ledger
        self._courtesy = courtesy
        self._files = files
        self._screen = screen
        self._write = write
        self._do_errands = do_errands
        self._most = most
        self._choices = Choices()
        self._turn = threading.Lock()  # news do not come between a question and its answer
        self._inbox = Inbox(ledger, handler, courtesy.apology, utc_now)
        self._outbox = Outbox(ledger, CHANNEL, utc_now)
        self._outbox.release_dead_senders()

    def say(self, text: str) -> None:
        """Send what was typed and show all that it leads to in this chat."""
        with self._turn:
            self._show_waiting()
            self._take(text)
            self._choices.begin_turn()
            self._handle_pending()
            self._show_waiting()
            self._show_errands()
            self._choices.end_turn()

    def show_news(self) -> None:
        """Show what came without being asked for: a reply from the office, a card for staff."""
        with self._turn:
            self._show_waiting()

    def begin(self, opening: str) -> None:
        """At start: answer what was typed before a crash, show what came meanwhile, then say `opening`.

        Its buttons continue the numbers of the news above it, which are still to be answered.
        """
        with self._turn:
            self._handle_pending()
            self._do_errands()
            news = self._show_waiting()
            self._take(opening)
            if not news:
                self._choices.begin_turn()
            self._handle_pending()
            self._show_waiting()
            self._show_errands()
            self._choices.end_turn()

    def farewell(self) -> None:
        """The last sentence."""
        self._write(render(self._courtesy.say(self._ledger, self.address, "goodbye"), [], self._screen()))

    def _take(self, text: str) -> None:
        """Into the mailbox: a text, the button that it picks, or the file whose path it names."""
        button = self._choices.pressed(text)
        incoming = Incoming(self.address, self.address, utc_now(), text="" if button else text, button=button)
        if (path := path_in(text)) is not None:
            file = read_file(path, self._most)
            incoming = replace(incoming, text="", attachment=Attachment.DOCUMENT, file=file)
        self._inbox.receive(CHANNEL, Arrival(uuid.uuid4().hex, str(self.address), incoming_to_json(incoming)))

    def _handle_pending(self) -> None:
        while True:
            handled = self._inbox.handle_next(CHANNEL, str(self.address))
            rest = self._inbox.seconds_until_rested()
            if handled is None and rest is None:
                return
            if handled is None and rest is not None:
                time.sleep(rest)

    def _show_errands(self) -> None:
        """What was left to do is done after its announcement was shown; then what came of it."""
        if self._do_errands():
            self._choices.begin_errands()
            self._show_waiting()

    def _show_waiting(self) -> int:
        """Show what waits for this chat, in order; how many messages."""
        shown = 0
        while letters := self._outbox.claim(1, str(self.address)).letters:
            self._show(letters[0])
            self._outbox.sent(letters[0], str(letters[0].id))
            shown += 1
        return shown

    def _show(self, letter: Letter) -> None:
        outgoing = letter.outgoing
        saved = str(self._save(outgoing.document)) if outgoing.document else ""
        self._write(render(outgoing, self._choices.add(outgoing), self._screen(), saved))

    def _save(self, document: Document) -> Path:
        """Put a file into the folder; another one of the same name stays."""
        folder = self._files / self.address.chat_id
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / (Path(document.filename).name or "file")
        path, copy = wanted, 1
        while path.exists() and path.read_bytes() != document.content:
            copy += 1
            path = wanted.with_stem(f"{wanted.stem}-{copy}")
        path.write_bytes(document.content)
        return path
