"""Which number stands for which button: the one place where the terminal keeps it.

An answer to what the person just typed numbers its buttons from 1.  A message that comes by itself (a reply
from the office, while somebody is typing) continues the numbers on the screen, so that the number somebody
is about to type never changes its meaning.
"""

from __future__ import annotations

from bot.dialogue.messages import Outgoing


class Choices:
    """Numbers of the buttons on the screen."""

    def __init__(self) -> None:
        self._data: list[str] = []
        self._restart = True

    def begin_turn(self) -> None:
        """The person has said something: the next buttons begin at 1 again."""
        self._restart = True

    def add(self, outgoing: Outgoing) -> list[int]:
        """Give numbers to the buttons of a message that is about to be shown."""
        buttons = [button for row in outgoing.buttons for button in row]
        if buttons and self._restart:
            self._data = []
            self._restart = False
        first = len(self._data) + 1
        self._data.extend(button.data for button in buttons)
        return list(range(first, first + len(buttons)))

    def button(self, typed: str) -> str:
        """The data of the button with this number, "" when `typed` is no number on the screen."""
        text = typed.strip()
        if not (text.isdecimal() and len(text) <= 3):
            return ""
        number = int(text)
        return self._data[number - 1] if 1 <= number <= len(self._data) else ""
