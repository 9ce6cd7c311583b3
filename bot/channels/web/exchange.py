"""A turn on the web: stored, handled, and its answers put on the page, before the page is shown again.

    form (with a key of its own) ─▶ Inbox.receive ─▶ handle ─▶ outbox ─▶ the visitor's page (transcript)

A form sent twice (reload, Back, double click, torn connection) carries the same key and has one effect.  What
others cause (a clerk replies) waits in the outbox; `deliver` puts it on the page, here or in the service.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from bot.desk import access_codes
from bot.ledger.ledger import Ledger
from bot.mailbox.inbox import Apology, Arrival, Handler, Inbox, receive
from bot.mailbox.letters import Letter, sent
from bot.mailbox.outbox import Outbox
from bot.mailbox.payload import incoming_to_json
from bot.messages import Address, Incoming

from . import transcript
from .visitors import CHANNEL

RECEIPTS = frozenset({"request_submitted"})  # sentences that a new request is announced with
_PATIENCE = 12.0  # seconds of one turn; what is not answered by then comes by itself
_AT_ONCE = 8


class Exchange:
    """Usable from several threads; one for a program."""

    def __init__(
        self, ledger: Ledger, handler: Handler, apology: Apology, clock: Callable[[], datetime]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self.inbox = Inbox(ledger, handler, apology, clock)
        self._outbox = Outbox(ledger, CHANNEL, clock)
        self._outbox.release_dead_senders()
        self._delivering = threading.Lock()

    def take(self, chat: Address, key: str, incoming: Incoming, words: str) -> bool:
        """Store what was done and show it on the page; False when this form has been taken before.

        `words` is what the page shows of it: the text, or the label of the button.
        """
        with self._ledger.transaction() as connection:
            now = self._clock()
            arrival = Arrival(key, str(chat), incoming_to_json(incoming))
            is_new = receive(connection, CHANNEL, [arrival], now) == 1
            if is_new:
                transcript.say(connection, str(chat), words, now)
        return is_new

    def answer(self, chat: Address) -> None:
        """Handle what waits of this chat and put the answers on the page."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            handled = self.inbox.handle_next(CHANNEL, str(chat))
            rest = self.inbox.seconds_until_rested()
            if handled is None and rest is None:
                break
            if handled is None and rest is not None:
                time.sleep(min(rest, 0.2))
        self.deliver(str(chat))

    def deliver(self, chat: str = "") -> int:
        """Put what waits on its pages, in order per chat; how many messages."""
        shown = 0
        with self._delivering:
            while letters := self._outbox.claim(_AT_ONCE, chat).letters:
                for letter in letters:
                    self._show(letter)
                shown += len(letters)
        return shown

    def _show(self, letter: Letter) -> None:
        """On the page and off the outbox in one transaction: once, whenever the process is killed."""
        with self._ledger.transaction() as connection:
            now, code = self._clock(), ""
            if letter.outgoing.event in RECEIPTS and letter.outgoing.subject:
                code = access_codes.issue(connection, letter.outgoing.subject, now)
            place = transcript.show(connection, letter.id, letter.outgoing, now, code)
            self._outbox.record_in(connection, sent(letter, str(place), now))
