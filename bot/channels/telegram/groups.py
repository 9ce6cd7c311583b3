"""Where the staff's group is now: the settings name it once, and it may become a supergroup at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot.ledger.ledger import Ledger
from bot.mailbox import moves
from bot.mailbox.outbox import Outbox
from bot.messages import Address

logger = logging.getLogger(__name__)


class StaffChat:
    """`address` is right from the first update after a move on; "" without a staff group."""

    def __init__(self, ledger: Ledger, named: str, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._named = named
        self._outbox = outbox
        self._clock = clock
        self.address = ""

    def look_up(self) -> str:
        """At the start, and after a move."""
        with self._ledger.reading() as connection:
            self.address = moves.present(connection, self._named)
        return self.address

    def move(self, old: Address, new: Address) -> None:
        """Telegram says that a group has a new number.  Said twice (once in each group), done once."""
        logger.warning("chat_moved old=%s new=%s", old, new)
        with self._ledger.transaction() as connection:
            self._outbox.move(connection, str(old), str(new), self._clock())
        self.look_up()
